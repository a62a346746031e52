"""Nobody speaks for another by mail: forged results, forged identifiers, spoofed colleagues (SECURITY)."""

import pytest

from mailroom import intake
from mailroom.enums import IntakeState
from mailroom.models import Follower, ReceivedMail
from mailroom.threads import reply_address, token_for
from notifications.models import Delivery
from tests.mailroom.mails import compose
from tickets import actions as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("payments")

STAN = "Stan Strange <stan@elsewhere.example>"
ANNA = "Anna Lindqvist <anna@meridiano.example>"


@pytest.fixture(autouse=True)
def our_server(settings):
    settings.MAIL_AUTHSERV_IDS = frozenset({"mx.meridiano.example"})


@pytest.fixture
def ticket(open_ticket):
    return open_ticket()


@pytest.fixture
def to_ticket(ticket, cora):
    return reply_address(token_for(ticket.number, cora.email))


def says(result: str, domain: str = "livraria-aurora.example") -> str:
    return f"mx.meridiano.example; dmarc={result} header.from={domain}"


def test_who_is_proved_by_his_domain_is_filed_without_a_warning(ticket, to_ticket, at):
    intake.accept(compose("It works.", to=to_ticket, Authentication_Results=says("pass")), now=at)

    assert ReceivedMail.objects.get().trust == "passed"
    assert ticket.messages.count() == 2


def test_whom_nobody_vouches_for_is_filed_with_a_warning(ticket, to_ticket, at):
    intake.accept(compose("It works.", to=to_ticket), now=at)

    assert ReceivedMail.objects.get().trust == "none"


def test_what_the_domain_denies_speaks_on_no_ticket(ticket, to_ticket, at):
    row = intake.accept(compose("Pay to this account.", to=to_ticket, Authentication_Results=says("fail")), now=at)

    assert row.state == IntakeState.QUARANTINED
    assert "denies" in row.reason
    assert ticket.messages.count() == 1


def test_a_new_request_that_the_domain_denies_is_marked_and_not_confirmed(at):
    row = intake.accept(compose(Authentication_Results=says("fail")), now=at)

    assert row.state == IntakeState.FILED
    assert ReceivedMail.objects.get().trust == "failed"
    assert not Delivery.objects.exists()


def test_only_the_topmost_result_counts(ticket, to_ticket, at):
    forged = compose("Pay here.", to=to_ticket, Authentication_Results=says("pass"))
    raw = f"Authentication-Results: {says('fail')}\n".encode() + forged

    assert intake.accept(raw, now=at).state == IntakeState.QUARANTINED


def test_a_forged_result_of_another_server_proves_nothing(ticket, to_ticket, at):
    forged = "mx.evil.example; dmarc=pass header.from=livraria-aurora.example"
    intake.accept(compose("It works.", to=to_ticket, Authentication_Results=forged), now=at)

    assert ReceivedMail.objects.get().trust == "none"


@pytest.mark.parametrize("result", ["", "fail", "none"])
def test_a_spoofed_colleague_is_kept_out(ticket, to_ticket, anna, at, result):
    headers = {"Authentication_Results": says(result, "meridiano.example")} if result else {}

    row = intake.accept(compose("Solved.", sender=ANNA, to=to_ticket, **headers), now=at)

    assert row.state == IntakeState.QUARANTINED
    assert ticket.messages.count() == 1


def test_even_a_proved_colleague_does_not_act_as_staff(ticket, to_ticket, anna, at):
    raw = compose("Solved.", sender=ANNA, to=to_ticket, Authentication_Results=says("pass", "meridiano.example"))

    row = intake.accept(raw, now=at)

    made = Ticket.objects.get(number=row.ticket_number)
    assert (made.requester, made.number == ticket.number) == (anna, False)
    assert made.messages.get().by_customer
    assert ticket.messages.count() == 1


def test_a_forged_message_id_opens_no_ticket_of_another(ticket, anna, at):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)
    letter = Delivery.objects.get(dedupe_key__startswith="reply:")
    copied = f"<{letter.pk}.{letter.thread_token}@escala.localhost>"

    row = intake.accept(compose("Mine.", sender=STAN, In_Reply_To=copied), now=at)

    assert row.ticket_number != ticket.number
    assert ticket.messages.count() == 2


def test_a_token_made_for_one_person_is_of_no_use_to_another_who_takes_part(ticket, to_ticket, stan, anna, at):
    Follower.objects.create(ticket=ticket, person=stan, added_by=anna, added_at=at)

    row = intake.accept(compose("Me too.", sender=STAN, to=to_ticket), now=at)

    assert row.ticket_number != ticket.number
