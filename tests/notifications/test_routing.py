"""Which alert goes by which way, when, and in what: the wishes of its reader (FIELD-BUGS: quiet hours, floods)."""

from datetime import UTC, datetime, timedelta
from datetime import time as wall
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox

from calendars.worktime import Period, work_calendar
from common.errors import InvalidInput
from common.failpoints import Point
from notifications import delivery, routing
from notifications.actions import notify
from notifications.enums import DeliveryState, Held
from notifications.letters import Letter
from notifications.models import Alert, Delivery, Endpoint, Preferences, Way
from notifications.preferring import set_preferences
from notifications.quiet import Wishes, held_until
from tests.conftest import AT
from tests.factories.calendars import make_calendar

pytestmark = pytest.mark.django_db
# AT is a morning; this is three in the morning of the day after, in UTC.
NIGHT = datetime(AT.year, AT.month, AT.day, 3, tzinfo=UTC) + timedelta(days=1)


def tell(person: Any, dedupe: str, now: datetime = AT, kind: str = "breach", severity: int | None = 3) -> Delivery:
    letter = Letter(kind=kind, title=f"Alert {dedupe}", path=f"/x/{dedupe}/", severity=severity)
    notify(recipients=[person], compose=lambda _person: letter, dedupe=dedupe, now=now)
    return Delivery.objects.get(dedupe_key=f"{dedupe}:{person.pk}:email")


def subjects() -> list[str]:
    return [message.subject for message in outbox.outbox]


# --- Quiet hours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-10 21:59", None),
        ("2026-03-10 22:00", "2026-03-11 07:00"),
        ("2026-03-11 06:59", "2026-03-11 07:00"),
        ("2026-03-11 07:00", None),
        # The clocks go forward at two: seven o'clock is seven o'clock all the same.
        ("2026-03-28 23:30", "2026-03-29 07:00"),
        ("2026-10-24 23:30", "2026-10-25 07:00"),
    ],
)
def test_quiet_hours_are_those_of_the_readers_own_watch(now, until):
    madrid = ZoneInfo("Europe/Madrid")
    wishes = Wishes(madrid, (wall(22), wall(7)))

    held = held_until(wishes, datetime.fromisoformat(now).replace(tzinfo=madrid).astimezone(UTC))

    assert held == (until and datetime.fromisoformat(until).replace(tzinfo=madrid))


def test_working_hours_and_quiet_hours_hold_together():
    hours = work_calendar("UTC", tuple(Period(day, wall(6), wall(18)) for day in range(5)), frozenset())
    wishes = Wishes(ZoneInfo("UTC"), (wall(20), wall(8)), hours.next_open)

    # Friday night: the quiet ends on Saturday, the weekend on Monday at six, the quiet of Monday at eight.
    assert held_until(wishes, datetime(2026, 3, 13, 21, tzinfo=UTC)) == datetime(2026, 3, 16, 8, tzinfo=UTC)
    assert held_until(wishes, datetime(2026, 3, 13, 9, tzinfo=UTC)) is None


def test_an_alert_in_the_quiet_hours_goes_out_when_they_end_and_stands_on_the_page_at_once(mona, time):
    set_preferences(person=mona, quiet_from=wall(22), quiet_until=wall(7))
    time.move_to(NIGHT)
    row = tell(mona, "night", NIGHT)

    assert delivery.run() == 0
    row.refresh_from_db()
    assert (row.held, row.state, row.next_try_at.astimezone(ZoneInfo(mona.time_zone)).hour) == (
        Held.QUIET,
        DeliveryState.WAITING,
        7,
    )
    assert Alert.objects.filter(recipient=mona).count() == 1
    assert delivery.oldest_waiting() is None
    time.move_to(row.next_try_at)
    assert delivery.run() == 1


def test_a_grave_alert_breaks_through_the_quiet_hours(mona, time):
    set_preferences(person=mona, quiet_from=wall(22), quiet_until=wall(7), breaks_through=2)
    time.move_to(NIGHT)
    for severity in (1, 2, 3):
        tell(mona, f"s{severity}", NIGHT, severity=severity)

    assert delivery.run() == 2
    assert subjects() == ["Alert s1", "Alert s2"]


