"""The word between the levels: handed over with a note, acknowledged within half an hour (R42)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services, sweep
from escalation.enums import DeadlineKind
from escalation.models import Deadline, Escalation, HandOver
from notifications.models import Alert, Delivery
from people.models import Absence

NOTE = "Two banks wait, the file is being rebuilt."
LATE = timedelta(minutes=30)


@pytest.fixture
def major(breached):
    """Rosa's from the beginning."""
    return breached(priority="urgent")


@pytest.fixture
def hand(major, rosa, time):
    """Rosa, its manager, hands it over."""

    def give(to, note=NOTE, by=rosa):
        return services.hand_over(user=by, number=major.number, to=to.email, note=note, now=time.now)

    return give


def clocks():
    return Deadline.objects.filter(kind=DeadlineKind.HAND_NOTE).order_by("pk")


def test_r42_it_changes_hands_when_the_receiver_acknowledges_the_note(hand, major, mona, rosa, time):
    hand(mona)

    assert Escalation.objects.get().manager == rosa
    assert Alert.objects.filter(recipient=mona, title__contains="handed over to you").exists()
    assert Delivery.objects.get(recipient=mona, subject__contains="handed over to you").context["why"] == NOTE
    with pytest.raises(NotAllowedNow):
        services.acknowledge_hand_over(user=rosa, number=major.number, now=time.now)

    services.acknowledge_hand_over(user=mona, number=major.number, now=time.now)

    given = HandOver.objects.get()
    assert (Escalation.objects.get().manager, given.acknowledged_at) == (mona, time.now)
    assert clocks().get().met_at == time.now
    assert Alert.objects.filter(recipient=rosa, title__contains="Mona Farias has taken").exists()
    with pytest.raises(NotAllowedNow):
        services.acknowledge_hand_over(user=mona, number=major.number, now=time.now)


def test_r42_a_hand_over_that_is_not_acknowledged_alerts_both_and_stays_where_it_is(hand, major, mona, rosa, time):
    hand(mona)

    time.move_to(time.now + LATE)
    sweep.run()
    sweep.run()

    late = Alert.objects.filter(kind="overdue", title__contains="hand-over")
    assert set(late.values_list("recipient__name", flat=True)) == {mona.name, rosa.name}
    assert late.count() == 2
    assert Escalation.objects.get().manager == rosa

    services.acknowledge_hand_over(user=mona, number=major.number, now=time.now)

    clock = clocks().get()
    assert clock.missed_at == clock.met_at == time.now
    assert Escalation.objects.get().manager == mona


@pytest.mark.parametrize("note", ["", "  ", "Yours now"])
def test_r42_without_a_note_that_says_something_it_is_not_handed_over(hand, mona, note):
    with pytest.raises(InvalidInput) as refused:
        hand(mona, note)

    assert list(refused.value.errors) == ["note"]
    assert not HandOver.objects.exists()


def test_r42_not_to_oneself_nor_to_whoever_has_it_nor_to_the_absent_nor_to_a_customer(
    hand, mona, rosa, adam, cora, time
):
    Absence.objects.create(user=adam, starts_at=time.now, ends_at=time.now + LATE)

    for to, by in ((mona, mona), (rosa, mona), (adam, rosa), (cora, rosa)):
        with pytest.raises(InvalidInput) as refused:
            hand(to, by=by)
        assert list(refused.value.errors) == ["to"]


def test_r42_only_whoever_runs_it_hands_it_over(hand, viktor, mona):
    with pytest.raises(Refused):
        hand(mona, by=viktor)


def test_r42_given_to_somebody_else_meanwhile_the_first_is_asked_no_more(hand, major, mona, adam, time):
    hand(mona)
    hand(adam)

    first, second = clocks()
    assert (first.cancelled_at, second.cancelled_at) == (time.now, None)
    with pytest.raises(NotAllowedNow):
        services.acknowledge_hand_over(user=mona, number=major.number, now=time.now)
    services.acknowledge_hand_over(user=adam, number=major.number, now=time.now)
    assert Escalation.objects.get().manager == adam


def test_r42_what_has_ended_is_handed_over_to_nobody(hand, major, mona, time):
    hand(mona)

    services.deescalate(user=mona, number=major.number, reason="The bank answered.", now=time.now)

    assert HandOver.objects.get().dropped_at == time.now
    assert clocks().get().cancelled_at == time.now
    with pytest.raises(NotAllowedNow):
        services.acknowledge_hand_over(user=mona, number=major.number, now=time.now)
    with pytest.raises(NotAllowedNow):
        hand(mona)
