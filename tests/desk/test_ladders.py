"""Ladders in the settings: edited as a plain form, proved, published, gone back to (R13, R14)."""

from datetime import timedelta

import pytest

from common.models import ConfigurationChange
from escalation import services as escalations
from escalation.coverage.reports import prove_all
from escalation.models import Escalation, Ladder, LadderLevel, LadderReport, LadderVersion
from people.models import Absence, Skill
from sla.models import Target
from tests.desk.helpers import fragment, get, post, queries, signed_in, words
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team, make_user

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


@pytest.fixture
def ladder(payments, adam) -> Ladder:
    """The lead, then the managers."""
    ladder = Ladder.objects.create(name="Own", team=payments)
    for number, reach in enumerate(("lead", "managers"), start=1):
        LadderLevel.objects.create(ladder=ladder, level=number, reach=reach, delay=(number - 1) * QUARTER)
    return ladder


def typed(*levels: dict, **fields) -> dict:
    """What a browser posts of these levels."""
    rows = {}
    for number, level in enumerate(levels, start=1):
        given = {"reach": "lead", "after": "0 min", "hours": "always", "by_mail": "1", **level}
        rows |= {f"{name}-{number}": value for name, value in given.items()}
    return {"name": "Own", "seen": "", "do": "save", **rows, "level": range(1, len(levels) + 1), **fields}


def save(user, ladder, *levels, **fields):
    return post(user, "desk:ladder", ladder.pk, **typed(*levels, **fields))


def seen(ladder) -> str:
    return ladder.versions.get(published_at=None).saved_at.isoformat()


def publish(user, ladder, **fields):
    return post(user, "desk:ladder_publish", ladder.pk, **{"seen": seen(ladder), **fields})


LEAD, MANAGERS = {"reach": "lead"}, {"reach": "managers", "after": "15 min"}


def test_r14_a_ladder_is_drafted_published_and_acts_on_what_is_opened_then(adam, anna, ladder, open_ticket, at):
    common = {"kind": "functional", "severity": 2, "reason": "technical", "team_slug": "payments", "now": at}
    sales = make_team("Sales", members=[anna])
    first, second = (open_ticket(now=at, team=sales).number for _ in range(2))
    escalations.escalate(user=anna, ticket_number=first, summary="Before", **common)

    answer = save(adam, ladder, LEAD, {**MANAGERS, "after": "1 h", "every": "10 min", "times": "3"})
    assert answer["Location"] == f"/settings/ladders/{ladder.pk}/"
    assert [level.delay for level in ladder.levels.all()] == [timedelta(), QUARTER]
    publish(adam, ladder)

    escalations.escalate(user=anna, ticket_number=second, summary="After", **common)
    old, new = (Escalation.objects.get(ticket=number).rungs.get(level=2) for number in (first, second))
    assert (old.delay, old.repeat_times) == (QUARTER, 0)
    assert (new.delay, new.repeat_every, new.repeat_times) == (HOUR, 10 * timedelta(minutes=1), 3)
    change = ConfigurationChange.objects.get()
    assert (change.by, change.model, change.after["version"]) == (adam, "escalation.ladder", 2)


def test_open_escalations_that_keep_an_earlier_version_are_counted(adam, anna, ladder, open_ticket, at, time):
    common = {"kind": "functional", "severity": 2, "reason": "technical", "team_slug": "payments", "summary": "x"}
    number = open_ticket(now=at, team=make_team("Sales", members=[anna])).number
    escalations.escalate(user=anna, ticket_number=number, now=at, **common)
    time.move_to(at + HOUR)

    save(adam, ladder, LEAD)
    publish(adam, ladder)

    assert "1 open escalation keeps an earlier one." in words(get(adam, "desk:ladder", ladder.pk))


