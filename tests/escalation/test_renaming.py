"""Rules, promises and criteria that name a customer still mean him after he was merged into another."""

import pytest

from common.models import ConfigurationChange
from escalation.automatic.defining import define_criterion
from people.merging.actions import merge_houses
from sla import publishing
from sla.matching import version_for
from sla.policies import terms_of
from tests.factories.people import make_organisation
from tests.factories.sla import make_policy
from tickets.conditions import renamed
from tickets.models import RoutingRule
from tickets.routing import editing

pytestmark = pytest.mark.each


@pytest.fixture
def gone(db):
    return make_organisation("Aurora Books")


@pytest.fixture
def named(gone):
    return {"organisation": [gone.slug], "priority": ["normal"]}


@pytest.mark.parametrize(
    ("asked", "means"),
    [
        (["gone", "other"], ["kept", "other"]),
        (["kept", "gone"], ["kept"]),
        ({"any": ["other"], "not": ["gone"]}, {"any": ["other"], "not": ["kept"]}),
        ({"given": True}, {"given": True}),
    ],
)
def test_only_the_name_of_the_one_that_is_gone_is_another(asked, means):
    conditions = {"organisation": asked, "tags": ["gone"]}

    assert renamed(conditions, "gone", "kept") == {"organisation": means, "tags": ["gone"]}


def test_a_rule_names_who_stays_in_a_version_of_its_own(adam, cora, gone, named, at):
    rule = editing.add_rule(terms=editing.Terms("Aurora", conditions=named), by=adam, now=at)
    other = editing.add_rule(terms=editing.Terms("Tagged", conditions={"tags": ["vip"]}), by=adam, now=at)

    merge_houses(by=adam, stays=cora.organisation.pk, goes=gone.pk, now=at)

    rule.refresh_from_db()
    assert rule.conditions == named | {"organisation": [cora.organisation.slug]}
    assert (rule.version, rule.versions.count()) == (2, 2)
    assert RoutingRule.objects.get(pk=other.pk).version == 1
    told = ConfigurationChange.objects.filter(model="tickets.routingrule", key=str(rule.pk)).latest("pk")
    assert (told.by, told.before["conditions"]) == (adam, named)


def test_a_promise_is_kept_to_who_stays_by_a_new_version_and_its_draft(adam, cora, gone, named, open_ticket, at):
    policy = make_policy(at, name="Aurora", conditions=named)
    first = policy.versions.get()
    publishing.save_draft(policy=policy, terms=terms_of(first), now=at, by=adam)

    merge_houses(by=adam, stays=cora.organisation.pk, goes=gone.pk, now=at)

    first.refresh_from_db()
    draft, second, _first = policy.versions.all()
    assert first.conditions == named
    assert second.conditions == draft.conditions == named | {"organisation": [cora.organisation.slug]}
    assert draft.is_draft and list(second.targets.values_list("seconds")) == list(first.targets.values_list("seconds"))
    assert version_for(open_ticket(requester=cora), at) == second
    told = ConfigurationChange.objects.filter(model="sla.policy", key=str(policy.pk)).latest("pk")
    assert told.by == adam


def test_a_criterion_names_who_stays(adam, cora, gone, named, at):
    criterion = define_criterion(by=adam, name="Aurora", kind="funding", conditions=named)

    merge_houses(by=adam, stays=cora.organisation.pk, goes=gone.pk, now=at)

    criterion.refresh_from_db()
    assert criterion.conditions == named | {"organisation": [cora.organisation.slug]}
    told = ConfigurationChange.objects.filter(model="escalation.criterion").latest("pk")
    assert (told.by, told.before) == (adam, {"conditions": named})


def test_what_else_has_become_wrong_with_a_promise_does_not_hold_up_a_merge(adam, cora, gone, named, at):
    policy = make_policy(at, name="Aurora", conditions=named)
    policy.versions.update(conditions=named | {"team": ["no-more"]})

    merge_houses(by=adam, stays=cora.organisation.pk, goes=gone.pk, now=at)

    assert policy.versions.first().conditions["organisation"] == [cora.organisation.slug]
