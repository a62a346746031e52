"""What rules say, note and call: each once, by nobody's hand, and never to a program (R11, R59)."""

import json
from datetime import timedelta

import pytest

from common.errors import InvalidInput
from common.failpoints import Point
from notifications import webhooks
from notifications.models import Delivery, Endpoint
from tests.factories.people import make_team
from tickets import actions
from tickets.enums import EventKind
from tickets.labelling import add_tag
from tickets.matching import facts_of
from tickets.models import Macro, Message, QuickReply, RoutingLook, RoutingRule, RuleDeed
from tickets.rerouting import deeds, rounds
from tickets.routing import compiled, decide, explain, grammar, recorded
from tickets.routing.analysis import Fault
from tickets.routing.existing import known_now
from tickets.routing.faults import fault_lines
from tickets.routing.judging import findings_in
from tickets.routing.roster import People
from tickets.vocabulary import vocabulary_for

REPLY = {"do": "reply", "value": "We have it"}
NOTE = {"do": "note", "value": "Of {customer.name}: look at the bank first."}
CALL = {"do": "webhook", "value": "ERP"}
OPEN = {"do": "open", "value": "functional", "team": "payments", "severity": 2, "reason": "technical"}
HOUR = timedelta(hours=1)


@pytest.fixture
def prepared(db):
    QuickReply.objects.create(title="We have it", body="Thank you, {customer.first_name}. {agent.name}")
    QuickReply.objects.create(title="We have it", body="Obrigado, {customer.first_name}.", language="pt-br")


@pytest.fixture
def erp(db, at):
    return Endpoint.objects.create(
        name="ERP", url="https://erp.example/", kinds=["breach"], secret="whsec_MTIz", created_at=at
    )


def rule(*does, name="Rule", **fields):
    return RoutingRule.objects.create(name=name, actions=list(does), **fields)


def answers(ticket):
    return list(ticket.messages.filter(by_customer=False, is_public=True).values_list("body", flat=True))


def left(ticket):
    return [event.data["reason"] for event in ticket.events.filter(kind=EventKind.RULE_LEFT)]