def test_levels_are_added_moved_and_taken_out_and_nothing_is_kept_before_saving(adam, ladder):
    def shown(do: str) -> list[str]:
        page = save(adam, ladder, LEAD, MANAGERS, do=do)
        assert page.status_code == 200
        return [level.row.reach for level in page.context["look"].levels]

    assert shown("add:") == ["lead", "managers", "managers"]
    assert shown("down:1") == shown("up:2") == ["managers", "lead"]
    assert shown("remove:1") == ["managers"]
    assert shown("remove:9") == shown("up:x") == shown("down:2") == ["lead", "managers"]
    assert not LadderVersion.objects.exists()


@pytest.mark.parametrize(
    ("levels", "fields", "sentence"),
    [
        ([], {}, "A ladder has at least one level."),
        ([LEAD] * 10, {}, "A ladder has at most 9 levels."),
        ([{"reach": "everybody"}], {}, "Level 1: choose whom it alerts."),
        ([{"after": "soon"}], {}, "Level 1: “soon” is no length; write it as 30 min or 4 h."),
        ([{"after": "31 d"}], {}, "Level 1: it comes after at most 30 days."),
        ([LEAD, {"reach": "named"}], {}, "Level 2: name somebody."),
        ([{"reach": "named", "people-1": "99"}], {}, "Level 1: name somebody."),
        ([{"reach": "managers_above", "steps_up": "0"}], {}, "Level 1: between 1 and 9 teams up."),
        ([{"reach": "managers_above", "steps_up": "two"}], {}, "Level 1: “two” is no number."),
        ([{"hours": "open"}], {}, "Level 1: choose a calendar, which says when working hours are."),
        ([{"every": "5 min"}], {}, "Level 1: to repeat it, say how often and at most how many times."),
        ([{"every": "5 s", "times": "2"}], {}, "Level 1: it repeats every minute at most, and every 30 days at least."),
        ([{"every": "5 min", "times": "100"}], {}, "Level 1: it repeats at most 99 times."),
        ([LEAD], {"name": " "}, "This must not be empty."),
        ([LEAD], {"name": "Taken"}, "There is a ladder of this name already."),
        ([LEAD], {"calendar": "99"}, "This calendar is not there any more: choose another."),
        ([LEAD], {"widen": "-1"}, "“-1” is no length"),
        ([LEAD], {"languages": "tlh"}, "Choose among the languages of the desk."),
        ([LEAD], {"skills": "99"}, "A skill that was chosen is not there any more."),
    ],
)
def test_what_is_wrong_gets_one_sentence_and_nothing_that_was_typed_is_lost(adam, ladder, levels, fields, sentence):
    Ladder.objects.create(name="Taken")

    answer = save(adam, ladder, *levels, **{"widen": "7 h", **fields})

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="7 h"' in words(answer) or "widen" in fields
    assert not LadderVersion.objects.exists()


def test_a_name_that_an_sla_policy_says_is_kept(adam, ladder, policy):
    Ladder.objects.filter(pk=ladder.pk).update(team=None)
    steps = [{"percent": 50, "actions": [{"do": "escalate", "value": "Own"}]}]
    Target.objects.filter(pk=Target.objects.first().pk).update(thresholds=steps)

    assert "1 SLA policy" in words(get(adam, "desk:ladders"))
    assert "calls it “Own”" in words(save(adam, ladder, LEAD, name="Other"))


def test_a_hole_that_is_opened_is_confirmed_with_a_reason_which_is_kept(adam, rosa, ladder, at):
    Absence.objects.create(user=rosa, starts_at=at + HOUR, ends_at=at + 3 * HOUR)
    Ladder.objects.filter(pk=ladder.pk).update(languages=["en"])
    save(adam, ladder, LEAD, MANAGERS, {"reach": "on_duty", "after": "30 min"}, languages="en")

    refused = publish(adam, ladder)

    assert refused.status_code == 409
    assert "Nobody at level 3, Whoever is on duty. No level after it reaches anybody." in words(refused)
    assert "Rosa Quiroga" not in words(refused).partition("This opens a hole")[2].partition("Why that is")[0]
    assert ladder.levels.count() == 2
    assert publish(adam, ladder, reason="The rota begins on Monday.").status_code == 302
    assert ladder.versions.first().reason == "The rota begins on Monday."
    told = ConfigurationChange.objects.get().after
    assert (told["reason"], told["holes"]) == ("The rota begins on Monday.", ["nobody"])
    assert LadderReport.objects.get().count == 2
    assert "2 holes" in words(get(adam, "desk:ladders"))


