"""An alert that waits when its reader is switched off is somebody else's by then: it is never lost (DESIGN §3.3)."""

from datetime import UTC, datetime, timedelta
from datetime import time as wall
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as MemoryBackend

from common.failpoints import Point
from escalation import leaving
from notifications import delivery, routing
from notifications.actions import notify, post
from notifications.enums import DeliveryState
from notifications.letters import Letter
from notifications.models import Alert, Delivery, Way
from notifications.preferring import set_preferences
from people.models import User
from tests.conftest import AT
from tests.factories.people import make_team, make_user
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
NIGHT = datetime(AT.year, AT.month, AT.day, 3, tzinfo=UTC) + timedelta(days=1)
MORNING = NIGHT + timedelta(hours=6)


def tell(person: Any, dedupe: str = "breach:1", now: datetime = AT, **letter: Any) -> Delivery:
    words = {"kind": "breach", "title": f"Alert {dedupe}", "path": "/escalations/7/", "severity": 3, **letter}
    notify(recipients=[person], compose=lambda _person: Letter(**words), dedupe=dedupe, now=now)
    return Delivery.objects.get(dedupe_key=f"{dedupe}:{person.pk}:email")


def switch_off(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def run_until_quiet() -> None:
    """What is passed on in a turn leaves in one of the next."""
    for _turn in range(4):
        delivery.run()


def told() -> list[str]:
    return sorted(address for mail in outbox.outbox for address in mail.to)


@pytest.fixture
def quiet_mona(mona: User, adam: User) -> User:
    set_preferences(person=mona, quiet_from=wall(22), quiet_until=wall(7))
    return mona


def test_what_was_held_for_somebody_who_is_switched_off_meanwhile_goes_to_the_deputy(quiet_mona, anna, time):
    time.move_to(NIGHT)
    row = tell(quiet_mona, now=NIGHT, ticket_number=4821, escalation_number=7, why="It was promised by nine.")
    delivery.run()
    User.objects.filter(pk=quiet_mona.pk).update(is_active=False, deputy=anna)

    time.move_to(MORNING)
    run_until_quiet()

    row.refresh_from_db()
    assert told() == [anna.email]
    assert f"in the place of {quiet_mona.name}" in outbox.outbox[0].body
    assert "It was promised by nine." in outbox.outbox[0].body
    assert (row.state, anna.name in row.last_error) == (DeliveryState.STOPPED, True)
    page = Alert.objects.get(recipient=anna)
    assert (page.path, page.ticket_number, page.escalation_number) == ("/escalations/7/", 4821, 7)


def test_without_a_deputy_the_managers_of_the_team_are_told_whose_matter_it_is(
    quiet_mona, anna, adam, payments, open_ticket, time
):
    ticket = open_ticket()
    run_until_quiet()
    outbox.outbox.clear()
    other = make_user("Otto Manager", role="manager")
    payments.managers.set([quiet_mona, other])
    time.move_to(NIGHT)
    tell(quiet_mona, now=NIGHT, ticket_number=ticket.number)
    delivery.run()
    switch_off(quiet_mona)

    time.move_to(MORNING)
    run_until_quiet()

    assert told() == [other.email]


def test_without_anybody_else_the_fallback_team_and_then_the_administrators_are_told(mona, adam, rosa):
    tell(mona, "first")
    switch_off(mona)
    run_until_quiet()
    assert told() == [adam.email]

    make_team("Fallback", managers=[rosa], is_fallback=True)
    tell(mona, "second")
    run_until_quiet()

    assert told() == sorted([adam.email, rosa.email])


def test_what_is_just_written_is_passed_on_before_its_ways_are_planned(mona, adam, at):
    Way.objects.create(
        person=mona, channel="messenger", target="tgram://1", label="Phone", created_at=at, verified_at=at
    )
    tell(mona)
    switch_off(mona)

    run_until_quiet()

    assert told() == [adam.email]
    assert not Delivery.objects.filter(channel="messenger").exists()


def test_a_digest_that_was_being_collected_is_told_alert_by_alert(quiet_mona, adam, time):
    set_preferences(person=quiet_mona, digest_above=1)
    time.move_to(NIGHT)
    for number in range(3):
        tell(quiet_mona, f"breach:{number}", now=NIGHT)
    delivery.run()
    assert Delivery.objects.filter(template="flood").count() == 1
    switch_off(quiet_mona)

    time.move_to(MORNING)
    run_until_quiet()

    assert told() == [adam.email] * 3
    assert sorted(one.title for one in Alert.objects.filter(recipient=adam)) == [f"Alert breach:{n}" for n in range(3)]
    assert not Delivery.objects.unsent().exists()


class Refusing(BaseEmailBackend):
    """Takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise OSError("no such host")


def test_what_is_tried_again_is_not_sent_to_who_left_between_the_tries(settings, mona, adam, time, at):
    settings.MAIL_TRANSPORT = f"{__name__}.Refusing"
    tell(mona)
    delivery.run()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    switch_off(mona)

    time.move_to(at + timedelta(hours=1))
    run_until_quiet()

    assert told() == [adam.email]


class SwitchingOff(MemoryBackend):
    """Takes what it is given; while it does so somebody is switched off."""

    def send_messages(self, messages: Any) -> int:
        User.objects.filter(name="Mona Farias").update(is_active=False, deputy=User.objects.get(name="Anna Lindqvist"))
        return super().send_messages(messages)


def test_what_was_claimed_together_is_not_sent_to_who_is_switched_off_while_the_first_of_it_is(
    settings, mona, anna, adam
):
    settings.MAIL_TRANSPORT = f"{__name__}.SwitchingOff"
    for number in range(3):
        tell(mona, f"breach:{number}")

    run_until_quiet()

    assert told() == sorted([mona.email, anna.email, anna.email])


def test_nobody_is_told_twice_of_the_same_thing(mona, adam, crash_at, time, at):
    tell(mona)
    tell(adam)
    switch_off(mona)

    with crash_at(Point.BEFORE_COMMIT):
        routing.route(at)
    run_until_quiet()

    assert told() == [adam.email]
    assert Alert.objects.filter(recipient=adam).count() == 1


def test_what_was_being_sent_when_the_sender_died_is_passed_on_once(mona, adam, crash_at, time, at):
    tell(mona)
    routing.route(at)
    switch_off(mona)

    with crash_at(Point.BEFORE_MARK):
        delivery.run()
    time.move_to(at + timedelta(minutes=5))
    run_until_quiet()

    assert told() == [adam.email]


def test_what_is_no_alert_is_not_sent_to_somebody_who_left_and_to_nobody_else(mona, adam, at):
    post(address=mona.email, recipient=mona, subject="A saved report", text="Figures", dedupe="report:1", now=at)
    switch_off(mona)

    run_until_quiet()

    assert told() == []
    assert Delivery.objects.get().state == DeliveryState.STOPPED


def test_a_customers_mail_is_his_whether_he_may_sign_in_or_not(cora, at):
    post(address=cora.email, recipient=cora, subject="Your answer", text="…", dedupe="reply:1", now=at)
    switch_off(cora)

    run_until_quiet()

    assert told() == [cora.email]


def test_without_anybody_who_could_be_told_it_waits(mona, adam, at, time):
    tell(mona)
    switch_off(mona)
    switch_off(adam)

    run_until_quiet()
    assert told() == []
    User.objects.filter(pk=adam.pk).update(is_active=True)
    time.move_to(at + timedelta(hours=1))
    run_until_quiet()

    assert told() == [adam.email]


def test_whoever_takes_over_from_somebody_who_is_switched_off_gets_what_is_held(quiet_mona, rosa, adam, time):
    time.move_to(NIGHT)
    tell(quiet_mona, now=NIGHT)
    delivery.run()

    leaving.switch_off(user=adam, person=quiet_mona, successor=rosa, now=NIGHT)
    run_until_quiet()

    assert told() == [rosa.email]


def test_of_what_a_team_keeps_to_itself_a_successor_hears_only_where_he_sees_it(
    quiet_mona, rosa, adam, open_ticket, time
):
    owen = make_user("Owen Manager", role="manager")
    legal = make_team("Legal", restricted=True, managers=[owen])
    closed, owned = open_ticket(team=legal), open_ticket(team=legal)
    Ticket.objects.filter(pk=owned.pk).update(assignee=rosa)
    quiet_mona.manages.clear()
    run_until_quiet()
    outbox.outbox.clear()
    time.move_to(NIGHT)
    for number in (closed.number, owned.number, None):
        tell(quiet_mona, f"breach:{number}", now=NIGHT, ticket_number=number)
    delivery.run()

    leaving.switch_off(user=adam, person=quiet_mona, successor=rosa, now=NIGHT)
    run_until_quiet()

    heard = Alert.objects.filter(title__startswith="Alert").exclude(recipient=quiet_mona)
    assert set(heard.values_list("recipient__name", "ticket_number")) == {
        (owen.name, closed.number),
        (rosa.name, owned.number),
        (rosa.name, None),
    }


def test_of_what_a_team_keeps_to_itself_a_deputy_hears_only_where_he_sees_it_else_its_managers_do(
    mona, anna, adam, open_ticket
):
    owen = make_user("Owen Manager", role="manager")
    legal = make_team("Legal", restricted=True, managers=[owen])
    closed, owned = open_ticket(team=legal), open_ticket(team=legal)
    Ticket.objects.filter(pk=owned.pk).update(assignee=anna)
    run_until_quiet()
    for number in (closed.number, owned.number, None):
        tell(mona, f"breach:{number}", ticket_number=number)

    User.objects.filter(pk=mona.pk).update(is_active=False, deputy=anna)
    run_until_quiet()

    heard = Alert.objects.filter(title__startswith="Alert").exclude(recipient=mona)
    assert set(heard.values_list("recipient__name", "ticket_number")) == {
        (owen.name, closed.number),
        (anna.name, owned.number),
        (anna.name, None),
    }


def test_a_link_that_asks_one_person_to_decide_is_not_passed_on(mona, adam):
    tell(mona, kind="approval", path="/decisions/7/", mail_path="/decide/signed-for-mona/")
    switch_off(mona)

    run_until_quiet()

    assert "/decisions/7/" in outbox.outbox[0].body
    assert "/decide/" not in outbox.outbox[0].body
