"""Who can take it: teams compared by skill, service, history, language, load and presence (R66)."""

import pytest

from common.words import words_of
from people.ranking import Fit, Group, Need, Person, is_about, rank

NEED = Need(frozenset(words_of("Terminal 51R refuses contactless cards")))
NAMES = {name: words_of(name) for name in ("Contactless", "Terminals", "Taxes", "Exchange rates")}


def person(name: str = "Marta", *, there: bool = True, speaks: str = "en", **skills: int) -> Person:
    return Person(name, skills, {speaks}, there)


def ranked(*groups: Group, need: Need = NEED):
    return {one.group.key: one for one in rank(groups, need, NAMES)}


def order(*groups: Group, need: Need = NEED) -> list[int]:
    return list(ranked(*groups, need=need))


@pytest.mark.parametrize(
    ("skill", "text", "is_so"),
    [
        ("Terminals", "My terminal is dead", True),
        ("Terminal", "All terminals are dead", True),
        ("Exchange rates", "Which exchange rate was it?", True),
        ("Exchange rates", "Please exchange it", False),
        ("Term", "My terminal is dead", False),
        ("Tax", "Taxi", False),
        ("Öffnung", "die oeffnung, die Offnung", True),
        ("", "Anything", False),
    ],
)
def test_a_skill_is_asked_for_by_its_words_in_either_number(skill, text, is_so):
    assert is_about(words_of(skill), words_of(text)) is is_so


def test_r66_who_knows_it_better_comes_first_and_says_what():
    knows, some = Group(1, [person(Contactless=5, Terminals=4), person(Terminals=2)]), Group(2, [person(Terminals=3)])
    none = Group(3, [person(Taxes=5)])

    found = ranked(none, some, knows)

    assert list(found) == [1, 2, 3]
    assert [one.fit for one in found.values()] == [Fit.BEST, Fit.PARTIAL, Fit.UNLIKELY]
    assert found[1].reasons == ["has Contactless (1 person) and Terminals (2 people)"]
    assert (found[1].lacks, found[2].lacks) == ([], ["no one with Contactless"])


def test_of_equals_whoever_solved_more_of_the_like_comes_first():
    one, other = Group(1, [person()], solved=2, similar=16), Group(2, [person()], solved=14, similar=16)

    found = ranked(one, other)

    assert list(found) == [2, 1]
    assert found[2].reasons == ["solved 14 of 16 like it"]


def test_the_team_of_the_service_is_likely_without_any_skill():
    found = ranked(Group(1, [person()]), Group(2, [person()], services=["Payouts"]))

    assert list(found) == [2, 1]
    assert (found[2].fit, found[2].reasons) == (Fit.BEST, ["answers for Payouts"])


def test_what_a_team_says_of_itself_makes_it_likely():
    topics = {word: words_of(word) for word in ("terminals", "firmware")}

    found = ranked(Group(1, [person()]), Group(2, [person()], topics=topics))

    assert list(found) == [2, 1]
    assert (found[2].fit, found[2].reasons) == (Fit.BEST, ["takes terminals"])


def test_a_language_that_nobody_there_speaks_makes_it_partial():
    need = Need(NEED.words, "pt", "Portuguese")
    here, away = Group(1, [person(Terminals=4)]), Group(2, [person(Terminals=4, speaks="pt")])
    gone = Group(3, [person(Terminals=4), person(there=False, speaks="pt")])

    found = ranked(here, gone, away, need=need)

    assert next(iter(found)) == 2
    assert found[2].reasons[-1] == "speaks Portuguese"
    assert found[1].lacks == found[3].lacks == ["no one there speaks Portuguese"]
    assert found[1].fit == found[3].fit == Fit.PARTIAL


def test_a_language_alone_is_less_than_anything_that_is_known_of_the_matter():
    need = Need(NEED.words, "pt", "Portuguese")
    speaks = Group(1, [person(speaks="pt")])
    takes = Group(2, [person()], topics={"terminals": words_of("terminals")}, open=50)

    assert order(speaks, takes, need=need) == [2, 1]


def test_the_desks_own_language_is_everybodys():
    assert ranked(Group(1, [person(speaks="ru", Terminals=4)]))[1].lacks == []


def test_where_nobody_is_there_it_comes_last_whatever_they_know():
    found = ranked(Group(1, [person(there=False, Contactless=5, Terminals=5)]), Group(2, [person()]), Group(3, []))

    assert next(iter(found)) == 2
    assert "nobody is there now" in found[1].lacks
    assert (found[1].there, found[3].there) == (0, 0)


def test_of_equals_the_less_laden_comes_first_and_much_is_said():
    found = ranked(*(Group(key, [person(Terminals=3)] * 2, open=count) for key, count in ((1, 22), (2, 8), (3, 6))))

    assert list(found) == [3, 2, 1]
    assert found[1].lacks == ["no one with Contactless", "11 open for each who is there, 4 elsewhere"][1:]
    assert found[2].lacks == found[3].lacks == []


def test_nothing_to_go_by_is_no_match_and_changes_no_order():
    groups = [Group(key, [person()]) for key in (3, 1, 2)]

    assert order(*groups) == [3, 1, 2]
    assert {one.fit for one in ranked(*groups).values()} == {Fit.UNLIKELY}
    assert rank([], NEED, NAMES) == []