def test_a_hole_that_was_there_before_asks_for_no_reason(adam, rosa, ladder, at):
    Absence.objects.create(user=rosa, starts_at=at + HOUR, ends_at=at + 3 * HOUR)
    save(adam, ladder, MANAGERS, {**LEAD, "after": "15 min"})

    assert publish(adam, ladder).status_code == 302


def test_of_two_administrators_the_second_is_shown_the_difference(adam, ladder):
    other = make_user("Berta Boss", "admin")
    save(other, ladder, LEAD, {**MANAGERS, "after": "20 min"})

    answer = save(adam, ladder, LEAD, {**MANAGERS, "after": "45 min"})

    assert answer.status_code == 409
    assert "Berta Boss has saved a draft meanwhile." in words(answer)
    assert "Level 2: Managers of the team, after 20 min" in words(answer)
    assert 'value="45 min"' in words(answer)
    saved_again = save(adam, ladder, LEAD, {**MANAGERS, "after": "45 min"}, seen=seen(ladder))
    assert saved_again.status_code == 302
    assert ladder.versions.get(published_at=None).terms["levels"][1]["delay"] == 45 * 60


def test_a_draft_that_was_changed_since_it_was_read_is_not_published(adam, ladder, time):
    save(adam, ladder, LEAD)
    old = seen(ladder)
    time.move_to(time.now + HOUR)
    save(adam, ladder, MANAGERS, seen=old)

    assert publish(adam, ladder, seen=old).status_code == 409
    assert ladder.levels.count() == 2


def test_an_earlier_version_comes_back_and_a_draft_goes(adam, ladder):
    save(adam, ladder, LEAD)
    publish(adam, ladder)
    save(adam, ladder, MANAGERS)
    post(adam, "desk:ladder_discard", ladder.pk)
    assert "Level 2: Managers of the team, after 15 min" in words(get(adam, "desk:ladder", ladder.pk))

    post(adam, "desk:ladder_return", ladder.pk, number="1")

    assert [level.reach for level in ladder.levels.all()] == ["lead", "managers"]
    assert [version.number for version in ladder.versions.all()] == [3, 2, 1]
    assert post(adam, "desk:ladder_return", ladder.pk, number="77").status_code == 409


def test_what_was_changed_by_the_maintenance_door_becomes_a_version(adam, ladder):
    save(adam, ladder, LEAD)
    publish(adam, ladder)
    LadderLevel.objects.filter(ladder=ladder).update(delay=HOUR)

    save(adam, ladder, MANAGERS)
    publish(adam, ladder)

    numbers = {version.number: version.terms["levels"][0]["delay"] for version in ladder.versions.all()}
    assert numbers == {1: 0, 2: 0, 3: 3600, 4: 900}


def test_the_rehearsal_says_who_would_be_alerted_at_a_chosen_moment(adam, rosa, ladder, at):
    Absence.objects.create(user=rosa, starts_at=at + HOUR, ends_at=at + 3 * HOUR)
    chosen = (at + 2 * HOUR).strftime("%Y-%m-%dT%H:%M")

    page = words(get(adam, "desk:ladder", ladder.pk, look_at=chosen))

    assert "Level 1: nobody" in page and "Rosa Quiroga: Everybody is away" in page
    assert "Level 2: Mona Farias" in page
    assert "A hole from 11:00 to 13:00." in page
    assert "An alert would skip to level 2." in page
    assert "Level 1: Rosa Quiroga" in words(get(adam, "desk:ladder", ladder.pk, look_at="yesterday"))


