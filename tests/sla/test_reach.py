"""Which policies a ticket ever comes to, and who is promised nothing."""

from datetime import timedelta

import pytest

from sla import services
from sla.enums import AppliesTo
from sla.models import Policy
from sla.policies import TargetSpec, Terms
from sla.reach import asked_now, places, shares
from tests.factories.sla import make_policy, target
from tickets.enums import Priority

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HIGHER = {"priority": ["urgent", "high"]}


def standing(at):
    return {place.asked.policy.name: place for place in places(asked_now(), at).values()}


def covered(at, tier="enterprise"):
    """By priority: who promises something, and whether anybody is promised nothing."""
    return {
        share.priority.value: ([one.policy.name for one in share.takers], share.is_open)
        for share in shares(asked_now(), tier, Priority, at)
    }


def test_a_policy_behind_one_that_takes_all_of_it_is_never_reached_and_says_by_whom(at):
    make_policy(at, name="Gold", order=1, conditions={"tier": ["enterprise"]})
    make_policy(at, name="Urgent gold", order=2, conditions={"tier": ["enterprise"], "priority": ["urgent"]})
    make_policy(at, name="Rest", order=3)

    found = standing(at)

    assert [one.policy.name for one in found["Urgent gold"].takers] == ["Gold"]
    assert found["Gold"].is_reached and found["Rest"].is_reached
    assert (found["Rest"].number, found["Rest"].of) == (3, 3)
    assert [one.policy.name for one in found["Rest"].before] == ["Gold", "Urgent gold"]


def test_two_policies_can_leave_nothing_to_a_third_only_together(at):
    make_policy(at, name="Pressing", order=1, conditions=HIGHER)
    make_policy(at, name="Calm", order=2, conditions={"priority": {"not": ["urgent", "high"]}})
    make_policy(at, name="Third", order=3, conditions={"channel": ["chat"]})

    assert [one.policy.name for one in standing(at)["Third"].takers] == ["Pressing", "Calm"]


@pytest.mark.parametrize(
    ("earlier", "later", "is_reached"),
    [
        ({}, {}, False),
        ({"valid_until": DAY}, {}, True),
        ({"valid_from": DAY}, {}, True),
        ({"valid_from": -DAY}, {}, False),
        ({"valid_until": 3 * DAY}, {"valid_until": 2 * DAY}, False),
        ({"valid_from": DAY}, {"valid_from": 2 * DAY}, False),
        ({"valid_until": DAY}, {"valid_from": 2 * DAY}, True),
    ],
)
def test_a_policy_of_other_days_casts_no_shadow(earlier, later, is_reached, at):
    for name, order, days in [("First", 1, earlier), ("Second", 2, later)]:
        make_policy(at, name=name, order=order, **{key: at + shift for key, shift in days.items()})

    assert standing(at)["Second"].is_reached == is_reached


def test_a_policy_that_is_off_casts_no_shadow_and_is_not_asked(at, adam):
    gold = make_policy(at, name="Gold", order=1)
    make_policy(at, name="Rest", order=2)
    services.switch(user=adam, policy=gold, is_enabled=False, now=at, applies_to=AppliesTo.NEW)

    assert list(standing(at)) == ["Rest"]
    assert standing(at)["Rest"].is_reached


def test_a_draft_is_put_among_the_others_as_it_would_be(at):
    gold = make_policy(at, name="Gold", order=1, conditions={"tier": ["enterprise"]})
    rest = make_policy(at, name="Rest", order=2)
    terms = Terms((TargetSpec("resolution", "urgent", 60),), {})

    found = places(asked_now(gold, terms), at)

    assert not found[rest.pk].is_reached
    assert standing(at)["Rest"].is_reached


def test_of_equal_order_the_list_moves_as_the_policies_are_asked(at, adam):
    """The more specific is asked first, though it was made later."""
    make_policy(at, name="Rest")
    make_policy(at, name="Gold", conditions={"tier": ["enterprise"]})
    rest = Policy.objects.get(name="Rest")

    services.move(user=adam, policy=rest, up=True)

    assert [place.asked.policy.name for place in standing(at).values()] == ["Rest", "Gold"]


@pytest.mark.parametrize(("moved", "above"), [("C", "A"), ("A", "C"), ("B", "B")])
def test_a_policy_is_put_right_above_another(moved, above, at, adam):
    made = {name: make_policy(at, name=name, order=order) for order, name in enumerate("ABC")}

    services.move(user=adam, policy=made[moved], up=False, above=made[above])

    names = list(Policy.objects.order_by("order").values_list("name", flat=True))
    assert names == {"C": ["C", "A", "B"], "A": ["B", "A", "C"], "B": ["A", "C", "B"]}[moved]


def test_covered_is_what_somebody_promises_and_open_what_nobody_does(at):
    targets = [target("resolution", 3600, "urgent"), target("resolution", 3600, "high")]
    services.publishing.create_policy(
        name="Chat", targets=targets, now=at, order=1, conditions={"tier": ["enterprise"], "channel": ["chat"]}
    )
    make_policy(at, name="Pressing", order=2, conditions=HIGHER)

    found = covered(at)

    assert found["urgent"] == (["Chat", "Pressing"], False)
    assert found["normal"] == ([], True)
    assert covered(at, tier="")["urgent"] == (["Pressing"], False)


def test_a_policy_without_a_target_keeps_its_tickets_from_the_others(at):
    """Chat takes them first and has nothing for them at this priority."""
    services.publishing.create_policy(
        name="Chat", targets=[target("resolution", 3600, "low")], now=at, order=1, conditions={"channel": ["chat"]}
    )
    make_policy(at, name="Rest", order=2)

    assert covered(at)["low"] == (["Chat", "Rest"], False)
    assert covered(at)["high"] == (["Rest"], True)


def test_a_promise_of_other_days_covers_nobody_today(at):
    make_policy(at, name="Soon", valid_from=at + DAY)

    assert covered(at)["urgent"] == ([], True)
    assert covered(at + DAY)["urgent"] == (["Soon"], False)
