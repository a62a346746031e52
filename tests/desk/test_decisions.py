import re

import pytest
from django.urls import reverse

from escalation.models import Approval, Escalation
from people.enums import Role
from people.models import AuthorityLimit
from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tickets.models import CustomField

pytestmark = pytest.mark.each


@pytest.fixture
def asked(open_ticket, ask, mona):
    return ask(open_ticket(), tried="A credit of R$ 10.000 was refused.")


def test_the_list_puts_mine_first(open_ticket, ask, mona, adam, anna):
    mine = ask(open_ticket())

    assert "1 decision waits for you" in words(get(mona, "desk:decisions"))
    assert mine.summary in words(get(mona, "desk:decisions"))
    others = words(get(adam, "desk:decisions"))
    assert "Nobody waits for your decision" in others
    assert "Others are asked" in others
    assert "<html" not in words(fragment(mona, "desk:decisions"))


def test_the_room_has_the_evidence(asked, mona):
    page = words(get(mona, "desk:decision", asked.number))

    assert "Waive the October fee" in page
    assert "A credit of R$ 10.000 was refused." in page
    assert "Since yesterday." in page
    assert "Livraria Aurora" in page
    assert "Wanted by 12:00, 2 hours left" in page
    assert page.count('name="decision"') == 4


@pytest.mark.parametrize(
    ("data", "state", "kept"),
    [
        ({"decision": "approve"}, "initiated", {"note": ""}),
        (
            {
                "decision": "exception",
                "amount": "R$ 20.000",
                "valid_until": "2026-11-30",
                "note_exception": "Call her.",
            },
            "initiated",
            {"amount": "R$ 20.000", "note": "Call her."},
        ),
        (
            {"decision": "resources", "resources": "Two people", "note_resources": "For the weekend."},
            "initiated",
            {"resources": "Two people", "note": "For the weekend."},
        ),
        ({"decision": "decline", "note_decline": "Not our fault."}, "declined", {"note": "Not our fault."}),
    ],
)
def test_each_of_the_four_is_decided(asked, mona, data, state, kept):
    answer = post(mona, "desk:decision", asked.number, **data)

    assert answer["Location"] == f"/escalations/{asked.number}/"
    assert Escalation.objects.get(pk=asked.pk).state == state
    approval = Approval.objects.get(escalation=asked)
    assert {name: getattr(approval, name) for name in kept} == kept


def test_a_field_of_a_choice_not_taken_is_not_read(asked, mona):
    post(mona, "desk:decision", asked.number, decision="approve", amount="R$ 1", note_decline="No.")

    assert (asked.approval.amount, asked.approval.note) == ("", "")


def test_a_refusal_keeps_the_choice_and_the_words(asked, mona):
    answer = post(mona, "desk:decision", asked.number, decision="exception", amount="R$ 20.000", valid_until="some day")

    page = words(answer)
    assert answer.status_code == 422
    assert 'value="R$ 20.000"' in page
    assert "Say why; whoever asked sees it." in page
    assert "Enter a valid date." in page
    assert re.search(r'value="exception"[^>]* checked', page)


def test_r84_whoever_declines_may_name_the_cause_and_one_that_is_none_is_refused_with_his_words_kept(asked, mona):
    said = {"decision": "decline", "note_decline": "Not our fault."}

    refused = post(mona, "desk:decision", asked.number, **said, cause="fate")
    assert (refused.status_code, Escalation.objects.get(pk=asked.pk).state) == (422, "requested")
    assert "Not our fault." in words(refused) and "fate is not one of the available choices" in words(refused)

    post(mona, "desk:decision", asked.number, **said, cause="authority")
    assert (Escalation.objects.get(pk=asked.pk).state, Escalation.objects.get(pk=asked.pk).cause) == (
        "declined",
        "authority",
    )


def test_r22_the_desks_own_fields_of_an_escalation_are_evidence(asked, mona):
    CustomField.objects.create(key="regulator", label="Regulator asks", belongs_to="escalation")
    Escalation.objects.filter(pk=asked.pk).update(fields={"regulator": "Banco Central"})

    page = words(get(mona, "desk:decision", asked.number))

    assert "Regulator asks" in page and "Banco Central" in page


def test_nothing_chosen_is_said(asked, mona):
    assert "Choose one of the four first." in words(post(mona, "desk:decision", asked.number))


