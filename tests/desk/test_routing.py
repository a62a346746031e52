"""The routing rules' pages: their order and what is wrong with it, the editor, versions, and the dry runs."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import ConfigurationChange
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets.models import RoutingRule
from tickets.routing.editing import Terms, add_rule, change_rule

LIST = "/settings/routing/"
TEAM = {"do-shown": "1", "do-0-what": "team", "do-0-value": "risk"}
VIP = {"when-shown": "1", "when-0-key": "tags", "when-0-is": "any", "when-0-text": "vip"}
FORM = {"name": "Important", "event": "arrival", "goes_on": "", **VIP, **TEAM}


@pytest.fixture
def risk(payments):
    return make_team("Risk")


@pytest.fixture
def rule(risk, adam, at):
    def make(name="Payouts", conditions=None, team="risk", **more):
        actions = more.pop("actions", [{"do": "team", "value": team}])
        given = Terms(name, conditions={"keywords": ["payout*"]} if conditions is None else conditions, actions=actions)
        made = add_rule(terms=given, by=adam, now=at)
        if more:
            RoutingRule.objects.filter(pk=made.pk).update(**more)
            made.refresh_from_db()
        return made

    return make


def names(adam) -> list[str]:
    return [line.rule.name for line in get(adam, "desk:routing").context["lines"]]


def streamed(answer) -> str:
    async def read() -> bytes:
        return b"".join([part async for part in answer.streaming_content])

    return async_to_sync(read)().decode()


def rows_of_all_tables() -> dict[str, int]:
    # A look is kept in the session, and when somebody was last here beside it: neither is of the desk.
    return {
        model._meta.db_table: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label not in {"sessions"} and model._meta.db_table != "people_signin"
    }


def test_the_list_says_what_each_rule_asks_and_does_and_keeps_the_catch_all_last(adam, rule):
    rule("Off", is_enabled=False)
    rule("Payouts")

    shown = words(get(adam, "desk:routing"))

    assert 0 < shown.index("<b>Off</b>") < shown.index("<b>Payouts</b>") < shown.index("<b>Catch-all</b>")
    assert "text has “payout*”" in shown
    assert "Team Risk" in shown
    assert "The fallback team" in shown
    assert "cannot be removed" in shown


def test_a_rule_in_a_shadow_is_shaded_and_one_button_moves_it_out(adam, rule):
    wide = rule("Payouts")
    narrow = rule("Payouts in Russian", {"keywords": ["payout*"], "language": ["ru"]}, "payments")

    before = words(get(adam, "desk:routing"))
    answer = post(adam, "desk:routing_order", narrow.pk, to=str(wide.pk))
    after = words(get(adam, "desk:routing"))

    assert "Rule 2 is in the shadow of rule 1." in before
    assert "Move above 1" in before
    assert answer["Location"] == f"{LIST}#rule-{narrow.pk}"
    assert names(adam)[:2] == ["Payouts in Russian", "Payouts"]
    assert "shadow" not in after


def test_rules_move_by_buttons_one_place_at_a_time_and_the_catch_all_stays(adam, rule, at):
    first, second, third = rule("One", {"tags": ["1"]}), rule("Two", {"tags": ["2"]}), rule("Three", {"tags": ["3"]})
    last = add_rule(terms=Terms("Last"), by=adam, now=at, is_catch_all=True)

    post(adam, "desk:routing_order", third.pk, to="up")
    post(adam, "desk:routing_order", first.pk, to="up")
    refused = signed_in(adam).post(f"{LIST}{last.pk}/order/", {"to": "up"}, follow=True)

    assert names(adam) == ["One", "Three", "Two", "Last"]
    assert "The catch-all stays last" in words(refused)
    post(adam, "desk:routing_order", second.pk, to="down")
    assert names(adam) == ["One", "Three", "Two", "Last"]


def test_the_switch_turns_a_rule_off_and_on_and_says_so(adam, rule):
    known = rule()

    off = signed_in(adam).post(f"{LIST}{known.pk}/switch/", {"on": "0"}, follow=True)
    known.refresh_from_db()

    assert not known.is_enabled
    assert "“Payouts” is not asked any more." in words(off)
    assert 'aria-checked="false"' in words(off)


@pytest.mark.once
def test_the_list_costs_the_same_for_one_rule_three_and_fifty(adam, rule, open_ticket):
    open_ticket()
    counts = set()
    browser = signed_in(adam)
    browser.get(LIST)
    for wanted in (1, 3, 50):
        for number in range(RoutingRule.objects.count(), wanted):
            RoutingRule.objects.create(name=f"Rule {number}", order=number, conditions={"tags": [f"t{number}"]})
        counts.add(queries(browser, LIST))

    assert len(counts) == 1


def test_a_rule_is_made_in_the_editor_and_takes_the_next_ticket(adam, risk, open_ticket):
    answer = post(adam, "desk:routing_new", **FORM)

    made = RoutingRule.objects.get()
    assert answer["Location"] == LIST
    assert (made.conditions, made.actions) == ({"tags": ["vip"]}, [{"do": "team", "value": "risk"}])
    assert open_ticket(tags=["vip"]).team == risk
    assert ConfigurationChange.objects.filter(subject="routing rule Important").exists()
    assert made.versions.get().by == adam


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "required"),
        ({"when-0-text": ""}, "needs a value"),
        ({"do-0-value": "nowhere"}, "There is no team “nowhere”."),
        ({"do-1-what": "team", "do-1-value": "payments"}, "“Team” stands there more than once."),
        ({"do-1-what": "severity", "do-1-value": "9"}, "A severity is from 1 to 4."),
        ({"do-1-what": "assign", "do-1-value": "most_skilled"}, "Name the skill of which most is wanted."),
        ({"do-1-what": "tag", "do-1-value": ""}, "A tag is a line of 1 to 40 characters."),
        ({"event": "quiet"}, "Say for how long nothing has happened"),
        ({"event": "quiet", "quiet_for": "soon"}, "is no length"),
        ({"event": "never"}, "valid choice"),
        ({"when-1-key": "tags", "when-1-is": "not", "when-1-text": "vip"}, "contradicts itself"),
    ],
)
def test_what_is_wrong_gets_one_sentence_and_nothing_is_lost(changes, said, adam, risk):
    answer = post(adam, "desk:routing_new", **{**FORM, **changes})

    assert answer.status_code == 422
    assert said in words(answer)
    assert changes.get("name") or 'value="Important"' in words(answer) or changes == {"name": " "}
    assert not RoutingRule.objects.exists()


def test_the_buttons_of_the_editor_add_and_take_away_rows_without_a_script(adam, risk):
    more = post(adam, "desk:routing_new", **FORM, **{"do-add": "1", "do-new": "assign"})
    less = post(adam, "desk:routing_new", **FORM, **{"do-remove": "0"})

    assert more.status_code == 200
    assert [row.what for row in more.context["form"].actions.rows] == ["team", "assign"]
    assert 'name="do-1-skill"' in words(more)
    assert less.context["form"].actions.rows == []
    assert "Important" in words(less)
    assert not RoutingRule.objects.exists()


def test_a_rule_waits_for_quiet_in_the_hours_of_a_calendar(adam, risk):
    post(adam, "desk:routing_new", **{**FORM, "event": "quiet", "quiet_for": "4 h"})

    made = RoutingRule.objects.get()
    assert made.quiet_for == timedelta(hours=4)
    assert "after 4 h of quiet" in words(get(adam, "desk:routing"))


def test_of_two_who_edit_one_rule_the_second_is_shown_the_difference_and_keeps_his_text(adam, rule, at):
    known = rule()
    other = make_user("Ada Second", "admin")
    terms = Terms("Payouts", conditions={"keywords": ["payout*"]}, actions=[{"do": "team", "value": "payments"}])
    change_rule(pk=known.pk, seen=1, terms=terms, by=other, now=at)

    answer = post(adam, "desk:routing_rule", known.pk, **{**FORM, "seen": "1"})

    assert answer.status_code == 409
    said = words(answer)
    assert "Somebody else has changed “Payouts” meanwhile." in said
    assert "Ada Second saved version 2" in said
    assert "Actions: Team Risk → Team Payments" in said
    assert 'value="Important"' in said
    assert '<input type="hidden" name="seen" value="2">' in said
    known.refresh_from_db()
    assert known.version == 2
    post(adam, "desk:routing_rule", known.pk, **{**FORM, "seen": "2"})
    known.refresh_from_db()
    assert (known.name, known.version) == ("Important", 3)


def test_a_rule_goes_back_to_an_earlier_version(adam, rule):
    known = rule()
    post(adam, "desk:routing_rule", known.pk, **{**FORM, "seen": "1"})
    shown = words(get(adam, "desk:routing_rule", known.pk))

    post(adam, "desk:routing_return", known.pk, number="1")

    known.refresh_from_db()
    assert "Name: Payouts → Important" in shown
    assert "Conditions: text has “payout*” → tag is vip" in shown
    assert (known.name, known.version) == ("Payouts", 3)


def test_what_names_a_team_that_is_gone_is_said_in_the_list_and_in_the_editor(adam, rule, risk, open_ticket):
    known = rule()
    risk.delete()

    listed, edited = words(get(adam, "desk:routing")), words(get(adam, "desk:routing_rule", known.pk))
    saved = post(adam, "desk:routing_rule", known.pk, **{**FORM, "seen": "1"})

    assert "Rule 1 names what is not there any more: “risk”." in listed
    assert "risk (gone)" in edited
    assert "There is no team “risk”." in words(saved)
    assert open_ticket(subject="Payouts").team.slug == "payments"


def test_the_proof_says_what_the_rule_in_the_form_would_be_among_the_others(adam, rule):
    rule("Important ones", {"tags": ["vip"]})

    below = words(post(adam, "desk:routing_proof", **FORM, **{"when-1-key": "channel", "when-1-values": "web"}))
    known = rule("Chats", {"channel": ["chat"]}, "payments")
    above = RoutingRule.objects.get(name="Important ones")
    all_of_it = {**FORM, "rule": str(above.pk), "when-0-key": "", "when-0-text": ""}
    wide = {name: value for name, value in all_of_it.items() if not name.startswith("when-0")}
    shading = words(post(adam, "desk:routing_proof", **wide))

    assert "Rule 2 is in the shadow of rule 1." in below
    assert "Rule 1 takes everything." in shading
    assert "What it makes of the others" in shading
    assert RoutingRule.objects.count() == 2
    assert known.version == 1


def test_the_catch_all_is_changed_like_a_rule_and_can_be_neither_removed_nor_switched_off(adam, risk, open_ticket):
    shown = get(adam, "desk:routing_catch_all")
    post(adam, "desk:routing_catch_all", name="Rest", **TEAM)
    last = RoutingRule.objects.get(is_catch_all=True)

    removed = signed_in(adam).post(f"{LIST}{last.pk}/remove/", follow=True)
    switched = signed_in(adam).post(f"{LIST}{last.pk}/switch/", {"on": "0"}, follow=True)

    assert "when-shown" not in words(shown)
    assert "cannot be removed" in words(removed)
    assert "cannot be switched off" in words(switched)
    assert open_ticket().team == risk


def test_one_ticket_is_tried_as_it_came_in_and_the_list_shows_which_rule_takes_it(adam, anna, rule, open_ticket, at):
    rule("Urgent ones", {"priority": ["urgent"]}, "payments")
    rule("Payouts", actions=[{"do": "team", "value": "payments"}, {"do": "assign", "value": "round_robin"}])
    rule("Never asked", {"channel": ["chat"]})
    ticket = open_ticket()
    tickets.set_priority(ticket=ticket, priority="urgent", now=at, by=anna)

    before = rows_of_all_tables()
    answer = get(adam, "desk:routing_try", q=f"#{ticket.number} Payouts")
    said = words(answer)

    # The ticket itself was anna's turn; nobody has had one by trying.
    assert ticket.assignee == anna
    assert "Rule 2 takes it: Payments, Rosa Quiroga." in said
    assert "Anna Lindqvist had the last turn." in said
    assert "It is with Payments now." in said
    assert [line.rule.name for line in answer.context["lines"] if line.is_hit] == ["Payouts"]
    assert "priority is Urgent: no" in said
    assert "not asked, rule 2 ended the search" in said
    assert rows_of_all_tables() == before


def test_a_search_offers_the_tickets_that_may_be_meant(adam, rule, open_ticket):
    ticket = open_ticket()

    found, none = get(adam, "desk:routing_try", q="stuck"), get(adam, "desk:routing_try", q="nothing like it")

    assert f"?q={ticket.number}" in words(found)
    assert none.status_code == 422
    assert "No ticket is meant by that." in words(none)


def test_a_text_is_tried_as_if_a_customer_had_just_written_it(adam, cora, rule):
    rule("Enterprise", {"tier": [cora.organisation.tier]})
    form = {"subject": "Card", "body": "It does not work", "channel": "web"}

    before = rows_of_all_tables()
    hers = post(adam, "desk:routing_try_text", **form, customer=cora.email)
    anybodys = post(adam, "desk:routing_try_text", **form)
    nobodys = post(adam, "desk:routing_try_text", **form, customer="nobody@nowhere.example")

    assert "Rule 1 takes it: Risk." in words(hers)
    assert "The catch-all takes it: Payments." in words(anybodys)
    assert nobodys.status_code == 422
    assert "Nobody here has this address" in words(nobodys)
    assert "It does not work" in words(nobodys)
    assert rows_of_all_tables() == before


def test_the_last_days_are_tried_stretch_by_stretch_and_nothing_is_written(adam, rule, open_ticket, at):
    moved, stays, old = open_ticket(), open_ticket(subject="Card"), open_ticket(now=at - timedelta(days=40))
    rule("Payouts")
    browser = signed_in(adam)

    before = rows_of_all_tables()
    with CaptureQueriesContext(connection) as caught:
        page = streamed(browser.get(f"{LIST}try/days/?days=30"))

    assert rows_of_all_tables() == before
    assert not [query for query in caught if query["sql"].startswith(("INSERT", "DELETE"))]
    assert '<progress value="2" max="2"' in page
    assert "Something would be otherwise with 1 ticket than it is now." in page
    assert "Payments → Risk" in page
    assert f"#{moved.number}" in page
    assert f"#{stays.number}" not in page
    assert f"#{old.number}" not in page
    assert page.index("<progress") < page.index("Payments → Risk") < page.index("</html>")


def test_what_the_rules_have_decided_is_listed_and_counted(adam, rule, open_ticket):
    rule("Payouts")
    taken, left = open_ticket(), open_ticket(subject="Card")

    answer = get(adam, "desk:routing")
    listed = words(get(adam, "desk:routing_decisions"))

    assert [line.hits for line in answer.context["lines"]] == [1, 1]
    assert "rule 1, Risk" in words(answer)
    assert "catch-all, Payments" in words(answer)
    assert f"#{taken.number}" in listed
    assert f"#{left.number}" in listed


def test_a_removed_rule_is_gone_and_its_decisions_stay(adam, rule, open_ticket):
    known = rule()
    ticket = open_ticket()

    gone = signed_in(adam).post(f"{LIST}{known.pk}/remove/", follow=True)

    assert "“Payouts” is gone." in words(gone)
    assert not RoutingRule.objects.exists()
    assert f"#{ticket.number}" in words(gone)
    assert "“Payouts”, Risk" in words(gone)
