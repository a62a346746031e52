"""Internal targets where agents and administrators see them; customers' own pages are tried in tests/portal."""

from datetime import timedelta

import pytest

from common import tailing
from escalation import sweep
from escalation.models import Escalation
from people.enums import Role
from reports import keeping
from reports.models import PromiseFact, TicketFact
from reports.pauses import unjustified
from sla.models import Breach, Clock, PolicyVersion
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.desk.test_policies import filled
from tests.factories.people import make_team, make_user
from tests.factories.sla import HOUR, make_policy
from tickets import actions

HOURS = timedelta(hours=1)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def risk(rosa, mona, anna):
    return make_team("Risk", lead=rosa, managers=[mona], members=[anna])


@pytest.fixture
def policy(payments, risk, at):
    return make_policy(
        at,
        resolution=8 * HOUR,
        team_targets=[
            {"team": "payments", "priority": "normal", "seconds": 2 * HOUR},
            {"team": "risk", "priority": "normal", "seconds": 4 * HOUR, "escalates": True},
        ],
    )


@pytest.fixture
def ticket(policy, risk, open_ticket, anna, time, at):
    """Two and a half hours with Payments, which had two; an hour with Risk since."""
    ticket = open_ticket()
    actions.assign(ticket=ticket, team=risk, now=at + 150 * MINUTES, by=anna)
    time.move_to(at + 210 * MINUTES)
    return ticket


# The ticket's page.


def test_beside_the_customers_clock_stands_what_each_team_may_take_has_used_and_has_left(ticket, anna):
    page = " ".join(words(get(anna, "desk:ticket", ticket.number)).split())

    table = page[page.index('<table class="team-times">') :]
    table = table[: table.index("</table>")]
    for part in ("Payments</a>", "2h 00m", "2h 30m", "30m over", "Risk</a>", "4h 00m", "1h 00m", "3h 00m"):
        assert part in table, part
    assert '<th scope="row">Sum</th><td class="num">6h 00m</td><td class="num">3h 30m</td>' in table
    assert 'Promised to the customer</th><td class="num">8h 00m</td>' in table
    assert "Internal: Payments has used up its time" in page


def test_the_customers_clocks_and_the_next_due_time_know_nothing_of_it(ticket, anna, at):
    ticket.refresh_from_db()

    assert ticket.next_due_at == at + 6 * HOURS
    assert get(anna, "desk:ticket", ticket.number).context["side"].chip.name == "First reply"
    assert "Internal" not in words(signed_in(anna).get("/tickets/"))


def test_without_internal_targets_there_is_no_table(payments, open_ticket, anna, at):
    make_policy(at)

    assert "team-times" not in words(get(anna, "desk:ticket", open_ticket().number))


def test_the_ticket_costs_the_same_for_one_team_three_and_fifty(open_ticket, payments, anna, at):
    teams = [payments, *(make_team(f"Team {number}") for number in range(50))]
    make_policy(at, team_targets=[{"team": one.slug, "priority": "normal", "seconds": HOUR} for one in teams])
    client, ticket, costs = signed_in(anna), open_ticket(), []
    for until in (1, 3, 50):
        for team in teams[Clock.every.internal().count() : until]:
            actions.assign(ticket=ticket, team=team, now=at, by=anna)
        assert Clock.every.internal().count() == until
        costs.append(queries(client, f"/tickets/{ticket.number}/"))

    assert len(set(costs[1:])) == 1
    assert costs[0] >= costs[1] - 1


# The ledger.


def test_the_ledger_tells_a_teams_clock_as_it_tells_any_other(ticket, adam, mona, payments):
    page = words(get(mona, "desk:ledger", ticket.number, clock="internal", round="1"))

    assert "Internal, Payments: 2h 00m round the clock, allowed by Standard, version 1" in page
    assert "Out of the team’s hands 12:30 after 2h 30m, which is 30m too long. It was due 12:00." in page
    assert "The honest clock" not in page
    assert "Internal, Risk" in words(get(adam, "desk:ledger", ticket.number))
    assert words(get(adam, "desk:ledger", ticket.number)).index("First reply within") > 0


def test_a_stranger_and_a_customer_are_shown_no_ledger(ticket, cora, stan):
    for person in (cora, stan):
        assert get(person, "desk:ledger", ticket.number, clock="internal").status_code in {302, 403, 404}


# The policy's page.


@pytest.fixture
def address(policy) -> str:
    return f"/settings/policies/{policy.pk}/"


