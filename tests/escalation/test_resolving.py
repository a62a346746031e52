"""Resolve and Close: who may what, the task force, what is linked, and the analysis (R24–R28, R45–R55, R84, R94)."""

from datetime import timedelta

import pytest

from chat import services as chat
from chat.models import Room
from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services, sweep
from escalation.deadlines.winding import CLOSE_WITHIN, REMIND_EVERY
from escalation.enums import State
from escalation.models import Escalation, Kudos
from escalation.procedures.conditions import checklist
from escalation.services import resolving as resolving
from notifications.models import Alert, Delivery
from tickets import linking

REASON = "The whole of it is followed up by Mona."


def open_names(escalation):
    return {line.name for line in checklist(Escalation.objects.get(pk=escalation.pk)) if not line.met}


def test_r24_only_the_named_architect_verifies_and_is_asked_to(resolving_one, mona, rosa, viktor, time):
    number, now = resolving_one.number, time.now
    resolving.name_responsible(user=rosa, number=number, role="architect", email=viktor.email, now=now)

    services.resolve(user=mona, number=number, now=now, override_reason=REASON)

    titles = set(Alert.objects.filter(recipient=viktor).values_list("title", flat=True))
    asked = f"E-{number} is declared resolved: verify it"
    assert titles == {f"E-{number}: you are named De-escalation architect", asked}
    with pytest.raises(Refused):
        services.verify(user=mona, number=number, now=now)
    services.verify(user=viktor, number=number, now=now)
    assert Escalation.objects.get().verified_by == viktor


def test_r24_a_verification_that_does_not_come_alerts_the_architect(resolved_one, mona, viktor, time):
    resolving.name_responsible(
        user=mona, number=resolved_one.number, role="architect", email=viktor.email, now=time.now
    )

    time.move_to(time.now + timedelta(hours=4))
    sweep.run()

    assert Alert.objects.filter(recipient=viktor, kind="overdue").count() == 1


def test_r47_two_audiences_have_two_texts_and_not_before_the_verification(resolved_one, mona, rosa, cora, time):
    number = resolved_one.number
    words = {"customers": "You can pay out again.", "stakeholders": "Batch resent, cause known."}
    with pytest.raises(NotAllowedNow):
        resolving.announce(user=mona, number=number, now=time.now, **words)

    services.verify(user=mona, number=number, now=time.now, **words)

    message = resolved_one.ticket.messages.get(author=mona)
    assert message.body == "You can pay out again."
    inside = Delivery.objects.get(recipient=rosa, subject__startswith=f"E-{number}, update")
    assert "Batch resent" in str(inside.context)
    assert "notices_sent" not in open_names(resolved_one)


def test_r47_what_was_told_before_the_verification_is_no_notice_of_it(resolved_one, mona, time):
    common = {"user": mona, "number": resolved_one.number}
    services.communicate(**common, audience="customers", body="Soon.", now=time.now)
    time.move_to(time.now + timedelta(minutes=1))
    services.verify(**common, now=time.now)

    assert "notices_sent" in open_names(resolved_one)


def test_a_duty_goes_to_nobody_outside_and_is_stood_in_for(resolved_one, mona, rosa, viktor, cora, time):
    number, now = resolved_one.number, time.now
    for email in (cora.email, "nobody@meridiano.example"):
        with pytest.raises(InvalidInput):
            resolving.name_responsible(user=mona, number=number, role="architect", email=email, now=now)
    resolving.name_responsible(user=mona, number=number, role="architect", email=viktor.email, now=now)
    viktor.deputy = rosa
    viktor.save()
    viktor.absences.create(starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1))

    services.verify(user=rosa, number=number, now=now)

    assert Escalation.objects.get().verified_by == rosa


def test_r27_a_task_force_has_members_a_room_and_a_plan_and_is_suspended_on_resolution(
    resolving_one, mona, anna, viktor, time
):
    number, now = resolving_one.number, time.now
    resolving.form_task_force(user=mona, number=number, members=[anna.email], experts=[viktor.email], now=now)
    resolving.present_plan(user=anna, number=number, body="Rebuild the file.", now=now)
    assert Alert.objects.filter(recipient=viktor, title__contains="review version 1").exists()
    room = Room.objects.get(subject=f"TF-{number}")
    chat.say(user=anna, subject=room.subject, body="Here.", now=now)

    services.resolve(user=mona, number=number, now=now, override_reason=REASON)

    force = Escalation.objects.get().task_force
    assert (force.suspended_at, set(force.members.values_list("freed_at", flat=True))) == (now, {now})
    with pytest.raises(NotAllowedNow):
        chat.say(user=anna, subject=room.subject, body="Still here?", now=now)
    with pytest.raises(NotAllowedNow):
        resolving.present_plan(user=anna, number=number, body="Again.", reason="More.", now=now)

    services.reopen(user=mona, number=number, reason="It is back.", now=now)
    force.refresh_from_db()
    assert (force.suspended_at, set(force.members.values_list("freed_at", flat=True))) == (None, {None})
    chat.say(user=anna, subject=room.subject, body="Back.", now=now)


