"""What a policy requires before a ticket leaves a step (R76)."""

import pytest

from common.errors import InvalidInput, NotAllowedNow
from sla.obligations import check_obligations
from sla.publishing import change_policy
from tests.factories.sla import make_policy
from tickets import actions as tickets
from tickets import fields
from tickets.models import CustomField


@pytest.fixture
def category(db) -> CustomField:
    return CustomField.objects.create(key="category", label="Category", type="text")


@pytest.fixture
def strict(payments, category, at):
    """An owner before work starts, a category and an answer before it is solved."""
    duties = [
        {"fact": "owner", "before": "work"},
        {"fact": "field:category", "before": "solve"},
        {"fact": "answer", "before": "solve"},
    ]
    return make_policy(at, name="Strict", obligations=duties)


def test_work_does_not_start_before_the_facts_are_there_and_the_reason_is_said(strict, open_ticket, anna, at):
    ticket = open_ticket()

    with pytest.raises(NotAllowedNow, match="Strict requires this first: The ticket has an owner"):
        tickets.change_status(ticket=ticket, verb="wait", now=at, by=anna)
    ticket.refresh_from_db()
    untouched = (ticket.status, ticket.events.filter(kind="ticket.status").count())
    tickets.assign(ticket=ticket, assignee=anna, now=at, by=anna)
    tickets.change_status(ticket=ticket, verb="wait", now=at, by=anna)

    ticket.refresh_from_db()
    assert untouched == ("new", 0)
    assert ticket.status == "waiting"


def test_a_ticket_is_not_solved_with_a_duty_open_and_the_checklist_says_which(strict, open_ticket, anna, at):
    ticket = open_ticket()
    tickets.assign(ticket=ticket, assignee=anna, now=at, by=anna)
    tickets.reply(ticket=ticket, author=anna, body="Done.", now=at)

    with pytest.raises(NotAllowedNow) as refusal:
        tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)
    fields.set_fields(ticket=ticket, values={"category": "fees"}, now=at, by=anna)
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)

    assert {(one.name, one.met) for one in refusal.value.conditions} == {("field:category", False), ("answer", True)}
    ticket.refresh_from_db()
    assert ticket.status == "solved"
    assert ticket.clocks.get(metric="resolution").state == "met"


def test_a_customer_who_closes_his_own_matter_is_not_held_up(strict, open_ticket, cora, at):
    ticket = open_ticket()

    tickets.change_status(ticket=ticket, verb="solve", now=at, by=cora)

    ticket.refresh_from_db()
    assert ticket.status == "solved"


def test_a_ticket_is_judged_by_the_version_it_was_promised_under(strict, open_ticket, anna, at):
    ticket = open_ticket()
    change_policy(policy=strict, obligations=[], now=at)

    with pytest.raises(NotAllowedNow):
        tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)


def test_a_duty_whose_field_is_gone_holds_nobody_up_for_ever(strict, category, open_ticket, anna, at):
    """It is still asked for; switched off, it cannot be filled in, and is not asked for any more."""
    ticket = open_ticket()
    tickets.assign(ticket=ticket, assignee=anna, now=at, by=anna)
    tickets.reply(ticket=ticket, author=anna, body="Done.", now=at)
    category.is_enabled = False
    category.save()

    tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)

    ticket.refresh_from_db()
    assert ticket.status == "solved"


@pytest.mark.parametrize(
    "given",
    [
        "owner",
        [{"fact": "owner"}],
        [{"fact": "owner", "before": "lunch"}],
        [{"fact": "moon", "before": "solve"}],
        [{"fact": "field:nothing", "before": "solve"}],
        ["owner"],
    ],
)
def test_a_duty_that_makes_no_sense_is_refused(given, db):
    with pytest.raises(InvalidInput) as refusal:
        check_obligations(given)

    assert list(refusal.value.errors) == ["obligations"]
