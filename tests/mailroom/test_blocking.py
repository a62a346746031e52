import pytest

from common.errors import InvalidInput, Refused
from common.models import ConfigurationChange
from mailroom import intake, services
from mailroom.models import BlockedSender, IntakeState, RawMessage
from notifications.models import Delivery
from tests.mailroom.mails import compose
from tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("payments")

SPAM = "Best Offers <offers@shop.example>"


@pytest.mark.parametrize("pattern", ["offers@shop.example", "@shop.example", " @SHOP.example "])
def test_mail_from_a_blocked_sender_is_kept_dropped_and_not_answered(mona, at, pattern):
    services.block(user=mona, pattern=pattern, now=at)

    row = intake.accept(compose("Buy now", sender=SPAM), now=at)

    assert (row.state, row.ticket_number) == (IntakeState.DROPPED, None)
    assert "blocked" in row.reason
    assert bytes(RawMessage.objects.get(pk=row.pk).raw) == compose("Buy now", sender=SPAM)
    assert not Ticket.objects.exists()
    assert not Delivery.objects.exists()
    assert list(services.list_dropped(user=mona)) == [row]


def test_others_are_read_and_after_unblocking_he_is_too(mona, at):
    blocked = services.block(user=mona, pattern="offers@shop.example", now=at)
    assert intake.accept(compose("Hi", sender="x@shop.example"), now=at).state == IntakeState.FILED

    services.unblock(user=mona, pk=blocked.pk)

    mail = compose("Hi again", sender=SPAM, identifier="<2@shop.example>")
    assert intake.accept(mail, now=at).state == IntakeState.FILED
    assert not BlockedSender.objects.exists()
    assert ConfigurationChange.objects.count() == 2


@pytest.mark.parametrize(
    "pattern", ["", "shop", "@shop", "a b@shop.example", "@meridiano.example", "anna@meridiano.example"]
)
def test_what_is_no_sender_or_one_of_us_is_not_blocked(mona, anna, at, pattern):
    with pytest.raises(InvalidInput):
        services.block(user=mona, pattern=pattern, now=at)

    assert not BlockedSender.objects.exists()


def test_agents_block_one_address_and_no_domain(anna, cora, at):
    services.block(user=anna, pattern="offers@shop.example", now=at)

    with pytest.raises(Refused):
        services.block(user=anna, pattern="@shop.example", now=at)
    with pytest.raises(Refused):
        services.block(user=cora, pattern="x@shop.example", now=at)
    with pytest.raises(Refused):
        services.list_blocked(user=anna)
