"""What a policy requires before a ticket leaves a step (R76)."""

from datetime import timedelta

import pytest

from common import refusals
from common.errors import InvalidInput, NotAllowedNow
from sla.models import Duty
from sla.obligations import check_obligations
from sla.publishing import change_policy
from tests.desk.helpers import signed_in
from tests.factories.sla import make_policy
from tickets import actions as tickets
from tickets import composer, fields, merging, sending, stepping_back
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


def kept(ticket) -> list[tuple[str, str, str]]:
    return list(Duty.objects.filter(ticket=ticket).values_list("step", "fact", "outcome"))


def test_who_solves_what_nobody_has_begun_leaves_both_steps(strict, open_ticket, anna, at):
    ticket = open_ticket()

    with pytest.raises(NotAllowedNow, match="The ticket has an owner; “Category” is filled in; The customer has been"):
        tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)


def test_a_refused_attempt_is_remembered_though_its_transaction_took_everything_back(strict, open_ticket, anna, at):
    ticket = open_ticket()

    with refusals.kept(), pytest.raises(NotAllowedNow):
        tickets.change_status(ticket=ticket, verb="wait", now=at, by=anna)
    held = kept(ticket)
    tickets.assign(ticket=ticket, assignee=anna, now=at, by=anna)
    tickets.change_status(ticket=ticket, verb="wait", now=at, by=anna)

    assert held == [("work", "owner", "held")]
    assert kept(ticket) == [("work", "owner", "held"), ("work", "owner", "met")]
    assert Duty.objects.first().by == anna


def test_it_is_remembered_from_the_page_and_of_one_ticket_among_many(open_ticket, anna, payments, at):
    make_policy(at, obligations=[{"fact": "tag", "before": "solve"}])
    one, two = open_ticket(), open_ticket()
    client = signed_in(anna)

    alone = client.post(f"/tickets/{one.number}/status/", {"verb": "solve"})
    client.post("/inbox/bulk/", {"ticket": [two.number], "deed": "status", "status": "solve"})

    one.refresh_from_db()
    assert alone.status_code == 409
    assert one.status == "new"
    assert [kept(ticket) for ticket in (one, two)] == [[("solve", "tag", "held")]] * 2


def test_a_reply_that_is_refused_when_it_leaves_is_remembered_too(open_ticket, anna, payments, at, time):
    make_policy(at, obligations=[{"fact": "tag", "before": "work"}])
    ticket = open_ticket()
    composer.send_reply(user=anna, number=ticket.number, body="At noon.", now=at)
    time.move_to(at + timedelta(seconds=11))

    sending.run()

    ticket.refresh_from_db()
    assert ticket.status == "new"
    assert kept(ticket) == [("work", "tag", "held")]


def test_what_was_left_otherwise_says_how(strict, open_ticket, anna, cora, at):
    by_customer, merged, into = open_ticket(), open_ticket(), open_ticket()

    tickets.change_status(ticket=by_customer, verb="solve", now=at, by=cora)
    merging.merge(source=merged, target=into, now=at, by=anna)

    assert set(kept(by_customer)) == {
        ("work", "owner", "by_customer"),
        ("solve", "field:category", "by_customer"),
        ("solve", "answer", "by_customer"),
    }
    assert {outcome for _step, _fact, outcome in kept(merged)} == {"by_itself"}
    assert kept(into) == []


def test_what_a_policy_requires_of_a_step_already_left_came_too_late(policy, open_ticket, anna, at):
    open_, new = open_ticket(), open_ticket()
    tickets.assign(ticket=open_, assignee=anna, now=at, by=anna)
    tickets.change_status(ticket=open_, verb="wait", now=at, by=anna)
    duties = [{"fact": "organisation", "before": "work"}, {"fact": "tag", "before": "solve"}]

    change_policy(policy=policy, obligations=duties, now=at, applies_to="new_and_open")
    change_policy(policy=policy, obligations=duties, now=at, applies_to="new_and_open")

    assert kept(open_) == [("work", "organisation", "later")]
    assert kept(new) == []


def test_a_mistake_that_is_taken_back_leaves_no_step_again(strict, open_ticket, cora, anna, at):
    ticket = open_ticket()
    was = stepping_back.standing(ticket)
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=cora)
    before = kept(ticket)

    stepping_back.step_back(ticket=ticket, was=was, done_at=at, now=at, by=anna)

    assert kept(ticket) == before


def test_without_obligations_nothing_is_kept(policy, open_ticket, anna, at):
    tickets.change_status(ticket=open_ticket(), verb="solve", now=at, by=anna)

    assert not Duty.objects.exists()


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
