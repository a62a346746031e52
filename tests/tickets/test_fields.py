import pytest
from django.core.exceptions import ValidationError

from common.errors import InvalidInput
from tickets import search, services
from tickets.enums import EventKind, Kind
from tickets.models import CustomField


@pytest.fixture
def own(db):
    """One field of each type, by key."""
    rows = {
        "contract": {"type": "text"},
        "amount": {"type": "number"},
        "plan": {"type": "choice", "choices": ["Basic", "Gold"]},
        "wanted_on": {"type": "date"},
    }
    return {key: CustomField.objects.create(key=key, label=key.title(), **given) for key, given in rows.items()}


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("contract", "  A-17 ", "A-17"),
        ("contract", "x" * 500, "x" * 500),
        ("amount", "12.50", 12.5),
        ("amount", "-3", -3),
        ("amount", 7, 7),
        ("plan", "Gold", "Gold"),
        ("wanted_on", "2026-12-01", "2026-12-01"),
    ],
)
def test_a_value_is_kept_by_its_type(own, open_ticket, anna, at, key, given, kept):
    ticket = services.set_fields(user=anna, number=open_ticket().number, values={key: given}, now=at)

    assert ticket.fields == {key: kept}


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("contract", "x" * 501),
        ("contract", "two\nlines"),
        ("contract", ["a"]),
        ("amount", "much"),
        ("amount", "NaN"),
        ("amount", "1e400"),
        ("amount", "1" * 16),
        ("amount", True),
        ("plan", "Silver"),
        ("wanted_on", "01.12.2026"),
        ("wanted_on", "2026-02-30"),
        ("unknown", "x"),
    ],
)
def test_a_wrong_value_is_refused_under_its_name_and_nothing_is_kept(own, open_ticket, anna, at, key, given):
    ticket = open_ticket()

    with pytest.raises(InvalidInput) as error:
        services.set_fields(user=anna, number=ticket.number, values={"contract": "A-17", key: given}, now=at)

    assert set(error.value.errors) == {f"fields.{key}"}
    ticket.refresh_from_db()
    assert ticket.fields == {}


def test_what_is_given_empty_is_cleared_what_is_not_given_stays(own, open_ticket, anna, at):
    number = open_ticket().number
    services.set_fields(user=anna, number=number, values={"contract": "A-17", "amount": "5"}, now=at)

    ticket = services.set_fields(user=anna, number=number, values={"amount": None}, now=at)

    assert ticket.fields == {"contract": "A-17"}
    told = list(ticket.events.filter(kind=EventKind.CHANGED).order_by("pk").values_list("data", flat=True))
    assert [(line["key"], line["before"], line["after"]) for line in told] == [
        ("contract", "", "A-17"),
        ("amount", "", 5),
        ("amount", 5, ""),
    ]


def test_numbers_are_compared_as_numbers_in_a_search(own, open_ticket, anna, at):
    small, large = open_ticket(), open_ticket()
    for ticket, amount in ((small, "9"), (large, "10.5")):
        services.set_fields(user=anna, number=ticket.number, values={"amount": amount}, now=at)

    assert list(search.find(anna, "amount:>9.5")) == [large]


def test_the_type_changes_with_a_line_and_only_to_a_known_one(open_ticket, anna, at):
    ticket = services.set_kind(user=anna, number=open_ticket().number, kind=Kind.INCIDENT, now=at)

    data = ticket.events.get(kind=EventKind.CHANGED).data
    assert (data["before"], data["after"]) == (Kind.QUESTION, Kind.INCIDENT)
    with pytest.raises(InvalidInput, match="A type is one of"):
        services.set_kind(user=anna, number=ticket.number, kind="riddle", now=at)


@pytest.mark.parametrize(
    ("type_", "choices"), [("choice", []), ("text", ["a"]), ("choice", [""]), ("choice", ["x" * 81])]
)
def test_choices_belong_to_the_type_choice_which_needs_them(db, type_, choices):
    with pytest.raises(ValidationError):
        CustomField(key="k", label="K", type=type_, choices=choices).full_clean()


def test_a_used_field_keeps_its_key_and_type_though_its_label_may_change(own, open_ticket, anna, at):
    field = own["contract"]
    services.set_fields(user=anna, number=open_ticket().number, values={"contract": "A-17"}, now=at)

    field.label = "Contract number"
    field.full_clean()
    field.key = "contract_no"
    with pytest.raises(ValidationError, match="its key and its type stay"):
        field.full_clean()
