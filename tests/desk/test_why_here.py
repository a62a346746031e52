"""“Why here?”: what the rules decided of a ticket, as it was then."""

from tests.desk.helpers import signed_in, words
from tests.factories.people import make_team, make_user
from tickets.models import RoutingRule


def page(user, number):
    return words(signed_in(user).get(f"/tickets/{number}/why-here/"))


def test_it_names_the_rule_that_took_it_what_it_found_and_why_the_others_did_not(open_ticket, anna):
    make_team("Risk", members=[make_user("Una Uno"), make_user("Dora Dos", capacity=0)])
    RoutingRule.objects.create(name="Chats", conditions={"channel": ["chat"]}, order=1)
    does = [{"do": "team", "value": "risk"}, {"do": "assign", "value": "least_loaded"}]
    RoutingRule.objects.create(name="Risky", conditions={"keywords": ["payout*"]}, actions=does, order=2)

    shown = page(anna, open_ticket().number)

    assert "“Risky” takes it: Risk, Una Uno." in shown
    assert "text has “payout*”: yes, “payout…”" in shown
    assert "channel is Chat: no, it is Web form" in shown
    assert "Dora Dos is at capacity (0 of 0)." in shown


def test_a_rule_that_was_changed_since_says_what_it_said_then(open_ticket, anna):
    RoutingRule.objects.create(
        name="Ours", conditions={"channel": ["web"]}, actions=[{"do": "team", "value": "payments"}]
    )
    number = open_ticket().number
    RoutingRule.objects.update(name="Theirs", conditions={"channel": ["chat"]})

    assert "“Ours” takes it: Payments." in page(anna, number)


def test_what_somebody_sent_somewhere_himself_was_moved_by_no_rule(open_ticket, anna):
    assert "No rule takes it: Risk." in page(anna, open_ticket(team=make_team("Risk")).number)
