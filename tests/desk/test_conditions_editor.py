"""Conditions are edited in rows, with script and without, and nothing that was typed is lost."""

import pytest
from django.http import QueryDict

from common.errors import InvalidInput
from desk.forms.conditions import ConditionRows
from tests.desk.helpers import get, post, words
from tests.factories.sla import make_policy
from tickets.models import CustomField

EVERY_KIND = {
    "priority": ["high", "urgent"],
    "channel": {"not": ["chat"]},
    "team": ["payments"],
    "organisation": ["livraria-aurora"],
    "contract": {"any": ["Gold, 2026", "Silver"], "not": ["Old"]},
    "tier": {"given": False},
    "tags": {"any": ["vip"], "all": ["a", "b"], "not": ["test"]},
    "keywords": {"any": ["late payment", "payout*"], "not": ["test"]},
    "field:amount": {"from": 100, "to": 500.5, "given": True},
    "field:bank": ["Itaú"],
    "field:note": {"words": ["conta"], "without": ["teste"], "matches": "a{1,2}"},
    "subject": {"matches": 'procon|"ombuds, man"', "matches_not": "teste"},
}


@pytest.fixture
def desk(payments, cora):
    for key, type_, choices in (("amount", "number", []), ("bank", "choice", ["Itaú", "Inter"]), ("note", "text", [])):
        CustomField.objects.create(key=key, label=key.title(), type=type_, choices=choices)


def sent(editor: ConditionRows, **more: str) -> QueryDict:
    """What a browser sends of the rows as they stand."""
    given = QueryDict(mutable=True)
    given["when-shown"] = "1"
    for row in editor.rows:
        given[row.names["key"]], given[row.names["is"]] = row.key, row.operator
        if row.choices:
            given.setlist(row.names["values"], [choice.value for choice in row.choices if choice.chosen])
        elif row.wants_values:
            given[row.names["text"]] = row.text
    given.update(more)
    return given


def test_whatever_can_be_stored_can_be_edited_and_comes_back_as_it_was(desk):
    editor = ConditionRows.read(sent(ConditionRows.of(EVERY_KIND)))

    assert editor.conditions() == EVERY_KIND


def test_a_row_is_added_and_removed_and_the_others_keep_what_was_typed(desk):
    editor = ConditionRows.of({"contract": ["Gold"], "keywords": ["late"]})
    editor.rows[0].text = "Gold, half a na"

    more = ConditionRows.read(sent(editor, **{"when-add": "1", "when-new": "team"}))
    fewer = ConditionRows.read(sent(more, **{"when-remove": "1"}))

    typed = ("contract", "Gold, half a na")
    assert [(row.key, row.text) for row in more.rows] == [typed, ("keywords", "late"), ("team", "")]
    assert [(row.key, row.text) for row in fewer.rows] == [typed, ("team", "")]
    assert [row.number for row in fewer.rows] == [0, 1]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("team", "any", "")], "“Team” needs a value."),
        ([("contract", "any", " , ")], "“Contract” needs a value."),
        ([("field:amount", "from", "much")], "“much” of “field:amount” is not a number."),
        ([("organisation", "any", "Nobody Ltd")], "There is no organisation “Nobody Ltd”."),
        (
            [("contract", "any", "a"), ("contract", "any", "b")],
            "“Contract” is asked twice in the same way: put the values into one row.",
        ),
        ([("field:gone", "any", "a")], "There is no custom field “gone”."),
        (
            [("contract", "any", "a"), ("contract", "not", "a")],
            "No ticket can ever meet this: “contract” contradicts itself.",
        ),
    ],
)
def test_a_mistake_is_one_sentence_beside_the_rows(desk, rows, sentence):
    given = QueryDict(mutable=True)
    for number, (key, operator, text) in enumerate(rows):
        given.update({f"when-{number}-key": key, f"when-{number}-is": operator, f"when-{number}-text": text})
    editor = ConditionRows.read(given)

    with pytest.raises(InvalidInput):
        editor.conditions()

    assert editor.errors == [sentence]


