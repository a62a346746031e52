"""Who answers for a team, and what there has been with a customer."""

from datetime import timedelta

from people.chain import managers_of, present
from people.history import count_for
from people.models import Absence, Organisation, Team
from tests.factories.people import make_organisation, make_team, make_user


def test_with_its_people_at_hand_a_team_is_asked_nothing_more(payments, rosa, mona, at, django_assert_num_queries):
    team = Team.objects.with_people().get(pk=payments.pk)

    with django_assert_num_queries(0):
        assert managers_of(team, at) == [mona]
        assert present([team.lead], at) == [rosa]


def test_whoever_is_away_at_that_very_moment_has_a_deputy(payments, mona, anna, at):
    mona.deputy = anna
    mona.save()
    Absence.objects.create(user=mona, starts_at=at, ends_at=at + timedelta(hours=1))

    team = Team.objects.with_people().get(pk=payments.pk)

    assert managers_of(team, at - timedelta(seconds=1)) == [mona]
    assert managers_of(team, at) == [anna]
    assert managers_of(team, at + timedelta(hours=1)) == [mona]


def test_a_team_without_managers_has_the_fallback_teams_and_a_desk_without_those_its_administrators(db, adam, at):
    mona = make_user("Mona Farias")
    lonely, fallback = make_team("Lonely"), make_team("Fallback", managers=[mona], is_fallback=True)

    assert managers_of(lonely, at) == managers_of(None, at) == [mona]

    fallback.managers.clear()
    assert managers_of(lonely, at) == [adam]


def test_a_customer_is_counted_for_as_often_as_it_is_named_in_two_queries(db, django_assert_num_queries):
    keys = [make_organisation(f"Company {number}").pk for number in range(4)]

    with django_assert_num_queries(2):
        count_for("breach_count", [keys[2], keys[0], None, keys[2], keys[1], keys[2]])
    with django_assert_num_queries(0):
        count_for("breach_count", [None, None])

    counts = dict(Organisation.objects.values_list("pk", "breach_count"))
    assert [counts[key] for key in keys] == [1, 1, 3, 0]
    assert not Organisation.objects.exclude(escalation_count=0).exists()
