"""Calendars under the settings: the list, the editor that works as a plain form, the year, the versions."""

import re

import pytest
from django.test import Client

from calendars.actions import change_calendar
from calendars.models import Calendar
from common.models import ConfigurationChange
from sla import rehours
from sla.models import Clock
from tests.desk.helpers import queries, signed_in, words
from tests.factories.calendars import WEEK, make_calendar
from tests.factories.sla import HOUR, make_policy

pytestmark = pytest.mark.django_db

LIST = "/settings/calendars/"
NEW = "/settings/calendars/new/"


@pytest.fixture
def office(at) -> Calendar:
    return make_calendar(at)


@pytest.fixture
def as_adam(adam) -> Client:
    return signed_in(adam)


def page(calendar: Calendar, part: str = "") -> str:
    return f"{LIST}{calendar.pk}/{part}"


def typed(client: Client, path: str) -> dict[str, list[str]]:
    """The form of the editor as a browser would send it back."""
    html = client.get(path).content.decode()
    form = html[html.index('id="calendar"') :]
    return sent(form[: form.index("</form>")])


def sent(form: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([a-z_-]+)="([^"]*)"', tag))
        ticked = attributes.get("type") not in {"checkbox", "radio"} or " checked" in tag
        if ticked and "name" in attributes:
            found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    for name, options in re.findall(r'<select [^>]*name="([a-z]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        found[name] = re.findall(r'value="([^"]*)" selected', options) or [""]
    return found


def press(client: Client, path: str, do: str, **changes):
    return client.post(path, {**typed(client, path), "do": do, **changes})


def test_the_list_says_hours_zone_the_next_closed_day_who_uses_it_and_its_version(as_adam, office, at):
    make_policy(at, name="Enterprise", calendar=office)

    listed = words(as_adam.get(LIST))

    for said in ("São Paulo hours", "Mon to Fri 09:00–18:00", "Sao Paulo", "Fri 20 Nov", "“Enterprise”"):
        assert said in listed
    assert "Closed, opens" in listed


@pytest.mark.once
def test_the_list_costs_the_same_however_many_calendars_there_are(as_adam, at, adam):
    counted = []
    for many in (1, 3, 50):
        for number in range(Calendar.objects.count(), many):
            make_policy(at, name=f"P{number}", calendar=make_calendar(at, name=f"C{number}"))
        counted.append(queries(as_adam, LIST))

    assert counted[0] == counted[1] == counted[2]


def test_saving_what_stands_there_changes_nothing(as_adam, office):
    before = office.current

    answer = press(as_adam, page(office), "save")

    assert answer.status_code == 302
    assert office.versions.count() == 1
    assert (before.periods, before.days) == (office.current.periods, office.current.days)


def test_hours_are_added_and_taken_out_without_script_and_only_saving_keeps_them(as_adam, office, adam):
    added = press(as_adam, page(office), "add-hours:5")
    assert added.status_code == 200
    assert 'name="start-5" value="09:00"' in added.content.decode()
    assert office.versions.count() == 1

    form = sent(added.content.decode()) | {"end-5": ["13:00"], "end-0": ["17:00"], "do": "save"}
    saved = as_adam.post(page(office), form, follow=True)

    version = office.versions.first()
    assert "Version 2 is in force." in words(saved)
    assert version.periods[0] == {**WEEK[0], "end": "17:00"}
    assert version.periods[-1] == {"weekday": 5, "start": "09:00", "end": "13:00"}
    assert version.created_by == adam
    assert ConfigurationChange.objects.filter(by=adam).count() == 1


def test_hours_may_be_typed_as_people_type_them(as_adam, office):
    press(
        as_adam,
        page(office),
        "save",
        **{"start-0": [" 8"], "end-0": ["24:00"], "day-hours": ["9:30 - 12, 13-14.30", ""]},
    )

    version = office.versions.first()
    assert version.periods[0] == {"weekday": 0, "start": "08:00", "end": "00:00"}
    assert version.days[0]["periods"] == [
        {"start": "09:30", "end": "12:00"},
        {"start": "13:00", "end": "14:30"},
    ]