def test_the_heat_map_prints_how_many_there_are_at_the_worst_moment(adam, rosa, ladder, at):
    hours = make_calendar(at, name="Utc", time_zone="UTC")
    Ladder.objects.filter(pk=ladder.pk).update(calendar=hours)
    ladder.levels.filter(level=2).update(in_hours=True)
    Absence.objects.create(user=rosa, starts_at=at + HOUR, ends_at=at + 3 * HOUR)

    rows = get(adam, "desk:ladder", ladder.pk).context["look"].heat.rows

    found = {row.title: " ".join(cell.text for cell in row.cells) for row in rows}
    assert found["1 Team lead, day"] == "0" + " 1" * 13
    assert found["1 Team lead, night"] == " ".join("1" * 14)
    assert found["2 Managers of the team, day"] == "1 1 – – – 1 1 1 1 1 – – 1 1"
    assert "2 Managers of the team, night" not in found


def test_what_is_typed_is_proved_as_it_stands(adam, ladder):
    answer = signed_in(adam).post(
        f"/settings/ladders/{ladder.pk}/", {**typed({"reach": "on_duty"}), "do": ""}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert "A hole at all times." in words(answer)
    assert "Nobody at level 1, Whoever is on duty." in words(answer)
    assert not LadderVersion.objects.exists()


def test_what_somebody_who_is_reached_must_know_is_proved_too(adam, ladder):
    skill = Skill.objects.create(name="Pix")
    save(adam, ladder, LEAD, skills=skill.pk, languages="ru")

    page = words(get(adam, "desk:ladder", ladder.pk))

    assert "Nobody who is reached knows Pix." in page
    assert "Nobody who is reached speaks Russian." in page


def test_a_new_ladder_begins_as_what_served_its_team(adam, payments):
    Ladder.objects.create(name="Common").levels.create(level=1, reach="team", delay=HOUR)

    made = post(adam, "desk:ladder_new", name="Payments", team=payments.pk)

    ladder = Ladder.objects.get(team=payments)
    assert made["Location"] == f"/settings/ladders/{ladder.pk}/"
    assert [(level.reach, level.delay) for level in ladder.levels.all()] == [("team", HOUR)]
    again = post(adam, "desk:ladder_new", name="Payments", team=payments.pk)
    assert (again.status_code, "This team has a ladder of its own already." in words(again)) == (422, True)
    assert "There is a ladder of this name already." in words(post(adam, "desk:ladder_new", name="Payments"))


def test_the_rail_says_how_many_holes_there_are(adam, ladder, rosa, at):
    Absence.objects.create(user=rosa, starts_at=at + HOUR, ends_at=at + 3 * HOUR)
    prove_all(at)

    assert "1 hole" in words(get(adam, "desk:criteria"))


def test_a_steward_sets_ladders_and_a_manager_does_not(mona, ladder):
    steward = make_user("Steward", "steward")

    assert save(steward, ladder, LEAD).status_code == 302
    assert get(mona, "desk:ladder", ladder.pk).status_code == 404


def test_the_list_and_the_page_ask_as_much_for_fifty_as_for_one(adam, ladder, at):
    browser, page = signed_in(adam), f"/settings/ladders/{ladder.pk}/"
    prove_all(at)
    save(adam, ladder, LEAD)
    publish(adam, ladder)
    few = [queries(browser, url) for url in ("/settings/ladders/", page)]
    for number in range(50):
        one = Ladder.objects.create(name=f"L{number}")
        one.levels.create(level=1, reach="lead", delay=HOUR)
        terms = ladder.versions.get(number=1).terms
        LadderVersion.objects.create(ladder=ladder, number=number + 10, terms=terms, saved_at=at, published_at=at)

    assert [queries(browser, url) for url in ("/settings/ladders/", page)] == few


def test_without_script_a_fragment_is_the_page(adam, ladder):
    assert 'id="rehearsal"' in words(fragment(adam, "desk:ladder", ladder.pk))
