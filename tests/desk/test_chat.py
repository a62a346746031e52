from datetime import timedelta

import pytest
from django.urls import reverse

from chat import services
from chat.models import Post, PostMention, Reading
from desk.changes import Reader, for_person, news_since
from desk.templatetags.desk_text import with_links
from notifications.models import Alert, Delivery
from tests.desk.helpers import fragment, get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.each


@pytest.fixture
def risk(rosa, mona):
    """A restricted team: ada works in it, anna does not."""
    ada = make_user("Ada Inside")
    return make_team("Risk", lead=rosa, managers=[mona], members=[ada, rosa], restricted=True)


def test_a_word_is_said_and_read(anna, mona, payments):
    answer = post(anna, "desk:chat", body="Good morning, all.")
    said = Post.objects.get()

    assert answer["Location"] == f"/chat/#post-{said.pk}"
    assert "Good morning, all." in words(get(mona, "desk:chat"))


def test_each_team_has_its_room(anna, payments):
    post(anna, "desk:chat_team", "payments", body="Batch is late.")

    assert "Batch is late." in words(get(anna, "desk:chat_team", "payments"))
    assert "Batch is late." not in words(get(anna, "desk:chat"))


def test_a_restricted_teams_room_is_for_its_people_and_managers(anna, rosa, mona, adam, risk):
    post(rosa, "desk:chat_team", "risk", body="Suspicion of fraud.")

    assert get(anna, "desk:chat_team", "risk").status_code == 404
    assert post(anna, "desk:chat_team", "risk", body="Let me in.").status_code == 404
    assert "Risk" not in words(get(anna, "desk:chat"))
    for person in (rosa, mona, adam):
        assert "Suspicion of fraud." in words(get(person, "desk:chat_team", "risk"))
    assert Post.objects.count() == 1


def test_a_tickets_room_is_for_those_who_may_see_the_ticket(anna, mona, cora, risk, open_ticket):
    ticket = open_ticket(team=risk)
    assert "Talk about it" in words(get(mona, "desk:ticket", ticket.number))

    post(mona, "desk:chat_ticket", ticket.number, body="Who knows them?")

    assert "Who knows them?" in words(get(mona, "desk:chat_ticket", ticket.number))
    assert get(anna, "desk:chat_ticket", ticket.number).status_code == 404
    assert get(cora, "desk:chat_ticket", ticket.number).status_code == 404
    assert f"#{ticket.number}" not in words(get(anna, "desk:chat"))
    assert f"#{ticket.number}" in words(get(mona, "desk:chat"))
    assert "1 message" in words(get(mona, "desk:ticket", ticket.number))


def test_the_room_of_an_escalation_is_listed_for_those_who_may_see_it(anna, mona, risk, open_ticket, escalate):
    escalation = escalate(open_ticket())
    post(anna, "desk:escalation_verb", escalation.number, "chat", body="Who has the file?")

    assert escalation.reference in words(get(mona, "desk:chat"))


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001, "a\x01b"])
def test_what_cannot_be_kept_gets_a_sentence_and_is_not_lost(anna, payments, body):
    answer = post(anna, "desk:chat", body=body)

    assert answer.status_code == 422
    assert "body-error" in words(answer)
    assert body.strip()[:100] in words(answer)
    assert not Post.objects.exists()


def test_who_is_named_is_told_once_and_only_if_he_may_read_it(anna, rosa, mona, risk, at):
    post(mona, "desk:chat_team", "risk", body="@rosa, @rosa: see. @anna must not know.")

    alert = Alert.objects.get()
    assert (alert.recipient, alert.path) == (rosa, "/chat/teams/risk/")
    assert "Mona Farias named you in “Risk”" in alert.title
    assert list(PostMention.objects.values_list("user", flat=True)) == [rosa.pk]
    assert not Delivery.objects.exists()


def test_naming_oneself_or_a_customer_tells_nobody(anna, cora, payments):
    post(anna, "desk:chat", body="@anna and @cora")

    assert not Alert.objects.exists()


def test_no_text_tells_the_whole_house(anna, payments):
    crowd = [make_user(f"Person{number} X") for number in range(25)]

    post(anna, "desk:chat", body=" ".join(f"@person{number}" for number in range(len(crowd))))

    assert Alert.objects.count() == 20


