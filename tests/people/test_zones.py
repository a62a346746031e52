"""What a zone is called, and that every zone is called something."""

import pytest

from people.zones import city_of, zone_choices, zone_names


@pytest.mark.parametrize(
    ("zone", "language", "city"),
    [
        ("Europe/Moscow", "ru", "Москва"),
        ("America/New_York", "pt-br", "Nova York"),
        # The languages keep these under the names that the zones had before.
        ("America/Argentina/Buenos_Aires", "ru", "Буэнос-Айрес"),
        ("Asia/Kathmandu", "ru", "Катманду"),
        ("Asia/Kathmandu", "en", "Kathmandu"),
        ("UTC", "ru", "UTC"),
        ("Mars/Olympus_Mons", "es", "Olympus Mons"),
        ("Europe/Moscow", "xx", "Moscow"),
        ("Europe/Moscow", None, "Moscow"),
    ],
)
def test_a_zone_is_called_after_its_city(zone: str, language: str | None, city: str) -> None:
    called = city_of(zone, language)

    assert called == city


def test_every_zone_can_be_chosen_by_its_city() -> None:
    choices = zone_choices("ru")

    assert [zone for zone, _ in choices] == zone_names()
    assert all(city for _, city in choices)
