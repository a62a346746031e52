"""The hand-off contract: accepted or returned, its third bounce, and what merging and splitting make of it."""

from datetime import timedelta

import pytest

from chat.models import Post
from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services, sweep
from escalation.enums import DeadlineKind, State
from escalation.functional.hand_offs import Evidence, evidence_of, of_matter
from escalation.models import Deadline, Escalation, HandOff
from escalation.procedures.conditions import checklist
from notifications.models import Alert, Delivery
from people.models import Absence
from tests.factories.people import make_team, make_user
from tickets import actions, files
from tickets import services as tickets
from tickets.models import Event, Ticket

NOT_OURS = "The reader is not one of ours."
WITHIN = timedelta(minutes=15)


@pytest.fixture
def inger(db):
    return make_user("Inger Ravn")


@pytest.fixture
def terminals(inger):
    return make_team("Terminals", lead=inger, members=[inger, make_user("Marta Kowal")])


@pytest.fixture
def marta(terminals):
    return terminals.members.get(name="Marta Kowal")


@pytest.fixture
def send(anna, terminals, time):
    """Anna hands a ticket over to Terminals."""

    def give(ticket, **fields) -> Escalation:
        given = {"user": anna, "kind": "functional", "severity": 3, "reason": "technical", "team_slug": "terminals"}
        given |= {"summary": "Check the contactless kernel", "now": time.now, **fields}
        return services.escalate(ticket_number=ticket.number, **given)

    return give


@pytest.fixture
def bounce(send, inger, time):
    """There and back, so often; returns the last one."""

    def go(ticket, times: int = 1, reason: str = NOT_OURS) -> Escalation:
        for _ in range(times):
            escalation = send(ticket)
            services.return_to_sender(user=inger, number=escalation.number, reason=reason, now=time.now)
        return escalation

    return go


def clock() -> Deadline:
    return Deadline.objects.get(kind=DeadlineKind.HAND_OFF)


def convened():
    return Alert.objects.filter(title__contains="decide together whose it is")


def test_r1_the_contract_says_who_gave_what_to_whom(send, open_ticket, terminals, payments, anna, time):
    ticket = open_ticket(attachments=[files.Upload("log.txt", b"51R")])
    tickets.take(user=anna, number=ticket.number, now=time.now)
    seen = Evidence([ticket.messages.get().pk], [ticket.messages.get().attachments.get().pk])

    escalation = send(ticket, evidence=seen, tried="Restarted twice.")

    given = HandOff.objects.get()
    assert (given.from_team, given.from_assignee, given.to_team) == (payments, anna, terminals)
    assert (given.sent_by, given.sent_at, given.escalation) == (anna, time.now, escalation)
    assert [[one.pk for one in found] for found in evidence_of(given, anna)] == [seen.messages, seen.files]
    told = Delivery.objects.get(recipient=terminals.lead, subject__contains="comes to Terminals")
    assert {"label": "Accept by", "text": "Wed 18 Nov, 10:15"} in told.context["facts"]


@pytest.mark.parametrize("wrong", [Evidence([987_654]), Evidence(files=[987_654]), Evidence(list(range(1, 30)))])
def test_r1_evidence_is_of_the_ticket_or_nothing_is_sent(send, open_ticket, wrong):
    with pytest.raises(InvalidInput) as refused:
        send(open_ticket(), evidence=wrong)

    assert list(refused.value.errors) == ["evidence"]
    assert not Escalation.objects.exists()


def test_r42_accepting_is_an_act_of_its_own(send, open_ticket, inger, marta, anna, mona, time):
    number = send(open_ticket()).number

    services.acknowledge(user=mona, number=number, now=time.now)
    assert (clock().met_at, HandOff.objects.get().is_waiting) == (None, True)
    services.accept(user=marta, number=number, now=time.now + timedelta(minutes=5))

    given = HandOff.objects.get()
    assert (given.accepted_by, given.accepted_at) == (marta, time.now + timedelta(minutes=5))
    assert clock().met_at == given.accepted_at
    assert Alert.objects.filter(recipient=anna, title__contains="Terminals has accepted").count() == 1
    with pytest.raises(NotAllowedNow):
        services.accept(user=inger, number=number, now=time.now)


def test_r42_a_sender_who_does_not_see_it_any_more_hears_of_it_and_is_led_nowhere_closed(
    send, open_ticket, terminals, anna, marta, time
):
    terminals.restricted = True
    terminals.save()
    services.accept(user=marta, number=send(open_ticket(), user=anna).number, now=time.now)

    heard = Alert.objects.get(recipient=anna, title__contains="has accepted")
    assert heard.path == "/alerts/"
    assert Delivery.objects.get(recipient=anna).context["why"] == "Only the people of Terminals see it now."


