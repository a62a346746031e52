"""A row that cannot be done is counted, tried later, told of, and in nobody's way (DESIGN §3.5)."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from common import setbacks
from common.models import Setback
from common.setbacks import FIRST_PAUSE, LONGEST_PAUSE, Round
from people.models import User
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def fails(key: object) -> int:
    raise ValueError(f"poison {key}")


def test_one_that_fails_is_left_alone_until_its_time_and_longer_each_time(at):
    assert Round("a", at).each([1], fails) == 0
    assert (Round("a", at).attempt(1, int), Round("b", at).attempt(1, int)) == (None, 1)

    again = at + FIRST_PAUSE
    assert Round("a", again).due() == ["1"]
    Round("a", again).each([1], fails)

    row = Setback.objects.get()
    assert (row.attempts, row.next_try_at, row.error) == (2, again + 2 * FIRST_PAUSE, "ValueError")


def test_it_is_never_given_up_and_rests_an_hour_at_most(at):
    for number in range(20):
        Round("a", at + number * LONGEST_PAUSE).each([1], fails)

    row = Setback.objects.get()
    assert (row.attempts, row.next_try_at) == (20, at + 20 * LONGEST_PAUSE)


def test_what_succeeds_is_forgotten(at):
    Round("a", at).each([1, 2], lambda key: fails(key) if key == 1 else key)

    assert Round("a", at + LONGEST_PAUSE).each([1, 2], int) == 3
    assert not Setback.objects.exists()


def test_the_oldest_that_fail_do_not_fill_the_batch(at, db):
    first, second = (make_user(f"{name} Agent") for name in ("Ada", "Bea"))
    Round("a", at).each([first.pk], fails)

    people = User.objects.order_by("pk")
    assert list(Round("a", at).open(people)[:1]) == [second]
    assert list(Round("a", at + LONGEST_PAUSE).open(people)[:1]) == [first]


def locked(key: object) -> int:
    raise OperationalError("database is locked")


def test_a_database_that_is_away_is_no_rows_fault_and_the_row_rests_all_the_same(at):
    assert Round("a", at).each([1], fails) == 0
    for number in range(1, setbacks.MANY + 1):
        Round("a", at + number * FIRST_PAUSE).each([1, 2], locked)

    now = at + setbacks.MANY * FIRST_PAUSE
    assert set(Setback.objects.values_list("key", "attempts", "next_try_at")) == {
        ("1", 1, now + FIRST_PAUSE),
        ("2", 0, now + FIRST_PAUSE),
    }
    assert setbacks.many() == {}


@pytest.mark.parametrize("fault", [fails, locked])
def test_what_cannot_be_put_off_stops_no_other_row(at, monkeypatch, fault):
    monkeypatch.setattr(Setback.objects, "update_or_create", locked_away)

    assert Round("a", at).each([1, 2], lambda key: fault(key) if key == 1 else key) == 2


def test_what_is_kept_nowhere_else_fails_with_its_round_where_it_cannot_be_put_off(at, monkeypatch):
    monkeypatch.setattr(Setback.objects, "update_or_create", locked_away)

    with pytest.raises(OperationalError):
        Round("a", at, is_kept_here_alone=True).each([1], locked)


def locked_away(**given: object) -> None:
    raise OperationalError("database is locked")


def test_people_are_told_of_what_fails_again_and_again(at):
    for number in range(setbacks.MANY):
        Round("a", at + number * LONGEST_PAUSE).each([1, 2], fails)
    Round("b", at).each([1], fails)

    assert setbacks.many() == {"a": 2}


def test_what_nobody_tries_any_more_is_forgotten(at):
    Round("a", at).each([1], fails)

    Round("b", at).each([1], fails)

    setbacks.forget_old(now=at + timedelta(hours=23))
    assert Setback.objects.count() == 2
    setbacks.forget_old(now=at + timedelta(days=2), but=["b"])

    assert Setback.objects.get().round == "b"
