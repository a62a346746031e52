"""Rules send a ticket where it belongs, to whoever can take it, and say why (R11, R56-R59, R68)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow
from people.models import Absence, Duty, Skill, UserSkill
from tests.factories.people import make_team, make_user
from tickets import routing
from tickets.conditions import Facts
from tickets.enums import EventKind
from tickets.models import RoutingRule, RoutingTurn
from tickets.routing import People, Verdict, compiled, decide, explain, grammar, recorded

KNOWN = grammar.Known(teams={"payments": "Payments"}, skills=frozenset({"EMV"}))
TURNS = {"do": "assign", "value": "round_robin"}


@pytest.fixture
def crew(payments):
    """Three people of a team that nobody leads."""
    people = [make_user(name) for name in ("Una Uno", "Dora Dos", "Tito Tres")]
    team = make_team("Crew", members=people)
    return team, people


def rule(*actions, name="Crew", team="crew", **fields):
    placed = [{"do": "team", "value": team}] if team else []
    return RoutingRule.objects.create(name=name, actions=[*placed, *actions], **fields)


def away(person, at):
    Absence.objects.create(user=person, starts_at=at - timedelta(hours=1), ends_at=at + timedelta(days=1))


def routed(ticket):
    return ticket.events.get(kind=EventKind.ROUTED).data


def test_four_tickets_to_three_people_go_one_two_three_one(open_ticket, crew):
    _team, people = crew
    rule(TURNS)

    owners = [open_ticket().assignee for _number in range(4)]

    assert owners == [*people, people[0]]


def test_with_one_of_them_away_they_go_one_two_one_two(open_ticket, crew, at):
    _team, people = crew
    away(people[1], at)
    rule(TURNS)

    owners = [open_ticket().assignee for _number in range(4)]

    assert owners == [people[0], people[2], people[0], people[2]]


def test_whose_turn_it_is_outlasts_whoever_had_the_last_one(open_ticket, crew):
    team, people = crew
    rule(TURNS)
    open_ticket(), open_ticket()

    team.members.remove(people[1])

    assert RoutingTurn.objects.get().last == people[1].pk
    assert open_ticket().assignee == people[2]


def test_nobody_is_given_more_than_he_may_have(open_ticket, crew):
    _team, people = crew
    people[0].capacity = 1
    people[0].save()
    rule({"do": "assign", "value": "least_loaded"})

    owners = [open_ticket().assignee for _number in range(5)]

    assert owners == [people[0], people[1], people[2], people[1], people[2]]
    assert "Una Uno is at capacity (1 of 1)." in _owner_of(open_ticket()).sentences


def _owner_of(ticket):
    return recorded(routed(ticket), compiled()).owner


def test_the_gravest_goes_only_to_who_may_take_it(open_ticket, crew):
    _team, people = crew
    people[2].gravest_severity = 1
    people[2].save()
    rule(TURNS, {"do": "severity", "value": 1})

    tickets = [open_ticket() for _number in range(2)]

    assert [ticket.assignee for ticket in tickets] == [people[2], people[2]]
    assert tickets[0].severity is None, "the severity is an escalation's"
    assert "Una Uno takes nothing graver than severity 2." in _owner_of(tickets[0]).sentences


def test_where_nobody_may_it_is_the_teams_and_says_that_it_waits(open_ticket, crew):
    team, _people = crew
    rule(TURNS, {"do": "severity", "value": 1})

    ticket = open_ticket()

    assert (ticket.team, ticket.assignee) == (team, None)
    assert "Nobody can be given it now; it waits until somebody can." in _owner_of(ticket).sentences


def test_the_one_who_knows_it_best_gets_it_and_of_equals_whoever_has_less(open_ticket, crew):
    _team, people = crew
    skill = Skill.objects.create(name="EMV")
    for person, level in zip(people, (2, 4, 4), strict=True):
        UserSkill.objects.create(user=person, skill=skill, level=level)
    rule({"do": "assign", "value": "most_skilled", "skill": "EMV"})

    assert [open_ticket().assignee for _number in range(2)] == people[1:]


@pytest.mark.parametrize(
    ("narrowed", "expected"), [({"skill": "EMV", "level": 3}, 1), ({"senior": True}, 0), ({"on_duty": True}, 2)]
)
def test_turns_go_round_among_those_whom_the_rule_means(open_ticket, crew, at, narrowed, expected):
    team, people = crew
    UserSkill.objects.create(user=people[0], skill=Skill.objects.create(name="EMV"), level=2)
    UserSkill.objects.create(user=people[1], skill=Skill.objects.get(), level=3)
    people[0].is_senior = True
    people[0].save()
    Duty.objects.create(team=team, person=people[2], starts_at=at, ends_at=at + timedelta(hours=8))
    rule(TURNS | narrowed)

    assert {open_ticket().assignee for _number in range(2)} == {people[expected]}


def test_to_the_lead_of_a_team_or_whoever_stands_in(open_ticket, crew, rosa, at):
    team, people = crew
    team.lead, rosa.deputy = rosa, people[0]
    team.save(), rosa.save()
    rule({"do": "assign", "value": "lead"})

    assert open_ticket().assignee == rosa
    away(rosa, at)
    assert open_ticket().assignee == people[0]


def test_a_rule_that_goes_on_leaves_the_rest_to_those_below(open_ticket, crew):
    team, _people = crew
    tagging = {"do": "tag", "value": "repeat"}
    rule(tagging, {"do": "priority", "value": "high"}, name="Tag", team="", order=1, goes_on=True)
    rule({"do": "priority", "value": "low"}, tagging, {"do": "tag", "value": "crew"}, order=2)
    rule({"do": "tag", "value": "never"}, order=3, name="Below")

    ticket = open_ticket(tags=["given"])

    assert (ticket.team, ticket.priority) == (team, "high")
    assert set(ticket.tags.values_list("name", flat=True)) == {"given", "repeat", "crew"}
    assert routed(ticket)["rule"] == "Crew"


def test_what_no_rule_takes_goes_to_the_catch_all(open_ticket, crew, payments, rosa):
    rule(conditions={"priority": ["urgent"]})
    tag_only = rule({"do": "tag", "value": "seen"}, name="Tag", team="")

    assert (open_ticket().team, open_ticket().assignee) == (payments, None)
    tag_only.delete()
    RoutingRule.objects.create(
        name="Rest",
        is_catch_all=True,
        actions=[{"do": "team", "value": "crew"}, {"do": "assign", "value": "least_loaded"}],
    )
    assert open_ticket().team.slug == "crew"
    assert open_ticket().assignee is not None


def test_the_catch_all_cannot_be_taken_away(payments):
    kept = RoutingRule.objects.create(name="Rest", is_catch_all=True)

    with pytest.raises(NotAllowedNow, match="cannot be removed"):
        kept.delete()
    RoutingRule.objects.all().delete()

    assert RoutingRule.objects.get() == kept


def test_a_rule_whose_team_is_gone_is_left_out_and_says_so(open_ticket, crew, payments):
    team, _people = crew
    rule(name="Gone")
    rule(name="Asks", team="payments", conditions={"team": {"not": ["crew"]}})
    team.delete()

    ticket = open_ticket()
    told = recorded(routed(ticket), compiled())

    assert ticket.team == payments
    assert [(one.name, one.verdict) for one in told.rules] == [("Asks", Verdict.BROKEN), ("Gone", Verdict.BROKEN)]
    assert told.rules[0].warnings == ["“crew” is not there any more."]


def test_an_account_says_of_each_rule_what_it_found(payments, crew, at):
    rule(name="Press", conditions={"keywords": ["ombudsman"]}, order=1)
    rule(TURNS, name="Chats", conditions={"channel": ["chat"], "tier": ["enterprise"]}, order=2)
    rule(name="Below", order=3)
    facts = Facts(priority="low", channel="chat", tier="enterprise", text="A payout")

    told = explain(decide(compiled(), facts, People(at)))

    assert told.sentence == "“Chats” takes it: Crew, Una Uno."
    assert [(one.number, one.verdict) for one in told.rules] == [(1, "failed"), (2, "fired"), (3, "not_asked")]
    # PostgreSQL keeps the keys of an object in an order of its own.
    assert {(part.words, part.found) for part in told.rules[1].parts} == {
        ("channel is Chat", "Chat"),
        ("customer tier is Enterprise", "Enterprise"),
    }
    assert told.rules[1].does == ["Team Crew", "Round robin"]


def test_what_the_timeline_keeps_reads_as_the_decision_did(open_ticket, crew):
    rule(name="Press", conditions={"keywords": ["ombudsman"]}, order=1)
    rule(TURNS, name="Web", conditions={"channel": ["web"]}, order=2)

    ticket = open_ticket()
    told = recorded(routed(ticket), compiled())

    assert told.sentence == "“Web” takes it: Crew, Una Uno."
    assert [(one.name, one.verdict, [part.words for part in one.parts]) for one in told.rules] == [
        ("Press", "failed", ["text has “ombudsman”"]),
        ("Web", "fired", ["channel is Web form"]),
    ]


def test_to_decide_writes_nothing_and_a_second_look_counts_what_was_given(crew, at, payments):
    _team, people = crew
    rule(TURNS)
    book, roster = compiled(), People(at)
    facts = Facts(priority="low", channel="web")

    owners = []
    for _number in range(3):
        owner = decide(book, facts, roster).owner
        roster.give(owner.rule, owner.team, owner.key, takes_turn=owner.takes_turn)
        owners.append(owner.name)

    assert owners == [person.name for person in people]
    assert not RoutingTurn.objects.exists()


def test_what_gives_nobody_an_owner_asks_nothing_more(crew, at, payments, django_assert_num_queries):
    rule(name="Team only")
    book = compiled()

    with django_assert_num_queries(0):
        decide(book, Facts(priority="low", channel="web"), People(at))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"do": "dance", "value": 1}, "An action is one of"),
        ({"do": "team", "value": "gone"}, "There is no team “gone”."),
        ({"do": "assign", "value": "lottery"}, "An owner is found by one of"),
        ({"do": "assign", "value": "lead", "skill": "Chess"}, "There is no skill “Chess”."),
        ({"do": "assign", "value": "most_skilled"}, "Name the skill of which most is wanted."),
        ({"do": "assign", "value": "round_robin", "level": 3}, "Name the skill that the level is of."),
        ({"do": "assign", "value": "round_robin", "skill": "EMV", "level": 9}, "A skill's level is from 1 to 5."),
        ({"do": "assign", "value": "lead", "senior": "yes"}, "are true or false"),
        ({"do": "tag", "value": ""}, "A tag is a line"),
        ({"do": "tag", "value": ["x"]}, "A tag is a line"),
        ({"do": "priority", "value": "purple"}, "A priority is one of"),
        ({"do": "severity", "value": 0}, "A severity is from 1 to 4."),
        ({"do": "team", "value": "payments", "level": 2}, "has no “level”"),
        ("payments", "An action is one of"),
    ],
)
def test_an_action_that_cannot_be_is_refused_in_a_sentence(given, sentence):
    with pytest.raises(InvalidInput) as refused:
        grammar.check([given], KNOWN)

    assert sentence in str(refused.value)


def test_what_is_right_is_kept_and_what_contradicts_itself_is_not():
    given = [
        {"do": "team", "value": "payments"},
        {"do": "assign", "value": "round_robin", "skill": "EMV", "level": 3, "senior": True},
        {"do": "tag", "value": " Repeat "},
        {"do": "severity", "value": "2"},
    ]

    stored = grammar.check(given, KNOWN)

    assert stored[2:] == [{"do": "tag", "value": "repeat"}, {"do": "severity", "value": 2}]
    assert grammar.in_words(grammar.read(stored), KNOWN) == [
        "Team Payments",
        "Round robin among senior, EMV at least 3",
        "Tag repeat",
        "Severity 2",
    ]
    with pytest.raises(InvalidInput, match="more than once"):
        grammar.check([given[0], given[0]], KNOWN)


def test_everything_that_the_docstring_names_is_there():
    assert all(hasattr(routing, name) for name in routing.__all__)