def test_a_rule_replies_in_the_customers_language_and_says_that_nobody_wrote_it(prepared, open_ticket, cora, at):
    cora.language = "pt-br"
    cora.save()
    rule(REPLY)
    ticket = open_ticket()

    rounds.run(), rounds.run()

    message = ticket.messages.get(by_customer=False)
    assert (message.body, message.author, message.is_automatic) == ("Obrigado, Cora.", None, True)
    mail = Delivery.objects.get(dedupe_key=f"reply:{message.pk}")
    assert (mail.headers["Auto-Submitted"], mail.headers["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    ticket.refresh_from_db()
    assert (ticket.last_agent_reply_at, ticket.status, ticket.assignee) == (None, "new", None)


def test_an_automatic_answer_keeps_no_promise(prepared, policy, open_ticket, at):
    rule(REPLY)
    ticket = open_ticket()

    rounds.run()

    assert answers(ticket) and ticket.clocks.get(metric="first_response").met_at is None


def test_the_desk_signs_where_no_agent_does(prepared, open_ticket, settings):
    settings.DESK_NAME = "Meridiano"
    rule(REPLY)
    ticket = open_ticket()

    rounds.run()

    assert answers(ticket) == ["Thank you, Cora. Meridiano"]


def test_once_for_a_ticket_and_a_rule_however_often_it_fires(prepared, open_ticket, anna, time):
    rule(REPLY, NOTE, event="change", conditions={"priority": ["urgent"]})
    ticket = open_ticket()

    for priority in ("urgent", "low", "urgent"):
        actions.set_priority(ticket=ticket, priority=priority, now=time.now, by=anna)
        rounds.run()

    assert len(answers(ticket)) == 1
    assert ticket.messages.filter(is_public=False).count() == 2


def test_of_two_rules_that_reply_the_first_word_stands(prepared, open_ticket):
    QuickReply.objects.create(title="Later", body="Later.")
    rule(REPLY, goes_on=True, order=1)
    rule({"do": "reply", "value": "Later"}, NOTE, name="Second", order=2)
    ticket = open_ticket()

    rounds.run()

    [said] = answers(ticket)
    assert said.startswith("Thank you")
    assert [deed.do for deed in RuleDeed.objects.order_by("pk")] == ["reply", "note"]


@pytest.mark.parametrize("what", ["a program", "too many", "no customer", "a hole", "another team's"])
def test_nobody_is_answered_who_must_not_be_and_the_timeline_says_why(prepared, open_ticket, anna, at, what):
    if what == "too many":
        for _number in range(3):
            Message.objects.create(ticket=open_ticket(), is_automatic=True, body="x", channel="web", created_at=at)
    if what == "a hole":
        QuickReply.objects.update(body="By {time}")
    if what == "another team's":
        QuickReply.objects.update(team=make_team("Elsewhere"))
    rule(REPLY)
    ticket = open_ticket(requester=anna) if what == "no customer" else open_ticket()
    if what == "a program":
        ticket.messages.update(is_automatic=True)

    rounds.run()

    said = {
        "a program": "A program wrote it, or it wants no automatic answer.",
        "too many": "The customer has had too many automatic answers lately.",
        "no customer": "Whoever asks is no customer who could be written to.",
        "a hole": "Fill in {time} before you send it, or take it out.",
        "another team's": "There is no quick reply “We have it” for its team.",
    }
    assert (answers(ticket), left(ticket)) == ([], [said[what]])


def test_a_ticket_that_was_put_away_or_merged_meanwhile_is_left_alone(prepared, open_ticket, at):
    rule(REPLY)
    away, gone = open_ticket(), open_ticket()
    away.trashed_at = at
    away.save()
    gone.merged_into = away
    gone.save()

    rounds.run()

    assert (left(away), left(gone)) == (["It was put away."], [f"It was merged into #{away.number}."])


def test_a_note_is_for_colleagues_and_names_its_rule(open_ticket):
    rule(NOTE, name="Bank")
    ticket = open_ticket()

    rounds.run()

    message = ticket.messages.get(is_public=False)
    assert (message.body, message.author) == ("Of Cora Menezes: look at the bank first.", None)
    assert ticket.events.get(kind=EventKind.NOTED).data["rule"] == "Bank"


def test_a_program_is_called_once_under_the_desks_signature(erp, open_ticket):
    rule(CALL, name="To the books")
    ticket = open_ticket()

    rounds.run(), rounds.run()

    call = Delivery.objects.get(channel="webhook")
    told = json.loads(webhooks.payload(call))
    assert (call.endpoint, call.ticket_number, told["type"]) == (erp, ticket.number, "ticket.ruled")
    assert (told["data"]["rule"], told["data"]["ticket"]) == ("To the books", ticket.number)
    assert call.subject == f"“To the books” on #{ticket.number}"


def test_what_a_rule_does_sets_off_no_rule(prepared, erp, open_ticket, anna, time):
    rule(REPLY, NOTE, CALL, event="change", conditions={"tags": ["go"]})
    ticket = open_ticket()
    add_tag(ticket=ticket, name="go", now=time.now, by=anna)

    rounds.run()

    assert not RoutingLook.objects.filter(changed=True).exists()


@pytest.mark.parametrize("point", [Point.AFTER_CLAIM, Point.BEFORE_COMMIT])
def test_a_process_that_dies_in_between_leaves_it_to_be_done_once(prepared, open_ticket, crash_at, point):
    rule(REPLY)
    ticket = open_ticket()

    with crash_at(point):
        rounds.run()
    rounds.run()

    assert len(answers(ticket)) == 1


def test_what_fails_is_tried_again_later_and_holds_up_no_other(prepared, open_ticket, monkeypatch, time):
    rule(REPLY, NOTE)
    ticket = open_ticket()

    def broken(*_args):
        raise RuntimeError

    monkeypatch.setitem(deeds._DEEDS, "reply", broken)
    rounds.run()
    monkeypatch.undo()
    assert (answers(ticket), ticket.messages.filter(is_public=False).count()) == ([], 1)

    time.move_to(time.now + HOUR)
    rounds.run()

    assert len(answers(ticket)) == 1


def test_a_dry_run_says_what_it_would_do_and_does_nothing(prepared, erp, open_ticket, at, payments):
    rule(REPLY, NOTE, CALL, OPEN)
    facts = facts_of(open_ticket(team=payments))

    account = explain(decide(compiled(), facts, People(at)))

    assert list(account.effects) == [
        "would reply with “We have it”",
        "would note “Of {customer.name}: look at the bank first.”",
        "would call “ERP”",
        "would open an escalation to Payments, severity 2",
    ]
    assert not RuleDeed.objects.exists()


def test_the_why_log_keeps_what_was_to_be_done(prepared, open_ticket):
    rule(REPLY)
    ticket = open_ticket()

    told = ticket.events.get(kind=EventKind.ROUTED).data

    assert list(recorded(told, compiled()).effects) == ["Reply with “We have it”"]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"do": "reply", "value": "Gone"}, "There is no quick reply “Gone”."),
        ({"do": "note", "value": "  "}, "A note is a text of 1 to 2000 characters."),
        ({"do": "webhook", "value": "Gone"}, "There is no webhook “Gone”."),
        ({**OPEN, "value": "sideways"}, "An escalation is one of functional, hierarchical."),
        ({**OPEN, "team": "gone"}, "There is no team “gone”."),
        ({**OPEN, "team": ""}, "Name the team that the escalation goes to."),
        ({**OPEN, "severity": 9}, "An escalation has a severity from 1 to 4."),
        ({**OPEN, "ladder": "Gone"}, "There is no ladder “Gone”."),
        ({**OPEN, "skill": "EMV"}, "“Open an escalation” has no “skill”."),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(action, said, payments):
    with pytest.raises(InvalidInput) as error:
        grammar.check([action], known_now())

    assert error.value.errors == {"actions": [said]}


