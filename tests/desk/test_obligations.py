"""“What has to be known”, for managers: how what policies require was kept."""

from datetime import timedelta

import pytest

from reports.obligations import compliance
from sla.models import Duty
from tests.desk.helpers import get, queries, signed_in, words
from tests.factories.people import make_team
from tests.factories.sla import make_policy

pytestmark = pytest.mark.each

DAY = timedelta(days=1)
REPORT = "/reports/obligations/"


@pytest.fixture
def strict(payments, at):
    return make_policy(at, name="Strict", obligations=[{"fact": "owner", "before": "work"}])


@pytest.fixture
def ended(strict, open_ticket, at):
    """A ticket with these outcomes, a day apart."""

    def make(*outcomes: str, **fields):
        ticket = open_ticket(**fields)
        version = strict.versions.get()
        for number, outcome in enumerate(outcomes):
            Duty.objects.create(
                ticket=ticket, version=version, step="work", fact="owner", outcome=outcome, at=at + number * DAY
            )
        return ticket

    return make


def counted(user, since, until):
    return [
        (line.in_time, line.after_hold, line.held, line.otherwise, line.asked, line.percent)
        for line in compliance(user, since=since, until=until)
    ]


def test_each_ticket_is_counted_once_where_it_ended(ended, mona, at):
    for outcomes in [
        ["met"],
        ["held", "held", "met"],
        ["held"],
        ["held", "by_customer"],
        ["later"],
        ["met", "by_itself"],
        ["by_customer", "met"],
    ]:
        ended(*outcomes)

    assert counted(mona, at, at + 9 * DAY) == [(2, 1, 1, 3, 7, 42)]


def test_a_period_knows_what_was_known_at_its_end_and_when_a_hold_was_before_it(ended, mona, at):
    ended("held", "met")

    assert counted(mona, at, at + DAY) == [(0, 0, 1, 0, 1, 0)]
    assert counted(mona, at + DAY, at + 2 * DAY) == [(0, 1, 0, 0, 1, 100)]
    assert counted(mona, at + 2 * DAY, at + 3 * DAY) == []


def test_the_page_names_policy_step_and_fact_and_leads_to_the_tickets(ended, mona, time, at):
    ended("held", subject="Payouts are stuck")
    ended("met", subject="Terminals are down")
    time.move_to(at + DAY)
    client = signed_in(mona)

    page = words(client.get(REPORT))
    asked = {"days": "30", "policy": Duty.objects.first().version.policy_id, "step": "work", "fact": "owner"}
    held = words(client.get(REPORT, asked | {"end": "held"}))
    everything = words(client.get(REPORT, asked | {"end": ""}))

    assert "Strict" in page and "Before work starts" in page and "The ticket has an owner" in page
    assert "step=work&fact=owner&end=held#tickets" in page
    assert "Payouts are stuck" not in page
    assert "Payouts are stuck" in held and "Terminals are down" not in held
    assert "Payouts are stuck" in everything and "Terminals are down" in everything


def test_a_month_without_any_says_so_and_a_longer_time_can_be_chosen(ended, mona, time, at):
    ended("met")
    time.move_to(at + 40 * DAY)

    assert "Nothing had to be known" in words(get(mona, "desk:obligations"))
    assert "The ticket has an owner" in words(get(mona, "desk:obligations", days=90))


def test_what_a_manager_may_not_see_is_not_counted_and_agents_have_no_such_page(ended, mona, anna, at, time):
    ended("met", team=make_team("Risk", members=[anna], restricted=True))
    time.move_to(at + DAY)

    outside = make_team("Other", members=[])
    assert outside.pk
    assert counted(anna, at, at + DAY) == [(1, 0, 0, 0, 1, 100)]
    assert get(anna, "desk:obligations").status_code == 404


@pytest.mark.parametrize(
    "query", [{"policy": "x"}, {"policy": "1", "step": "moon"}, {"policy": "99999999999"}, {"days": "-1"}]
)
def test_an_address_that_makes_no_sense_shows_nothing_wrong(query, ended, mona, time, at):
    ended("met")
    time.move_to(at + DAY)

    assert get(mona, "desk:obligations", **query).status_code == 200


@pytest.mark.once
def test_its_queries_do_not_grow_with_the_tickets(ended, mona, time, at):
    time.move_to(at + DAY)
    client = signed_in(mona)
    ended("met")
    asked = f"{REPORT}?policy={Duty.objects.get().version.policy_id}&step=work&fact=owner&end="
    counts = set()
    for more in (0, 2, 47):
        for _number in range(more):
            ended("met")
        counts.add(queries(client, asked))

    assert len(counts) == 1
