"""Nothing internal reaches a customer: a canary sits in all that was said among colleagues (R62, DESIGN §3.12)."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest
from django.test import Client

from api.actions import create_token
from chat.models import Post, Room
from escalation import services as escalations
from escalation import sweep
from escalation.models import Escalation
from knowledge import services as knowledge
from knowledge.actions import Draft
from notifications import delivery
from notifications.models import Alert, Delivery
from tests.desk.addresses import Address, addresses
from tests.factories.people import make_team
from tickets import services as tickets
from tickets.files import Upload
from tickets.models import Attachment, Event, Message, Ticket

CANARY = "KANARIENVOGEL"


@pytest.fixture
def secrets(policy, payments, open_ticket, anna, mona, adam, cora, time, at) -> Ticket:
    """A customer's ticket with a canary in every internal place that the desk has."""
    cards = make_team("Cards", lead=mona, managers=[mona], scope=f"{CANARY} scope")
    cora.organisation.value = f"{CANARY} value"
    cora.organisation.save()
    ticket = open_ticket()
    tickets.note(
        user=anna,
        number=ticket.number,
        body=f"{CANARY} note",
        attachments=[Upload(f"{CANARY}.txt", f"{CANARY} file".encode())],
        now=at,
    )
    _tell_among_colleagues(ticket, cards.slug, anna, mona, at)
    time.move_to(at + timedelta(hours=7))
    sweep.run()
    automatic = Escalation.objects.get(kind="automatic")
    _walk_it(automatic.number, mona, time.now)
    room = Room.objects.create(subject=automatic.reference)
    Post.objects.create(room=room, author=anna, body=f"{CANARY} chat", at=time.now)
    draft = Draft(f"{CANARY} title", f"{CANARY} article", ((f"{CANARY} step", True),))
    knowledge.write(user=anna, slug="canary", draft=draft, now=time.now)
    knowledge.approve(user=mona, slug="canary", number=1, now=time.now)
    delivery.run()
    return ticket


def _tell_among_colleagues(ticket, team: str, anna, mona, at) -> None:
    common = {"user": anna, "ticket_number": ticket.number, "tried": f"{CANARY} tried", "now": at}
    common["impact"] = f"{CANARY} impact"
    functional = escalations.escalate(
        kind="functional", severity=2, reason="technical", summary=f"{CANARY} summary", team_slug=team, **common
    )
    asked = escalations.escalate(kind="hierarchical", severity=1, reason="funding", summary=f"{CANARY} ask", **common)
    escalations.decide(
        user=mona,
        number=asked.number,
        decision="resources",
        note=f"{CANARY} decision",
        amount=f"{CANARY} 5",
        resources=f"{CANARY} people",
        now=at,
    )
    escalations.return_to_sender(user=mona, number=functional.number, reason=f"{CANARY} back", now=at)
    tickets.assign(user=mona, number=ticket.number, team_slug="payments", assignee_email=anna.email, now=at)
    tickets.change_status(user=anna, number=ticket.number, verb="hold", reason=f"{CANARY} hold", now=at)
    tickets.change_status(user=anna, number=ticket.number, verb="resume", reason=f"{CANARY} go on", now=at)


def _walk_it(number: int, mona, now) -> None:
    escalations.acknowledge(user=mona, number=number, now=now)
    escalations.describe(user=mona, number=number, impact=f"{CANARY} harm", now=now)
    escalations.begin_communication(user=mona, number=number, now=now)
    escalations.communicate(
        user=mona, number=number, audience="stakeholders", body=f"{CANARY} colleagues", next_update_by=None, now=now
    )
    escalations.plan(user=mona, number=number, tasks=[{"title": f"{CANARY} task", "owner": ""}], now=now)
    escalations.hand_over(user=mona, number=number, to="anna@meridiano.example", note=f"{CANARY} what is next", now=now)
    escalations.send_summary(user=mona, number=number, to=[mona.email], body=f"{CANARY} summary", now=now)
    escalations.begin_resolution(user=mona, number=number, override_reason=f"{CANARY} override, at length", now=now)
    escalations.choose_cause(user=mona, number=number, cause="ownership", now=now)


