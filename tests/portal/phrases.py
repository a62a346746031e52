"""A marked phrase of its own in every internal text that the desk keeps: found by the models, not by a list of them.

A new field of words is internal until it is listed here with the reason why it is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.apps import apps
from django.db.models import CharField, Field, JSONField, Model, TextField

MARK = "KANARI"
FOUND = re.compile(rf"{MARK}\d{{4}}", re.IGNORECASE)
APPS = frozenset({"chat", "escalation", "knowledge", "people", "sla", "surveys", "tickets", "visits"})
# Of floors whose other tables are mail as it came, or how it comes, and figures.
MODELS = frozenset(
    {
        *("mailroom.ReceivedMail", "mailroom.SideConversation", "mailroom.SideFile", "mailroom.SideMessage"),
        *("reports.Aim", "reports.Effect", "reports.SavedReport"),
    }
)
# So many rows of a table are marked.
MOST = 15

PUBLIC = {
    "escalation.Analysis.for_customers": "written for them",
    "people.FormerOrganisation.name": "their own",
    "people.FormerOrganisation.slug": "their own",
    "people.IdentityProvider.name": "stands on its button, where everybody signs in",
    "people.Organisation.name": "their own",
    "people.Organisation.slug": "their own",
    "people.Team.name": "who works on it is said (R38)",
    "people.Team.slug": "the same, in an address",
    "people.User.email": "who writes is said",
    "people.User.name": "who writes is said",
    "people.User.signature": "stands under replies",
    "surveys.Question.words": "their own",
    "tickets.CustomField.label": "asked of them, where it is required",
    "tickets.Rating.comment": "their own",
    "tickets.RequestType.description": "stands below its name, where they choose",
    "tickets.RequestType.hint": "stands in the form",
    "tickets.RequestType.name": "they choose it",
    "tickets.Service.description": "they read what it is",
    "tickets.Service.name": "they choose from the catalogue",
    "tickets.Ticket.fields": "their own answers",
    "tickets.Ticket.subject": "their own",
    "visits.Transcript.bot": "what they talked with",
    "visits.Transcript.turns": "their own, and what a bot has said to them",
    "visits.Visit.draft": "their own",
    "visits.Widget.greeting": "said to everybody",
    "visits.Widget.name": "stands above the chat",
}
# No words for a person: keys, addresses, what a machine reads; and what is made of other fields.
KEYS = {
    "chat.Room.subject",
    "escalation.Communication.key",
    "escalation.Communication.languages",
    "escalation.Escalation.currency",
    "escalation.Escalation.fields",
    "escalation.Ladder.languages",
    "escalation.LadderVersion.terms",
    "escalation.Notice.language",
    "escalation.Override.condition",
    "escalation.PlanTemplate.service",
    "escalation.Procedure.conditions",
    "escalation.Procedure.guide",
    "escalation.Rung.named",
    "escalation.Subscription.address",
    "escalation.Subscription.language",
    "escalation.Subscription.network",
    "escalation.Training.cause",
    "knowledge.Article.slug",
    "knowledge.Article.title_words",
    "knowledge.Article.words",
    "knowledge.ArticleWord.word",
    "knowledge.Judgement.visit",
    "mailroom.ReceivedMail.inline",
    "mailroom.ReceivedMail.sender",
    "mailroom.SideFile.content_type",
    "mailroom.SideFile.sha256",
    "mailroom.SideMessage.external_id",
    "people.AddressChange.address",
    "people.Alias.address",
    "people.AuthorityLimit.currency",
    "people.IdentityProvider.client_id",
    "people.IdentityProvider.domains",
    "people.IdentityProvider.group_roles",
    "people.IdentityProvider.groups_claim",
    "people.IdentityProvider.issuer",
    "people.IdentityProvider.secret",
    "people.IdentityProvider.sends_to",
    "people.IdentityProvider.slug",
    "people.SignIn.agent",
    "people.SignIn.session_key",
    "people.Team.icon",
    "people.User.own_keys",
    "people.User.password",
    "people.User.time_zone",
    "sla.Clock.fired",
    "sla.Clock.thresholds",
    "sla.PolicyVersion.conditions",
    "sla.PolicyVersion.obligations",
    "sla.PolicyVersion.pauses",
    "sla.PolicyVersion.severities",
    "sla.Target.thresholds",
    "surveys.Question.dedupe_key",
    "escalation.OwnCause.key",
    "sla.Crossing.ladder",
    "sla.Crossing.position",
    "tickets.AwaitedOwner.action",
    "tickets.RoutingLook.held",
    "tickets.Attachment.content_type",
    "tickets.Attachment.sha256",
    "tickets.BulkAct.kept",
    "tickets.BulkAct.refused",
    "tickets.BulkAct.steps",
    "reports.Aim.figure",
    "reports.Effect.unit",
    "reports.Effect.zone",
    "reports.SavedReport.query",
    "reports.SavedReport.report",
    "tickets.BulkAct.value",
    "tickets.CustomField.choices",
    "tickets.CustomField.key",
    "tickets.Draft.then",
    "tickets.DraftFile.content_type",
    "tickets.DraftFile.sha256",
    "tickets.Event.kind",
    "tickets.Event.reference",
    "tickets.ImportedRecord.key",
    "tickets.ImportedRecord.source",
    "tickets.Merge.moved",
    "tickets.Message.external_id",
    "escalation.Proposal.ladder",
    "tickets.RequestType.asks",
    "tickets.RequestType.slug",
    "tickets.RuleDeed.action",
    "tickets.RuleDeed.do",
    "tickets.RoutingDryRun.draft",
    "tickets.RoutingDryRun.found",
    "tickets.RoutingRule.actions",
    "tickets.RoutingRule.conditions",
    "tickets.RoutingRuleVersion.content",
    "tickets.SavedView.base",
    "tickets.SavedView.columns",
    "tickets.SavedView.order",
    "tickets.SearchDocument.everything",
    "tickets.SearchDocument.public",
    "tickets.Service.slug",
    "tickets.Ticket.escalation_state",
    "tickets.TicketService.reference",
    "visits.Visit.digest",
    "visits.Visit.language",
    "visits.Visit.network",
    "visits.Widget.key",
    "visits.Widget.languages",
    "visits.Widget.sites",
}
# Of these some rows are a customer's.
INTERNAL_ROWS: dict[str, dict[str, Any]] = {
    "escalation.TrackedAction.title": {"for_customers": False},
    "escalation.Communication.body": {"audience__in": ["stakeholders", "executives"]},
    "escalation.Communication.subject": {"audience__in": ["stakeholders", "executives"]},
    "escalation.Communication.texts": {"audience__in": ["stakeholders", "executives"]},
    "escalation.CustomerAnalysis.body": {"sent_at": None},
    "escalation.UpdateTemplate.body": {"audience": "stakeholders"},
    "escalation.UpdateTemplate.subject": {"audience": "stakeholders"},
    # Of those for customers the words that wait for approval: tests/portal/test_articles.py.
    "knowledge.Article.title": {"readers": "colleagues"},
    "knowledge.ArticleVersion.body": {"article__readers": "colleagues"},
    "knowledge.ArticleVersion.steps": {"article__readers": "colleagues"},
    "knowledge.ArticleVersion.title": {"article__readers": "colleagues"},
    "tickets.Attachment.name": {"message__is_public": False},
    "tickets.Message.body": {"is_public": False},
}


@dataclass
class Marked:
    """Which phrase stands where, and the fields of words in which none could be put."""

    where: dict[str, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)


def mark_everything() -> Marked:
    """Into what is there already: a field whose table has no row, or no words in its JSON, is named as empty."""
    marked, numbers = Marked(), count(1)
    for label, text in texts():
        marked.known.add(label)
        if label in PUBLIC or label in KEYS:
            continue
        before = len(marked.where)
        rows = text.model._base_manager.filter(**INTERNAL_ROWS.get(label, {})).order_by("pk")[:MOST]
        for row in rows:
            phrase = f"{MARK}{next(numbers):04d}"
            value = _instead(text, text.value_from_object(row), phrase)
            if value is not None:
                text.model._base_manager.filter(pk=row.pk).update(**{text.name: value})
                marked.where[phrase] = label
        if len(marked.where) == before:
            marked.empty.append(label)
    return marked


def texts() -> Iterator[tuple[str, "Field[Any, Any]"]]:
    """What can hold words, by its full name; a field with choices holds one of them."""
    for model in apps.get_models():
        if model._meta.app_label in APPS or model._meta.label in MODELS:
            for one in _own(model):
                yield f"{model._meta.label}.{one.name}", one


def _own(model: type[Model]) -> list["Field[Any, Any]"]:
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, CharField | TextField | JSONField) and not one.choices
    ]


def _instead(text: "Field[Any, Any]", value: Any, phrase: str) -> Any:
    if not isinstance(text, JSONField):
        return phrase
    changed = _in_place_of_words(value, phrase)
    return None if changed == value else changed


def _in_place_of_words(value: Any, phrase: str) -> Any:
    """A leaf with a space in it is words; one without is a key."""
    if isinstance(value, str):
        return phrase if " " in value else value
    if isinstance(value, list):
        return [_in_place_of_words(one, phrase) for one in value]
    if isinstance(value, dict):
        return {key: _in_place_of_words(one, phrase) for key, one in value.items()}
    return value