def test_nobody_decides_on_his_own_request(open_ticket, ask, mona, adam):
    own = ask(open_ticket(), user=mona)

    page = get(mona, "desk:decision", own.number)
    answer = post(mona, "desk:decision", own.number, decision="approve")

    assert "Nobody decides on his own request." in words(page)
    assert answer.status_code == 403
    assert Escalation.objects.get(pk=own.pk).state == "requested"


def test_an_agent_sees_who_decides(asked, anna):
    page = words(get(anna, "desk:decision", asked.number))

    assert "Mona Farias is asked." in page
    assert 'name="decision"' not in page
    assert post(anna, "desk:decision", asked.number, decision="approve").status_code == 403


def test_the_second_decision_is_a_conflict_that_keeps_the_words(asked, mona, adam):
    post(adam, "desk:decision", asked.number, decision="approve")

    answer = post(mona, "desk:decision", asked.number, decision="decline", note_decline="Too dear for us.")

    assert answer.status_code == 409
    page = words(answer)
    assert "Too dear for us." in page
    assert "Adam Berg has decided it meanwhile: Approve." in page
    assert 'name="decision"' not in page and "Asked now" not in page
    assert asked.approval.by == adam


def test_passing_on_what_is_decided_says_by_whom(asked, mona, adam):
    post(adam, "desk:decision", asked.number, decision="approve")

    answer = post(mona, "desk:decision_pass_on", asked.number, **{"pass-to": adam.email, "pass-note": "I am away."})

    assert answer.status_code == 409
    assert "Adam Berg has decided it meanwhile: Approve." in words(answer)


def test_what_is_decided_is_found_in_its_room(asked, mona):
    post(mona, "desk:decision", asked.number, decision="approve")

    assert get(mona, "desk:decision", asked.number)["Location"] == f"/escalations/{asked.number}/"
    assert "Approve, by Mona Farias." in words(get(mona, "desk:escalation", asked.number))


def test_similar_decisions_are_shown(open_ticket, ask, mona):
    before = ask(open_ticket(), summary="Waive the September fee")
    post(mona, "desk:decision", before.number, decision="exception", amount="R$ 5", note_exception="Once.")

    page = words(get(mona, "desk:decision", ask(open_ticket()).number))

    assert "Waive the September fee" in page
    assert "Approve with an exception, R$ 5" in page


@pytest.mark.once
def test_the_queries_do_not_grow(open_ticket, ask, mona):
    client, counted = signed_in(mona), []
    for more in (1, 2, 47):
        for number in range(more):
            ask(
                open_ticket(
                    requester=make_user(f"C{more} {number}", Role.CUSTOMER, email=f"c{more}.{number}@x.example")
                )
            )
        counted.append(queries(client, reverse("desk:decisions")))

    assert len(set(counted)) == 1
    assert counted[0] <= 20


def test_foreign_and_absent_ones_look_the_same(asked, cora, anna, open_ticket, ask, mona):
    managers = [mona, make_user("Max Man", Role.MANAGER)]
    secret = ask(open_ticket(team=make_team("Fraud", restricted=True, managers=managers)), user=mona)
    answers = [
        get(anna, "desk:decision", secret.number),
        post(anna, "desk:decision", secret.number, decision="approve"),
        get(anna, "desk:decision", 999_999),
        get(cora, "desk:decision", asked.number),
        get(cora, "desk:decisions"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert all(NOWHERE in words(answer) for answer in answers)


def test_r67_the_decision_says_what_was_granted_this_month_beside_the_limit(ask, open_ticket, mona, anna):
    AuthorityLimit.objects.create(person=mona, currency="EUR", amount=5000)
    first = ask(open_ticket(), amount="1200", currency="EUR")
    post(mona, "desk:decision", first.number, decision="approve")
    second = ask(open_ticket(), amount="800", currency="EUR")

    page = words(get(mona, "desk:decision", second.number))

    assert "This month you have granted EUR 1,200.00 in 1 decision; with this one it is EUR 2,000.00." in page
    assert "Your limit for one: EUR 5,000.00." in page
    assert "This month you have granted" not in words(get(anna, "desk:decision", second.number))
    assert "This month you have granted" not in words(get(mona, "desk:decision", ask(open_ticket()).number))
