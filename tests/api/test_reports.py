"""Reports for programs: the figures of the pages, and the tickets behind a number."""

from datetime import timedelta

import pytest

from tests.api.conftest import Caller
from tests.factories.people import make_team

pytestmark = pytest.mark.each


@pytest.fixture(autouse=True)
def _a_day_later(sample, time, at):
    time.move_to(at + timedelta(days=1))


@pytest.fixture
def manager(mona, calling) -> Caller:
    return calling(mona)


def figure(answer, key):
    return next(one for one in answer.json()["figures"] if one["key"] == key)


def test_what_there_is_to_ask_for_is_listed(manager):
    (line,) = [one for one in manager.get("reports/").json()["results"] if one["key"] == "sample"]

    assert (line["title"], line["filters"]) == ("Sample", ["team", "tier"])
    assert line["url"].endswith("/api/v1/reports/sample/")


def test_a_report_is_its_figures_as_numbers_for_days_in_the_callers_zone(manager, mona, open_ticket):
    mona.time_zone = "America/Sao_Paulo"
    mona.save()
    open_ticket()

    answer = manager.get("reports/sample/?since=2026-08-01&until=2026-11-19&plan=2026-10-01")

    told = answer.json()
    assert (told["since"], told["until"], told["time_zone"], told["step"]) == (
        "2026-08-01",
        "2026-11-19",
        "America/Sao_Paulo",
        "week",
    )
    kept = figure(answer, "kept")
    assert (kept["headline"], kept["better"]) == ({"value": 95.8, "unit": "percent", "pick": None}, "higher")
    assert kept["change"]["is_sure"] is True
    assert kept["chart"]["labels"][0] == "2026-08-03"
    assert kept["chart"]["series"][0]["values"][0] == 93
    assert figure(answer, "opened")["table"]["rows"] == [
        {"cells": ["Payments", 1], "picks": {"n": {"figure": "opened", "cell": "Payments"}}}
    ]


def test_as_many_cases_stand_behind_a_number_as_it_says(manager, open_ticket):
    risk = make_team("Risk")
    wanted = {open_ticket(team=risk).number for _ in range(3)}
    open_ticket()

    told = figure(manager.get("reports/sample/?days=7&team=risk"), "opened")["headline"]
    first = manager.get("reports/sample/cases/?days=7&team=risk&figure=opened&limit=2").json()
    second = manager.get(first["next"].partition("/api/v1/")[2]).json()

    assert told["value"] == 3
    assert {ticket["number"] for page in (first, second) for ticket in page["results"]} == wanted


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-11-09&until=2026-01-01", "until"),
        ("since=2006-11-09&until=2026-11-01", "since"),
        ("since=yesterday", "since"),
        ("days=31", "days"),
        ("team=gone", "team"),
        ("agent=1", "agent"),
        ("contract=x", "contract"),
    ],
)
def test_what_is_asked_wrongly_is_refused_with_a_sentence(manager, query, field):
    answer = manager.get(f"reports/sample/?{query}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize("path", ["reports/nothing/", "reports/sample/cases/?figure=invented"])
def test_what_is_none_is_not_there(manager, path):
    assert manager.get(path).status_code == 404
