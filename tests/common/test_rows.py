"""Many rows at once are the very rows that `bulk_create` would write, on either database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from common.rows import insert, insert_all
from escalation import services
from escalation.models import Deadline, Escalation, Rung
from notifications.models import Alert, Delivery
from people.models import User

AT = datetime(2026, 11, 20, 12, 30, 1, 250_001, tzinfo=UTC)
AWKWARD = ["", "it's “said”", 'back\\slash "quoted"', "100 %s of %(all)s", "two\nlines\tand a tab", "ç€😀", "null"]


def delivery(number: int, **other: object) -> dict[str, object]:
    return {
        "address": f"{number}@example.com",
        "subject": "Payouts",
        "dedupe_key": f"key {number}",
        "next_try_at": AT,
        "created_at": AT,
        **other,
    }


@pytest.fixture
def escalation(open_ticket, anna, mona) -> Escalation:
    given = {"kind": "hierarchical", "severity": 3, "reason": "funding", "summary": "R$"}
    return services.escalate(user=anna, ticket_number=open_ticket().number, now=AT, **given)


def kept(model, *names: str) -> list[tuple]:
    return list(model.objects.order_by("pk").values_list(*names))


def test_what_is_written_is_what_bulk_create_writes(db, mona):
    rows = [
        delivery(
            number,
            subject=text,
            text=text * 2,
            context={"text": text, "none": None, "list": [1, {"deep": text}], "true": True},
            recipient_id=mona.pk if number % 2 else None,
            attempts=number,
            next_try_at=(AT + timedelta(microseconds=number)).astimezone(ZoneInfo("Asia/Kathmandu")),
            sent_at=None if number % 3 else AT,
        )
        for number, text in enumerate(AWKWARD)
    ]
    names = [field.attname for field in Delivery._meta.concrete_fields if field.attname != "id"]

    insert(Delivery, rows)
    ours = kept(Delivery, *names)
    Delivery.objects.all().delete()
    Delivery.objects.bulk_create([Delivery(**row) for row in rows])

    assert ours == kept(Delivery, *names)
    assert len(ours) == len(AWKWARD)


def test_what_all_rows_have_in_common_and_what_none_names_is_there_too(db):
    insert(Delivery, [delivery(1, dedupe_key="a"), {**delivery(1), "dedupe_key": "b"}])
    insert(Delivery, [delivery(3)])

    assert kept(Delivery, "address", "state", "channel", "context", "attempts") == [
        ("1@example.com", "waiting", "email", {}, 0),
        ("1@example.com", "waiting", "email", {}, 0),
        ("3@example.com", "waiting", "email", {}, 0),
    ]


def test_objects_know_their_keys_afterwards_in_their_order(escalation):
    Rung.objects.all().delete()
    made = [Rung(escalation=escalation, level=n, reach="lead", delay=timedelta(seconds=90 * n)) for n in (3, 1, 2)]

    insert_all(made)

    assert [Rung.objects.get(pk=one.pk).level for one in made] == [3, 1, 2]
    assert [Rung.objects.get(pk=one.pk).delay for one in made] == [one.delay for one in made]
    made[0].who = "Mona"
    made[0].save()
    assert Rung.objects.count() == 3


def test_many_that_are_wholly_alike_are_as_many(escalation):
    Deadline.objects.all().delete()

    insert_all([Deadline(escalation=escalation, kind="update", due_at=AT) for _ in range(3)])

    assert Deadline.objects.count() == 3


def test_nothing_is_no_row(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert(Delivery, [])
        assert insert_all([]) == []


def test_a_row_that_is_there_already_is_left_out_where_that_is_wanted_and_else_refused(db):
    insert(Delivery, [delivery(1)])

    insert(Delivery, [delivery(1), delivery(2)], unless_there=True)

    assert Delivery.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Delivery, [delivery(2), delivery(3)])
    assert Delivery.objects.count() == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite keeps no lengths")
def test_what_is_too_long_is_refused_and_never_cut_off(db):
    for rows in ([delivery(1, subject="x" * 301)], [delivery(1, subject="x" * 301), delivery(2)]):
        with pytest.raises(DataError), transaction.atomic():
            insert(Delivery, rows)


def test_a_column_that_is_not_there_is_refused(db, mona):
    alert = {"recipient_id": mona.pk, "kind": "breach", "title": "Past due", "created_at": AT, "dedupe_key": "1"}

    with pytest.raises(TypeError):
        insert(Alert, [{**alert, "recipients": 3}])
    assert not Alert.objects.exists()
    assert User.objects.filter(pk=mona.pk).exists()
