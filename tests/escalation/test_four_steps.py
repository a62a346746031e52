"""Initiate → Communicate → Resolve → Close, through the services that page and API call."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from escalation import services, sweep
from escalation.alerting import links
from escalation.enums import RungState, State
from escalation.models import Communication, Escalation, Override, Rung
from escalation.permissions import access_escalation
from escalation.procedures.conditions import checklist
from escalation.services import resolving as resolving
from notifications.models import Alert, Delivery
from tests.escalation.conftest import REASON
from tickets import services as tickets
from tickets.models import Event

HOUR = timedelta(hours=1)


def names(conditions, *, met):
    return [condition.name for condition in conditions if condition.met is met]


def test_a_small_escalation_is_walked_in_one_sitting(breached, anna, mona, time):
    escalation = breached(priority="normal")
    number, now = escalation.number, time.now

    services.acknowledge(user=mona, number=number, now=now)
    services.begin_communication(user=mona, number=number, now=now)
    services.begin_resolution(user=mona, number=number, now=now)
    tickets.reply(user=anna, number=escalation.ticket_id, body="It is paid.", now=now)
    services.resolve(user=mona, number=number, now=now)
    services.choose_cause(user=mona, number=number, cause="load", now=now)
    closed = services.close(user=mona, number=number, now=now)

    assert (closed.state, closed.closed_at) == (State.CLOSED, now)
    ticket = closed.ticket
    ticket.refresh_from_db()
    assert (ticket.severity, ticket.escalation_state) == (None, None)
    assert not ticket.tags.filter(name="escalated").exists()
    steps = list(Event.objects.about(closed.reference).values_list("kind", flat=True))
    assert steps == [
        "escalation.opened",
        "escalation.acknowledged",
        "escalation.communication_begun",
        "escalation.resolution_begun",
        "escalation.resolved",
        "escalation.cause_chosen",
        "escalation.closed",
    ]


def test_a_major_one_refuses_each_step_with_the_list_of_what_is_missing(breached, anna, mona, payments, time):
    escalation = breached(priority="urgent")
    number, now = escalation.number, time.now
    assert escalation.severity == 1

    with pytest.raises(NotAllowedNow) as refused:
        services.begin_communication(user=mona, number=number, now=now)
    assert names(refused.value.conditions, met=False) == ["acknowledged", "impact_known"]
    services.acknowledge(user=mona, number=number, now=now)
    services.describe(user=mona, number=number, now=now, impact="Nine merchants have no money.")
    services.begin_communication(user=mona, number=number, now=now)
    with pytest.raises(NotAllowedNow) as refused:
        services.begin_resolution(user=mona, number=number, now=now)
    assert set(names(refused.value.conditions, met=False)) == {
        "customers_informed",
        "stakeholders_informed",
        "plan_owned",
        "next_update_promised",
    }
    services.communicate(
        user=mona, number=number, audience="customers", body="We know.", now=now, next_update_by=now + HOUR
    )
    services.communicate(user=mona, number=number, audience="stakeholders", body="Batch rejected.", now=now)
    services.plan(user=mona, number=number, tasks=[{"title": "Resend", "owner": anna.email}], now=now)
    services.begin_resolution(user=mona, number=number, now=now)

    with pytest.raises(NotAllowedNow) as refused:
        services.resolve(user=mona, number=number, now=now)
    assert names(refused.value.conditions, met=False) == ["plan_done"]
    task = Escalation.objects.get().plan_tasks.get()
    services.finish_task(user=anna, number=number, task_id=task.pk, done=True, now=now)
    services.resolve(user=mona, number=number, now=now)

    with pytest.raises(NotAllowedNow) as refused:
        services.close(user=mona, number=number, now=now)
    assert len(names(refused.value.conditions, met=False)) == 6
    services.verify(
        user=mona, number=number, now=now, customers="It works again.", stakeholders="Resent, the cause is known."
    )
    services.confirm_access(user=mona, number=number, now=now)
    tickets.change_status(user=anna, number=escalation.ticket_id, verb="solve", now=now)
    services.choose_cause(user=mona, number=number, cause="product", now=now)
    resolving.request_analysis(user=mona, number=number, now=now)
    with pytest.raises(NotAllowedNow) as refused:
        services.close(user=mona, number=number, now=now)
    assert names(refused.value.conditions, met=False) == ["analysis_submitted"]
    known = {"whys": ["Code", "List", "Nobody"], "contributing": "A list.", "actions": [{"title": "Check the list"}]}
    resolving.write_analysis(user=mona, number=number, now=now, **known)
    resolving.submit_analysis(user=mona, number=number, now=now)
    assert services.close(user=mona, number=number, now=now).state == State.CLOSED


def test_acknowledging_stops_the_ladder_and_the_lifecycle_goes_on(breached, mona, adam, time):
    escalation = breached()

    services.acknowledge(user=mona, number=escalation.number, now=time.now)

    escalation.refresh_from_db()
    assert (escalation.state, escalation.acknowledged_by) == (State.INITIATED, mona)
    assert set(Rung.objects.filter(level__gt=1).values_list("state", flat=True)) == {RungState.STOPPED}
    assert not Rung.objects.exclude(next_moment=None).exists()


def test_an_override_needs_a_real_reason_and_stays_on_record(breached, mona, time):
    escalation = breached()
    number, now = escalation.number, time.now

    with pytest.raises(InvalidInput):
        services.begin_communication(user=mona, number=number, now=now, override_reason="just because")
    services.begin_communication(
        user=mona, number=number, now=now, override_reason="Rosa called me, she is on it already."
    )

    override = Override.objects.get()
    assert (override.condition, override.by) == ("acknowledged", mona)
    assert Event.objects.filter(kind="escalation.overridden").count() == 1


def test_an_agent_can_neither_declare_nor_override(breached, anna, mona, time):
    escalation = breached()
    number, now = escalation.number, time.now
    services.acknowledge(user=mona, number=number, now=now)

    for verb in (services.begin_communication, services.resolve, services.close):
        with pytest.raises(Refused):
            verb(user=anna, number=number, now=now, override_reason="I am sure that this is right.")


def test_r23_r46_a_manager_alone_declares_it_resolved_and_his_name_and_the_time_are_kept(
    resolving_one, anna, rosa, mona, time
):
    given = {"number": resolving_one.number, "now": time.now, "override_reason": REASON}

    for person in (anna, rosa):
        with pytest.raises(Refused, match="Only a manager may do this"):
            services.resolve(user=person, **given)
    services.resolve(user=mona, **given)

    resolved = Escalation.objects.get()
    assert (resolved.state, resolved.resolved_by, resolved.resolved_at) == (State.RESOLVED, mona, time.now)


def test_a_customer_never_sees_the_object(breached, cora, stan):
    escalation = breached()

    for person in (cora, stan):
        with pytest.raises(NotFound):
            access_escalation(person, escalation.number)


def test_solving_the_ticket_meets_conditions_and_closes_nothing(breached, anna, mona, time):
    escalation = breached(priority="urgent")

    tickets.change_status(user=anna, number=escalation.ticket_id, verb="solve", now=time.now)

    escalation.refresh_from_db()
    assert escalation.state == State.INITIATED


def test_r35_the_first_hour_alerts_when_it_is_missed_and_opens_nothing(breached, mona, rosa, time):
    escalation = breached(priority="urgent")
    services.acknowledge(user=mona, number=escalation.number, now=time.now)

    time.move_to(time.now + HOUR)
    sweep.run()
    sweep.run()

    overdue = Alert.objects.filter(kind="overdue")
    assert set(overdue.values_list("recipient__name", flat=True)) == {"Mona Farias", "Rosa Quiroga"}
    assert Escalation.objects.count() == 1


def test_informing_both_audiences_keeps_the_first_hour(breached, mona, time):
    escalation = breached(priority="urgent")
    number, now = escalation.number, time.now
    services.acknowledge(user=mona, number=number, now=now)
    for audience in ("customers", "stakeholders"):
        services.communicate(user=mona, number=number, audience=audience, body="We know.", now=now)

    time.move_to(now + HOUR)
    sweep.run()

    assert not Alert.objects.filter(kind="overdue").exists()
    assert Communication.objects.count() == 2


def test_a_promised_update_that_does_not_come_alerts_the_manager(breached, mona, time):
    escalation = breached()
    number, now = escalation.number, time.now
    services.communicate(
        user=mona, number=number, audience="customers", body="We know.", now=now, next_update_by=now + HOUR
    )

    time.move_to(now + HOUR)
    sweep.run()

    assert Alert.objects.filter(kind="overdue", recipient=mona).count() == 1


def test_an_update_to_customers_is_a_public_reply_on_the_ticket(breached, mona, time):
    escalation = breached()

    services.communicate(user=mona, number=escalation.number, audience="customers", body="We know.", now=time.now)

    message = escalation.ticket.messages.get(author=mona)
    assert (message.body, message.is_public) == ("We know.", True)


def test_reopening_starts_the_step_anew_and_keeps_the_old_override_on_record(breached, anna, mona, time):
    escalation = breached()
    number, now = escalation.number, time.now
    reason = "The customer confirmed by phone, no reply needed."
    services.acknowledge(user=mona, number=number, now=now)
    services.begin_communication(user=mona, number=number, now=now)
    services.begin_resolution(user=mona, number=number, now=now)
    services.resolve(user=mona, number=number, now=now, override_reason=reason)

    reopened = services.reopen(user=mona, number=number, reason="It is stuck again.", now=now)

    assert (reopened.state, reopened.resolved_at) == (State.RESOLVING, None)
    assert names(checklist(reopened), met=False) == ["customer_answered"]
    assert Override.objects.get().lapsed_at == now


def test_deescalating_takes_the_badge_away_and_keeps_the_reason(breached, mona, time):
    escalation = breached()

    ended = services.deescalate(user=mona, number=escalation.number, reason="A duplicate.", now=time.now)

    ended.ticket.refresh_from_db()
    assert (ended.state, ended.end_reason, ended.ticket.severity) == (State.WITHDRAWN, "A duplicate.", None)


def test_two_stale_copies_cannot_both_pass_a_transition(breached, mona, time):
    escalation = breached()
    number, now = escalation.number, time.now
    services.acknowledge(user=mona, number=number, now=now)

    services.begin_communication(user=mona, number=number, now=now)
    with pytest.raises(NotAllowedNow):
        services.begin_communication(user=mona, number=number, now=now)


def test_the_mail_to_the_manager_leads_to_the_room(breached, mona):
    escalation = breached()

    mail = Delivery.objects.get(recipient=mona)

    # The button leads to where it is acknowledged, the link beside it to the room.
    said, _when, _signature = links.acknowledge_path(escalation).rsplit(":", 2)
    assert f"{said}:" in mail.context["action_url"]
    assert mail.context["second_url"].endswith(f"/escalations/{escalation.number}/")
    assert mail.context["escalation_ref"] == escalation.reference
