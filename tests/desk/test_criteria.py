"""Criteria as administrators set them up, and their proposals as people decide on them (R9, R11)."""

import pytest
from django.urls import reverse

from common.models import ConfigurationChange
from escalation import sweep
from escalation.enums import Origin, ProposalEnd
from escalation.models import Criterion, Escalation, Proposal
from tests.desk.helpers import fragment, get, post, queries, signed_in, words
from tests.factories.escalations import ASKED
from tests.factories.people import make_team

NEW = {
    "name": "Money",
    "kind": "funding",
    "own_kind": "",
    "reason": "",
    "severity": "2",
    "mode": "propose",
    "escalate_as": "hierarchical",
    "team": "",
    "order": "10",
    "when-shown": "1",
    "when-signals": "1",
    "when-0-key": "keywords",
    "when-0-is": "any",
    "when-0-text": "refund*",
    "when-1-key": "waiting",
    "when-1-is": "from",
    "when-1-text": "30",
}


@pytest.fixture
def money(db) -> Criterion:
    return Criterion.objects.create(
        name="Money", kind="funding", reason="funding", conditions={"keywords": ["refund*"]}, severity=2
    )


@pytest.fixture
def proposal(money, open_ticket) -> Proposal:
    open_ticket(body="A refund")
    sweep.run()
    return Proposal.objects.get()


def test_r9_an_administrator_sets_up_a_criterion_in_the_browser_and_it_is_audited(adam):
    answer = post(adam, "desk:criterion_new", **NEW)

    made = Criterion.objects.get()
    assert answer["Location"] == reverse("desk:criteria")
    assert made.conditions == {"keywords": ["refund*"], "waiting": {"from": 30}}
    assert (made.kind, made.reason, made.severity, made.mode) == ("funding", "funding", 2, "propose")
    assert ConfigurationChange.objects.get().subject == "criterion Money"
    shown = words(get(adam, "desk:criteria"))
    assert "minutes without an answer is at least 30" in shown
    assert "never met so far" in shown
    assert "refund*" in words(get(adam, "desk:criterion", made.pk))


