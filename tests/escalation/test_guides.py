"""An escalation is walked by the guide that was in force when it began: who took which step, and when (R70)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services, sweep
from escalation.models import Escalation, Procedure
from escalation.procedures.conditions import checklist
from escalation.procedures.procedures import install_procedures
from knowledge import services as knowledge
from knowledge.actions import Draft
from tests.factories.people import make_team, make_user
from tickets.models import Event

FIRST = Draft("Hand-over", "So.", (("Ask the bank", True), ("Look for others", False)))


@pytest.fixture
def guide(rosa, mona, payments, at):
    """Every procedure follows it and asks, before Communicate, that it is followed."""
    install_procedures()
    Procedure.objects.update(guide="hand-over", conditions={"initiated": ["guide_followed"]})
    knowledge.write(user=rosa, slug="hand-over", draft=FIRST, now=at)
    return knowledge.approve(user=mona, slug="hand-over", number=1, now=at)


@pytest.fixture
def raised(guide, open_ticket, anna, at):
    def make(**fields) -> Escalation:
        team = make_team("Risk", lead=make_user("Lara Lead"))
        asked = {"kind": "functional", "team_slug": team.slug, "severity": 3, "reason": "technical", "summary": "Look"}
        return services.escalate(user=anna, ticket_number=open_ticket().number, now=at, **{**asked, **fields})

    return make


def test_r70_the_version_is_frozen_at_the_start(raised, guide, rosa, mona, at):
    escalation = raised()
    knowledge.write(user=rosa, slug="hand-over", draft=Draft("Hand-over", "No.", (), "Shorter"), now=at)
    knowledge.approve(user=mona, slug="hand-over", number=2, now=at)

    assert Escalation.objects.get(pk=escalation.pk).guide == guide


def test_r70_what_opens_by_itself_follows_its_guide_too(guide, breached):
    assert breached().guide == guide


def test_r70_a_guide_that_nobody_approved_is_followed_by_nobody(guide, ask_by_hand, rosa, at):
    Procedure.objects.update(guide="waiting")
    knowledge.write(user=rosa, slug="waiting", draft=FIRST, now=at)

    escalation = ask_by_hand()

    assert escalation.guide is None
    Escalation.objects.update(state="initiated")
    (condition,) = checklist(Escalation.objects.get())
    assert (condition.met, condition.detail) == (False, "No guide was in force when it began.")


def test_r70_steps_are_ticked_with_name_and_time_and_taken_back(raised, anna, at):
    number, later = raised().number, at + timedelta(minutes=5)

    services.tick_step(user=anna, number=number, step=1, done=True, now=later)
    services.tick_step(user=anna, number=number, step=1, done=True, now=later + timedelta(hours=1))

    assert Escalation.objects.get().guide_ticks.values_list("step", "by", "at").get() == (1, anna.pk, later)
    services.tick_step(user=anna, number=number, step=1, done=False, now=later)
    assert not Escalation.objects.get().guide_ticks.exists()
    told = Event.objects.filter(kind__startswith="escalation.guide").order_by("pk").values_list("kind", "data__title")
    assert list(told) == [("escalation.guide_ticked", "Ask the bank"), ("escalation.guide_unticked", "Ask the bank")]


def test_r70_required_steps_hold_the_step_that_asks_for_them(raised, mona, at):
    number = raised().number

    with pytest.raises(NotAllowedNow) as refused:
        services.begin_communication(user=mona, number=number, now=at)
    assert [(one.name, one.detail) for one in refused.value.conditions] == [
        ("guide_followed", "1 left, first “Ask the bank”.")
    ]
    services.tick_step(user=mona, number=number, step=1, done=True, now=at)

    assert services.begin_communication(user=mona, number=number, now=at).state == "communicating"


def test_r70_what_was_ticked_in_the_dialog_stands_with_the_escalation(raised, guide, anna, at):
    escalation = raised(steps=[2, 1, 1], guide=guide.pk)

    assert list(escalation.guide_ticks.values_list("step", "by", "at")) == [(1, anna.pk, at), (2, anna.pk, at)]
    assert Event.objects.get(kind="escalation.guide_begun").data["count"] == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"steps": [3]}, "There is no step 3 in its guide."), ({"steps": [1], "guide": 0}, "Another guide holds")],
)
def test_r70_steps_of_another_guide_are_refused_and_nothing_is_raised(raised, given, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        raised(**given)

    assert not Escalation.objects.exists()


def test_r70_who_has_no_part_in_it_ticks_nothing_and_an_end_is_an_end(raised, mona, at):
    number = raised().number
    with pytest.raises(Refused):
        services.tick_step(user=make_user("Olga Outside"), number=number, step=1, done=True, now=at)
    services.withdraw(user=mona, number=number, reason="Not needed.", now=at)

    with pytest.raises(NotAllowedNow):
        services.tick_step(user=mona, number=number, step=1, done=True, now=at)


def test_r70_every_breach_of_a_batch_follows_its_guide(guide, policy, open_ticket, time):
    for priority in ("high", "low"):
        open_ticket(priority=priority)
    time.move_to(time.now + timedelta(hours=6))

    sweep.run()

    assert {one.guide_id for one in Escalation.objects.all()} == {guide.pk}