def test_outside_the_working_hours_of_his_calendar_nobody_is_mailed(mona, time, at):
    calendar = make_calendar(at)
    set_preferences(person=mona, calendar=calendar)
    sunday = AT + timedelta(days=(6 - AT.weekday()) % 7)
    time.move_to(sunday)
    row = tell(mona, "sunday", sunday)

    assert delivery.run() == 0
    row.refresh_from_db()
    assert row.next_try_at == calendar.current.work_calendar().next_open(sunday) > sunday


# --- What is not wanted ---------------------------------------------------------------------------------------


def test_what_a_person_does_not_want_by_mail_is_not_mailed_and_stays_on_the_page(mona):
    set_preferences(person=mona, off=["mention:email"])
    unwanted, wanted = tell(mona, "a", kind="mention"), tell(mona, "b", kind="breach")

    assert delivery.run() == 1
    unwanted.refresh_from_db()
    wanted.refresh_from_db()
    assert (unwanted.state, wanted.state) == (DeliveryState.UNWANTED, DeliveryState.SENT)
    assert Alert.objects.for_person(mona).count() == 2


def test_each_alert_goes_by_each_verified_way_exactly_once(mona, adam, at, crash_at):
    told = Way.objects.create(
        person=mona, channel="messenger", target="tgram://1", label="Phone", created_at=at, verified_at=at
    )
    Way.objects.create(person=mona, channel="messenger", target="tgram://2", label="New", created_at=at)
    Way.objects.create(person=mona, channel="push", target="{}", created_at=at, verified_at=at, broken_at=at)
    tell(mona, "a")
    tell(adam, "a")

    with crash_at(Point.BEFORE_COMMIT):
        routing.route(at)
    for _turn in range(3):
        routing.route(at)

    rows = set(Delivery.objects.values_list("recipient__name", "channel", "way"))
    assert rows == {(mona.name, "email", None), (mona.name, "messenger", told.pk), (adam.name, "email", None)}
    assert Delivery.objects.count() == 3


def test_a_way_that_a_kind_is_not_wanted_by_gets_no_row(mona, at):
    Way.objects.create(person=mona, channel="messenger", target="tgram://1", created_at=at, verified_at=at)
    set_preferences(person=mona, off=["breach:messenger"])
    tell(mona, "a")

    routing.route(at)

    assert list(Delivery.objects.values_list("channel", flat=True)) == ["email"]


@pytest.mark.once
def test_routing_costs_the_same_for_one_and_for_many(mona, adam, at, django_assert_max_num_queries):
    Way.objects.create(person=mona, channel="messenger", target="tgram://1", created_at=at, verified_at=at)
    set_preferences(person=adam, digest_above=0)
    for number in range(9):
        tell(mona, f"a{number}")
        tell(adam, f"a{number}")

    with django_assert_max_num_queries(14):
        assert routing.route(at) == 18


# --- Floods ---------------------------------------------------------------------------------------------------


def test_of_a_flood_the_first_come_singly_and_the_rest_as_one_mail(mona, time, at):
    set_preferences(person=mona, digest_above=3, digest_minutes=10)
    for number in range(8):
        tell(mona, f"a{number}")
    tell(mona, "grave", severity=1)

    assert delivery.run() == 4
    assert subjects() == ["Alert a0", "Alert a1", "Alert a2", "Alert grave"]
    digest = Delivery.objects.get(template="flood")
    assert (digest.held, digest.next_try_at) == (Held.DIGEST, at + timedelta(minutes=10))
    time.move_to(at + timedelta(minutes=5))
    tell(mona, "later", at + timedelta(minutes=5))
    assert delivery.run() == 0
    time.move_to(at + timedelta(minutes=10))
    assert delivery.run() == 1

    sent = outbox.outbox[-1]
    assert sent.subject == "Escala: 6 more alerts"
    assert all(f"Alert {name}" in sent.body for name in ("a3", "a4", "a5", "a6", "a7", "later"))
    assert "/x/a3/" in sent.body
    assert "Alert a2" not in sent.body
    assert Delivery.objects.filter(state=DeliveryState.MERGED, digest=digest).count() == 6
    assert not Delivery.objects.unsent().exists()


