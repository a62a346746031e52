"""Many rows at once are the very rows that `bulk_create` would write, on either database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from common.rows import change, gathered, insert, insert_all, like, put
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


@pytest.fixture
def clock_of(policy):
    """The first clock of a ticket."""
    return lambda ticket: ticket.clocks.order_by("pk").first()


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


def test_what_is_gathered_is_written_kind_by_kind_and_finds_its_neighbour(escalation, anna, django_assert_num_queries):
    pairs = []
    with django_assert_num_queries(2), gathered():
        for number in range(3):
            written = Deadline(escalation=escalation, kind=f"update {number}", due_at=AT)
            line = Rung(escalation=escalation, level=number, reach="lead", delay=timedelta(), next_moment=AT)
            with gathered():
                put([written])
            put([line])
            pairs.append((written, line))
        assert not any(one.pk for pair in pairs for one in pair)

    assert all(one.pk for pair in pairs for one in pair)
    assert Deadline.objects.filter(kind__startswith="update ").count() == 3


def test_of_what_was_gathered_before_an_error_nothing_is_written(escalation):
    with pytest.raises(ZeroDivisionError), gathered():
        put([Deadline(escalation=escalation, kind="update", due_at=AT)])
        raise ZeroDivisionError

    put([Deadline(escalation=escalation, kind="update", due_at=AT)])
    assert Deadline.objects.filter(kind="update").count() == 1


def test_a_row_that_is_gathered_learns_the_key_of_one_before_it(open_ticket, clock_of):
    clock = clock_of(open_ticket())
    again = like(clock, cycle=99)
    again.pk = None
    with gathered():
        put([again])
        put([again.line("started", AT)])

    assert again.lines()[0].clock_id == again.pk != clock.pk


def test_what_is_written_at_once_finds_a_neighbour_that_waited(open_ticket, clock_of):
    clock = clock_of(open_ticket())
    again = like(clock, cycle=99)
    again.pk = None

    with gathered():
        put([again])
        insert_all([line := again.line("started", AT)])

        assert line.pk
    assert again.lines()[0].clock_id == again.pk != clock.pk


def test_what_the_database_refuses_of_what_was_gathered_is_an_error_of_djangos(open_ticket, clock_of):
    clock = clock_of(open_ticket())
    twice = [like(clock), like(clock)]
    for one in twice:
        one.pk = None

    with pytest.raises(IntegrityError), transaction.atomic(), gathered():
        put(twice)
        put([Delivery(**delivery(1))])

    assert not Delivery.objects.filter(dedupe_key="key 1").exists()


def test_what_is_made_after_a_pattern_is_an_object_of_its_own(escalation, anna):
    pattern = Rung(escalation=escalation, level=1, reach="lead", delay=timedelta(), next_moment=AT)

    first, second = like(pattern, level=2), like(pattern, level=3, who="Anna", next_moment=None)
    first.who = "Mona"

    insert_all([first, second])
    assert (pattern.level, pattern.who, pattern.pk) == (1, "", None)
    assert first.escalation is second.escalation is escalation
    rows = Rung.objects.filter(pk__in=[first.pk, second.pk]).values_list("level", "who", "next_moment")
    assert list(rows) == [(2, "Mona", AT), (3, "Anna", None)]


def test_a_related_object_is_taken_with_its_key(escalation, open_ticket):
    other = open_ticket()

    moved = like(escalation, ticket=other)

    assert (moved.ticket, moved.ticket_id) == (other, other.number)
    assert escalation.ticket_id != other.number


def test_rows_that_are_there_get_each_its_own_values(db):
    insert(Delivery, [delivery(number) for number in range(4)])
    first, *others = Delivery.objects.order_by("pk").values_list("pk", flat=True)

    change(Delivery, [{"id": key, "text": f"text {key}", "attempts": 7, "sent_at": AT} for key in others])
    change(Delivery, [])

    assert kept(Delivery, "address", "text", "attempts", "sent_at") == [
        ("0@example.com", "", 0, None),
        *((f"{n}@example.com", f"text {key}", 7, AT) for n, key in enumerate(others, start=1)),
    ]
    assert Delivery.objects.get(pk=first).text == ""


@pytest.mark.parametrize("keys", [list, set, dict.fromkeys, iter])
def test_among_is_in(keys, mona, anna):
    insert(Delivery, [delivery(number, recipient_id=[mona.pk, anna.pk, None][number]) for number in range(3)])
    known = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))

    assert set(Delivery.objects.filter(pk__among=keys(known[1:])).values_list("pk", flat=True)) == set(known[1:])
    assert set(Delivery.objects.exclude(pk__among=keys(known[1:])).values_list("pk", flat=True)) == set(known[:1])
    assert Delivery.objects.filter(recipient__among=keys([mona.pk, anna.pk])).count() == 2
    assert not Delivery.objects.filter(pk__among=keys([])).exists()


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
