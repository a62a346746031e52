import pytest

from chat.mentions import Somebody, named_in

PEOPLE = [
    Somebody(1, "Anna Lindqvist", "anna@meridiano.example"),
    Somebody(2, "Ana Prieto", "a.prieto@meridiano.example"),
    Somebody(3, "Mona Farias", "mona.f@meridiano.example"),
    Somebody(4, "Mona Lund", "m.lund@meridiano.example"),
]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("@anna, look", [1]),
        ("Look, @Anna.", [1]),
        ("@AnnaLindqvist and @a.prieto: look", [1, 2]),
        ("@ana", [2]),
        ("@mona", []),
        ("@mona.f @MonaLund", [3, 4]),
        ("@anna @anna", [1]),
        ("write to cora@anna.example", []),
        ("anna", []),
        ("@nobody", []),
        ("@", []),
    ],
)
def test_people_are_named_by_address_name_or_a_first_name_of_their_own(body, named):
    assert named_in(body, PEOPLE) == named


def test_no_text_tells_the_whole_house():
    crowd = [Somebody(number, f"P{number}", f"p{number}@x.example") for number in range(50)]

    assert len(named_in(" ".join(f"@p{number}" for number in range(50)), crowd)) == 20