def test_unread_words_are_counted_until_the_room_is_opened(anna, rosa, payments, time, at):
    post(rosa, "desk:chat_team", "payments", body="One, @anna.")
    client = signed_in(anna)

    before = words(client.get(reverse("desk:chat")))
    client.get(reverse("desk:chat_team", args=["payments"]))
    after = words(client.get(reverse("desk:chat")))
    time.move_to(at + timedelta(minutes=5))
    post(rosa, "desk:chat_team", "payments", body="Two.")
    again = words(client.get(reverse("desk:chat")))

    assert '1<span class="vh"> unread' in before and "you are named" in before
    assert "unread" not in after and "you are named" not in after
    assert '1<span class="vh"> unread' in again and "you are named" not in again
    assert Reading.objects.get(user=anna).read_at == at


def test_the_rail_counts_where_one_is_named(anna, rosa, payments):
    post(rosa, "desk:chat", body="@anna, look")
    client = signed_in(anna)

    assert client.get(reverse("desk:rail")).context["rail"]["counts"]["rooms"] == 1
    client.get(reverse("desk:chat"))
    assert client.get(reverse("desk:rail")).context["rail"]["counts"]["rooms"] == 0


def test_other_peoples_rooms_owe_nobody_a_reading(anna, mona, rosa, open_ticket, terminals, at):
    ticket = open_ticket()
    post(rosa, "desk:chat_ticket", ticket.number, body="One.")
    services.say_to_team(user=mona, team=terminals, body="Two.", now=at)

    assert "unread" not in words(get(anna, "desk:chat"))


def test_tickets_and_escalations_that_are_named_become_links_and_nothing_else_does():
    shown = with_links("<b>#4821</b>, E-207 and @anna; not a#1, &#39; or /#2")

    assert '&lt;b&gt;<a href="/tickets/4821/">#4821</a>&lt;/b&gt;' in shown
    assert '<a href="/escalations/207/">E-207</a>' in shown
    assert '<b class="named">@anna</b>' in shown
    assert shown.count("<a ") == 2


def test_who_was_called_stands_out_with_the_whole_of_his_name(anna, mona, rosa, payments):
    post(anna, "desk:chat", body="#12, @Mona Farias: ask @rosa and @nobody there.")

    page = words(get(mona, "desk:chat"))

    assert '</a>, <b class="named">@Mona Farias</b>: ask <b class="named">@rosa</b> and' in page


def test_a_word_reaches_the_open_pages_of_those_who_may_read_it(anna, rosa, mona, cora, risk, at):
    reader = Reader(0.0)
    said = services.say_to_team(user=rosa, team=risk, body="Quietly.", now=at)
    news = reader.read(1.0)

    assert for_person(mona, news).rooms == {said.room_id}
    assert not for_person(anna, news)
    assert not for_person(cora, news)
    assert not reader.read(2.0)
    # Whoever asks by himself hears of it too.
    assert for_person(mona, news_since(None, now=at)).rooms == {said.room_id}


def test_a_word_in_the_room_of_an_escalation_renews_its_page(anna, open_ticket, escalate, at):
    escalation = escalate(open_ticket())
    reader = Reader(0.0)
    post(anna, "desk:escalation_verb", escalation.number, "chat", body="Who has the file?")

    assert escalation.number in for_person(anna, reader.read(1.0)).escalations


def test_the_page_fetches_only_what_was_said(anna, payments):
    post(anna, "desk:chat", body="Hello.")

    part = words(fragment(anna, "desk:chat", part="talk"))
    assert "Hello." in part
    assert "<html" not in part and "textarea" not in part
    assert "Payments" in words(fragment(anna, "desk:chat", part="rooms"))


def test_older_words_are_one_step_away(anna, payments, at):
    for number in range(102):
        services.say_to_all(user=anna, body=f"Word {number}.", now=at + timedelta(seconds=number))

    page = words(get(anna, "desk:chat"))
    assert "Word 101." in page and "Word 1." not in page
    assert "Word 1." in words(get(anna, "desk:chat", shown="300"))


def test_the_rooms_cost_the_same_however_many_there_are(anna, rosa, payments, open_ticket, at):
    client, url = signed_in(anna), reverse("desk:chat")

    def fill(count):
        for _ in range(count):
            number = open_ticket().number
            services.say(user=rosa, subject=f"#{number}", body="Hm.", now=at)
            services.say_to_all(user=rosa, body="Hello, @anna.", now=at)
            make_team(f"Team {number}")

    counts = []
    for count in (1, 2, 17):
        fill(count)
        client.get(url)
        counts.append(queries(client, url))

    assert counts[0] == counts[1] == counts[2] <= 26


def test_a_room_offers_the_names_of_those_who_may_enter_it(anna, rosa, mona, risk):
    everybody = words(get(rosa, "desk:chat"))
    inside = words(get(rosa, "desk:chat_team", "risk"))

    assert 'data-people="' in everybody
    assert anna.name in everybody
    assert anna.name not in inside
    assert "Ada Inside" in inside
    assert mona.name in inside