def test_the_second_matrix_is_saved_as_a_draft_and_says_what_changes(address, adam, policy, payments, risk):
    admin = signed_in(adam)
    changes = {
        f"team{payments.pk}-urgent": "90 min",
        f"team{risk.pk}-normal": "5 h",
        f"team{payments.pk}-escalates": "on",
        f"team{payments.pk}-warn_at": "",
        f"team{risk.pk}-warn_at": "90",
    }

    answer = admin.post(address, filled(admin, address, **changes))

    draft = policy.versions.get(number=2)
    assert answer.status_code == 302
    assert [str(own) for own in draft.team_targets.order_by("team__name", "pk")] == [
        "payments urgent: 5400 s, escalates",
        "payments normal: 7200 s, escalates",
        "risk normal: 18000 s, escalates",
    ]
    page = words(admin.get(address))
    assert list(draft.team_targets.order_by("team__name", "pk").values_list("warn_at", flat=True)) == [None, None, 90]
    assert "Internal, Risk, Normal: 4 h, escalates when missed to 5 h, warns at 90 %, escalates when missed" in page
    assert "Internal, Payments, Urgent added: 1 h 30 min, no warning, escalates when missed" in page
    wrong = admin.post(address, filled(admin, address, **{f"team{payments.pk}-warn_at": "100"}))
    assert wrong.status_code == 422
    assert "<s>4 h</s>" in page


def test_emptying_a_box_takes_the_target_away(address, adam, policy, payments):
    admin = signed_in(adam)

    admin.post(address, filled(admin, address, **{f"team{payments.pk}-normal": ""}))

    assert [own.team.slug for own in policy.versions.get(number=2).team_targets.all()] == ["risk"]


@pytest.mark.parametrize(("text", "said"), [("soon", "is no length"), ("0 h", "between one second and a year")])
def test_a_wrong_box_gets_one_sentence_and_what_was_typed_stays(text, said, address, adam, policy, payments, risk):
    admin = signed_in(adam)

    answer = admin.post(
        address, filled(admin, address, **{f"team{payments.pk}-high": text, f"team{risk.pk}-low": "11 min"})
    )

    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="11 min"' in words(answer)
    assert policy.versions.count() == 1


def test_a_sum_beyond_the_customers_target_is_said_when_saving_and_not_refused(address, adam, policy, payments):
    admin = signed_in(adam)
    said = "Normal: the teams may take 9 h in all, and the customer is promised 8 h."

    answer = admin.post(address, filled(admin, address, **{f"team{payments.pk}-normal": "5 h"}), follow=True)

    assert policy.versions.get(number=2).team_targets.count() == 2
    assert words(answer).count(said) == 2
    live = admin.post(f"{address}proof/", filled(admin, address, **{f"team{payments.pk}-normal": "6 h"}))
    assert "may take 10 h in all" in words(live)


def test_the_proof_says_how_many_internal_targets_move(address, adam, policy, payments, open_ticket):
    open_ticket()
    admin = signed_in(adam)

    shown = admin.post(f"{address}proof/", filled(admin, address, **{f"team{payments.pk}-normal": "1 h"}))

    assert "No promise to a customer moves; 1 internal target does." in words(shown)


def test_the_editor_costs_the_same_for_one_team_and_for_many(address, adam, policy):
    admin = signed_in(adam)
    few = queries(admin, address)
    for number in range(20):
        make_team(f"Team {number}")

    assert queries(admin, address) == few


def test_only_administrators_set_them(address, mona, policy, payments):
    assert post(mona, "desk:policy", policy.pk, **{f"team{payments.pk}-normal": "1 h"}).status_code in {403, 404}
    assert PolicyVersion.objects.count() == 1


# What is said of missed promises.


def test_no_figure_counts_an_internal_target(ticket, at, time, monkeypatch):
    time.move_to(at + 4 * HOURS)
    sweep.run()

    monkeypatch.setattr(tailing, "is_over", lambda _those: True)
    keeping.rebuild()
    assert TicketFact.objects.exists()
    assert Clock.every.internal().filter(breached_at__isnull=False).exists()
    assert not PromiseFact.objects.exists()
    assert not Breach.objects.exists()


def test_a_pause_of_a_teams_clock_is_no_pause_of_a_promise(payments, open_ticket, anna, mona, at):
    """Where no promise pauses, a manager is asked nothing."""
    make_policy(at, team_targets=[{"team": "payments", "priority": "normal", "seconds": 9 * HOUR}])
    ticket = open_ticket()
    ticket.clocks.all().delete()
    actions.change_status(ticket=ticket, verb="wait", now=at + HOURS, by=anna)

    assert Clock.every.internal().get().state == "paused"
    assert unjustified(mona, since=at, until=at + 9 * HOURS, now=at + 9 * HOURS).looked_at == 0


def test_one_that_escalates_opens_one_escalation_that_says_so_to_colleagues(ticket, anna, mona, at, time):
    for hours in (7, 8):
        time.move_to(at + hours * HOURS)
        sweep.run()

    internal = Escalation.objects.get(breach__metric="internal")
    assert internal.team.name == "Risk"
    assert "opened at severity 3 by a missed internal target" in words(get(anna, "desk:ticket", ticket.number))
    told = mona.alerts.filter(escalation_number=internal.number).values_list("title", flat=True)
    assert any("Internal target of Risk" in title for title in told)
    assert make_user("Vera", Role.MANAGER).is_manager
