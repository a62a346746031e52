"""A question whose SQL is kept is answered as the queryset itself would be."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet, Value

from common.questions import Question, Statement, one_of
from people.models import User
from people.querysets import UserQuerySet
from tests.factories.people import make_user

pytestmark = pytest.mark.each


@Question
def at_address(address: str) -> UserQuerySet:
    return User.objects.at_address(address).select_related("organisation")


@Question
def newest_since(since: datetime, *, role: str, most: int) -> UserQuerySet:
    return User.objects.filter(created_at__gte=since, role=role).order_by("-pk")[:most]


@Question
def names_but(person: int) -> "QuerySet[User, tuple[str, bool]]":
    return User.objects.exclude(pk=person).order_by("name").values_list("name", "is_active")


@pytest.mark.parametrize("email", ["cora@livraria-aurora.example", "stan@elsewhere.example"])
def test_the_row_and_its_neighbour_are_the_same(email, cora, stan, django_assert_num_queries):
    expected = User.objects.select_related("organisation").get(email=email)

    with django_assert_num_queries(1):
        found = at_address.row(email)
        assert found.organisation == expected.organisation

    fields = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(expected, name) for name in fields]
    assert (found._state.adding, found._state.db) == (False, "default")
    found.name = "Changed"
    found.save(update_fields=["name"])
    assert User.objects.get(email=email).name == "Changed"


def test_it_is_read_anew_each_time_and_is_nobody_where_nobody_is(db):
    assert at_address.row("mia@example.com") is None

    mia = make_user("Mia", email="mia@example.com")
    assert at_address.row("mia@example.com") == mia

    User.objects.filter(pk=mia.pk).update(name="Mia Lund")
    assert at_address.row("mia@example.com").name == "Mia Lund"
    assert at_address.row("' OR 1=1 --") is None


def test_values_go_into_it_and_a_shape_is_another_question(anna, mona, cora, stan):
    dawn, later = cora.created_at - timedelta(days=1), stan.created_at + timedelta(days=1)

    assert newest_since.rows(dawn, role="customer", most=9) == [stan, cora]
    assert newest_since.rows(dawn, role="customer", most=1) == [stan]
    assert newest_since.rows(dawn, role="agent", most=9) == [anna]
    assert newest_since.rows(later, role="customer", most=9) == []


def test_plain_values_are_plain(anna, mona):
    assert names_but.rows(mona.pk) == [(anna.name, True)]
    assert names_but.rows(anna.pk) == [(mona.name, True)]


def test_a_value_that_the_sql_depends_on_otherwise_is_refused(db):
    @Question
    def reckoned(person: int) -> UserQuerySet:
        return User.objects.filter(pk=person + 1)

    @Question
    def cut(most: int) -> UserQuerySet:
        return User.objects.all()[:most]

    @Statement
    def written(name: str) -> tuple[str, list[str]]:
        return f"SELECT '{len(name)}', %s", [f"#{name}"]

    for wrong in (reckoned.rows, cut.rows, written.fetch):
        with pytest.raises(TypeError, match="one of its parameters"):
            wrong("1")


def test_one_of_what_is_unique_is_asked_for_without_an_order(anna, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert one_of(User.objects.filter(pk=anna.pk)) == anna

    assert "ORDER BY" not in asked[0]["sql"]
    assert one_of(User.objects.filter(email="nobody@example.com")) is None


def test_a_number_that_no_column_holds_is_nobody(anna, mona):
    assert names_but.rows(10**30) == [(anna.name, True), (mona.name, True)]
    assert names_but.rows(-(10**30)) == names_but.rows(0)


@Question
def named_with_all_sign(person: int) -> "QuerySet[User, tuple[str, str]]":
    said = Value("50% of 'all' %s")
    return User.objects.filter(pk__lte=person).annotate(said=said).order_by("pk").values_list("name", "said")


def test_constants_are_written_into_it_as_they_are(anna, mona):
    assert named_with_all_sign.rows(2**40) == [(anna.name, "50% of 'all' %s"), (mona.name, "50% of 'all' %s")]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans in no time")
def test_a_connection_that_is_kept_plans_it_once(anna):
    connection.ensure_connection()
    connection.connection.prepare_threshold = 0

    for number in (1, 70_000, 10**12):
        names_but.rows(number)
    connection.connection.prepare_threshold = None

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%people_user%'")
        assert cursor.fetchone() == (1,)