def test_after_the_flood_alerts_come_singly_again(mona, time, at):
    set_preferences(person=mona, digest_above=1, digest_minutes=10)
    for number in range(3):
        tell(mona, f"a{number}")
    delivery.run()
    later = at + timedelta(minutes=11)
    time.move_to(later)

    tell(mona, "b", later)
    delivery.run()

    assert subjects().count("Alert b") == 1
    assert Delivery.objects.filter(template="flood").count() == 1


def test_what_comes_while_a_digest_is_refused_goes_into_the_next_one(mona, time, at, settings):
    set_preferences(person=mona, digest_above=1, digest_minutes=10)
    tell(mona, "a0")
    tell(mona, "a1")
    delivery.run()
    first = Delivery.objects.get(template="flood")
    Delivery.objects.filter(pk=first.pk).update(attempts=1)

    tell(mona, "a2")
    routing.route(at)

    assert first.members.count() == 1
    assert Delivery.objects.filter(template="flood").count() == 2


def test_a_night_of_alerts_is_one_mail_in_the_morning_beyond_the_first_few(mona, time):
    set_preferences(person=mona, quiet_from=wall(22), quiet_until=wall(7), digest_above=2)
    time.move_to(NIGHT)
    for number in range(6):
        tell(mona, f"a{number}", NIGHT)
    assert delivery.run() == 0

    morning = Delivery.objects.filter(held=Held.QUIET).values_list("next_try_at", flat=True)[0]
    time.move_to(morning)
    assert delivery.run() == 3
    assert sorted(subjects()) == ["Alert a0", "Alert a1", "Escala: 4 more alerts"]


def test_who_wants_each_alert_singly_gets_each_singly(mona):
    set_preferences(person=mona, digest_above=0)
    for number in range(15):
        tell(mona, f"a{number}")

    assert delivery.run() == 15


def test_a_flood_of_one_person_is_nobody_elses(mona, adam):
    set_preferences(person=mona, digest_above=1)
    for number in range(4):
        tell(mona, f"a{number}")
        tell(adam, f"a{number}")

    assert delivery.run() == 5
    assert not Delivery.objects.filter(template="flood", recipient=adam).exists()


# --- Webhooks -------------------------------------------------------------------------------------------------


def test_a_webhook_is_called_once_for_what_many_people_are_told(mona, adam, at):
    endpoint = Endpoint.objects.create(name="CRM", url="https://crm.example/", kinds=["breach"], created_at=at)
    Endpoint.objects.create(name="Off", url="https://x.example/", kinds=["breach"], is_enabled=False, created_at=at)
    letter = Letter(kind="breach", title="E-7", ticket_number=7)
    notify(recipients=[mona, adam], compose=lambda _person: letter, dedupe="breach:7", now=at)
    tell(mona, "b", kind="mention")

    routing.route(at)
    # A repeat of the ladder tells others under the same key: the program has heard of it.
    notify(recipients=[mona, adam], compose=lambda _person: letter, dedupe="breach:7", now=at)
    routing.route(at)

    call = Delivery.objects.get(channel="webhook")
    assert (call.endpoint, call.ticket_number, call.kind, call.recipient) == (endpoint, 7, "breach", None)


def test_preferences_that_make_no_sense_are_refused_in_words(mona):
    with pytest.raises(InvalidInput) as refusal:
        set_preferences(person=mona, off=["breach:pigeon"], quiet_from=wall(22), digest_minutes=0, breaks_through=9)

    assert set(refusal.value.errors) == {"off", "quiet_until", "digest_minutes", "breaks_through"}
    assert not Preferences.objects.exists()


# --- What cannot be routed ------------------------------------------------------------------------------------


def test_whose_wishes_cannot_be_read_is_mailed_at_once_and_holds_up_nobody(mona, adam, at, monkeypatch):
    wishes = routing.wishes_of

    def poisoned(wish, zone):
        if wish.person == mona:
            raise ValueError("no such zone")
        return wishes(wish, zone)

    monkeypatch.setattr(routing, "wishes_of", poisoned)
    set_preferences(person=adam, quiet_from=wall(0), quiet_until=wall(23, 59))
    rows = [tell(person, "a") for person in (mona, adam)]

    assert delivery.run() == 1

    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == [DeliveryState.SENT, DeliveryState.WAITING]
    assert rows[1].held == Held.QUIET