def test_r42_nothing_goes_on_before_the_receiving_team_has_accepted(send, open_ticket, inger, marta, mona, time):
    known = {"user": inger, "number": send(open_ticket()).number, "now": time.now}
    services.acknowledge(**known)

    with pytest.raises(NotAllowedNow) as refused:
        services.begin_communication(**known)
    (asked,) = [line for line in refused.value.conditions if not line.met]
    assert (asked.name, asked.by_role, asked.detail) == (
        "hand_off_accepted",
        "The receiving team",
        "Terminals has not said yet.",
    )
    services.accept(**{**known, "user": marta})
    assert ("hand_off_accepted", "Marta Kowal") in [
        (one.name, one.detail) for one in checklist(HandOff.objects.get().escalation)
    ]
    assert services.begin_communication(**known).state == State.COMMUNICATING


def test_r42_who_runs_it_sets_the_acceptance_aside_with_a_reason(send, open_ticket, inger, marta, time):
    known = {"number": send(open_ticket()).number, "now": time.now}
    reason = "They have it on their screens, and nobody is at the keyboard."
    services.acknowledge(user=inger, **known)

    with pytest.raises(Refused):
        services.begin_communication(user=marta, **known, override_reason=reason)
    services.begin_communication(user=inger, **known, override_reason=reason)

    assert Escalation.objects.get().overrides.get().condition == "hand_off_accepted"
    assert HandOff.objects.get().is_waiting


def test_r42_what_was_handed_to_nobody_is_not_asked_for(open_ticket, anna, mona, time):
    given = {"kind": "hierarchical", "severity": 1, "reason": "funding", "summary": "Waive it", "now": time.now}
    asked = services.escalate(user=anna, ticket_number=open_ticket().number, **given)
    services.decide(user=mona, number=asked.number, decision="approve", now=time.now)

    assert [line.name for line in checklist(Escalation.objects.get())] == ["acknowledged", "impact_known"]


def test_r42_accepting_acknowledges_too(send, open_ticket, marta, time):
    escalation = send(open_ticket())

    services.accept(user=marta, number=escalation.number, now=time.now)

    escalation.refresh_from_db()
    assert (escalation.acknowledged_by, escalation.acknowledged_at) == (marta, time.now)
    assert not escalation.rungs.filter(next_moment__isnull=False).exists()


def test_r42_what_is_accepted_late_was_missed_and_is_met(send, open_ticket, inger, marta, time):
    number = send(open_ticket()).number
    time.move_to(time.now + WITHIN)
    sweep.run()

    services.accept(user=marta, number=number, now=time.now)

    assert (clock().missed_at, clock().met_at) == (time.now, time.now)
    assert Alert.objects.filter(
        recipient=inger, kind="overdue", title__contains="Acceptance of the hand-off is overdue"
    ).exists()


def test_r42_only_the_receiving_team_accepts_and_no_sender_for_himself(
    send, open_ticket, anna, rosa, viktor, mona, adam, time
):
    number = send(open_ticket(), user=mona).number

    for person in (anna, rosa, viktor, mona):
        with pytest.raises(Refused):
            services.accept(user=person, number=number, now=time.now)
    services.accept(user=adam, number=number, now=time.now)


def test_only_a_functional_one_is_accepted_or_returned(ask_by_hand, breached, mona, time):
    missed = breached()

    for act, more in ((services.accept, {}), (services.return_to_sender, {"reason": NOT_OURS})):
        with pytest.raises(NotAllowedNow):
            act(user=mona, number=missed.number, now=time.now, **more)


def test_r1_it_is_returned_with_its_reason_to_whose_it_was(bounce, send, open_ticket, payments, anna, inger, time):
    ticket = open_ticket()
    tickets.take(user=anna, number=ticket.number, now=time.now)

    escalation = bounce(ticket)

    given = HandOff.objects.get()
    assert (given.returned_by, given.reason, clock().cancelled_at) == (inger, NOT_OURS, time.now)
    ticket.refresh_from_db()
    assert (escalation.ticket, ticket.team, ticket.assignee) == (ticket, payments, anna)
    told = Delivery.objects.get(recipient=anna, subject__contains="was returned by Terminals")
    assert told.context["why"] == NOT_OURS
    # And once more.
    assert send(ticket).state == State.INITIATED


def test_what_came_from_nobody_goes_to_whoever_takes_such_and_not_to_somebody_who_left(
    bounce, open_ticket, payments, anna, inger, time
):
    unplaced, left = open_ticket(), open_ticket()
    Ticket.objects.filter(pk=unplaced.pk).update(team=None)
    tickets.assign(user=anna, number=left.number, now=time.now, assignee_email=anna.email)
    bounce(unplaced)
    Ticket.objects.filter(pk=left.pk).update(assignee=make_user("Gone Away", is_active=False))
    bounce(left)

    unplaced.refresh_from_db()
    left.refresh_from_db()
    assert unplaced.team == payments
    assert (left.team, left.assignee) == (payments, None)