def test_a_rule_proposes_or_opens(payments):
    with pytest.raises(InvalidInput, match="choose one of the two"):
        grammar.check([OPEN, {**OPEN, "do": "propose"}], known_now())


def test_a_rule_whose_reply_or_program_is_gone_is_left_out_and_says_so(prepared, erp, open_ticket):
    rule(REPLY, CALL)
    QuickReply.objects.update(is_enabled=False)
    erp.delete()
    ticket = open_ticket()

    rounds.run()

    assert compiled().rules[0].missing == ("We have it", "ERP")
    assert answers(ticket) == []


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (REPLY, {"do": "reply", "value": "Later"}, [(Fault.CONTRADICTS, ("reply",))]),
        (OPEN, {**OPEN, "do": "propose", "severity": 4}, [(Fault.CONTRADICTS, ("open:functional",))]),
        (OPEN, {**OPEN, "value": "hierarchical", "team": ""}, []),
        (NOTE, {"do": "note", "value": "And more."}, []),
        ({"do": "macro", "value": "Up"}, {"do": "priority", "value": "low"}, [(Fault.CONTRADICTS, ("priority",))]),
        (REPLY, {"do": "reply", "value": "Gone"}, [(Fault.GONE, ("Gone",))]),
    ],
)
def test_the_analysis_knows_what_they_leave_behind(prepared, payments, first, second, found):
    QuickReply.objects.create(title="Later", body="Later.")
    Macro.objects.create(name="Up", actions=[{"do": "priority", "value": "high"}, {"do": "status", "value": "solve"}])
    rules = [rule(first, name="One", order=1, goes_on=True), rule(second, name="Two", order=2)]

    told = findings_in(rules, vocabulary_for(), known_now())

    assert [(one.fault, one.about) for one in told] == found
    assert fault_lines(told, rules) or not found


def test_what_another_round_did_meanwhile_stays_done_when_one_is_put_off(prepared, open_ticket, monkeypatch, at):
    rule(NOTE)
    deed = RuleDeed.objects.create(
        ticket=open_ticket(), rule_key=1, rule_name="Rule", do="note", action=NOTE, at=at, attempts=deeds.TRIES - 1
    )

    def done_meanwhile(text):
        RuleDeed.objects.filter(pk=deed.pk).update(done_at=at)
        return text

    monkeypatch.setattr(deeds, "_", done_meanwhile)
    deeds.put_off(deed.pk, at + HOUR)

    deed.refresh_from_db()
    assert (deed.done_at, deed.left, deed.attempts) == (at, "", deeds.TRIES - 1)


def test_a_letter_that_went_with_its_ticket_holds_up_no_other(db, monkeypatch, prepared, open_ticket, at):
    gone, there = (
        RuleDeed.objects.create(ticket=open_ticket(), rule_key=1, rule_name="Rule", do="note", action=NOTE, at=at)
        for _n in range(2)
    )
    real = deeds.do

    def deleted_meanwhile(pk, *, now):
        RuleDeed.objects.filter(pk=gone.pk).delete()
        return real(pk, now=now)

    monkeypatch.setattr(deeds, "do", deleted_meanwhile)

    assert deeds.run(at + HOUR) == 1

    there.refresh_from_db()
    assert there.done_at == at + HOUR
