"""The picture of times in step: where a mark stands, what form it has, and that its name hides no other."""

from datetime import timedelta

from desk.looks.escalations.plot import LEFT, RIGHT, Stay, plot

NAMES = {"initiated": "Initiate", "resolving": "Resolve"}


def stay(number: int, severity: int, **length: float) -> Stay:
    return Stay(f"E-{number}", f"/escalations/{number}/", severity, timedelta(**length))


def test_longer_stands_further_right_and_the_scale_ends_with_the_longest():
    drawn = plot(NAMES, {"initiated": [stay(1, 1, days=5), stay(2, 2, minutes=20)]}, {"resolving": timedelta(hours=5)})

    first, last = drawn.lanes[0].marks
    assert (first.stay.name, last.stay.name) == ("E-2", "E-1")
    assert LEFT < int(first.path[1:].split()[0]) < int(last.path[1:].split()[0]) < RIGHT
    assert str(drawn.ticks[-1][1]) == "1 week" and drawn.ticks[-1][0] == RIGHT
    assert drawn.lanes[0].median_x == 0 and LEFT < drawn.lanes[1].median_x < RIGHT
    lane, longest = drawn.longest
    assert (lane.name, longest.name) == ("Initiate", "E-1")


def test_severities_have_forms_of_their_own_and_the_fourth_differs_from_the_third_by_its_edge():
    drawn = plot(NAMES, {"initiated": [stay(n, n, hours=n**3) for n in (1, 2, 3, 4)]}, {})

    forms = [mark.path.split("m", 1)[1] for mark in drawn.lanes[0].marks]
    assert len(set(forms)) == 3 and forms[2] == forms[3]


def test_of_a_crowd_no_two_marks_lie_on_each_other_and_names_give_way():
    drawn = plot(NAMES, {"initiated": [stay(n, 3, hours=5, seconds=n) for n in range(6)]}, {})

    marks = drawn.lanes[0].marks
    assert len({mark.path for mark in marks[:3]}) == 3
    assert [bool(mark.label_x) for mark in marks] == [True, False, False, False, False, True]
    assert (marks[0].anchor, marks[-1].anchor) == ("end", "start")


def test_what_is_younger_than_the_scale_stands_at_its_beginning_and_nothing_has_no_longest():
    drawn = plot(NAMES, {"resolving": [stay(1, 1, seconds=0)]}, {})

    assert drawn.lanes[1].marks[0].path.startswith(f"M{LEFT} ")
    assert plot(NAMES, {}, {}).longest is None