def test_an_end_of_another_kind_asks_nobody_to_accept_any_more(send, open_ticket, anna, marta, mona, time):
    ticket = open_ticket()
    number = send(ticket).number

    services.withdraw(user=anna, number=number, reason="Found it.", now=time.now)

    assert HandOff.objects.get().dropped_at == time.now
    with pytest.raises(NotAllowedNow):
        services.accept(user=marta, number=number, now=time.now)
    Ticket.objects.filter(pk=ticket.pk).update(team=anna.teams.get())
    assert send(ticket).hand_off.is_waiting


def test_r1_the_third_bounce_convenes_both_leads_once(bounce, open_ticket, rosa, inger, time):
    ticket = open_ticket()
    bounce(ticket, 2)
    assert not convened().exists()

    last = bounce(ticket)

    assert {alert.recipient for alert in convened()} == {rosa, inger}
    line = Post.objects.about(last.reference).get().body
    assert "Rosa Quiroga, Inger Ravn decide together" in line
    assert NOT_OURS in line
    event = Event.objects.get(kind="escalation.convened")
    assert (event.reference, event.data["count"]) == (last.reference, 3)

    bounce(ticket, 2)

    assert convened().count() == 2
    assert Event.objects.filter(kind="escalation.convened").count() == 1


def test_r1_an_absent_lead_is_convened_by_his_deputy(bounce, open_ticket, rosa, anna, inger, time):
    ticket = open_ticket()
    bounce(ticket, 2)
    rosa.deputy = anna
    rosa.save()
    Absence.objects.create(user=rosa, starts_at=time.now, ends_at=time.now + WITHIN)

    bounce(ticket)

    assert {alert.recipient for alert in convened()} == {anna, inger}


def test_another_tickets_bounces_are_its_own(bounce, open_ticket):
    for ticket in (open_ticket(), open_ticket()):
        bounce(ticket, 2)

    assert not convened().exists()


def test_what_was_merged_in_brings_its_bounces_along(bounce, open_ticket, anna, time):
    first, second, third = open_ticket(), open_ticket(), open_ticket()
    for ticket in (first, second):
        bounce(ticket)
    tickets.merge(user=anna, source=first.number, target=second.number, now=time.now)
    made = tickets.merge(user=anna, source=second.number, target=third.number, now=time.now)

    bounce(third)

    assert convened().count() == 2
    assert of_matter(third).count() == 3
    tickets.unmerge(user=anna, merge=made.pk, now=time.now)
    assert (of_matter(third).count(), of_matter(second).count()) == (1, 2)


def test_evidence_goes_with_its_message(send, bounce, open_ticket, anna, mona, marta, time):
    ticket = open_ticket()
    other = actions.customer_wrote(ticket=ticket, author=ticket.requester, body="Also the invoice.", now=time.now)
    escalation = send(ticket, evidence=Evidence([ticket.messages.first().pk, other.pk]))
    secret = make_team("Fraud", restricted=True)

    tickets.split(user=mona, number=ticket.number, message=other.pk, subject="Invoice", team=secret, now=time.now)

    given = HandOff.objects.get(escalation=escalation)
    assert [len(evidence_of(given, person)[0]) for person in (mona, marta)] == [2, 1]
    made = Ticket.objects.get(team=secret)
    assert not of_matter(made).exists()


def test_r40_the_lead_hears_of_a_question_to_the_manager_for_his_information(ask_by_hand, rosa, mona, anna, time):
    number = ask_by_hand().number

    heard = Alert.objects.get(recipient=rosa, escalation_number=number)
    assert heard.title.startswith("For your information: Anna Lindqvist asks for a decision")
    assert not Alert.objects.filter(title__startswith="For your information").exclude(recipient=rosa).exists()


def test_r40_a_lead_who_asks_himself_needs_no_information_and_an_absent_ones_deputy_gets_it(
    ask_by_hand, open_ticket, rosa, viktor, time
):
    asked = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "Waive the fee"}
    services.escalate(user=rosa, ticket_number=open_ticket().number, now=time.now, **asked)
    assert not Alert.objects.filter(title__startswith="For your information").exists()
    rosa.deputy = viktor
    rosa.save()
    Absence.objects.create(user=rosa, starts_at=time.now, ends_at=time.now + WITHIN)

    ask_by_hand()

    assert Alert.objects.get(title__startswith="For your information").recipient == viktor
