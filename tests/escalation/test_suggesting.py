"""The facts behind a suggestion: what the ticket is about, who is there, and what was solved before (R1, R66)."""

from datetime import timedelta

import pytest

from escalation.functional.suggesting import suggest
from people.models import Absence, Skill, UserSkill
from people.ranking import Fit
from tests.factories.people import make_team, make_user
from tickets import actions
from tickets.models import Service, Ticket, TicketService


@pytest.fixture
def marta(db):
    return make_user("Marta Kowal")


@pytest.fixture
def terminals(marta):
    return make_team("Terminals", members=[marta])


@pytest.fixture
def records(db):
    return make_team("Records", members=[make_user("Rita Book")])


def knows(user, name, level=4):
    UserSkill.objects.create(user=user, skill=Skill.objects.get_or_create(name=name)[0], level=level)


def found(ticket, user, at):
    return {one.team.name: one.ranked for one in suggest(ticket, user, at)}


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Contactless fails"},
        {"body": "It is contactless that fails."},
        {"tags": ["contactless"]},
    ],
)
def test_r1_a_skill_is_looked_for_in_all_that_the_ticket_says(open_ticket, anna, marta, terminals, records, at, fields):
    knows(marta, "Contactless")

    ranked = found(open_ticket(**fields), anna, at)

    assert list(ranked) == ["Terminals", "Records"]
    assert (ranked["Terminals"].skills, ranked["Terminals"].fit) == (["Contactless"], Fit.BEST)


def test_what_only_colleagues_noted_is_no_word_of_the_customers(open_ticket, anna, marta, terminals, records, at):
    knows(marta, "Contactless")
    ticket = open_ticket()
    actions.note(ticket=ticket, author=anna, body="Contactless?", now=at)

    assert found(ticket, anna, at)["Terminals"].skills == []


def test_r1_the_customers_language_counts_and_a_language_is_no_skill(
    open_ticket, anna, cora, marta, terminals, records, at
):
    cora.language = "pt-br"
    cora.save()
    knows(marta, "Portuguese")

    ranked = found(open_ticket(subject="Portuguese invoice"), anna, at)

    assert ranked["Terminals"].reasons == ["speaks Portuguese"]
    assert ranked["Records"].lacks == ["no one there speaks Portuguese"]
    assert ranked["Terminals"].skills == []


def test_r1_whoever_is_away_helps_nobody(open_ticket, anna, marta, terminals, records, at):
    knows(marta, "Contactless")
    Absence.objects.create(user=marta, starts_at=at, ends_at=at + timedelta(hours=1))

    ranked = found(open_ticket(subject="Contactless"), anna, at)

    assert list(ranked) == ["Records", "Terminals"]
    assert ranked["Terminals"].lacks == ["nobody is there now"]
    assert found(Ticket.objects.get(), anna, at + timedelta(hours=1))["Terminals"].fit == Fit.BEST


def test_r1_what_a_team_solved_of_the_like_is_counted_by_tags_and_services(
    open_ticket, anna, terminals, records, payments, at
):
    later = at + timedelta(hours=2)
    service = Service.objects.create(name="Card readers", slug="card-readers", team=records)
    for team in (terminals, terminals, records):
        done = open_ticket(tags=["51r"], team=team)
        actions.change_status(ticket=done, verb="solve", now=later, by=None)
    TicketService.objects.create(ticket=done, service=service)
    open_ticket(tags=["51r"], team=terminals)
    ticket = open_ticket(tags=["51r"])
    TicketService.objects.create(ticket=ticket, service=service)

    ranked = found(ticket, anna, later)

    groups = {name: one.group for name, one in ranked.items()}
    assert [(one.solved, one.similar) for one in (groups["Terminals"], groups["Records"])] == [(2, 3), (1, 3)]
    assert (groups["Terminals"].open, groups["Terminals"].median) == (1, timedelta(hours=2))
    assert groups["Records"].services == ["Card readers"]


def test_r34_a_team_is_likely_by_what_it_says_that_it_takes(open_ticket, anna, terminals, records, at):
    records.scope = "Letters, contracts and whatever is on paper."
    records.save()

    ranked = found(open_ticket(subject="Where is my contract?"), anna, at)

    assert list(ranked) == ["Records", "Terminals"]
    assert ranked["Records"].reasons == ["takes contracts"]


def test_r31_a_restricted_team_is_named_to_its_own_people_and_managers_alone(open_ticket, anna, mona, payments, at):
    secret = make_team("Fraud", restricted=True)

    assert [set(found(open_ticket(), person, at)) for person in (anna, mona)] == [set(), {"Fraud"}]
    secret.members.add(anna)
    assert set(found(open_ticket(), anna, at)) == {"Fraud"}
