"""The settings page of the desk's own fields: what it makes is asked where it says, of whom it says."""

import pytest
from django.urls import reverse

from common.errors import InvalidInput
from common.models import ConfigurationChange
from tests.desk.helpers import get, post, queries, signed_in, words
from tickets import search, services
from tickets.models import CustomField, Ticket
from tickets.vocabulary import vocabulary_for

NEW = {"label": "Contract number", "key": "", "type": "text", "choices": "", "when_opened": "on"}


@pytest.fixture
def contract(db) -> CustomField:
    return CustomField.objects.create(key="contract", label="Contract", order=10)


@pytest.fixture
def plan(contract) -> CustomField:
    return CustomField.objects.create(key="plan", label="Plan", type="choice", choices=["Basic", "Gold"], order=20)


def caller(**given):
    return {
        "name": "Cora",
        "email": "cora@x.example",
        "subject": "Stuck",
        "body": "Help",
        "kind": "incident",
        "priority": "normal",
        "channel": "phone",
        **given,
    }


def test_a_new_field_stands_last_gets_a_key_of_its_name_and_is_audited(adam, plan):
    answer = post(adam, "desk:own_field_new", **NEW)

    made = CustomField.objects.last()
    assert answer["Location"] == reverse("desk:own_fields")
    assert (made.key, made.order, made.when_opened, made.is_required) == ("contract_number", 30, True, False)
    change = ConfigurationChange.objects.get()
    assert (change.by, change.subject, change.before) == (adam, "custom field Contract number", {})
    assert change.after["label"] == "Contract number"


def test_choices_are_typed_one_a_line_without_blanks_and_doubles(adam):
    post(adam, "desk:own_field_new", **{**NEW, "type": "choice", "choices": " Basic \r\n\r\nGold\nBasic\n"})

    assert CustomField.objects.get().choices == ["Basic", "Gold"]


@pytest.mark.parametrize(
    ("label", "key"),
    [("Größe (cm)", "grosse_cm"), ("2nd line", "field_2nd_line"), ("合同", "field"), ("Status", "status_2")],
)
def test_a_key_is_made_of_any_name_and_never_one_of_the_searchs_own(adam, label, key):
    post(adam, "desk:own_field_new", **{**NEW, "label": label})

    assert CustomField.objects.get().key == key


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"label": ""}, "This field is required."),
        ({"label": "a\x01b"}, "one line without control characters"),
        ({"key": "Contract No"}, "Small letters, digits and underscores, a letter first."),
        ({"key": "status"}, "“status” is a word of the search already."),
        ({"key": "contract"}, "already exists"),
        ({"type": "riddle"}, "riddle is not one of the available choices"),
        ({"type": "choice"}, "A choice needs something to choose from."),
        ({"type": "choice", "choices": "x" * 81}, "80"),
        ({"type": "choice", "choices": "a\x01"}, "one line without control characters"),
    ],
)
def test_a_mistake_gets_one_sentence_and_nothing_that_was_typed_is_lost(adam, contract, given, sentence):
    answer = post(adam, "desk:own_field_new", **{**NEW, "for_customers": "on", **given})

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'id="id_for_customers" checked' in words(answer)
    assert CustomField.objects.count() == 1
    assert not ConfigurationChange.objects.exists()


def test_what_changes_is_audited_and_saving_what_stands_there_is_no_change(adam, contract):
    same = {"label": "Contract", "key": "contract", "type": "text", "choices": "", "when_opened": "on"}
    post(adam, "desk:own_field", contract.pk, **same)
    assert not ConfigurationChange.objects.exists()

    post(adam, "desk:own_field", contract.pk, **{**same, "label": "Contract no."}, is_required="on")

    change = ConfigurationChange.objects.get()
    assert change.before == {"label": "Contract", "is_required": False}
    assert change.after == {"label": "Contract no.", "is_required": True}


def test_a_used_field_keeps_its_key_and_type_also_from_a_forged_form(adam, anna, contract, open_ticket, at):
    services.set_fields(user=anna, number=open_ticket().number, values={"contract": "A-17"}, now=at)

    page = words(get(adam, "desk:own_field", contract.pk))
    post(adam, "desk:own_field", contract.pk, label="Deal", key="deal", type="number", choices="")

    contract.refresh_from_db()
    assert "its key and its type stay" in page
    assert (contract.label, contract.key, contract.type) == ("Deal", "contract", "text")


def test_the_order_is_moved_past_retired_ones_and_holds_on_the_ticket(adam, anna, contract, plan, open_ticket):
    CustomField.objects.create(key="old", label="Old", order=15, is_enabled=False)
    product = CustomField.objects.create(key="product", label="Product", order=20)

    post(adam, "desk:own_field_order", plan.pk, to="up")
    post(adam, "desk:own_field_order", product.pk, to="down")

    enabled = CustomField.objects.filter(is_enabled=True)
    assert list(enabled.values_list("key", flat=True)) == ["plan", "contract", "product"]
    page = words(get(anna, "desk:ticket", open_ticket().number))
    assert page.index("<dt>Plan</dt>") < page.index("<dt>Contract</dt>") < page.index("<dt>Product</dt>")
    assert ConfigurationChange.objects.count() == 1


def test_a_retired_field_is_asked_no_more_its_values_stay_and_it_comes_back(adam, anna, contract, open_ticket, at):
    number = open_ticket().number
    services.set_fields(user=anna, number=number, values={"contract": "A-17"}, now=at)

    post(adam, "desk:own_field_switch", contract.pk, on="0")
    post(adam, "desk:own_field_switch", contract.pk, on="0")

    assert "1 retired field" in words(get(adam, "desk:own_fields"))
    assert "<dt>Contract</dt>" not in words(get(anna, "desk:ticket", number))
    post(adam, "desk:own_field_switch", contract.pk, on="1")
    assert "<dd>A-17</dd>" in words(get(anna, "desk:ticket", number))
    assert ConfigurationChange.objects.count() == 2


def test_a_required_field_is_asked_of_whoever_opens_a_ticket_and_is_not_emptied(adam, anna, plan):
    CustomField.objects.filter(pk=plan.pk).update(is_required=True)

    missing = post(anna, "desk:new_ticket", **caller(**{"fields.plan": ""}))
    post(anna, "desk:new_ticket", **caller(**{"fields.plan": "Gold"}))
    ticket = Ticket.objects.get()
    emptied = post(anna, "desk:fields", ticket.number, **{"fields.plan": ""})

    for answer in (missing, emptied):
        assert answer.status_code == 422
        assert "This is needed." in words(answer)
    assert 'value="Stuck"' in words(missing)
    ticket.refresh_from_db()
    assert ticket.fields == {"plan": "Gold"}


def test_who_was_not_asked_is_not_held_up(anna, cora, plan, payments, at):
    CustomField.objects.update(is_required=True, for_customers=True)

    common = {"subject": "Stuck", "body": "Help", "now": at}
    services.ask(user=cora, **common)
    services.open_for_caller(user=anna, email="cora@x.example", name="Cora", **common)

    assert Ticket.objects.count() == 2


def test_a_field_that_is_not_asked_at_opening_stands_on_the_ticket_only(anna, contract, open_ticket):
    CustomField.objects.update(when_opened=False, is_required=True)

    assert "fields.contract" not in words(get(anna, "desk:new_ticket"))
    assert post(anna, "desk:new_ticket", **caller()).status_code == 302
    assert 'name="fields.contract"' in words(get(anna, "desk:ticket", open_ticket().number))


def test_customers_are_asked_only_what_is_meant_for_them_and_see_it(cora, payments, contract, plan):
    CustomField.objects.filter(pk=plan.pk).update(for_customers=True, is_required=True)
    given = {"subject": "Stuck", "body": "Since Monday"}

    page = words(get(cora, "portal:new_request"))
    missing = post(cora, "portal:new_request", **given)
    post(cora, "portal:new_request", **given, **{"fields.plan": "Gold", "fields.contract": "A-17"})

    assert "fields.plan" in page
    assert "fields.contract" not in page
    assert missing.status_code == 422
    assert "This is needed." in words(missing)
    ticket = Ticket.objects.get()
    assert ticket.fields == {"plan": "Gold"}
    Ticket.objects.update(fields={"plan": "Gold", "contract": "secret"})
    shown = words(get(cora, "portal:request", ticket.number))
    assert "<dt>Plan</dt><dd>Gold</dd>" in shown
    assert "secret" not in shown


def test_a_choice_that_is_gone_stays_on_the_tickets_that_have_it(anna, contract, plan, open_ticket, at):
    number = open_ticket().number
    services.set_fields(user=anna, number=number, values={"plan": "Gold"}, now=at)
    CustomField.objects.filter(pk=plan.pk).update(choices=["Basic"])

    page = words(get(anna, "desk:fields", number))
    answer = post(anna, "desk:fields", number, **{"fields.plan": "Gold", "fields.contract": "A-17"})

    assert '<option value="Gold" selected>' in page
    assert answer.status_code == 302
    assert Ticket.objects.get().fields == {"plan": "Gold", "contract": "A-17"}


