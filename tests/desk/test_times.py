"""How lengths and moments are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from desk.templatetags.desk_time import clock_text, short, words, zone

NOW = datetime(2026, 11, 19, 10, 42, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "chip", "sentence"),
    [
        (timedelta(seconds=40), "40s", "40 s"),
        (timedelta(minutes=12, seconds=59), "12m", "12 min"),
        (timedelta(minutes=-26), "26m", "26 min"),
        (timedelta(hours=1), "1h 00m", "1 hour"),
        (timedelta(hours=2, minutes=5), "2h 05m", "2 hours 5 min"),
        (timedelta(days=3), "3d 0h", "3 days"),
        (timedelta(days=1, hours=4, minutes=9), "1d 4h", "1 day 4 hours"),
    ],
)
def test_a_length_reads_short_in_chips_and_in_words_in_sentences(length: timedelta, chip: str, sentence: str) -> None:
    assert short(length) == chip
    assert words(length) == sentence


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW.replace(hour=20), "20:42"),
        (NOW - timedelta(days=1), "Wed 10:42"),
        (NOW + timedelta(days=6), "Wed 10:42"),
        (NOW - timedelta(days=7), "12 Nov 10:42"),
        (NOW - timedelta(days=365), "19 Nov 2025 10:42"),
    ],
)
def test_a_moment_is_told_as_shortly_as_it_stays_clear(moment: datetime, text: str) -> None:
    with timezone.override("UTC"):
        assert clock_text(moment, NOW) == text


def test_a_moment_is_told_in_the_readers_zone() -> None:
    with timezone.override("America/Sao_Paulo"):
        assert clock_text(NOW, NOW) == "07:42"
        assert zone(NOW) == "Sao Paulo, UTC−3"
    with timezone.override("Asia/Kolkata"):
        assert zone(NOW) == "Kolkata, UTC+5:30"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Sao Paulo, UTC−3"), ("es", "São Paulo, UTC−3"), ("pt-br", "São Paulo, UTC−3"), ("ru", "Сан-Паулу, UTC−3")],
)
def test_a_zone_is_called_after_its_city_in_the_readers_language(language: str, text: str) -> None:
    with timezone.override("America/Sao_Paulo"), translation.override(language):
        assert zone(NOW) == text
