"""How the demo's people are alerted, and a program that was once called: a handful of rows, for the pages to show."""

from datetime import datetime, time, timedelta

from config.demo.company import Cast
from notifications.enums import Channel, DeliveryState
from notifications.models import Delivery, Endpoint, Preferences, Way
from notifications.webhooks import new_secret

# What came of the calls, before the desk stopped calling: a demo calls nobody.
CALLS = ((30, DeliveryState.SENT, "200 ok"), (29, DeliveryState.SENT, "200 ok"), (4, DeliveryState.STOPPED, "410 Gone"))


def arrange(cast: Cast, now: datetime) -> None:
    people = cast.people
    Preferences.objects.create(person=people["mona"], quiet_from=time(22), quiet_until=time(7))
    # Whoever was hired last has not found the link in his mail yet.
    confirmed = [person for person in people.values() if person.is_agent][:-1]
    Way.objects.bulk_create(
        Way(
            person=person,
            channel=Channel.EMAIL,
            target=person.email,
            label=person.email,
            verified_at=now - timedelta(days=30),
            created_at=now - timedelta(days=30),
        )
        for person in confirmed
    )
    endpoint = Endpoint.objects.create(
        name="CRM",
        url="https://crm.meridiano.example/hooks/escala",
        kinds=["breach", "escalation"],
        secret=new_secret(),
        is_enabled=False,
        created_at=now - timedelta(days=30),
    )
    Delivery.objects.bulk_create(_call(endpoint, days, state, answer, now) for days, state, answer in CALLS)


def _call(endpoint: Endpoint, days: int, state: str, answer: str, now: datetime) -> Delivery:
    at = now - timedelta(days=days)
    return Delivery(
        channel=Channel.WEBHOOK,
        endpoint=endpoint,
        address=endpoint.name,
        host=f"hook:{endpoint.pk}",
        kind="breach",
        subject="First reply is past due",
        dedupe_key=f"demo-call:{days}",
        state=state,
        attempts=1,
        last_error=answer,
        created_at=at,
        next_try_at=at,
        sent_at=at if state == DeliveryState.SENT else None,
    )
