"""The keys of the search box, one by one."""

from datetime import timedelta

import pytest

from tests.factories.people import make_organisation, make_team, make_user
from tickets import actions
from tickets.models import CustomField, Ticket
from tickets.search import QueryError, find, is_among_open

HOUR = timedelta(hours=1)


@pytest.fixture
def found(anna, at):
    def search(query, user=None):
        return {ticket.subject for ticket in find(user or anna, query, now=at)}

    return search


def test_a_minus_turns_a_part_round(found, open_ticket):
    open_ticket(subject="One", tags=["duplicate"])
    open_ticket(subject="Two", tags=["duplicate", "vip"], priority="high")
    open_ticket(subject="Three")

    assert found("-tag:duplicate") == {"Three"}
    assert found("-two") == found('-"Two"') == {"One", "Three"}
    assert found("tag:duplicate -tag:vip") == {"One"}
    assert found("-priority:high -one") == {"Three"}


@pytest.mark.parametrize("name", ["anna", "Lind", "@anna", '"anna lindqvist"', "mona,anna"])
def test_a_colleague_is_found_by_name_too(found, open_ticket, anna, mona, at, name):
    actions.assign(ticket=open_ticket(subject="Hers"), assignee=anna, now=at, by=mona)
    open_ticket(subject="Nobody's")

    assert found(f"assignee:{name}") == {"Hers"}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("is:open assignee:xyz", "Nobody here is called “xyz”."),
        ("is:open mentions:indqvist", "Nobody here is called “indqvist”."),
        ("is:open watching:cora", "Nobody here is called “cora”."),
        ("is:open requester:cora", "“requester:” takes an e-mail address"),
    ],
)
def test_who_is_not_known_is_pointed_at(found, anna, cora, query, sentence):
    with pytest.raises(QueryError, match=sentence) as refused:
        found(query)

    assert query[refused.value.start : refused.value.end] == query.split()[1]


def test_a_team_is_found_by_its_name(found, open_ticket):
    open_ticket(subject="Theirs", team=make_team("Risk and Fraud"))
    open_ticket(subject="Another")

    assert found('team:"risk and fraud"') == found("team:risk-and-fraud") == {"Theirs"}


def test_several_values_are_enough_each_and_a_row_comes_once(found, open_ticket):
    open_ticket(subject="One", tags=["a", "b"])
    open_ticket(subject="Two", tags=["b"])
    open_ticket(subject="Three", priority="low")

    assert found("tag:a,b") == {"One", "Two"}
    assert found("tag:none") == {"Three"}
    assert found('priority:low,"normal"') == {"One", "Two", "Three"}


def test_each_ticket_is_found_once(anna, open_ticket, at):
    open_ticket(tags=["a", "b"])

    assert find(anna, "tag:a,b tag:b payouts", now=at).count() == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("priority:>=high", {"high", "urgent"}),
        ("priority:>high", {"urgent"}),
        ("priority:<normal", {"low"}),
        ("priority:<=normal", {"low", "normal"}),
        ("priority:normal", {"normal"}),
        ("-priority:<=normal", {"high", "urgent"}),
    ],
)
def test_priorities_have_an_order(query, expected, found, open_ticket):
    for priority in ("low", "normal", "high", "urgent"):
        open_ticket(subject=priority, priority=priority)

    assert found(query) == expected


def test_severities_are_compared_as_they_are_written(found, open_ticket):
    for level in (None, 1, 3):
        actions.set_attention(ticket=open_ticket(subject=f"S{level}"), severity=level)

    assert found("severity:1") == found("severity:s1") == {"S1"}
    assert found("severity:>=2") == {"S3"}
    assert found("severity:none") == {"SNone"}


def test_due_counts_from_now_and_past_due_is_within_any_time(found, open_ticket, at):
    for name, due in {"past": -HOUR, "soon": HOUR, "later": 5 * HOUR, "never": None}.items():
        actions.set_attention(ticket=open_ticket(subject=name), next_due_at=None if due is None else at + due)

    assert found("due:<2h") == found("due:2h") == {"past", "soon"}
    assert found("due:>2h") == {"later"}
    assert found("due:past") == {"past"}
    assert found("due:none") == {"never"}
    assert found("-due:<1d") == {"never"}


def test_days_begin_at_the_readers_midnight(found, open_ticket, at):
    tokyo = make_user("Kenji Sato", time_zone="Asia/Tokyo")
    # 23:30 on the 16th in Lisbon's winter, 08:30 on the 17th in Tokyo.
    open_ticket(subject="Late", now=at.replace(day=16, hour=23, minute=30))
    open_ticket(subject="New", now=at)

    assert found("created:2026-11-16") == {"Late"}
    assert found("created:2026-11-17", tokyo) == {"Late"}
    assert found("created:>2026-11-16") == {"New"}
    assert found("created:>2026-11-16", tokyo) == {"Late", "New"}
    assert found("created:>=2026-11-16") == {"Late", "New"}
    assert found("created:<=2026-11-16") == {"Late"}
    assert found("created:<2026-11-17", tokyo) == set()
    assert found("created:<24h") == {"New"}
    assert found("created:>24h") == {"Late"}


def test_people_and_companies(found, anna, mona, open_ticket, at):
    gold = make_organisation("Kedr", tier="standard")
    ticket = open_ticket(subject="Gold", requester=make_user("Oleg", "customer", organisation=gold))
    open_ticket(subject="Plain")
    ticket.watchers.add(anna)
    actions.note(ticket=ticket, author=mona, body="@anna look", now=at)

    assert found("tier:standard") == found(f"organisation:{gold.slug}") == {"Gold"}
    assert found("watching:me") == found("mentions:me") == found(f"mentions:{anna.email}") == {"Gold"}
    assert found("watching:me", mona) == set()
    assert found("kedr") == {"Gold"}


