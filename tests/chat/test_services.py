import pytest

from chat import services
from chat.models import Post, Room
from common.errors import InvalidInput, Refused


def test_the_first_line_makes_the_room_and_the_next_finds_it(anna, mona, at):
    services.say(user=anna, subject="E-7", body="Who has the file?", now=at)
    services.say(user=mona, subject="E-7", body="I have.", now=at)
    services.say(user=mona, subject="E-8", body="Elsewhere.", now=at)

    assert Room.objects.count() == 2
    assert [post.body for post in Post.objects.about("E-7").newest(10)] == ["Who has the file?", "I have."]
    assert [post.body for post in Post.objects.about("E-7").newest(1)] == ["I have."]


@pytest.mark.parametrize("body", ["", "  ", "x" * 4001, "a\x00b"])
def test_what_cannot_be_kept_is_refused_and_makes_no_room(anna, at, body):
    with pytest.raises(InvalidInput) as caught:
        services.say(user=anna, subject="E-7", body=body, now=at)

    assert caught.value.errors.keys() == {"body"}
    assert not Room.objects.exists()


def test_customers_do_not_talk_there(cora, at):
    with pytest.raises(Refused):
        services.say(user=cora, subject="E-7", body="Hello?", now=at)
