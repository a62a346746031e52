"""A day inside a sentence is written as its language writes it (R97)."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from common.dates import said, weekday_name

MONDAY = datetime(2026, 10, 12, 9, 5, tzinfo=UTC)
MAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    ("language", "form", "text"),
    [
        ("en", "D j M Y, H:i", "Mon 12 Oct 2026, 09:05"),
        ("es", "D j M Y, H:i", "lun, 12 oct 2026, 09:05"),
        ("pt-br", "D j M Y, H:i", "seg, 12 out 2026, 09:05"),
        ("ru", "D j M Y, H:i", "пн, 12 окт 2026, 09:05"),
        ("en", "j F Y", "12 October 2026"),
        ("es", "j F Y", "12 de octubre de 2026"),
        ("pt-br", "j F Y", "12 de outubro de 2026"),
        ("ru", "j F Y", "12 октября 2026 г."),
        ("es", "j F, H:i", "12 de octubre, 09:05"),
        ("ru", "D H:i", "пн 09:05"),
    ],
)
def test_a_moment_is_written_as_its_language_writes_it(language: str, form: str, text: str) -> None:
    with translation.override(language):
        written = said(MONDAY, form)

    assert written == text


@pytest.mark.parametrize(("language", "text"), [("en", "3 May"), ("es", "3 may"), ("pt-br", "3 mai"), ("ru", "3 мая")])
def test_a_short_month_behind_its_day_stands_in_its_case(language: str, text: str) -> None:
    with translation.override(language):
        written = said(MAY, "j M")

    assert written == text


def test_a_month_without_a_day_stands_alone() -> None:
    with translation.override("ru"):
        written = said(MAY, "M Y")

    assert written == "май 2026"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Saturday"), ("es", "sábado"), ("pt-br", "sábado"), ("ru", "суббота")]
)
def test_a_weekday_is_small_where_its_language_writes_it_so(language: str, text: str) -> None:
    with translation.override(language):
        name = weekday_name(5)

    assert name == text


@pytest.mark.parametrize(("language", "text"), [("en", "Sat"), ("es", "sáb"), ("pt-br", "sáb"), ("ru", "сб")])
def test_a_short_weekday_keeps_its_accent(language: str, text: str) -> None:
    with translation.override(language):
        name = weekday_name(5, is_short=True)

    assert name == text
