"""What an administrator sets is in the audit trail: each table of the set-up has a door here, and the door tells."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages.storage.base import BaseStorage
from django.db import models
from django.test import RequestFactory

from calendars.actions import change_calendar
from common import identity
from common.admin import AuditedAdmin
from common.configuration import WATCHED
from common.configuring import configure
from common.models import ConfigurationChange, Retention
from escalation.models import (
    Cadence,
    Criterion,
    CustomerRight,
    EscalationChannel,
    Ladder,
    LadderLevel,
    OwnCause,
    PlanTemplate,
    Procedure,
    Recommendation,
    Stakeholder,
    UpdateTemplate,
)
from escalation.services import criteria, reviewing, ruling, training
from mailroom import correspondence, mailboxes
from mailroom import services as mailroom
from mailroom.senders import checking
from notifications import endpoints, outside
from people import factors, providers
from people.models import Absence, AuthorityLimit, Duty, Organisation, Skill, Team, User, UserSkill
from reports.models import ForecastTerms
from sla import services as sla
from surveys import campaigns
from surveys.models import SurveyTerms
from tests.conftest import AT
from tests.factories.articles import make_article
from tests.factories.calendars import make_calendar
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tickets import defining, forgetting
from tickets.models import CustomField, Macro, QuickReply, RequestType, RoutingRule, Service, Tag
from visits.models import Widget

# Rows that hang on another one and are told with it.
INNER = {"calendars.CalendarVersion", "sla.PolicyVersion", "sla.Target", "sla.TeamTarget"}
LATER = AT + timedelta(days=1)

# What is set by the maintenance door: how one is made, and what is changed of it.
BY_ADMIN: dict[type[models.Model], tuple[Callable[[User], dict[str, Any]], dict[str, Any]]] = {
    Cadence: (lambda _: {"severity": 2, "minutes": 60}, {"minutes": 90}),
    CustomerRight: (lambda _: {}, {"is_allowed": False}),
    EscalationChannel: (lambda _: {"channel": "phone", "is_open": True}, {"is_open": False}),
    Ladder: (lambda _: {"name": "Short"}, {"name": "Long"}),
    OwnCause: (lambda _: {"key": "tide", "name": "Tide"}, {"name": "High tide"}),
    PlanTemplate: (lambda _: {"name": "Outage"}, {"name": "Outages"}),
    Procedure: (lambda _: {"name": "Odd", "order": 900}, {"name": "Odder"}),
    Stakeholder: (lambda adam: {"person": adam, "severity_to": 2}, {"severity_to": 3}),
    UpdateTemplate: (lambda _: {"name": "Hello", "body": "We look."}, {"body": "We look at it."}),
    AuthorityLimit: (lambda adam: {"person": adam, "currency": "BRL", "amount": 10}, {"amount": 20}),
    Organisation: (lambda _: {"name": "Aurora", "slug": "aurora-2"}, {"value": "R$ 9"}),
    Skill: (lambda _: {"name": "Pix"}, {"name": "Pix and cards"}),
    Team: (lambda _: {"name": "Cards", "slug": "cards"}, {"scope": "Cards"}),
    User: (lambda _: {"email": "new@desk.example", "name": "New"}, {"name": "Newer"}),
    UserSkill: (lambda adam: {"user": adam, "skill": Skill.objects.create(name="x")}, {"level": 5}),
    Absence: (lambda adam: {"user": adam, "starts_at": AT, "ends_at": LATER}, {"ends_at": LATER + timedelta(1)}),
    Duty: (
        lambda adam: {"team": make_team("Night"), "person": adam, "starts_at": AT, "ends_at": LATER},
        {"ends_at": LATER + timedelta(1)},
    ),
    Macro: (
        lambda _: {"name": "Thank", "actions": [{"do": "tag", "value": "thanked"}]},
        {"name": "Thank them"},
    ),
    QuickReply: (lambda _: {"title": "Hi", "body": "Hi."}, {"body": "Hello."}),
    RoutingRule: (lambda _: {"name": "All"}, {"name": "Every"}),
    Service: (lambda _: {"name": "Pix", "slug": "pix"}, {"description": "Instant"}),
    RequestType: (lambda _: {"name": "A payout", "slug": "payout"}, {"hint": "Which day?"}),
    Tag: (lambda _: {"name": "vip"}, {"name": "very-important"}),
    CustomField: (lambda _: {"key": "contract", "label": "Contract"}, {"label": "Contract no."}),
    Criterion: (
        lambda _: {"name": "Money", "kind": "funding", "reason": "funding", "conditions": {"tags": ["x"]}},
        {"name": "Cash"},
    ),
    Recommendation: (lambda adam: {"title": "A second bank", "made_by": adam, "made_at": AT}, {"title": "Two banks"}),
}
# What has an action of its own, done once by an administrator.
BY_SERVICE: dict[str, Callable[[User], object]] = {
    "calendars.Calendar": lambda adam: change_calendar(calendar=make_calendar(AT), now=LATER, by=adam, name="Other"),
    "common.Identity": lambda adam: identity.change(by=adam, name="Aurora"),
    "common.Retention": lambda adam: configure(Retention(kind="outbox"), by=adam, days=90),
    "tickets.Hold": lambda adam: forgetting.hold(
        number=None, organisation=make_organisation(), reason="A dispute", by=adam, now=AT
    ),
    "notifications.OutsideWatch": lambda adam: outside.set_watch(
        url="https://watch.example/x", minutes=5, by=adam, now=AT
    ),
    "mailroom.SendingDomain": lambda adam: checking.sign(
        pk=checking.domains(AT)[0].pk, selector="s1", signing_domain="", by=adam, now=AT
    ),
    "escalation.Criterion": lambda adam: criteria.define_criterion(
        user=adam, name="Money", kind="funding", conditions={"tags": ["x"]}
    ),
    "escalation.EscalationChannel": lambda adam: ruling.set_channel(user=adam, channel="chat", is_open=False),
    "escalation.Training": lambda adam: training.link(user=adam, article=make_article("calm", AT).slug, cause="load"),
    "mailroom.BlockedSender": lambda adam: mailroom.block(user=adam, pattern="@spam.example", now=AT),
    "mailroom.Letterhead": lambda adam: correspondence.save_letterhead(
        user=adam, slug=make_team("Night").slug, given={"name": "The night"}
    ),
    "mailroom.Mailbox": lambda adam: mailboxes.add_mailbox(by=adam, address="help@desk.example", way="door"),
    "notifications.Endpoint": lambda adam: endpoints.save_endpoint(
        endpoint=None, name="CRM", url="https://crm.example/", kinds=["breach"], is_enabled=True, by=adam, now=AT
    ),
    "people.FactorRule": lambda adam: factors.set_rules(by=adam, roles=["admin"], at_once=False),
    "people.IdentityProvider": lambda adam: providers.save_provider(
        by=adam, provider=None, secret="x", sends_to="", name="House", issuer="https://id.example", client_id="1"
    ),
    "sla.Policy": lambda adam: sla.switch(user=adam, policy=make_policy(AT), is_enabled=False, now=LATER),
    "surveys.Campaign": lambda adam: campaigns.start(by=adam, name="Autumn", lowest_tier="", now=AT),
    "escalation.ReviewTerms": lambda adam: reviewing.set_terms(user=adam, severity=1),
    "reports.ForecastTerms": lambda adam: configure(ForecastTerms(), by=adam, looks=5),
    "surveys.SurveyTerms": lambda adam: configure(SurveyTerms(), by=adam, quiet_days=7),
    "visits.Widget": lambda adam: configure(Widget(), by=adam, name="Shop"),
    "tickets.CustomField": lambda adam: defining.define_field(by=adam, label="Contract", type="text"),
    "tickets.RequestType": lambda adam: configure(RequestType(), by=adam, name="A payout", slug="payout"),
    "tickets.Service": lambda adam: configure(Service(), by=adam, name="Pix", slug="pix"),
}
# Shown once and made anew, never changed.
MADE_ONCE = {"api.ApiToken"}


def _audited() -> dict[type[models.Model], AuditedAdmin]:
    return {model: one for model, one in admin.site._registry.items() if isinstance(one, AuditedAdmin)}


def test_every_table_of_the_set_up_has_a_door_that_tells():
    told = {model._meta.label for model in BY_ADMIN} | BY_SERVICE.keys() | INNER | MADE_ONCE

    assert {model._meta.label for model in _audited()} | {model._meta.label for model in WATCHED} <= told


@pytest.mark.once
@pytest.mark.parametrize("model", BY_ADMIN, ids=lambda model: model.__name__)
def test_what_the_maintenance_door_saves_and_deletes_is_in_the_trail(model, adam):
    page, (make, changed) = _audited()[model], BY_ADMIN[model]
    row = model._default_manager.filter(pk=1).first() if model is CustomerRight else None
    row = row or model._default_manager.create(**make(adam))
    request = RequestFactory().post("/")
    request.user, request._messages = adam, _Unheard(request)
    for name, value in changed.items():
        setattr(row, name, value)

    page.save_model(request, row, _Form(row), True)
    page.save_related(request, _Form(row), [], True)
    page.delete_queryset(request, model._default_manager.filter(pk=row.pk))

    deleted, saved = ConfigurationChange.objects.order_by("-pk")[:2]
    assert ConfigurationChange.objects.count() == 2
    assert (saved.by, saved.model, saved.key) == (adam, model._meta.label_lower, str(row.pk))
    assert saved.after.keys() == changed.keys() and saved.before.keys() == changed.keys()
    assert deleted.after == {} and deleted.before and deleted.key == saved.key


@pytest.mark.once
@pytest.mark.parametrize("label", BY_SERVICE)
def test_what_an_action_changes_is_in_the_trail_with_its_row(label, adam):
    BY_SERVICE[label](adam)

    change = ConfigurationChange.objects.latest("pk")
    assert (change.by, change.model) == (adam, label.lower()) and change.key and change.after


@pytest.mark.once
def test_the_people_of_a_team_and_the_levels_of_a_ladder_are_told_with_them(adam):
    """They are saved after the row itself, by Django's admin."""
    team, ladder, anna = make_team("Cards"), Ladder.objects.create(name="Short"), make_user("Anna Lindqvist")
    request = RequestFactory().post("/")
    request.user = adam

    for row, change in ((team, lambda: team.members.add(anna)), (ladder, lambda: _level(ladder))):
        page = _audited()[type(row)]
        page.save_model(request, row, _Form(row), True)
        page.save_related(request, _Form(row, change), [], True)

    levels, members = ConfigurationChange.objects.order_by("-pk")[:2]
    assert (members.before, members.after) == ({"members": []}, {"members": [anna.pk]})
    [(_name, after)] = levels.after.items()
    assert [one["level"] for one in after] == [1]


def _level(ladder: Ladder) -> object:
    return LadderLevel.objects.create(ladder=ladder, level=1, reach="lead", delay=timedelta())


class _Form:
    """As much of a bound form as Django's admin asks for."""

    def __init__(self, instance: models.Model, save: Callable[[], object] | None = None) -> None:
        self.instance = instance
        self.save_m2m = save or (lambda: None)


class _Unheard(BaseStorage):
    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []
