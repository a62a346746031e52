"""Another system brings its customers (R71)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import ConfigurationChange
from people.enums import Role
from people.models import Organisation, User
from tests.factories.people import make_user

HOUSE = {"organisation": "Aurora", "organisation_id": "au", "tier": "business"}
ROWS = [
    {"email": "Rita@aurora.example", "name": "Rita", **HOUSE},
    {"email": "nonsense"},
    {"email": "known@x.example", "name": "Known Now"},
]
ADDRESS = "/api/v1/customers/import/"


@pytest.fixture
def known(db) -> User:
    return make_user("Known", Role.CUSTOMER, email="known@x.example")


def test_r71_a_dry_run_says_what_would_be_and_the_same_rows_are_then_taken(calling, adam, known):
    crm, once = calling(adam), {"Idempotency-Key": "crm-1"}

    seen = crm.post(ADDRESS, {"rows": ROWS, "dry_run": True}).json()
    assert not Organisation.objects.exists()
    done = crm.post(ADDRESS, {"rows": ROWS}, **once).json()
    again = crm.post(ADDRESS, {"rows": ROWS}, **once).json()

    assert {**seen, "dry_run": False} == done == again
    assert (done["new"], done["changed"], done["same"]) == (2, 1, 0)
    assert done["refused"] == [{"row": 2, "why": "This is not an e-mail address."}]
    rita = User.objects.get(email="rita@aurora.example")
    assert (rita.organisation.slug, rita.organisation.tier, rita.has_usable_password()) == ("au", "business", False)
    known.refresh_from_db()
    assert known.name == "Known Now"
    assert ConfigurationChange.objects.filter(subject="Customers from a list").count() == 1


def test_a_row_with_an_unknown_field_or_too_many_rows_are_refused_as_a_whole(calling, adam):
    crm = calling(adam)

    wrong = crm.post(ADDRESS, {"rows": [{"email": "a@x.example", "shoe": "42"}]})
    many = crm.post(ADDRESS, {"rows": [{}] * 10_001})

    assert (wrong.status_code, many.status_code) == (400, 400)
    assert "shoe" in wrong.content.decode() and "at most 10000" in many.content.decode()
    assert not User.objects.filter(email="a@x.example").exists()


def test_many_rows_cost_few_questions(calling, adam):
    def rows(count: int) -> list[dict[str, str]]:
        return [{"email": f"p{n}@x.example", "name": f"P {n}", "organisation": f"House {n % 5}"} for n in range(count)]

    crm = calling(adam)
    crm.post(ADDRESS, {"rows": rows(10)})

    with CaptureQueriesContext(connection) as caught:
        done = crm.post(ADDRESS, {"rows": rows(1500)}).json()

    assert (done["new"], done["same"]) == (1490, 15)
    assert len(caught) < 60
