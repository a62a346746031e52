"""What the teams may take is no customer's business: not by page, mail, API or live stream (DESIGN §3.12)."""

from datetime import timedelta

import pytest

from desk import changes
from escalation import sweep
from notifications.models import Alert, Delivery
from sla.models import Clock
from tests.api.conftest import calling  # noqa: F401 - a fixture
from tests.desk.helpers import signed_in, words
from tests.factories.sla import HOUR, make_policy
from tickets import actions

HOURS = timedelta(hours=1)
# How long the team has, in every form in which it might be written.
SECONDS = 7777
SECRET = ("internal", "Internal", "used up", "2h 09m", "2h 10m", "12:09", "7777")


@pytest.fixture
def ticket(payments, open_ticket, at, time):
    """Payments has missed two tickets' time: one alerts, the other escalates."""
    make_policy(
        at,
        first_response=30 * HOUR,
        resolution=40 * HOUR,
        team_targets=[
            {"team": "payments", "priority": "normal", "seconds": SECONDS},
            {"team": "payments", "priority": "high", "seconds": SECONDS, "escalates": True},
        ],
    )
    ticket = open_ticket()
    open_ticket(priority="high")
    time.move_to(at + 3 * HOURS)
    sweep.run()
    assert Clock.every.internal().filter(breached_at__isnull=False).count() == 2
    return ticket


def test_no_page_of_a_customer_speaks_of_it(ticket, cora):
    client = signed_in(cora)

    for address in ("/help/", f"/help/{ticket.number}/", f"/help/{ticket.number + 1}/"):
        page = words(client.get(address))
        main = page[page.index("<main") : page.index("</main>")]
        assert not [word for word in SECRET if word in main], address


def test_no_mail_and_no_alert_goes_to_a_customer(ticket, cora, mona, rosa):
    mails = Delivery.objects.filter(subject__contains="has used up its time")
    assert mails.count() == 2
    assert not mails.filter(address=cora.email).exists()
    told = set(Alert.objects.filter(ticket_number=ticket.number).values_list("recipient", flat=True))
    assert told == {mona.pk, rosa.pk}


def test_the_api_gives_a_customer_neither_clock_nor_ledger(ticket, cora, anna, calling):  # noqa: F811 - the fixture
    outside, inside = calling(cora), calling(anna)
    ledger = f"tickets/{ticket.number}/clocks/internal/ledger/"

    seen = outside.get(f"tickets/{ticket.number}/").json()
    assert {clock["metric"] for clock in seen["clocks"]} == {"first_response", "resolution"}
    assert not any(clock["internal"] or clock["team"] for clock in seen["clocks"])
    assert outside.get(ledger).status_code == 404

    (own,) = [one for one in inside.get(f"tickets/{ticket.number}/").json()["clocks"] if one["internal"]]
    assert (own["metric"], own["team"], own["state"]) == ("internal", "payments", "breached")
    assert own["ledger"].endswith(f"{ledger}?cycle=1")
    assert inside.get(own["ledger"]).json()["used_seconds"] == 3 * HOUR


def test_what_a_customer_opens_is_answered_without_it(ticket, cora, anna, calling):  # noqa: F811 - the fixture
    body = {"subject": "Again", "body": "Since today."}

    by_customer = calling(cora).post("tickets/", body).json()
    by_agent = calling(anna).post("tickets/", {**body, "requester": {"email": cora.email, "name": cora.name}}).json()

    assert {clock["metric"] for clock in by_customer["clocks"]} == {"first_response", "resolution"}
    assert "internal" in {clock["metric"] for clock in by_agent["clocks"]}


def test_the_live_stream_is_silent_for_a_customer(payments, open_ticket, cora, anna, at, time):
    make_policy(at, team_targets=[{"team": "payments", "priority": "normal", "seconds": SECONDS}])
    ticket = open_ticket()
    before = changes.news_since(None, now=at).cursor
    time.move_to(at + 3 * HOURS)
    sweep.run()

    news = changes.news_since(before, now=time.now)

    mine = {event.kind for event in news.events if event.ticket == ticket.number}
    assert "sla.internal_missed" in mine
    assert not mine & changes.PUBLIC_KINDS
    assert ticket.number in changes.for_person(anna, news).tickets


def test_the_promise_that_was_never_made_is_not_counted_against_the_desk(ticket, cora, at):
    cora.organisation.refresh_from_db()

    assert cora.organisation.breach_count == 0
    assert ticket.clocks.count() == 2


def test_a_customers_answer_sets_the_teams_clock_going_again(ticket, anna, payments, time):
    actions.change_status(ticket=ticket, verb="wait", now=time.now, by=anna)
    clock = Clock.every.internal().get(ticket=ticket)
    assert clock.running_since is None

    actions.customer_wrote(ticket=ticket, author=ticket.requester, body="So.", now=time.now + HOURS)

    clock.refresh_from_db()
    assert clock.running_since == time.now + HOURS