def test_teams_of_mine(found, anna, payments, open_ticket):
    open_ticket(subject="Ours")
    open_ticket(subject="Theirs", team=make_team("Risk"))

    assert found("team:mine") == {"Ours"}
    assert found("team:payments,risk") == {"Ours", "Theirs"}


def test_custom_fields_are_keys(found, open_ticket):
    CustomField.objects.create(key="order_id", label="Order", type="text")
    CustomField.objects.create(key="amount", label="Amount", type="number")
    Ticket.objects.filter(pk=open_ticket(subject="One").pk).update(fields={"order_id": "A-77", "amount": 120})
    open_ticket(subject="Two")

    assert found("order_id:a-77") == {"One"}
    assert found("order_id:none") == {"Two"}
    assert found("amount:>100") == {"One"}
    assert found("amount:>200") == set()
    with pytest.raises(QueryError, match="no number"):
        found("amount:>much")


def test_what_has_another_value_or_none_is_found_by_a_minus(found, open_ticket):
    CustomField.objects.create(key="amount", label="Amount", type="number")
    CustomField.objects.create(key="order_id", label="Order", type="text")
    CustomField.objects.create(key="paid_on", label="Paid on", type="date")
    has = {"order_id": "A-77", "amount": 120, "paid_on": "2026-10-02"}
    Ticket.objects.filter(pk=open_ticket(subject="One").pk).update(fields=has)
    open_ticket(subject="Two")

    for query in ("-order_id:a-77", "-amount:120", "-amount:>100", "-paid_on:2026-10-02", "-order_id:none,b"):
        assert found(query) == ({"One"} if "none" in query else {"Two"}), query


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("amount:much", "“much” is no number"),
        ("amount:nan", "“nan” is no number"),
        ("amount:>1e999", "“1e999” is no number"),
        ("plan:silver", "There is no “plan:silver”; there are Basic, Gold, none"),
        ("paid_on:tomorrow", "takes a date such as 2026-10-01, not “tomorrow”"),
        ("paid_on:<2026-02-30", "takes a date"),
    ],
)
def test_a_value_that_a_field_cannot_have_is_pointed_at(found, open_ticket, query, sentence):
    CustomField.objects.create(key="amount", label="Amount", type="number")
    CustomField.objects.create(key="plan", label="Plan", type="choice", choices=["Basic", "Gold"])
    CustomField.objects.create(key="paid_on", label="Paid on", type="date")

    with pytest.raises(QueryError, match=sentence):
        found(query)


def test_what_a_field_has_is_found_however_it_is_written(found, open_ticket):
    CustomField.objects.create(key="amount", label="Amount", type="number")
    CustomField.objects.create(key="plan", label="Plan", type="choice", choices=["Basic"])
    CustomField.objects.create(key="paid_on", label="Paid on", type="date")
    CustomField.objects.create(key="region", label="Region", type="choice", choices=["Österreich"])
    values = {"amount": 12.5, "plan": "Former", "paid_on": "2026-10-02", "region": "Österreich"}
    Ticket.objects.filter(pk=open_ticket(subject="One").pk).update(fields=values)
    Ticket.objects.filter(pk=open_ticket(subject="Two").pk).update(fields={"amount": 12})

    assert found("amount:12.50") == {"One"}
    assert found("amount:12.0") == {"Two"}
    assert found("plan:former") == {"One"}
    assert found("region:österreich") == found("region:ÖSTERREICH") == {"One"}
    assert found("paid_on:2026-10-02") == found("paid_on:<2026-11-01") == {"One"}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("payout status:lost today", "status:lost"),
        ('payout "since', '"since'),
        ("tag:>vip", "tag:>vip"),
        ("priority:>=asap x", "priority:>=asap"),
        ("due:<soon", "due:<soon"),
        ("created:2026-02-30", "created:2026-02-30"),
        ("severity:9", "severity:9"),
        ("is: open", "is:"),
        ("a colour:red", "colour:red"),
    ],
)
def test_the_wrong_part_is_pointed_at(query, wrong, anna, payments):
    with pytest.raises(QueryError) as caught:
        find(anna, query)

    assert query[caught.value.start : caught.value.end] == wrong


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("is:open", True),
        ("team:payments is:OPEN word", True),
        ("status:new,waiting", True),
        ("-is:closed", True),
        ("-status:solved,closed", True),
        ("is:open,escalated", False),
        ("-is:open", False),
        ("-status:closed", False),
        ("status:open,solved", False),
        ("team:payments", False),
    ],
)
def test_it_is_known_of_a_search_that_it_finds_open_tickets_only(query, expected, anna, payments, open_ticket, at):
    for verb in ("", "wait", "solve", "close"):
        ticket = open_ticket(subject=f"A word {verb}")
        for step in ("solve", verb) if verb == "close" else (verb,) if verb else ():
            actions.change_status(ticket=ticket, verb=step, now=at, by=anna)

    assert is_among_open(query) is expected
    assert not expected or not any(ticket.is_done for ticket in find(anna, query, now=at))


def test_what_was_chosen_where_the_reader_does_not_look_is_unknown_to_him(found, open_ticket):
    lena = make_user("Lena Law")
    CustomField.objects.create(key="plan", label="Plan", type="choice", choices=["Basic"])
    legal = make_team("Legal", members=[lena], restricted=True)
    Ticket.objects.filter(pk=open_ticket(subject="Kept", team=legal).pk).update(fields={"plan": "Former"})

    assert found("plan:former", lena) == {"Kept"}
    with pytest.raises(QueryError, match="There is no “plan:former”; there are Basic, none"):
        found("plan:former")