def test_the_list_costs_the_same_however_many_fields_there_are(adam):
    client, counted = signed_in(adam), []
    for many in (1, 3, 50):
        for number in range(CustomField.objects.count(), many):
            CustomField.objects.create(key=f"k{number}", label=f"K{number}")
        counted.append(queries(client, reverse("desk:own_fields")))

    assert counted[0] == counted[1] == counted[2]


def test_r22_a_field_of_escalations_stands_apart_and_no_ticket_has_it(adam, anna, contract, open_ticket):
    post(adam, "desk:own_field_new", **{**NEW, "label": "Regulator", "belongs_to": "escalation"})

    made = CustomField.objects.get(key="regulator")
    page = words(get(adam, "desk:own_fields"))
    assert made.belongs_to == "escalation"
    assert page.index("On every ticket") < page.index("Contract") < page.index("On every escalation")
    assert page.index("On every escalation") < page.index("Regulator")
    assert "asked in the escalate dialog" in page
    assert "Regulator" not in words(get(anna, "desk:ticket", open_ticket().number))
    assert "Regulator" not in words(get(anna, "desk:new_ticket"))
    assert "Regulator" not in words(get(anna, "desk:fields", open_ticket().number))
    assert vocabulary_for().fields.keys() == {"contract"}
    with pytest.raises(InvalidInput):
        search.find(anna, "regulator:told")


def test_r22_customers_are_not_asked_for_what_belongs_to_an_escalation(adam):
    answer = post(adam, "desk:own_field_new", **{**NEW, "belongs_to": "escalation", "for_customers": "on"})

    assert answer.status_code == 422
    assert "Customers see no escalation" in words(answer)
    assert not CustomField.objects.exists()


def test_r22_what_it_belongs_to_stays_once_there_are_values(adam):
    kept = CustomField.objects.create(key="a", label="A", belongs_to="escalation", is_kept_above=True)
    blank = CustomField.objects.create(key="b", label="B", belongs_to="escalation")

    for field in (kept, blank):
        post(adam, "desk:own_field", field.pk, **{**NEW, "label": field.label, "belongs_to": "ticket"})

    assert dict(CustomField.objects.values_list("key", "belongs_to")) == {"a": "escalation", "b": "ticket"}


def test_r22_the_order_is_moved_among_those_of_the_same_thing(adam, contract, plan):
    CustomField.objects.create(key="between", label="Between", order=15, belongs_to="escalation")

    post(adam, "desk:own_field_order", plan.pk, to="up")

    assert list(CustomField.objects.in_use().values_list("key", flat=True)) == ["plan", "contract"]


def test_no_two_fields_that_are_asked_have_one_name(adam, contract):
    doubled = post(adam, "desk:own_field_new", **{**NEW, "label": "contract"})
    of_escalations = post(adam, "desk:own_field_new", **{**NEW, "label": "Contract", "belongs_to": "escalation"})

    assert "There is a field of this name already." in words(doubled)
    assert (doubled.status_code, of_escalations.status_code) == (422, 302)


@pytest.mark.parametrize(("typed", "kept"), [("12,5", 12.5), ("-0,25", -0.25), ("12.5", 12.5), ("7", 7)])
def test_a_number_is_written_with_either_mark(open_ticket, anna, typed, kept):
    CustomField.objects.create(key="amount", label="Amount", type="number")
    ticket = open_ticket()

    post(anna, "desk:fields", ticket.number, **{"fields.amount": typed})

    ticket.refresh_from_db()
    assert ticket.fields == {"amount": kept}


@pytest.mark.parametrize("typed", ["12,500", "1,2,3", "1.000,5", "many"])
def test_what_could_be_two_numbers_is_none(open_ticket, anna, typed):
    CustomField.objects.create(key="amount", label="Amount", type="number")

    answer = post(anna, "desk:fields", open_ticket().number, **{"fields.amount": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in words(answer)


def test_values_are_written_as_the_reader_writes_them(open_ticket, anna):
    anna.language = "es"
    anna.save()
    CustomField.objects.create(key="amount", label="Importe", type="number")
    CustomField.objects.create(key="paid_on", label="Pago", type="date")
    ticket = open_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(fields={"amount": 12.5, "paid_on": "2026-10-02"})

    page = words(get(anna, "desk:ticket", ticket.number))

    assert "<dd>12,5</dd>" in page
    assert "<dd>2 oct" in page.lower()
