"""When a saved report comes next, by its owner's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.enums import Every
from reports.occurring import next_after

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "every", "day", "hour", "then"),
    [
        ("2026-11-18T06:59", Every.DAY, 0, 8, "2026-11-18T07:00"),
        ("2026-11-18T07:00", Every.DAY, 0, 8, "2026-11-19T07:00"),
        ("2026-11-18T10:00", Every.WEEK, 0, 8, "2026-11-23T07:00"),
        ("2026-11-23T06:00", Every.WEEK, 0, 8, "2026-11-23T07:00"),
        ("2026-02-01T10:00", Every.MONTH, 31, 8, "2026-02-28T07:00"),
        ("2026-01-31T10:00", Every.MONTH, 31, 8, "2026-02-28T07:00"),
        ("2026-12-02T10:00", Every.MONTH, 1, 0, "2026-12-31T23:00"),
        # The clocks go from two to three, and from three back to two.
        ("2026-03-28T12:00", Every.DAY, 0, 2, "2026-03-29T01:00"),
        ("2026-10-24T12:00", Every.DAY, 0, 2, "2026-10-25T00:00"),
    ],
)
def test_it_comes_at_its_hour_of_its_day(now, every, day, hour, then):
    assert next_after(at(now), every=every, day=day, hour=hour, zone=BERLIN) == at(then)


@given(
    st.integers(0, 10 * 366 * 24 * 60),
    st.sampled_from([(Every.DAY, 1), (Every.WEEK, 7), (Every.MONTH, 31)]),
    st.integers(1, 6),
    st.integers(0, 23),
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia"]),
)
def test_it_comes_after_now_and_not_too_late(minutes, how, day, hour, zone):
    every, days = how
    now = at("2020-01-01T00:00") + timedelta(minutes=minutes)

    then = next_after(now, every=every, day=day, hour=hour, zone=ZoneInfo(zone))

    assert now < then <= now + timedelta(days=days + 1, hours=2)
