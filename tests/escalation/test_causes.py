"""What was at the root, in every desk's words and in its own (R84); and the review of what was severe (R92)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from common import tailing
from common.errors import InvalidInput, NotAllowedNow
from escalation import services
from escalation.models import Escalation, OwnCause
from escalation.procedures.conditions import unmet
from escalation.services.resolving import request_analysis
from people.models import User
from reports import keeping
from reports.asked import Asked, Span
from reports.sources import causes
from tickets.models import Event

REASON = "The customer found the fault himself."


@pytest.fixture
def weather(db):
    return OwnCause.objects.create(key="weather", name="Storms and floods")


def test_r84_a_cause_of_the_desks_own_is_chosen_kept_and_reported(resolved_one, weather, mona, time, monkeypatch):
    services.choose_cause(user=mona, number=resolved_one.number, cause="weather", now=time.now)

    escalation = Escalation.objects.get()
    assert (escalation.cause, escalation.get_cause_display()) == ("weather", "Storms and floods")
    assert Event.objects.get(kind="escalation.cause_chosen").data["cause"] == "Storms and floods"
    monkeypatch.setattr(tailing, "is_over", lambda _those: True)
    keeping.rebuild()
    assert _reported(mona, time.now) == ("Storms and floods",)
    weather.delete()
    assert _reported(mona, time.now) == ("weather",)
    assert Escalation.objects.get().get_cause_display() == "Storms and floods"


def _reported(user: User, now: datetime) -> tuple[object, ...]:
    days = Span(now.date() - timedelta(days=2), now.date(), ZoneInfo("UTC"))
    return causes.causes(user, Asked(days), now).chart.labels


def test_r84_what_is_retired_is_chosen_no_more(resolved_one, weather, mona, time):
    OwnCause.objects.update(is_active=False)

    with pytest.raises(InvalidInput, match="A cause is one of load, "):
        services.choose_cause(user=mona, number=resolved_one.number, cause="weather", now=time.now)


def test_r84_an_own_cause_does_not_take_the_key_of_every_desks(db):
    with pytest.raises(ValidationError):
        OwnCause(key="load", name="Our load").clean()


@pytest.mark.parametrize("verb", [services.deescalate, services.withdraw])
def test_r84_the_cause_is_asked_for_what_ends_otherwise_too(breached, mona, time, verb):
    escalation = breached()

    ended = verb(user=mona, number=escalation.number, reason=REASON, cause="third_party", now=time.now)

    assert (ended.state, ended.cause, ended.end_reason) == ("withdrawn", "third_party", REASON)


def test_r84_a_cause_that_is_not_there_ends_nothing(breached, mona, time):
    escalation = breached()

    with pytest.raises(InvalidInput):
        services.deescalate(user=mona, number=escalation.number, reason=REASON, cause="fate", now=time.now)

    assert Escalation.objects.get().state == "initiated"


def test_r84_what_was_declined_is_given_its_cause_afterwards_and_what_is_closed_keeps_it(ask_by_hand, mona, time):
    escalation = ask_by_hand()
    services.decide(user=mona, number=escalation.number, decision="decline", note="No.", now=time.now)

    services.choose_cause(user=mona, number=escalation.number, cause="authority", now=time.now)

    assert Escalation.objects.get().cause == "authority"
    Escalation.objects.update(state="closed")
    with pytest.raises(NotAllowedNow):
        services.choose_cause(user=mona, number=escalation.number, cause="load", now=time.now)


def test_r92_what_was_severe_is_not_closed_before_its_review_is_asked_for_and_written(resolved_one, mona, time):
    assert "review_requested" in {condition.name for condition in unmet(resolved_one)}

    request_analysis(user=mona, number=resolved_one.number, now=time.now)

    names = {condition.name for condition in unmet(Escalation.objects.get())}
    assert "review_requested" not in names and "analysis_submitted" in names


def test_r92_what_was_small_needs_none(breached, mona, time):
    escalation = breached()
    Escalation.objects.update(state="resolved")

    assert {condition.name for condition in unmet(Escalation.objects.get(pk=escalation.pk))} == {"cause_chosen"}
