"""What a criterion proposes is put before whoever decides on it: once, again where it lies, never as a flood (R9)."""

from datetime import timedelta

import pytest

from escalation import sweep
from escalation.models import Proposal
from escalation.services import criteria as services
from notifications.models import Alert, Delivery
from people.models import Absence, User
from tests.escalation.conftest import run
from tests.factories.people import make_team, make_user
from tickets import actions as tickets

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def told() -> list[tuple[str, str]]:
    """Everybody who was told of proposals, and what, in order."""
    alerts = Alert.objects.filter(dedupe_key__startswith="proposals:").order_by("pk")
    return list(alerts.values_list("recipient__name", "title"))


@pytest.fixture
def proposed(criterion, open_ticket, time):
    """So many tickets that a criterion wants to have escalated."""

    def make(count: int = 1, **fields) -> list[int]:
        return [open_ticket(body="I want a refund.", now=time.now, **fields).number for _ in range(count)]

    criterion(severity=2)
    return make


def test_r9_who_answers_for_the_ticket_is_told_once_in_the_desk_and_by_mail(proposed, anna, rosa, time):
    (number,) = proposed()
    tickets.assign(ticket=tickets.Ticket.objects.get(), assignee=anna, now=time.now, by=None)

    sweep.run()
    sweep.run()

    title = f"#{number}: “Money” proposes to escalate it"
    assert sorted(told()) == [("Anna Lindqvist", title), ("Rosa Quiroga", title)]
    mail = Delivery.objects.get(recipient=anna, subject=title)
    assert mail.context["action_url"].endswith(f"/tickets/{number}/")
    assert {"label": "What", "text": "Payouts are stuck"} in mail.context["facts"]


def test_r9_what_lies_is_said_again_to_them_and_to_the_managers_and_then_once_a_day(proposed, time):
    proposed()
    sweep.run()

    run(time, HOUR)
    run(time, HOUR)
    first = told()[1:]
    run(time, DAY)

    assert sorted(name for name, _title in first) == ["Mona Farias", "Rosa Quiroga"]
    assert all("nobody has decided" in title for _name, title in first)
    assert len(told()) == 1 + 2 + 2
    assert Proposal.objects.get().told == 3


def test_r9_many_at_once_are_one_letter_to_each(proposed, time):
    numbers = proposed(4)

    sweep.run()
    run(time, HOUR)

    said = told()
    assert said[0] == ("Rosa Quiroga", "4 escalations are proposed")
    assert sorted(said[1:]) == [
        (name, "4 proposed escalations wait, and nobody has decided") for name in ("Mona Farias", "Rosa Quiroga")
    ]
    alert = Alert.objects.filter(dedupe_key__startswith="proposals:").first()
    assert alert.path == "/escalations/proposals/"
    assert set(alert.body.split(", ")) == {f"#{number}" for number in numbers}


def test_r9_nobody_is_reminded_of_what_has_ended(proposed, anna, time):
    dismissed, solved = proposed(2)
    sweep.run()

    services.dismiss(user=anna, pk=Proposal.objects.get(ticket=dismissed).pk, reason="It is paid.", now=time.now)
    tickets.change_status(ticket=tickets.Ticket.objects.get(pk=solved), verb="solve", now=time.now, by=anna)
    run(time, DAY)

    assert len(told()) == 1
    assert not Proposal.objects.exclude(next_word_at=None).exists()


def test_r9_without_a_lead_the_managers_are_told_and_for_the_absent_their_deputies(proposed, mona, time):
    dora = make_user("Dora Deputy")
    User.objects.filter(pk=mona.pk).update(deputy=dora)
    Absence.objects.create(user=mona, starts_at=time.now - DAY, ends_at=time.now + DAY)
    proposed(team=make_team("Loans", managers=[mona]))

    sweep.run()

    assert [name for name, _title in told()] == ["Dora Deputy"]


def test_r9_what_opens_by_itself_is_no_proposal_to_be_told_of(criterion, open_ticket, time):
    criterion(mode="open")
    open_ticket(body="A refund", now=time.now)

    sweep.run()

    assert told() == []