@pytest.mark.parametrize(
    ("do", "words_of_the_week"),
    [
        ("week:always", "Round the clock"),
        ("week:split", "Mon to Fri 09:00–12:00, 13:00–18:00"),
        ("week:long", "Mon to Sun 08:00–20:00"),
    ],
)
def test_usual_weeks_are_one_press_away(as_adam, office, do, words_of_the_week):
    filled = press(as_adam, page(office), do)

    as_adam.post(page(office), sent(filled.content.decode()) | {"do": "save"})

    assert words_of_the_week in words(as_adam.get(LIST))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "This must not be empty."),
        ({"time_zone": "Mars/Olympus"}, "There is no time zone of the name “Mars/Olympus”."),
        ({"end-0": ["09:00"]}, "Monday 09:00–09:00 has 0 minutes; a whole day is 00:00–00:00."),
        ({"end-0": ["late"]}, "Period 1: start and end must be times such as 09:00."),
        ({"end-0": [""]}, "Monday: both a start and an end are needed."),
        ({"start-0": ["09:00", "10:00"], "end-0": ["18:00", "11:00"]}, "overlap"),
        ({f"start-{day}": [] for day in range(5)}, "at least one period"),
        ({"day-hours": ["9 to 5", ""]}, "“9 to 5” are no hours"),
        ({"day-hours": ["00:00-06:00, 05:00-07:00", ""]}, "Around 2026-12-24 the hours"),
        ({"day-date": ["", "2026-12-31"]}, "A day of your own needs a date."),
        ({"day-date": ["2026-12-24", "2026-11-20"]}, "2026-11-20 is listed twice."),
        ({"applies_to": "all"}, "A change applies to"),
    ],
)
def test_a_mistake_gets_one_sentence_and_nothing_that_was_typed_is_lost(as_adam, office, changes, sentence):
    refused = press(as_adam, page(office), "save", **{"day-name": ["Long eve", "Turn"], **changes})

    assert refused.status_code == 422
    assert sentence in words(refused)
    assert "Long eve" in words(refused)
    assert office.versions.count() == 1


def test_a_version_that_was_saved_meanwhile_is_not_covered_up_unseen(as_adam, office, at):
    form = typed(as_adam, page(office)) | {"name": ["Mine"], "do": "save"}
    change_calendar(calendar=office, time_zone="UTC", now=at)

    refused = as_adam.post(page(office), form)
    again = as_adam.post(page(office), sent(refused.content.decode()) | {"do": "save"})

    assert "Version 2 was saved meanwhile" in words(refused)
    assert "Time zone UTC → America/Sao_Paulo" in words(refused)
    assert again.status_code == 302
    assert Calendar.objects.get(pk=office.pk).name == "Mine"


def test_the_review_says_what_saving_changes_and_whose_due_time_moves(as_adam, office, at, open_ticket):
    make_policy(at, calendar=office, first_response=7200)
    ticket = open_ticket()

    look = as_adam.post(
        page(office), typed(as_adam, page(office)) | {"start-2": ["10:00"]}, headers={"HX-Request": "true"}
    )

    assert "Wednesday 09:00–18:00 → 10:00–18:00" in words(look)
    assert f"#{ticket.number}" in words(look)
    assert office.versions.count() == 1


@pytest.mark.parametrize(("applies_to", "version"), [("new", 1), ("new_and_open", 2)])
def test_open_clocks_follow_only_when_asked(as_adam, office, at, open_ticket, applies_to, version):
    make_policy(at, calendar=office)
    open_ticket()

    press(as_adam, page(office), "save", **{"start-2": ["10:00"], "applies_to": applies_to})

    assert {clock.calendar_version.number for clock in Clock.objects.all()} == {version}


def test_holidays_are_looked_at_then_put_in_then_saved(as_adam, office):
    chosen = {"country": "BR", "subdivision": "SP", "year": ["2027"], "language": "pt_BR"}

    offered = press(as_adam, page(office), "offer", **chosen)
    assert "Fri 9 Jul 2027 Revolução Constitucionalista" in words(offered)
    assert office.versions.count() == 1

    taken = as_adam.post(page(office), sent(offered.content.decode()) | chosen | {"do": "take"})
    as_adam.post(page(office), sent(taken.content.decode()) | {"do": "save"})

    rows = office.versions.first().holidays
    assert {"date": "2027-07-09", "name": "Revolução Constitucionalista", "source": "BR-SP"} in rows
    assert {"date": "2026-12-31", "name": "Turn of the year"} in rows
    again = press(as_adam, page(office), "offer", **chosen)
    assert "Nothing new" in words(again)


def test_a_holiday_that_is_unticked_is_gone_after_saving(as_adam, office):
    press(as_adam, page(office), "save", keep=[])

    assert office.versions.first().holidays == [{"date": "2026-12-31", "name": "Turn of the year"}]


def test_a_new_calendar_begins_as_an_ordinary_week_in_the_readers_zone(as_adam, adam):
    answer = press(as_adam, NEW, "save", name="Night desk")

    made = Calendar.objects.get()
    assert answer.status_code == 302
    assert (made.name, made.current.periods, made.current.time_zone) == ("Night desk", WEEK, adam.time_zone)
    assert made.current.created_by == adam


def test_from_october_on_a_year_without_holidays_is_missed(as_adam, office):
    assert "There are no holidays of 2027 yet." in words(as_adam.get(page(office)))
    assert "São Paulo hours has no holidays of 2027 yet." in words(as_adam.get(LIST))


def test_a_calendar_in_use_stays_and_one_that_nobody_uses_goes_and_comes_back(as_adam, office, at):
    policy = make_policy(at, name="Enterprise", calendar=office)

    refused = words(as_adam.post(page(office, "archive/"), follow=True))
    assert "“São Paulo hours” is used by the policy “Enterprise”, so it stays." in refused

    policy.versions.update(calendar=None)
    gone = words(as_adam.post(page(office, "archive/"), follow=True))
    assert "1 calendar that nobody uses any more" in gone
    as_adam.post(page(office, "bring-back/"))
    assert Calendar.objects.active().get() == office