def test_r28_r45_experts_review_each_version_and_nobody_his_own(resolving_one, mona, anna, viktor, time):
    number, now = resolving_one.number, time.now
    common = {"number": number, "now": now}
    assert "technical_plan_accepted" not in open_names(resolving_one)
    resolving.form_task_force(user=mona, members=[anna.email], experts=[viktor.email], **common)
    assert "technical_plan_accepted" in open_names(resolving_one)
    resolving.present_plan(user=anna, body="Rebuild the file.", **common)

    with pytest.raises(Refused):
        resolving.review_plan(user=anna, version=1, verdict="accept", **common)
    with pytest.raises(InvalidInput):
        resolving.review_plan(user=viktor, version=1, verdict="change", **common)
    resolving.review_plan(user=viktor, version=1, verdict="change", comment="Keep the old file.", **common)
    with pytest.raises(InvalidInput):
        resolving.present_plan(user=anna, body="Rebuild, keep the old one.", **common)
    resolving.present_plan(user=anna, body="Rebuild, keep the old one.", reason="Viktor asks.", **common)
    with pytest.raises(NotAllowedNow):
        resolving.review_plan(user=viktor, version=1, verdict="accept", **common)
    assert "technical_plan_accepted" in open_names(resolving_one)
    resolving.review_plan(user=viktor, version=2, verdict="accept", **common)

    assert "technical_plan_accepted" not in open_names(resolving_one)
    first = Escalation.objects.get().task_force.plans.get(version=1)
    assert [review.comment for review in first.reviews.all()] == ["Keep the old file."]


def test_r49_open_linked_tickets_keep_it_open_and_are_resolved_by_consent(resolved_one, open_ticket, mona, cora, time):
    number, now = resolved_one.number, time.now
    also, problem, later = (open_ticket(subject=word, kind=kind) for word, kind in LINKED)
    for ticket in (also, problem, later):
        linking.link(source=ticket, target=resolved_one.ticket, relation="related", now=now, by=mona)
    assert "related_resolved" in open_names(resolved_one)
    with pytest.raises(InvalidInput):
        resolving.resolve_related(user=mona, number=number, tickets=[problem.number], now=now)

    (outcome,) = resolving.resolve_related(user=mona, number=number, tickets=[also.number], body="Done.", now=now)

    assert (outcome.ticket, outcome.refused) == (also, "")
    also.refresh_from_db()
    later.refresh_from_db()
    assert (also.is_done, later.is_done) == (True, False)
    assert "related_resolved" in open_names(resolved_one)
    resolving.resolve_related(user=mona, number=number, tickets=[later.number], now=now)
    assert "related_resolved" not in open_names(resolved_one)


LINKED = [("Payouts, too", "question"), ("The cause", "problem"), ("And here", "question")]


def test_r84_nothing_is_closed_without_a_cause_whatever_is_set_aside(resolved_one, mona, time):
    common = {"user": mona, "number": resolved_one.number, "now": time.now}

    with pytest.raises(NotAllowedNow, match="not closed without its cause"):
        services.close(**common, override_reason=REASON)
    services.choose_cause(**common, cause="product")
    services.close(**common, override_reason=REASON)

    assert Escalation.objects.get().state == State.CLOSED


def test_two_people_who_close_one_after_the_other_give_one_close(resolved_one, mona, adam, time):
    common = {"number": resolved_one.number, "now": time.now, "override_reason": REASON}
    services.choose_cause(user=mona, number=resolved_one.number, cause="product", now=time.now)
    services.close(user=mona, **common)

    with pytest.raises(NotAllowedNow):
        services.close(user=adam, **common)


def test_r55_what_is_resolved_and_not_closed_is_said_every_day(resolved_one, mona, time):
    for wait in (CLOSE_WITHIN[1], REMIND_EVERY, REMIND_EVERY):
        time.move_to(time.now + wait)
        sweep.run()

    assert Alert.objects.filter(recipient=mona, title__contains="Close of what is resolved").count() == 3
    services.choose_cause(user=mona, number=resolved_one.number, cause="product", now=time.now)
    services.close(user=mona, number=resolved_one.number, now=time.now, override_reason=REASON)
    time.move_to(time.now + 2 * REMIND_EVERY)
    sweep.run()
    assert Alert.objects.filter(recipient=mona, title__contains="Close of what is resolved").count() == 3


def test_r94_a_good_word_is_on_record_once_and_told(resolved_one, mona, anna, time):
    common = {"user": mona, "number": resolved_one.number, "now": time.now}
    with pytest.raises(InvalidInput):
        resolving.praise(**common, to=mona.email, words="Me.")

    resolving.praise(**common, to=anna.email, words="Calm and quick.")

    assert Kudos.objects.get().words == "Calm and quick."
    assert Alert.objects.filter(recipient=anna, title=f"Mona Farias thanks you for {resolved_one.reference}").exists()
    with pytest.raises(NotAllowedNow):
        resolving.praise(**common, to=anna.email, words="Again.")
