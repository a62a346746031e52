"""What an escalation manager does who is nothing else (R30), and that urgent concerns are never overlooked (R12)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from common import tailing
from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services, sweep
from escalation.models import Escalation, Proposal
from escalation.services import criteria, ruling
from notifications.models import Alert
from people.enums import Role
from people.models import Duty, Team, User
from reports import keeping
from reports.asked import Asked, Span
from reports.shape import Chart
from reports.sources import flow
from tests.desk.helpers import get, signed_in, words
from tests.escalation.conftest import run
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets.models import Ticket

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def stella(db) -> User:
    """The escalation manager, and nothing else."""
    return make_user("Stella Steward", Role.STEWARD)


# ---- R30 ------------------------------------------------------------------------------------------------------------


def test_r30_the_escalation_manager_sets_the_rules_and_manages_no_people(stella, mona, payments):
    made = criteria.define_criterion(
        user=stella, name="Regulator", kind="staff", conditions={"keywords": ["regulator"]}, severity=1
    )
    criteria.redefine_criterion(user=stella, pk=made.pk, is_enabled=False)
    with pytest.raises(Refused):
        criteria.define_criterion(user=mona, name="Other", kind="staff", conditions={"keywords": ["x"]}, severity=1)

    browser = signed_in(stella)
    opened = {name: browser.get(reverse(f"admin:{name}")).status_code for name in _MAINTENANCE}
    assert opened == _MAINTENANCE
    assert browser.get(reverse("desk:criteria")).status_code == 200
    assert browser.get(reverse("desk:policies")).status_code == 404


_MAINTENANCE = {
    "escalation_procedure_changelist": 200,
    "escalation_ladder_changelist": 200,
    "escalation_escalationchannel_add": 200,
    "escalation_recommendation_changelist": 200,
    "people_user_changelist": 403,
    "people_team_changelist": 403,
    "people_authoritylimit_changelist": 403,
    "escalation_escalation_changelist": 403,
}


def test_r30_a_channel_that_is_switched_off_escalates_nothing_but_missed_promises(
    stella, anna, cora, mona, criterion, open_ticket, policy, time
):
    criterion()
    ruling.set_channel(user=stella, channel="chat", is_open=False)
    by_chat = open_ticket(channel="chat", body="A refund", now=time.now)
    by_web = open_ticket(channel="web", body="A refund", now=time.now)
    given = {"kind": "hierarchical", "severity": 3, "reason": "funding", "summary": "Pay it back", "now": time.now}

    for person in (anna, cora):
        with pytest.raises(NotAllowedNow):
            services.escalate(user=person, ticket_number=by_chat.number, **given)
    sweep.run()
    assert list(Proposal.objects.values_list("ticket", flat=True)) == [by_web.number]
    run(time, timedelta(hours=6))
    assert Escalation.objects.get(ticket=by_chat).kind == "automatic"

    ruling.set_channel(user=stella, channel="chat", is_open=True)
    assert services.escalate(user=anna, ticket_number=by_chat.number, **{**given, "now": time.now}).state == "requested"
    with pytest.raises(Refused):
        ruling.set_channel(user=mona, channel="chat", is_open=False)
    with pytest.raises(InvalidInput):
        ruling.set_channel(user=stella, channel="pigeon", is_open=False)


def test_r30_every_escalation_and_the_trend_is_before_the_escalation_manager(stella, ask_by_hand, time, monkeypatch):
    secret = ask_by_hand()
    secret.ticket.team = make_team("Legal", restricted=True)
    secret.ticket.save()
    services.withdraw(user=secret.requester, number=secret.number, reason="Settled.", now=time.now + 8 * DAY)

    assert secret.summary in words(get(stella, "desk:escalation", secret.number))
    monkeypatch.setattr(tailing, "is_over", lambda _those: True)
    keeping.rebuild()
    asked = Asked(Span(date(2026, 11, 1), date(2026, 12, 31), ZoneInfo("Europe/Berlin")))
    flows = [flow.opened(stella, asked, time.now).chart, flow.ended(stella, asked, time.now).chart]
    assert [_weeks_with_any(chart) for chart in flows] == [[date(2026, 11, 16)], [date(2026, 11, 23)]]


def _weeks_with_any(chart: Chart) -> list[date]:
    columns = zip(chart.labels, *(series.values for series in chart.series), strict=True)
    return [week for week, *values in columns if any(values)]


def test_r30_what_is_recommended_has_an_owner_and_an_end(stella, mona, anna, time):
    given = {"title": "A second bank", "why": "It was the third time.", "about": "process", "now": time.now}
    made = ruling.recommend(user=stella, owner=mona.email, **given)

    assert (made.owner, made.made_by, made.state) == (mona, stella, "open")
    with pytest.raises(Refused):
        ruling.settle(user=anna, pk=made.pk, state="done", now=time.now)
    assert ruling.settle(user=mona, pk=made.pk, state="done", now=time.now).settled_at == time.now
    assert ruling.settle(user=stella, pk=made.pk, state="taken", now=time.now).settled_at is None
    with pytest.raises(Refused):
        ruling.recommend(user=mona, **given)
    with pytest.raises(InvalidInput):
        ruling.recommend(user=stella, **{**given, "about": "weather"})


# ---- R12 ------------------------------------------------------------------------------------------------------------


def test_r12_nothing_urgent_is_nobodys_at_the_end_of_a_day_and_what_no_rule_places_is_caught(
    open_ticket, payments, mona, adam, rosa, time
):
    Team.objects.filter(pk=payments.pk).update(urgent_within=10)
    duty = make_user("Dora Duty")
    cards = make_team("Cards", lead=rosa, urgent_within=5)
    Duty.objects.create(team=cards, person=duty, starts_at=time.now, ends_at=time.now + DAY)
    urgent = Ticket.objects.active().urgent()
    for hour in range(3):
        time.move_to(time.now + timedelta(hours=hour))
        open_ticket(priority="urgent", now=time.now)
        open_ticket(priority="urgent", now=time.now, team=cards)
        open_ticket(priority="high", now=time.now)
        run(time, 4 * MINUTE)
        assert urgent.unowned().count() == 2
        run(time, 6 * MINUTE)

    assert not urgent.unowned().exists()
    owners = Ticket.objects.filter(priority="urgent").order_by("number").values_list("team__slug", "assignee__name")
    assert list(owners) == [("payments", "Rosa Quiroga"), ("cards", "Dora Duty")] * 3
    assert Alert.objects.filter(recipient=rosa, kind="handed", title__contains="is urgent, and yours").count() == 3
    assert Ticket.objects.filter(priority="high", assignee=None).count() == 3


def test_r12_what_somebody_has_what_sleeps_and_teams_that_want_nothing_are_left_alone(
    open_ticket, payments, anna, rosa, time
):
    cards = make_team("Cards", lead=rosa)
    lying = open_ticket(priority="urgent", now=time.now, team=cards)
    Team.objects.filter(pk=payments.pk).update(urgent_within=10)
    taken, asleep = (open_ticket(priority="urgent", now=time.now) for _ in range(2))
    tickets.assign(ticket=taken, assignee=anna, now=time.now, by=anna)
    Ticket.objects.filter(pk=asleep.pk).update(snoozed_until=time.now + DAY)

    run(time, timedelta(hours=1))

    found = dict(Ticket.objects.values_list("number", "assignee__name"))
    assert found == {lying.number: None, taken.number: "Anna Lindqvist", asleep.number: None}


# ---- R33 ------------------------------------------------------------------------------------------------------------


def test_r33_a_rule_asks_whether_a_lead_or_a_senior_has_it_and_of_which_department(
    criterion, open_ticket, payments, anna, rosa, fired, time
):
    User.objects.filter(pk=anna.pk).update(is_senior=True)
    support = make_team("Support")
    Team.objects.filter(pk=payments.pk).update(parent=support)
    criterion("Junior", conditions={"owner": {"any": ["member"]}})
    criterion("Lead has it", conditions={"owner": ["lead"], "department": ["support"]})
    criterion("Senior", conditions={"owner": ["senior"]})
    criterion("Elsewhere", conditions={"department": {"not": ["support"]}, "owner": {"given": True}})
    numbers = []
    for owner, team in ((anna, payments), (rosa, payments), (make_user("Nils New"), make_team("Sales"))):
        ticket = open_ticket(now=time.now, team=team)
        tickets.assign(ticket=ticket, assignee=owner, now=time.now, by=owner)
        numbers.append(ticket.number)
    open_ticket(now=time.now)

    sweep.run()

    assert fired() == [
        (numbers[0], "Senior"),
        (numbers[1], "Lead has it"),
        (numbers[2], "Junior"),
        (numbers[2], "Elsewhere"),
    ]
    lead = Proposal.objects.get(criterion__name="Lead has it")
    assert lead.words == "owner is a team's lead and department is Support"
    assert [part["found"] for part in lead.fired["parts"]] == ["a team's lead", "Payments, Support"]


def test_r33_an_unknown_rank_or_department_is_refused_with_those_that_exist(criterion, payments):
    with pytest.raises(InvalidInput, match="there are member, lead, senior"):
        criterion(conditions={"owner": ["king"]})
    with pytest.raises(InvalidInput, match="There is no team"):
        criterion(conditions={"department": ["nowhere"]})
