"""What an escalation harms, in words (R16), and the desk's own fields of it (R22)."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services
from escalation.models import Escalation, Procedure
from escalation.procedures.conditions import checklist
from escalation.procedures.procedures import MAJOR, SMALL, install_procedures
from tests.factories.people import make_team, make_user
from tickets.models import CustomField, Event

FIELDS = {"regulator": "To be told", "penalty": "1200"}


@pytest.fixture
def own(db):
    """Two of escalations, the first required, and one of tickets."""
    regulator = {"type": "choice", "choices": ["To be told", "Told"], "is_required": True}
    CustomField.objects.create(key="regulator", label="Regulator", belongs_to="escalation", **regulator)
    CustomField.objects.create(key="penalty", label="Penalty", belongs_to="escalation", type="number")
    CustomField.objects.create(key="plan", label="Plan", is_required=True)


def changes(escalation) -> list[dict]:
    told = Event.objects.about(escalation.reference).filter(kind="escalation.changed").order_by("pk")
    return list(told.values_list("data", flat=True))


def test_r16_r22_impact_and_fields_are_kept_with_what_is_raised(own, ask_by_hand):
    made = ask_by_hand(impact=" Nine merchants\r\nhave no money. ", fields=FIELDS)

    assert made.impact == "Nine merchants\nhave no money."
    assert made.fields == {"regulator": "To be told", "penalty": 1200}


def test_r22_of_both_kinds_at_once_each_has_them(own, open_ticket, anna, mona, time):
    make_team("Risk", lead=make_user("Lara Lead"))
    asked = {"kind": "both", "severity": 3, "reason": "technical", "summary": "Look", "team_slug": "risk"}

    services.escalate(user=anna, ticket_number=open_ticket().number, now=time.now, **asked, impact="One", fields=FIELDS)

    told = Escalation.objects.values_list("impact", "fields__regulator")
    assert list(told) == [("One", "To be told")] * 2


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "fields.regulator"),
        ({"regulator": "Perhaps"}, "fields.regulator"),
        ({"regulator": "Told", "penalty": "much"}, "fields.penalty"),
        ({"regulator": "Told", "plan": "Gold"}, "fields.plan"),
    ],
)
def test_r22_a_wrong_or_missing_field_is_refused_under_its_name_and_nothing_is_raised(own, ask_by_hand, fields, wrong):
    with pytest.raises(InvalidInput) as error:
        ask_by_hand(fields=fields)

    assert set(error.value.errors) == {wrong}
    assert not Escalation.objects.exists()
    assert not CustomField.objects.filter(is_kept_above=True).exists()


def test_r22_who_was_not_asked_is_not_held_up_and_customers_are_asked_for_none(own, ask_by_hand, open_ticket, cora, at):
    assert ask_by_hand().fields == {}
    asked = {"kind": "hierarchical", "severity": 3, "reason": "staff", "summary": "Help", "now": at}

    with pytest.raises(InvalidInput) as error:
        services.escalate(user=cora, ticket_number=open_ticket().number, **asked, fields={"regulator": "Told"})

    assert set(error.value.errors) == {"fields.regulator"}


def test_r22_a_field_with_a_value_on_an_escalation_keeps_its_key_and_its_type(own, ask_by_hand):
    ask_by_hand(fields={"regulator": "Told"})

    used = dict(CustomField.objects.values_list("key", "is_kept_above"))
    assert used == {"regulator": True, "penalty": False, "plan": False}
    assert CustomField.objects.get(key="regulator").is_used


def test_r22_what_changes_is_on_the_timeline_with_before_and_after_and_the_rest_stays(own, ask_by_hand, anna, time):
    escalation = ask_by_hand(impact="One", fields=FIELDS)
    known = {"user": anna, "number": escalation.number, "now": time.now}

    services.describe(**known, impact="Nine")
    services.describe(**known, fields={"penalty": None, "regulator": "Told"})
    services.describe(**known, impact="Nine", fields={"regulator": "Told"})

    escalation.refresh_from_db()
    assert (escalation.impact, escalation.fields) == ("Nine", {"regulator": "Told"})
    told = [(one["what"], one.get("label", ""), one["before"], one["after"]) for one in changes(escalation)]
    assert told == [
        ("impact", "", "One", "Nine"),
        ("field", "Regulator", "To be told", "Told"),
        ("field", "Penalty", 1200, ""),
    ]


def test_r22_a_required_field_is_not_emptied_afterwards(own, ask_by_hand, anna, time):
    escalation = ask_by_hand(fields=FIELDS)

    with pytest.raises(InvalidInput, match="This is needed"):
        services.describe(user=anna, number=escalation.number, now=time.now, impact="Nine", fields={"regulator": ""})

    escalation.refresh_from_db()
    assert (escalation.impact, escalation.fields["regulator"]) == ("", "To be told")


def test_r22_only_those_who_work_on_it_may_and_only_while_it_lives(breached, mona, time):
    escalation = breached()
    known = {"number": escalation.number, "now": time.now, "impact": "Nine"}

    with pytest.raises(Refused):
        services.describe(user=make_user("Lena Outside"), **known)
    services.deescalate(user=mona, number=escalation.number, reason="A duplicate.", now=time.now)
    with pytest.raises(NotAllowedNow, match="what is on record stays"):
        services.describe(user=mona, **known)

    assert changes(escalation) == []


def test_r16_a_severe_one_is_not_communicated_before_its_impact_is_on_record(breached, mona, time):
    escalation = breached(priority="urgent")
    known = {"user": mona, "number": escalation.number, "now": time.now}
    services.acknowledge(**known)

    with pytest.raises(NotAllowedNow) as refused:
        services.begin_communication(**known)
    assert [one.name for one in refused.value.conditions if not one.met] == ["impact_known"]
    services.describe(**known, impact="Nine merchants have no money.")

    assert all(one.met for one in checklist(Escalation.objects.get()))
    assert services.begin_communication(**known).state == "communicating"


def test_r16_the_procedures_that_were_delivered_ask_for_it_and_edited_ones_stay(db):
    install_procedures()
    earlier, then = ({**MAJOR, "initiated": names} for names in (["acknowledged"], ["acknowledged", "impact_known"]))
    Procedure.objects.filter(name="Major matter").update(conditions=earlier)
    edited = Procedure.objects.create(name="Ours", conditions={**earlier, "resolving": ["plan_done"]})
    move = import_module("escalation.migrations.0021_impact_and_own_fields").ask_major_matters_for_their_impact

    move(apps, SimpleNamespace(connection=connection))

    assert Procedure.objects.get(name="Major matter").conditions == then
    import_module("escalation.migrations.0023_bound_and_told").ask_whether_it_was_accepted(
        apps, SimpleNamespace(connection=connection)
    )
    assert Procedure.objects.get(name="Major matter").conditions == MAJOR
    assert Procedure.objects.get(pk=edited.pk).conditions["initiated"] == ["acknowledged"]
    assert Procedure.objects.get(name="Standard").conditions == SMALL
