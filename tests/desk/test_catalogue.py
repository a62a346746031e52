"""The desk's lists: services, quick replies, tags, causes, procedures, all by the same pages."""

import pytest

from common.audit import record_change
from common.models import ConfigurationChange
from desk.forms.catalogue import KINDS
from escalation.models import OwnCause, Procedure
from people.enums import Role
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_user
from tickets.models import Macro, QuickReply, RequestType, Service, Tag

NEW = {
    "services": {"name": "Pix", "slug": "pix", "is_active": "on"},
    "request_types": {
        "name": "A payout is late",
        "slug": "payout",
        "kind": "incident",
        "order": "10",
        "is_active": "on",
    },
    "quick_replies": {"title": "Hello", "body": "Hello {customer.first_name}.", "language": "en", "is_enabled": "on"},
    "macros": {"name": "Thank", "is_enabled": "on", "do-shown": "1", "do-0-what": "tag", "do-0-value": "thanked"},
    "tags": {"name": "vip"},
    "causes": {"name": "Tide", "key": "tide", "is_active": "on"},
    "procedures": {
        **{"name": "Small", "severity_from": "3", "severity_to": "4", "order": "70", "quorum": "1"},
        **{"leave_resolving": ["customer_answered"], "leave_resolved": ["cause_chosen"]},
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_is_made_changed_and_retired_or_removed_and_each_is_audited(kind, adam):
    table = KINDS[kind].model._default_manager
    assert post(adam, f"desk:{kind}_new", **NEW[kind]).status_code == 302
    row = table.latest("pk")
    assert str(row) in words(get(adam, f"desk:{kind}"))
    first = KINDS[kind].fields[0]

    answer = post(adam, f"desk:{kind}_one", row.pk, **{**NEW[kind], first: "Another"})
    gone = post(adam, f"desk:{kind}_switch", row.pk, on="0")

    assert (answer.status_code, gone.status_code) == (302, 302)
    assert ConfigurationChange.objects.filter(by=adam, model=table.model._meta.label_lower).count() == 3
    if KINDS[kind].switch:
        row.refresh_from_db()
        assert not getattr(row, KINDS[kind].switch) and "retired" in words(get(adam, f"desk:{kind}"))
        post(adam, f"desk:{kind}_switch", row.pk, on="1")
        row.refresh_from_db()
        assert getattr(row, KINDS[kind].switch)
    else:
        assert not table.filter(pk=row.pk).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_costs_the_same_at_any_length(kind, adam, payments):
    browser, url = signed_in(adam), f"/settings/{kind.replace('_', '-')}/"
    make = {
        "services": lambda n: Service.objects.create(name=f"S{n}", slug=f"s{n}", team=payments),
        "request_types": lambda n: RequestType.objects.create(name=f"R{n}", slug=f"r{n}", team=payments, asks=["x"]),
        "quick_replies": lambda n: QuickReply.objects.create(title=f"Q{n}", body="x", team=payments),
        "macros": lambda n: Macro.objects.create(name=f"M{n}", team=payments),
        "tags": lambda n: Tag.objects.create(name=f"t{n}"),
        "causes": lambda n: OwnCause.objects.create(name=f"C{n}", key=f"c{n}"),
        "procedures": lambda n: Procedure.objects.create(name=f"P{n}"),
    }[kind]
    make(0)
    few = queries(browser, url)
    for n in range(1, 50):
        make(n)

    assert queries(browser, url) == few


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(adam):
    Service.objects.create(name="Pix", slug="pix")

    twice = post(adam, "desk:services_new", **NEW["services"], description="Instant")
    asks = post(adam, "desk:quick_replies_new", **{**NEW["quick_replies"], "body": "Hi {customer.shoe}"})
    upside = post(adam, "desk:procedures_new", **{**NEW["procedures"], "severity_from": "4", "severity_to": "2"})

    assert (twice.status_code, asks.status_code, upside.status_code) == (422, 422, 422)
    assert {"name", "slug"} == twice.context["form"].errors.keys() and "Instant" in words(twice)
    assert "There is no {customer.shoe}" in words(asks)
    assert "severity_to" in upside.context["form"].errors
    assert not ConfigurationChange.objects.exists()


def test_r70_a_procedure_says_by_ticks_what_must_hold_before_each_step_is_left(adam):
    post(adam, "desk:procedures_new", **NEW["procedures"])

    row = Procedure.objects.get(name="Small")
    assert row.conditions == {"resolving": ["customer_answered"], "resolved": ["cause_chosen"]}
    form = get(adam, "desk:procedures_one", row.pk).context["form"]
    assert form["leave_resolved"].initial == ["cause_chosen"]
    wrong = post(adam, "desk:procedures_one", row.pk, **{**NEW["procedures"], "leave_resolved": ["nonsense"]})
    assert "leave_resolved" in wrong.context["form"].errors


def test_a_tag_that_tickets_carry_is_not_removed(adam, open_ticket):
    tag = Tag.objects.create(name="vip")
    open_ticket().tags.add(tag)

    answer = post(adam, "desk:tags_switch", tag.pk)

    assert answer.status_code == 409 and "in use and cannot be taken away" in words(answer)
    assert Tag.objects.filter(pk=tag.pk).exists()
    assert "on 1 ticket" in words(answer)


def test_r30_an_escalation_manager_sets_causes_and_procedures_and_no_more(db):
    stella = make_user("Stella Marsh", Role.STEWARD)

    assert get(stella, "desk:causes").status_code == get(stella, "desk:procedures").status_code == 200
    assert get(stella, "desk:services").status_code == post(stella, "desk:tags_new", name="x").status_code == 404
    assert post(stella, "desk:causes_new", **NEW["causes"]).status_code == 302


def test_a_macro_has_versions_in_words_and_returns_to_any_of_them(adam):
    post(adam, "desk:macros_new", **NEW["macros"])
    row = Macro.objects.get()
    post(adam, "desk:macros_one", row.pk, **{**NEW["macros"], "do-0-value": "praised"})
    first = ConfigurationChange.objects.earliest("pk")

    page = get(adam, "desk:macros_one", row.pk)
    answer = post(adam, "desk:macros_return", row.pk, to=f"after-{first.pk}")

    row.refresh_from_db()
    assert "in force" in words(page) and "Return to it" in words(page) and "thanked" in words(page)
    assert answer.status_code == 302 and row.actions == [{"do": "tag", "value": "thanked"}]
    assert ConfigurationChange.objects.count() == 3


def test_a_macro_does_not_return_to_what_names_a_team_that_is_gone(adam):
    macro = Macro.objects.create(name="Hand over", actions=[{"do": "tag", "value": "x"}])
    change = record_change(
        by=adam, subject="macro", before={"actions": [{"do": "team", "value": "gone"}]},
        after={"actions": macro.actions}, of=macro,
    )  # fmt: skip

    refused = post(adam, "desk:macros_return", macro.pk, to=f"before-{change.pk}")
    again = post(adam, "desk:macros_return", macro.pk, to=f"after-{change.pk}")
    foreign = post(adam, "desk:macros_return", macro.pk, to="after-99999")

    macro.refresh_from_db()
    assert [one.status_code for one in (refused, again, foreign)] == [409, 409, 404]
    assert macro.actions == [{"do": "tag", "value": "x"}]


@pytest.mark.parametrize("kind", KINDS)
def test_who_saves_what_somebody_has_changed_meanwhile_is_shown_the_difference_and_keeps_his_text(kind, adam, anna):
    post(adam, f"desk:{kind}_new", **NEW[kind])
    row, first = KINDS[kind].model._default_manager.latest("pk"), KINDS[kind].fields[0]
    seen = get(adam, f"desk:{kind}_one", row.pk).context["seen"]
    post(adam, f"desk:{kind}_one", row.pk, **{**NEW[kind], first: "The other’s"}, seen=seen)

    refused = post(adam, f"desk:{kind}_one", row.pk, **{**NEW[kind], first: "Mine"}, seen=seen)
    row.refresh_from_db()
    kept = getattr(row, first)
    saved = post(adam, f"desk:{kind}_one", row.pk, **{**NEW[kind], first: "Mine"}, seen=refused.context["seen"])
    row.refresh_from_db()

    said = words(refused)
    assert refused.status_code == 409 and "meanwhile" in said and "By Adam Berg" in said
    assert "The other’s" in said and refused.context["form"].data[first] == "Mine"
    assert (kept, saved.status_code, getattr(row, first)) == ("The other’s", 302, "Mine")


def test_the_trail_says_in_sentences_what_a_procedure_asks(adam):
    post(adam, "desk:procedures_new", **NEW["procedures"])

    assert "before “Resolve” is left:" in words(get(adam, "desk:change", ConfigurationChange.objects.get().pk))
