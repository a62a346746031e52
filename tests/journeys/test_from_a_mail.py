"""The main job on real input: a mail on disk becomes a ticket, its promise is missed, and somebody answers for it."""

import io
import sys
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core import mail as outbox
from django.core.management import call_command

from escalation import services as escalations
from escalation import sweep
from escalation.enums import Kind, Origin, State
from escalation.models import Escalation, Rung
from escalation.procedures.conditions import checklist
from notifications import delivery
from notifications.models import Alert
from sla.enums import ClockState, Metric
from sla.models import Breach, Clock
from tests.mailroom.mails import compose, kept
from tickets import services as tickets
from tickets.enums import Channel, Status
from tickets.models import Event, Ticket

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def accept_mail(monkeypatch) -> Callable[[bytes], str]:
    """`manage.py accept_mail < message.eml`, giving the line that it prints."""

    def run(raw: bytes) -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        out = io.StringIO()
        call_command("accept_mail", stdout=out)
        return out.getvalue().strip()

    return run


def mail_to(address: str) -> list[EmailMessage]:
    """What has been sent to somebody, as it goes over the wire."""
    delivery.run()
    return [
        message_from_bytes(message.message().as_bytes(), policy=policy.default)
        for message in outbox.outbox
        if message.to == [address]
    ]


def pressed_reply(letter: EmailMessage, text: str) -> bytes:
    """What a mail program makes of “Reply”."""
    quoted = "\n".join(f"> {line}" for line in letter.get_body(("plain",)).get_content().splitlines())
    return compose(
        f"{text}\n\nOn Wed, 18 Nov 2026 at 17:05, Escala <support@escala.localhost> wrote:\n{quoted}",
        to=letter["Reply-To"],
        subject=f"Re: {letter['Subject']}",
        identifier=f"<re-{len(text)}@livraria-aurora.example>",
        In_Reply_To=letter["Message-ID"],
        References=f"{letter['References'] or ''} {letter['Message-ID']}".strip(),
    )


@pytest.mark.usefixtures("policy", "payments")
def test_from_a_mail_to_a_closed_escalation(accept_mail, anna, rosa, mona, cora, time, at):
    # A mail comes in, is confirmed, and its clocks run.
    line = accept_mail(kept("plain"))

    ticket = Ticket.objects.get()
    assert line == f"Filed on ticket #{ticket.number}."
    assert accept_mail(kept("plain")) == line
    assert (ticket.requester, ticket.channel, ticket.status) == (cora, Channel.EMAIL, Status.NEW)
    assert ticket.team.name == "Payments"
    first_reply = Clock.objects.get(metric=Metric.FIRST_RESPONSE)
    assert (first_reply.state, first_reply.due_at) == (ClockState.RUNNING, at + 6 * HOUR)
    (receipt,) = mail_to(cora.email)
    assert receipt["Auto-Submitted"] == "auto-replied"

    # Nobody answers: a warning, then the breach, one escalation, and the manager's alert by page and by mail.
    time.move_to(at + 5 * HOUR)
    sweep.run()
    assert set(Alert.objects.values_list("kind", "recipient")) == {("warning", rosa.pk)}
    time.move_to(at + 6 * HOUR)
    sweep.run()
    sweep.run()

    escalation = Escalation.objects.get()
    assert (escalation.kind, escalation.origin, escalation.state) == (Kind.AUTOMATIC, Origin.SLA, State.INITIATED)
    assert escalation.breach == Breach.objects.get()
    assert escalation.breach.metric == Metric.FIRST_RESPONSE
    assert Alert.objects.filter(recipient=mona, escalation_number=escalation.number).count() == 1
    (alarm,) = mail_to(mona.email)
    assert escalation.reference in alarm["Subject"]
    assert f"/escalations/{escalation.number}/" in alarm.get_body(("plain",)).get_content()

    # She acknowledges, the ladder stops; an agent answers, and the customer has it by mail in the same thread.
    number = escalation.number
    escalations.acknowledge(user=mona, number=number, now=time.now)
    assert not Rung.objects.exclude(next_moment=None).exists()
    escalations.begin_communication(user=mona, number=number, now=time.now)
    time.move_to(time.now + 5 * MINUTE)
    tickets.note(user=anna, number=ticket.number, body="CANARY: their bank blocks us", now=time.now)
    tickets.reply(user=anna, number=ticket.number, body="Which bank is it?", now=time.now, then_wait=True)
    answer = mail_to(cora.email)[-1]
    assert "Which bank is it?" in answer.get_body(("plain",)).get_content()
    assert answer["In-Reply-To"] == receipt["Message-ID"]
    assert answer["References"].split()[0] == "<plain-1@livraria-aurora.example>"

    # While it waits on her the clock stands; her answer by mail lands on the same ticket and starts it again.
    resolution = Clock.objects.get(metric=Metric.RESOLUTION)
    assert resolution.state == ClockState.PAUSED
    time.move_to(time.now + HOUR)
    assert accept_mail(pressed_reply(answer, "It is Banco Ipê.")) == line
    ticket = Ticket.objects.get()
    assert ticket.status == Status.OPEN
    assert ticket.messages.last().body == "It is Banco Ipê."
    resolution.refresh_from_db()
    assert resolution.state == ClockState.RUNNING
    assert resolution.due_at == at + 25 * HOUR

    # Resolved, verified by the customer's word, closed; nothing runs on.
    escalations.begin_resolution(user=mona, number=number, now=time.now)
    tickets.reply(user=anna, number=ticket.number, body="Ipê is open again, all is paid.", now=time.now)
    tickets.change_status(user=anna, number=ticket.number, verb="solve", now=time.now)
    escalations.resolve(user=mona, number=number, now=time.now)
    escalations.choose_cause(user=mona, number=number, cause="load", now=time.now)
    assert [condition.name for condition in checklist(Escalation.objects.get()) if not condition.met] == []
    assert escalations.close(user=mona, number=number, now=time.now).state == State.CLOSED
    assert not Clock.objects.filter(state__in=[ClockState.RUNNING, ClockState.PAUSED]).exists()
    time.move_to(time.now + 100 * HOUR)
    sweep.run()
    assert Escalation.objects.count() == Breach.objects.count() == 1

    # Her thanks come by mail too, and open the ticket again rather than a new one.
    thanks = pressed_reply(mail_to(cora.email)[-1], "Thank you. One is still missing.")
    assert accept_mail(thanks) == line
    ticket = Ticket.objects.get()
    assert ticket.status == Status.OPEN

    # Each step is on the ticket's timeline, and nothing said among colleagues has left the house.
    kinds = list(Event.objects.filter(ticket=ticket).values_list("kind", flat=True))
    for kind in ("ticket.opened", "sla.warned", "sla.breached", "escalation.opened", "escalation.closed"):
        assert kinds.count(kind) == 1
    assert kinds.count("ticket.customer_wrote") == 2
    assert not any("CANARY" in message.as_string() for message in mail_to(cora.email))
