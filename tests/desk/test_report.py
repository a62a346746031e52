"""A report in its frame: who sees it, what it is asked for, the cases behind its numbers, and the same as a file."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest

from desk.pages import report as pages
from escalation.models import Recommendation
from reports import register
from tests.desk.helpers import NOWHERE, get, queries, signed_in, words
from tests.factories.people import make_team
from tests.reports.sample import SAMPLE

pytestmark = pytest.mark.each

DAY = timedelta(days=1)
REPORT = "/reports/sample/"
CASES = f"{REPORT}cases/"


@pytest.fixture(autouse=True)
def sample(monkeypatch, time, at):
    time.move_to(at + DAY)
    monkeypatch.setitem(register.REPORTS, SAMPLE.key, SAMPLE)


def test_a_report_shows_its_figures_with_tabs_and_what_it_is_asked_for(open_ticket, mona):
    open_ticket()

    page = words(get(mona, "desk:report", "sample", since="2026-08-01", until="2026-11-19", plan="2026-10-01"))

    assert 'aria-current="page">Sample</a>' in page
    assert "<b>1 Aug to 19 Nov</b>" in page
    assert "Compare around <b>1 Oct</b>" in page
    assert "<b>All teams</b>" in page
    assert 'aria-label="SLA kept. First reply: from 93 % to 97.1 %.' in page
    assert "plan starts 1 Oct 2026" in page
    assert "up by</span> <bdi>3.1 points</bdi>" in page
    assert "That may be chance" in page
    assert "Too few cases to say" in page
    assert "Recommendations</a>" in page


def test_without_a_question_it_covers_the_last_ninety_days(mona):
    page = words(get(mona, "desk:report", "sample"))

    assert "<b>22 Aug to 19 Nov</b>" in page
    assert '<a class="btn btn-sm" href="/reports/sample/?days=90" aria-current="true">Last 90 days</a>' in page


def test_a_number_leads_to_as_many_tickets(open_ticket, mona):
    risk = make_team("Risk")
    for team in (None, None, risk):
        open_ticket(subject="Payouts are stuck", **({"team": team} if team else {}))
    client = signed_in(mona)

    page = words(client.get(REPORT, {"days": "30"}))
    everything = words(client.get(CASES, {"days": "30", "figure": "opened", "cell": ""}))
    of_risk = words(client.get(CASES, {"days": "30", "figure": "opened", "cell": "Risk"}))

    assert '<a href="/reports/sample/cases/?days=30&figure=opened&cell=">3</a>' in page
    assert '<a href="/reports/sample/cases/?days=30&figure=opened&cell=Risk">1</a>' in page
    assert (everything.count("Payouts are stuck"), of_risk.count("Payouts are stuck")) == (3, 1)
    assert "<h1>Tickets opened: Risk, Tickets</h1>" in of_risk
    assert '<a href="/reports/sample/?days=30">Sample</a>' in of_risk


def test_it_is_narrowed_to_a_team(open_ticket, mona):
    risk = make_team("Risk")
    open_ticket()
    open_ticket(team=risk)
    client = signed_in(mona)

    page = words(client.get(REPORT, {"team": risk.slug}))

    assert "<b>Risk</b>" in page
    assert f"?days=90&team={risk.slug}&figure=opened&cell=" in page
    assert words(client.get(CASES, {"team": risk.slug, "figure": "opened"})).count('<th scope="row">') == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"since": "2026-11-09", "until": "2026-01-01"}, "The last day is before the first"),
        ({"since": "2006-11-09", "until": "2026-11-01"}, "A report covers three years at most"),
        ({"since": "yesterday"}, "“yesterday” is no day: write it as 2026-10-01."),
        ({"since": "0001-01-01", "until": "0001-01-05"}, "“0001-01-05” is no day"),
        ({"until": "9999-12-31"}, "“9999-12-31” is no day"),
        ({"days": "31"}, "Ask for the last so many days out of 7, 30, 90, 365."),
        ({"team": "gone"}, "Team: there is no “gone” any more."),
        ({"contract": "x"}, "This report cannot be narrowed by “contract”."),
    ],
)
def test_what_is_asked_wrongly_is_said_above_the_report_as_it_was_last_asked(mona, query, sentence):
    client = signed_in(mona)
    client.get(REPORT, {"days": "7"})

    answer = client.get(REPORT, query)

    page = words(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert "Below is the report as it was last asked." in page
    assert "<b>13 Nov to 19 Nov</b>" in page


def test_where_the_last_state_means_nothing_any_more_the_rest_of_it_is_shown(mona):
    team = make_team("Risk")
    client = signed_in(mona)
    client.get(REPORT, {"days": "7", "team": team.slug})
    team.delete()

    page = words(client.get(REPORT, {"team": "risk"}))

    assert "there is no “risk” any more" in page
    assert "<b>13 Nov to 19 Nov</b>" in page


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_it_is_a_file_with_numbers_and_without_formulas(open_ticket, mona, form):
    open_ticket(team=make_team("=1+1"))

    answer = get(mona, "desk:report_file", "sample", form, since="2026-08-01", until="2026-11-19")

    assert answer["Content-Disposition"] == f'attachment; filename="sample-2026-08-01-2026-11-19.{form}"'
    if form == "csv":
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert ["SLA kept", "95.8", "%"] in lines
        assert lines[:4] == [
            ["Sample"],
            ["First day", "2026-08-01"],
            ["Last day", "2026-11-19"],
            ["Time zone", "UTC"],
        ]
        assert ["2026-08-03", "93", "92", "88"] in lines
        assert ["'=1+1", "1"] in lines
        assert sum(line == [] for line in lines) == 8
    else:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            names = book.read("xl/workbook.xml").decode()
            sheets = [book.read(name) for name in book.namelist() if "/worksheets/" in name]
        assert 'name="1 SLA kept"' in names
        assert len(sheets) == 9
        assert b"<v>95.8</v>" in sheets[1]
        assert re.search(rb'<c r="B2" s="\d+"><v>46235</v>', sheets[0])
        assert not any(b"<f>" in sheet for sheet in sheets)


def test_a_file_of_what_is_asked_wrongly_is_a_sentence(mona):
    answer = get(mona, "desk:report_file", "sample", "csv", team="gone")

    assert answer.status_code == 422
    assert "there is no “gone” any more" in words(answer)


@pytest.mark.parametrize(
    "path", [REPORT, f"{CASES}?figure=opened", f"{REPORT}file.csv", "/reports/nothing/", f"{REPORT}file.pdf"]
)
def test_reports_are_for_managers_and_what_is_none_is_nothing(anna, mona, path):
    there = path in {REPORT, f"{CASES}?figure=opened", f"{REPORT}file.csv"}

    assert NOWHERE in words(signed_in(anna).get(path))
    assert signed_in(mona).get(path).status_code == (200 if there else 404)


@pytest.mark.parametrize("query", [{"figure": "invented"}, {}])
def test_cases_of_no_number_are_nothing(mona, query):
    assert get(mona, "desk:report_cases", "sample", **query).status_code == 404


def test_cases_of_a_team_that_is_gone_are_the_report_that_says_so(mona):
    answer = get(mona, "desk:report_cases", "sample", figure="opened", cell="", team="gone", days="7")

    assert answer["Location"] == f"{REPORT}?team=gone&days=7"


def test_a_file_says_by_what_it_is_narrowed_and_around_which_day_it_compares(mona):
    team = make_team("Risk")

    answer = get(mona, "desk:report_file", "sample", "csv", team=team.slug, plan="2026-10-01", days="90")

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert lines[4:6] == [["Compared around", "2026-10-01"], ["Team", "Risk"]]
    assert any("The true difference lies between" in line[0] for line in lines if line)


@pytest.mark.parametrize(("plan", "is_said"), [("2020-01-01", True), ("2026-10-01", False)])
def test_a_day_that_parts_nothing_compares_nothing_and_that_is_said(mona, plan, is_said):
    page = words(get(mona, "desk:report", "sample", days="90", plan=plan))

    assert ("does not part these days in two" in page) == is_said


def test_figures_and_cases_follow_sight(open_ticket, rosa, adam, monkeypatch):
    monkeypatch.setitem(register.REPORTS, "sample", type(SAMPLE)(**{**_fields(), "for_managers": False}))
    open_ticket(team=make_team("Fraud", restricted=True))

    seen = [words(signed_in(person).get(CASES, {"figure": "opened"})) for person in (rosa, adam)]

    assert ["0 tickets" in page for page in seen] == [True, False]


def _fields():
    return {name: getattr(SAMPLE, name) for name in SAMPLE.__slots__}


def test_the_overview_stands_at_the_front_for_everybody_who_works_here(mona, anna):
    for person in (mona, anna):
        assert get(person, "desk:reports")["Location"] == "/reports/overview/"
        assert get(person, "desk:report", "overview").status_code == 200


def test_above_a_report_of_another_form_stand_all_that_its_reader_may_see(mona, anna):
    pages_ = [words(get(person, "desk:saved_reports")) for person in (mona, anna)]

    assert ['<a href="/reports/procedures/">' in page for page in pages_] == [True, False]
    assert ['href="/reports/pauses/"' in page for page in pages_] == [True, False]
    assert all('href="/reports/saved/" aria-current="page">Saved reports</a>' in page for page in pages_)


def test_pages_cost_the_same_whatever_there_is(open_ticket, mona):
    client = signed_in(mona)
    client.get(REPORT)  # The session remembers what was asked.
    costs = []
    for more in (1, 2, 47):
        for _ in range(more):
            open_ticket()
        costs.append([queries(client, REPORT), queries(client, f"{CASES}?figure=opened")])

    assert costs[0] == costs[1] == costs[2]


def test_cases_are_paged(open_ticket, mona, monkeypatch):
    monkeypatch.setattr(pages, "SHOWN_CASES", 2)
    for number in range(3):
        open_ticket(subject=f"Case {number}")

    second = words(get(mona, "desk:report_cases", "sample", figure="opened", page=2))

    assert second.count('<th scope="row">') == 1
    assert "3 tickets" in second


def test_the_overview_has_what_is_recommended_beside_the_causes(monkeypatch, mona, adam, at):
    monkeypatch.setitem(register.REPORTS, pages.FIRST, SAMPLE)
    Recommendation.objects.create(title="Two banks", about="process", made_by=adam, made_at=at)

    assert "Two banks</a>" in words(get(mona, "desk:report", pages.FIRST))
    assert "Two banks" not in words(get(mona, "desk:report", "sample"))


def test_what_is_dashed_is_explained(mona):
    plain = words(get(mona, "desk:report", "sample"))
    compared = words(get(mona, "desk:report", "sample", plan="2026-10-01"))

    assert "dashed: the same weeks a year before." in plain
    assert "shaded: since the day around which is compared." in compared
