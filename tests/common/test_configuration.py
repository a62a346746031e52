"""What is kept of the set-up is what the set-up is, whoever changed it and whatever became of the change."""

import pytest
from django.db import connection, transaction

from calendars.models import Calendar, CalendarVersion
from common import triggers
from common.configuration import WATCHED, Kept, SetUp
from common.models import ConfigurationStamp
from notifications.models import Endpoint
from people.models import Team
from sla.models import Policy, PolicyVersion, Target, TeamTarget
from tests.factories.people import make_team
from tickets.models import CustomField, Macro, QuickReply, RoutingRule


@pytest.fixture
def names(db):
    """The teams' names, kept; `.made` counts how often they were read."""

    class Names:
        made = 0

        def __init__(self):
            self.kept = Kept(self.read, Team)

        def read(self):
            self.made += 1
            return list(Team.objects.order_by("name").values_list("name", flat=True))

        def now(self):
            return self.kept.at(SetUp())

    return Names()


def test_it_is_read_once_and_then_costs_one_question(names, django_assert_num_queries):
    make_team("Payments")
    names.now()

    with django_assert_num_queries(1):
        assert names.now() == ["Payments"]
    assert names.made == 1


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (lambda team: Team.objects.filter(pk=team.pk).update(name="B"), ["B"]),
        (lambda team: Team.objects.bulk_create([Team(name="B", slug="b")]), ["A", "B"]),
        (lambda team: team.delete(), []),
        (lambda team: connection.cursor().execute("UPDATE people_team SET name = 'B'"), ["B"]),
    ],
)
def test_whoever_changes_it_the_next_look_sees_it(names, change, after):
    team = make_team("A")
    assert names.now() == ["A"]

    change(team)

    assert names.now() == after


def test_a_change_that_was_taken_back_never_was(names):
    team = make_team("A")
    for attempt in ("B", "C"):
        with transaction.atomic():
            Team.objects.filter(pk=team.pk).update(name=attempt)
            assert names.now() == [attempt]
            transaction.set_rollback(True)
        assert names.now() == ["A"]


def test_a_write_elsewhere_is_no_reason_to_read_again(names, anna):
    names.now()

    anna.save()
    Calendar.objects.create(name="Weekdays", created_at=anna.created_at)

    names.now()
    assert names.made == 1


def test_without_a_stamp_nothing_is_kept(names):
    ConfigurationStamp.objects.all().delete()

    names.now(), names.now()

    assert names.made == 2


def test_every_table_that_is_kept_is_stamped_and_a_second_look_changes_no_trigger(db):
    tables = {model._meta.db_table for model in WATCHED}
    promises = {Policy, PolicyVersion, Target, TeamTarget, Calendar, CalendarVersion}
    assert {RoutingRule, Team, CustomField, QuickReply, Endpoint, Macro, *promises} == WATCHED
    before = dict(ConfigurationStamp.objects.values_list("name", "value"))
    assert before.keys() == tables

    triggers.ensure()

    after = dict(ConfigurationStamp.objects.values_list("name", "value"))
    assert after.keys() == tables and not set(after.values()) & set(before.values())


@pytest.mark.django_db
def test_where_there_are_no_stamps_any_more_there_are_no_triggers_either(monkeypatch):
    monkeypatch.setattr(triggers, "_STAMPS", "common_nothing")
    triggers.ensure()
    before = dict(ConfigurationStamp.objects.values_list("name", "value"))

    make_team("Payments")

    assert dict(ConfigurationStamp.objects.values_list("name", "value")) == before