def test_a_pattern_is_tried_on_a_text_by_a_button_and_what_is_wrong_with_it_is_said(adam, desk):
    row = {"when-shown": "1", "when-0-key": "subject", "when-0-is": "matches", "when-try": "0"}

    found = words(post(adam, "desk:conditions", **row, **{"when-0-text": "proc.n", "when-0-sample": "To the PROCON"}))
    missed = words(post(adam, "desk:conditions", **row, **{"when-0-text": "proc.n", "when-0-sample": "To nobody"}))
    broken = words(post(adam, "desk:conditions", **row, **{"when-0-text": "a(?=b)", "when-0-sample": "ab"}))

    assert "This text matches by “PROCON”." in found
    assert "Nothing in this text matches." in missed
    assert "“(?=” looks ahead or behind, which patterns here do not support." in broken


def test_an_organisation_is_named_as_people_know_it(desk):
    editor = ConditionRows.of({"organisation": ["livraria-aurora"]})

    assert editor.rows[0].text == "Livraria Aurora"
    assert ConditionRows.read(sent(editor)).conditions() == {"organisation": ["livraria-aurora"]}


def test_a_choice_that_is_no_longer_offered_is_still_seen(desk):
    CustomField.objects.filter(key="bank").update(choices=["Inter"])
    editor = ConditionRows.of({"field:bank": ["Itaú"]})

    assert [(choice.value, choice.chosen) for choice in editor.rows[0].choices] == [("Inter", False), ("Itaú", True)]


def test_the_fragment_says_how_many_tickets_match(adam, desk, open_ticket):
    open_ticket(tags=["vip"])
    open_ticket()

    answer = words(post(adam, "desk:conditions", **sent(ConditionRows.of({"tags": ["vip"]})).dict()))
    added = words(post(adam, "desk:conditions", **{"when-shown": "1", "when-add": "1", "when-new": "team"}))

    assert "1 ticket in the last 30 days matches." in answer
    assert 'name="when-0-text"' in answer
    assert 'name="when-0-values"' in added
    assert "needs a value" not in added


def filled(adam, policy, **more) -> dict:
    form = get(adam, "desk:policy", policy.pk).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {**{name: value for name, value in values.items() if value not in (None, False)}, **more}


def test_a_policy_is_drafted_with_conditions_from_its_page(adam, desk, at):
    policy = make_policy(at, conditions={"tier": ["enterprise"]})
    rows = ConditionRows.of({"tier": ["enterprise"], "channel": {"not": ["chat"]}})

    answer = post(adam, "desk:policy", policy.pk, **filled(adam, policy), **dict(sent(rows).lists()))

    assert answer.status_code == 302
    draft = policy.versions.get(published_at=None)
    assert draft.conditions == {"tier": ["enterprise"], "channel": {"not": ["chat"]}}


def test_without_script_adding_a_condition_keeps_the_rest_of_the_form_and_saves_nothing(adam, desk, at):
    policy = make_policy(at)
    data = filled(adam, policy, **{"name": "Half a na", "target-resolution-low": "what?"})

    answer = post(adam, "desk:policy", policy.pk, **data, **{"when-shown": "1", "when-add": "1", "when-new": "tags"})

    page = words(answer)
    assert answer.status_code == 200
    assert 'value="Half a na"' in page
    assert 'value="what?"' in page
    assert 'name="when-0-text"' in page
    assert not policy.versions.filter(published_at=None).exists()


def test_wrong_conditions_are_told_with_what_else_is_wrong(adam, desk, at):
    policy = make_policy(at)
    rows = {"when-shown": "1", "when-0-key": "contract", "when-0-is": "any", "when-0-text": ""}

    answer = post(adam, "desk:policy", policy.pk, **filled(adam, policy, **{"target-resolution-low": "what?"}), **rows)

    assert answer.status_code == 422
    assert "“Contract” needs a value." in words(answer)


def test_a_policy_that_has_a_number_of_thousands_of_digits_is_none(adam, desk):
    answer = post(adam, "desk:conditions", **sent(ConditionRows.of({"tags": ["vip"]}), policy="9" * 5000).dict())

    assert answer.status_code == 200
