"""`make bench-reports` in small: its rows still fit the tables, and every report still answers from them."""

import pytest
from django.db import connection

from bench.reports import live, measuring
from bench.reports.seeding import seed
from reports.register import SOURCES

TICKETS = 400


@pytest.mark.skipif(connection.vendor != "postgresql", reason="its rows are laid down by PostgreSQL")
@pytest.mark.django_db
def test_a_year_of_tickets_is_laid_down_and_every_report_and_the_live_board_answer_from_it(at, monkeypatch):
    monkeypatch.setattr(measuring, "ROUNDS", 1)
    monkeypatch.setattr(measuring, "SPANS", {"a year": 365})
    monkeypatch.setattr(live, "ROUNDS", 1)
    monkeypatch.setattr(live, "ESCALATIONS", 10)
    people = seed(TICKETS, at)

    figures = [(one["figure"], one["for"]) for one in measuring.asked_by(people, at)]

    for_managers = [(f"report {source.key}", "Manager") for source in SOURCES]
    for_agents = [(f"report {source.key}", "Agent") for source in SOURCES if not source.for_managers]
    assert sorted(figures) == sorted([*for_managers, *for_agents, ("live board", "Manager")])
