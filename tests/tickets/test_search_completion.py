import pytest

from tests.factories.people import make_team
from tickets.models import CustomField, Tag
from tickets.search.completion import complete


def _texts(user, query, caret=None):
    return [one.text for one in complete(user, query, len(query) if caret is None else caret)]


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("payout pri", ["priority:"]),
        ("-ta", ["tag:"]),
        ("status:wai", ["waiting"]),
        ("status:open,so", ["solved"]),
        ("-priority:>=h", ["high"]),
        ("priority:>", ["low", "normal", "high", "urgent"]),
        ("severity:>=", ["1", "2", "3", "4", "none"]),
        ("is:une", []),
        ('"status:o', []),
        ("", []),
        ("nothing:x", []),
    ],
)
def test_what_is_begun_is_completed(query, offered, anna):
    assert _texts(anna, query) == offered


def test_values_come_from_the_desk(anna, cora, payments):
    make_team("Risk")
    Tag.objects.create(name="vip")
    Tag.objects.create(name="very late")
    CustomField.objects.create(key="region", label="Region", type="choice", choices=["North", "South"])

    assert _texts(anna, "team:pay") == ["payments"]
    assert _texts(anna, "tag:v") == ['"very late"', "vip"]
    assert _texts(anna, "assignee:an") == _texts(anna, "assignee:lindq") == [anna.email]
    assert _texts(anna, "assignee:me") == ["me"]
    assert _texts(anna, "requester:cora") == [cora.email]
    assert _texts(anna, "reg") == ["region:"]
    assert _texts(anna, "region:n") == ["North", "none"]


def test_the_part_at_the_caret_is_replaced(anna):
    (one,) = complete(anna, "status:op today", 9)

    assert (one.text, one.start, one.end) == ("open", 7, 9)


def test_customers_are_offered_what_they_may_search_by(cora, payments):
    assert _texts(cora, "te") == _texts(cora, "team:pay") == _texts(cora, "tag:") == []
    assert _texts(cora, "is:") == ["open", "closed", "escalated"]
    assert _texts(cora, "assignee:") == []


@pytest.mark.parametrize("caret", [-5, 0, 10**9])
def test_a_caret_outside_of_the_text_is_brought_inside(caret, anna):
    assert complete(anna, "", caret) == []
