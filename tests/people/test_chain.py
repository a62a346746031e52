"""Who answers for a team, and what there has been with a customer."""

from datetime import timedelta

import pytest

from people.chain import anybody, chain_of_command, hearing_of, last_resort, leads_of, managers_of, on_duty, present
from people.history import count_for
from people.models import Absence, Duty, Organisation, Team
from tests.factories.people import make_organisation, make_team, make_user


def test_with_its_people_at_hand_a_team_is_asked_nothing_more(payments, rosa, mona, at, django_assert_num_queries):
    team = Team.objects.with_people().get(pk=payments.pk)

    with django_assert_num_queries(0):
        assert managers_of(team, at) == [mona]
        assert present([team.lead], at, anybody) == [rosa]


def test_whoever_is_away_at_that_very_moment_has_a_deputy(payments, mona, anna, at):
    mona.deputy = anna
    mona.save()
    Absence.objects.create(user=mona, starts_at=at, ends_at=at + timedelta(hours=1))

    team = Team.objects.with_people().get(pk=payments.pk)

    assert managers_of(team, at - timedelta(seconds=1)) == [mona]
    assert managers_of(team, at) == [anna]
    assert managers_of(team, at + timedelta(hours=1)) == [mona]


def away(person, deputy, at):
    person.deputy = deputy
    person.save()
    Absence.objects.create(user=person, starts_at=at, ends_at=at + timedelta(hours=1))


@pytest.fixture
def legal(mona):
    """Keeps its matters to itself; lena leads it, owen manages it without any rank."""
    lena, owen = make_user("Lena Law"), make_user("Owen Court")
    return make_team("Legal", lead=lena, managers=[owen], members=[lena], restricted=True)


def test_r31_a_deputy_who_may_not_see_it_is_passed_over_and_the_next_in_his_line_who_may_is_told(legal, mona, at):
    otto = make_user("Otto Else", deputy=mona)
    away(legal.lead, otto, at)
    away(legal.managers.get(), otto, at)
    Duty.objects.create(team=legal, person=legal.lead, starts_at=at, ends_at=at + timedelta(hours=1))

    assert leads_of(legal, at) == managers_of(legal, at) == on_duty(legal, at) == chain_of_command(legal, at) == [mona]
    assert present([legal.lead], at, anybody) == [otto]


def test_r31_where_no_deputy_may_see_it_those_above_are_told_who_may_and_never_nobody(legal, adam, mona, at):
    otto = make_user("Otto Else")
    away(legal.lead, otto, at)
    away(legal.managers.get(), otto, at)
    fallback = make_team("Fallback", lead=otto, managers=[otto, mona], members=[otto], is_fallback=True)

    assert leads_of(legal, at) == managers_of(legal, at) == last_resort(at, hearing_of(legal)) == [mona]

    fallback.managers.set([otto])
    assert leads_of(legal, at) == managers_of(legal, at) == last_resort(at, hearing_of(legal)) == [adam]
    assert managers_of(None, at) == last_resort(at, anybody) == [otto]


def test_a_deputy_who_belongs_to_the_team_is_told_of_what_it_keeps_to_itself(legal, at):
    inside = make_user("Ines Inside")
    legal.members.add(inside)
    away(legal.lead, inside, at)

    assert leads_of(legal, at) == [inside]


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