def test_r9_a_kind_of_the_desks_own_needs_a_word_and_one_of_the_five_as_reason(adam):
    refused = post(adam, "desk:criterion_new", **{**NEW, "kind": "own"})

    assert refused.status_code == 422
    assert "Say in a word what kind it is." in words(refused)
    assert "refund*" in words(refused)
    post(adam, "desk:criterion_new", **{**NEW, "kind": "own", "own_kind": "Regulator", "reason": "staff"})
    assert (Criterion.objects.get().kind, Criterion.objects.get().reason) == ("Regulator", "staff")
    assert "Regulator" in words(get(adam, "desk:criteria"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"when-1-text": "soon"}, "needs a whole number"),
        ({"escalate_as": "functional"}, "A functional escalation needs a team."),
        ({"name": " "}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_lost(given, sentence, adam):
    refused = post(adam, "desk:criterion_new", **{**NEW, **given})

    assert refused.status_code == 422
    assert sentence in words(refused)
    assert "refund*" in words(refused)
    assert not Criterion.objects.exists()


def test_a_button_of_the_rows_keeps_what_was_typed_and_judges_nothing(adam):
    shown = words(post(adam, "desk:criterion_new", **{**NEW, "name": "", "when-add": "1", "when-new": "breaches"}))

    assert "Customer's missed promises so far" in shown
    assert "This field is required." not in shown


def test_r9_the_editor_says_which_of_the_last_tickets_it_would_have_taken(adam, money, open_ticket):
    taken, other = open_ticket(body="A refund"), open_ticket()

    shown = words(get(adam, "desk:criterion", money.pk))
    asked = words(post(adam, "desk:conditions", **NEW))

    assert f"Of the last 2 tickets 1 would have been taken: #{taken.number}." in shown
    assert f"#{other.number}" not in shown
    assert "Of the last 2 tickets none would have been taken." in asked
    assert not Proposal.objects.exists()


def test_other_editors_offer_no_signal(adam):
    signals = {name: value for name, value in NEW.items() if name.startswith("when") and name != "when-signals"}

    shown = words(post(adam, "desk:conditions", **signals))

    assert "only a criterion of escalation can ask it" in shown
    assert '<option value="waiting">' not in shown


def test_switching_a_criterion_off_and_on_says_what_it_means(adam, money):
    post(adam, "desk:criterion_switch", money.pk, on="0")
    assert not Criterion.objects.get().is_enabled
    post(adam, "desk:criterion_switch", money.pk, on="1")
    assert Criterion.objects.get().is_enabled


def test_the_list_asks_as_often_for_fifty_as_for_one(adam, money):
    browser, url = signed_in(adam), reverse("desk:criteria")
    once = [queries(browser, url) for _ in range(2)][1]

    for number in range(49):
        Criterion.objects.create(name=f"C{number}", kind="staff", reason="staff", conditions={"tags": [f"t{number}"]})

    assert queries(browser, url) == once


# ---- proposals ------------------------------------------------------------------------------------------------------


def test_r11_the_ticket_shows_what_fired_and_two_buttons(proposal, anna):
    shown = words(get(anna, "desk:ticket", proposal.ticket_id))

    assert "“Money” was met" in shown
    assert "text has “refund*” <b>(“refund…”)</b>" in shown
    assert f"{reverse('desk:escalate', args=[proposal.ticket_id])}?proposal={proposal.pk}" in shown
    assert reverse("desk:proposal_dismiss", args=[proposal.pk]) in shown


def test_accepting_leads_into_the_dialog_filled_in_and_to_one_escalation(proposal, anna):
    number = proposal.ticket_id

    dialog = words(fragment(anna, "desk:escalate", number, proposal=proposal.pk))
    assert "“Money” was met." in dialog
    assert 'value="hierarchical" checked' in dialog
    assert 'name="severity" value="2" checked' in dialog
    assert "<b>(“refund…”)</b>" in dialog
    assert "Payouts are stuck</textarea>" in dialog
    sent = {"kind": "hierarchical", "reason": "funding", "severity": 2, "summary": "Refund?", "proposal": proposal.pk}
    made = post(anna, "desk:escalate", number, **sent)
    again = post(anna, "desk:escalate", number, **sent)

    escalation = Escalation.objects.get()
    assert made["Location"] == reverse("desk:escalation", args=[escalation.number])
    assert (escalation.origin, escalation.proposal) == (Origin.RULE, proposal)
    assert again.status_code == 409
    room = words(get(anna, "desk:escalation", escalation.number))
    assert "by the criterion “Money”" in room
    assert "text has “refund*” (“refund…”)" in room
    assert "was met" not in words(get(anna, "desk:ticket", number)).split("</h1>")[0]


def test_a_functional_proposal_fills_in_its_team(money, open_ticket, anna):
    finance = make_team("Finance")
    Criterion.objects.update(escalate_as="functional", team=finance)
    ticket = open_ticket(body="A refund")
    sweep.run()

    dialog = words(fragment(anna, "desk:escalate", ticket.number, proposal=Proposal.objects.get().pk))

    assert 'name="team" value="finance" checked' in dialog


def test_dismissing_asks_for_a_reason_that_stays(proposal, anna):
    refused = post(anna, "desk:proposal_dismiss", proposal.pk, reason="")
    assert "Say why; it stays on record." in words(refused)

    answer = post(anna, "desk:proposal_dismiss", proposal.pk, reason="Refunded yesterday.")

    assert answer["Location"] == reverse("desk:ticket", args=[proposal.ticket_id])
    proposal.refresh_from_db()
    assert (proposal.end, proposal.why) == (ProposalEnd.DISMISSED, "Refunded yesterday.")
    page = words(get(anna, "desk:ticket", proposal.ticket_id))
    assert "Anna Lindqvist dismissed what “Money” proposed: Refunded yesterday." in page
    assert post(anna, "desk:proposal_dismiss", proposal.pk, reason="Again").status_code == 409


def test_managers_have_a_list_of_what_is_proposed_the_most_severe_first(proposal, open_ticket, mona, anna):
    Criterion.objects.create(
        name="Outage", kind="technical", reason="technical", severity=1, conditions={"keywords": ["down"]}
    )
    open_ticket(body="All is down.", subject="Everything")
    sweep.run()

    shown = words(get(mona, "desk:proposals"))

    assert shown.index("Outage") < shown.index("Money")
    assert "2 proposed" in words(get(mona, "desk:escalations"))


def test_the_list_of_proposals_asks_as_often_for_fifty_as_for_one(proposal, open_ticket, mona, at):
    browser, url = signed_in(mona), reverse("desk:proposals")
    once = [queries(browser, url) for _ in range(2)][1]

    for _ in range(9):
        Proposal.objects.create(ticket=open_ticket(), criterion=proposal.criterion, mode="propose", at=at, **ASKED)

    assert queries(browser, url) == once


def test_what_a_restricted_team_has_is_proposed_to_nobody_outside(money, open_ticket, anna, at):
    hidden = open_ticket(body="A refund", team=make_team("Legal", restricted=True))
    sweep.run()

    assert Proposal.objects.get().ticket == hidden
    assert "A refund" not in words(get(anna, "desk:proposals"))
    assert "Nothing is proposed" in words(get(anna, "desk:proposals"))


def test_r9_who_decides_reads_what_was_met_and_that_no_person_asked(money, open_ticket, mona, rosa):
    Criterion.objects.update(mode="open")
    ticket = open_ticket(body="A refund")
    sweep.run()

    page = words(get(mona, "desk:decision", Escalation.objects.get().number))

    assert f'<h1 class="ask">{ticket.subject}</h1>' in page
    assert "Asked by “Money”" in page
    assert "<b>“Money” was met.</b>" in page
    assert "Rosa Quiroga is told at once." in page
    assert "“Money”" in words(get(mona, "desk:decisions"))


def test_the_room_of_what_a_rule_has_sent_on_says_where_it_went(money, open_ticket, mona):
    finance = make_team("Finance")
    Criterion.objects.update(mode="open", escalate_as="functional", team=finance)
    open_ticket(body="A refund")
    sweep.run()

    page = words(get(mona, "desk:escalation", Escalation.objects.get().number))

    assert "went to Finance at severity 2" in page
    assert "by a missed promise" not in page