def test_the_year_says_of_each_day_what_its_colour_says(as_adam, office):
    year = words(as_adam.get(page(office, "year/"), {"year": "2026"}))

    assert year.count('<table class="month">') == 12
    for said in (
        "Fri 20 Nov 2026, closed, Consciência Negra",
        "Thu 24 Dec 2026, 09:00–12:00, Eve",
        "Wed 18 Nov 2026, 09:00–18:00, today",
        "Sat 21 Nov 2026, closed",
    ):
        assert said in year


@pytest.mark.parametrize("asked", ["", "0000", "9999", "x", "２０２６", "-1"])
def test_any_year_that_is_asked_for_answers(as_adam, office, asked):
    assert as_adam.get(page(office, "year/"), {"year": asked}).status_code == 200


def test_a_due_time_is_tried_with_a_ledger_that_adds_up(as_adam, office):
    tried = words(as_adam.get(page(office, "year/"), {"start": "2026-11-19T17:00", "minutes": "180"}))

    assert "Due Mon 23 Nov 2026, 11:00" in tried
    assert re.search(r"17:00–18:00.*1 hour.*09:00–11:00.*2 hours.*3 hours", tried, re.DOTALL)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"start": "soon"}, "The start must be a date and a time such as"),
        ({"start": "2026-13-45T10:00"}, "The start must be a date and a time such as"),
        ({"start": "2026-11-19T17:00Z"}, "The start must be a date and a time such as"),
        ({"minutes": "-5"}, "The minutes must be a whole number."),
        ({"minutes": "9999999"}, "At most a year can be tried."),
        ({"start": "0001-01-01T10:00"}, "outside the years"),
    ],
)
def test_a_trial_that_makes_no_sense_gets_a_sentence(as_adam, office, query, sentence):
    assert sentence in words(as_adam.get(page(office, "year/"), query))


def test_versions_say_what_they_changed_by_whom_and_one_press_returns_to_one(as_adam, office, adam, at):
    shorter = [{**day, "end": "17:00"} for day in WEEK]
    change_calendar(calendar=office, periods=shorter, holidays=[], now=at, by=adam)

    listed = words(as_adam.get(page(office, "versions/")))
    returned = as_adam.post(page(office, "versions/"), {"number": "1"}, follow=True)

    assert "Monday to Friday 09:00–18:00 → 09:00–17:00" in listed
    assert "− Fri 20 Nov 2026 Consciência Negra" in listed
    assert adam.name in listed
    assert "Version 3 is in force." in words(returned)
    assert "the same as version 1" in words(returned)
    assert office.versions.first().periods == WEEK


def test_before_a_return_the_page_says_whose_due_times_move_and_the_admin_chooses_for_whom(
    as_adam, office, adam, at, open_ticket
):
    make_policy(at, calendar=office, resolution=5 * HOUR)
    late = [{**day, "start": "12:00"} for day in WEEK]
    ticket = open_ticket(now=at)
    change_calendar(calendar=office, periods=late, now=at, by=adam)
    resolve = ticket.clocks.get(metric="resolution")
    was = resolve.due_at

    stays = words(as_adam.get(page(office, "versions/"), {"return": "1"}))
    as_adam.post(page(office, "versions/"), {"number": "1", "applies_to": "new"})
    change_calendar(calendar=office, periods=late, now=at, by=adam, holidays=[])
    rehours.move_clocks(office.versions.first(), now=at, by=adam)
    moves = words(as_adam.get(page(office, "versions/"), {"return": "1"}))
    told = words(as_adam.post(page(office, "versions/"), {"number": "1", "applies_to": "new_and_open"}, follow=True))

    assert "0 due times move" in stays and "2 open clocks keep the version they run under" in stays
    assert "Monday to Friday 12:00–18:00 → 09:00–18:00" in moves
    assert "2 due times move" in moves and f"#{ticket.number}" in moves
    assert "2 open clocks follow it." in told
    resolve.refresh_from_db()
    assert resolve.due_at == was


def test_the_page_of_a_return_costs_the_same_for_one_ticket_and_many(as_adam, office, adam, at, open_ticket):
    make_policy(at, calendar=office)
    change_calendar(calendar=office, holidays=[], periods=[{**day, "end": "12:00"} for day in WEEK], now=at, by=adam)
    counts = set()
    for more in (1, 2, 6):
        for _number in range(more):
            open_ticket(now=at)
        counts.add(queries(as_adam, f"{page(office, 'versions/')}?return=1"))

    assert len(counts) == 1


@pytest.mark.parametrize("wanted", ["9", "2", "x", "99999999999"])
def test_there_is_no_return_to_what_is_not_there_or_in_force(wanted, as_adam, office, adam, at):
    change_calendar(calendar=office, holidays=[], now=at, by=adam)

    assert "What a return" not in words(as_adam.get(page(office, "versions/"), {"return": wanted}))


def test_a_return_to_a_version_that_is_not_there_says_so(as_adam, office):
    assert "There is no such version." in words(as_adam.post(page(office, "versions/"), {"number": "9"}, follow=True))