def _values(ticket: Ticket) -> dict[str, list]:
    """What the addresses take: every key that there is, the customer's own and the internal ones."""
    numbers = [ticket.number, *Escalation.objects.values_list("number", flat=True)]
    keys = [*Attachment.objects.values_list("pk", flat=True), *Delivery.objects.values_list("pk", flat=True)]
    keys += [*Alert.objects.values_list("pk", flat=True), *Message.objects.values_list("pk", flat=True)]
    words = ["canary", "first_response", "resolution", "solve", "note", "assign", "acknowledge"]
    return {
        "number": sorted(set(numbers)),
        "pk": sorted(set(keys)),
        "slug": words,
        "metric": words,
        "what": words,
        "verb": words,
        "token": words,
    }


def _paths(address: Address, values: dict[str, list]) -> Iterator[str]:
    for chosen in product(*(values[key] for key in address.takes)):
        yield address.path(dict(zip(address.takes, chosen, strict=True)))


def _bytes(client: Client, path: str, **headers) -> bytes:
    answer = client.get(path, headers=headers)
    body = b"" if answer.streaming else answer.content
    return body + str(dict(answer.items())).encode()


def test_no_page_shows_a_customer_what_was_said_among_colleagues(secrets, cora, settings, client: Client):
    settings.DEMO = True
    client.force_login(cora)
    values = _values(secrets)

    paths = [path for address in addresses() for path in _paths(address, values)]

    assert len(paths) > 100
    for path in paths:
        assert CANARY.encode() not in _bytes(client, path), path
    page = client.get(f"/help/{secrets.number}/").content.decode()
    assert "Payouts are stuck" in page
    for word in ("E-", ">S1<", ">S2<", "ladder", "Ownership", "ownership", "hold", "Cards"):
        assert word not in _main(page), word


def test_no_call_gives_a_customers_program_what_was_said_among_colleagues(secrets, cora, client: Client, time):
    _token, secret = create_token(user=cora, name="test", now=time.now)
    values = _values(secrets)

    paths = [path for address in addresses() if address.name.startswith("api:") for path in _paths(address, values)]

    assert len(paths) > 50
    for path in paths:
        assert CANARY.encode() not in _bytes(client, path, Authorization=f"Bearer {secret}"), path


def test_no_mail_and_no_alert_tells_a_customer_what_was_said_among_colleagues(secrets, cora, mailoutbox):
    to_cora = [mail for mail in mailoutbox if cora.email in mail.to]

    assert all(CANARY not in mail.message().as_string() for mail in to_cora)
    assert not Alert.objects.filter(recipient=cora).exists()
    for row in Delivery.objects.filter(address=cora.email):
        assert CANARY not in f"{row.subject} {row.text} {row.context} {row.headers}"


def test_live_updates_tell_a_customer_nothing_of_what_is_internal(secrets, cora, anna, client: Client, time):
    client.force_login(cora)
    cursor = client.get("/live/poll/").json()["cursor"]
    time.move_to(time.now + timedelta(minutes=5))

    tickets.note(user=anna, number=secrets.number, body=f"{CANARY} more", now=time.now)
    answer = client.get(f"/live/poll/?since={cursor}").json()

    assert (answer["tickets"], answer["escalations"], answer["alerts"]) == ([], [], False)


def test_what_a_customer_is_refused_says_nothing_internal(secrets, cora, client: Client):
    client.force_login(cora)
    form = {"reason": "staff", "summary": "More", "body": "x"}

    for what in ("escalate", "reply"):
        answer = client.post(f"/help/{secrets.number}/{what}/", form, follow=True)
        assert CANARY not in answer.content.decode()
        assert "E-" not in _main(answer.content.decode())


def test_the_canaries_sing_where_colleagues_are(secrets, mona, client: Client):
    """Else the tests above would prove nothing."""
    client.force_login(mona)

    seen = client.get(f"/tickets/{secrets.number}/").content.decode()

    assert f"{CANARY} note" in seen
    assert any(CANARY in str(event.data) for event in Event.objects.all())


def _main(page: str) -> str:
    """The content, without the frame."""
    return page.partition('id="main"')[2]
