"""The rail of the settings: one line for each page that an administrator changes the desk on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from calendars.models import Calendar
from common.models import Retention
from desk.first_steps.steps import open_count
from desk.forms.catalogue import KINDS
from desk.looks.rail import RailLine
from escalation.coverage.reports import count_holes
from escalation.models import Criterion, Ladder, Procedure
from escalation.models.channels import closed
from mailroom.models import BlockedSender, Letterhead, Mailbox, RawMessage, SendingDomain
from notifications.models import Delivery, Endpoint
from people.models import AuthorityLimit, Organisation, Skill, Team, User
from sla.models import Policy
from surveys.models import Campaign
from tickets.enums import Channel
from tickets.models import CustomField, RoutingRule
from visits.models import Widget


@dataclass(frozen=True, slots=True)
class Section:
    title: Any
    lines: list[RailLine]


# Title, address, icon, how many there are.
_PROMISES: list[tuple[Any, str, str, Callable[[], int]]] = [
    (_("SLA policies"), "policies", "clock", Policy.objects.count),
    (_("Calendars, holidays"), "calendars", "calendar", Calendar.objects.active().count),
]
_TICKETS: list[tuple[Any, str, str, Callable[[], int]]] = [
    (_("Routing rules"), "routing", "route", RoutingRule.objects.enabled().count),
    (_("Fields of your own"), "own_fields", "list-details", CustomField.objects.filter(is_enabled=True).count),
    *((kind.title, name, kind.icon, kind.in_use) for name, kind in KINDS.items() if not kind.by_rules),
]
_ESCALATIONS: list[tuple[Any, str, str, Callable[[], int]]] = [
    (_("Ladders"), "ladders", "stairs-up", Ladder.objects.count),
    (_("Criteria"), "criteria", "target-arrow", Criterion.objects.enabled().count),
    (_("Step conditions"), "steps", "list-check", Procedure.objects.count),
    (_("Escalating channels"), "channels", "message-circle", lambda: len(Channel) - len(closed())),
    *((kind.title, name, kind.icon, kind.in_use) for name, kind in KINDS.items() if kind.by_rules),
]
_RULES = [(_("Escalations"), _ESCALATIONS)]
_MAIL: list[tuple[Any, str, str, Callable[[], int]]] = [
    (_("Mailboxes"), "mailboxes", "inbox", Mailbox.objects.count),
    (_("How teams write"), "letterheads", "mail", Letterhead.objects.count),
    (_("Sender addresses"), "senders", "mail-check", SendingDomain.objects.count),
    (_("Quarantine"), "quarantine", "mail-x", RawMessage.objects.quarantined().count),
    (_("Blocked senders"), "blocked", "ban", BlockedSender.objects.count),
]
_MESSAGES: list[tuple[Any, str, str, Callable[[], int]]] = [
    (_("Outbox"), "outbox", "arrow-right", Delivery.objects.unsent().filter(held="").count),
    (_("Chat on websites"), "widgets", "message-circle", Widget.objects.in_use().count),
    (_("Webhooks"), "webhooks", "link", Endpoint.objects.filter(is_enabled=True).count),
    (_("Who is reached"), "reach", "at", User.objects.active().staff().count),
]
_DESK: list[tuple[Any, str, str, Callable[[], int | None]]] = [
    (_("First steps"), "first_steps", "list-check", open_count),
    (_("Name and look"), "own", "id-badge-2", lambda: None),
    (_("Customers"), "customer_book", "building-store", Organisation.objects.count),
    (_("Surveys"), "surveys", "star", lambda: Campaign.objects.filter(ended_at=None).count()),
    (_("How long data is kept"), "retention", "hourglass", Retention.objects.count),
    (_("Audit log"), "audit", "history", lambda: None),
    (_("Health"), "health", "activity-heartbeat", lambda: None),
    (_("Configuration as text"), "bundle", "file-text", lambda: None),
]
_PEOPLE: list[tuple[Any, str, str, Callable[[], int | None]]] = [
    (_("People"), "people", "users", User.objects.active().staff().count),
    (_("Teams"), "team_list", "users-group", Team.objects.count),
    (_("Skills"), "skills", "school", Skill.objects.count),
    (_("Limits of authority"), "limits", "scale", AuthorityLimit.objects.count),
    (_("Sign-in"), "sign_in_settings", "shield-half", lambda: None),
]
_SECTIONS: list[tuple[Any, list[tuple[Any, str, str, Callable[[], Any]]]]] = [
    (_("People"), _PEOPLE),
    (_("Promises"), _PROMISES),
    (_("Escalations"), _ESCALATIONS),
    (_("Tickets"), _TICKETS),
    (_("Mail"), _MAIL),
    (_("Messages"), _MESSAGES),
    (_("The desk"), _DESK),
]


# Of whoever only answers for a team.
_OF_A_LEAD: list[tuple[Any, list[tuple[Any, str, str, Callable[[], Any]]]]] = [
    (_("People"), [(_("Teams"), "team_list", "users-group", lambda: None)]),
    (_("Tickets"), [(kind.title, name, kind.icon, lambda: None) for name, kind in KINDS.items() if kind.by_leads]),
]


def settings_pages(user: User) -> list[tuple[str, str, str]]:
    """Name, icon and address of each page of the settings that this person may open."""
    if not user.sets_rules:
        return []
    return [
        (str(words), icon, reverse(f"desk:{name}"))
        for _title, lines in _sections_of(user)
        for words, name, icon, _count in lines
    ]


def _sections_of(user: User) -> list[tuple[Any, list[tuple[Any, str, str, Callable[[], Any]]]]]:
    return _SECTIONS if user.is_admin else _RULES if user.sets_rules else _OF_A_LEAD


def settings_rail(user: User) -> list[Section]:
    """What this person may change; one query for each line with a figure."""
    return [
        Section(
            title,
            [
                _marked(RailLine(name, reverse(f"desk:{name}"), str(words), count(), icon))
                for words, name, icon, count in lines
            ],
        )
        for title, lines in _sections_of(user)
    ]


def _marked(line: RailLine) -> RailLine:
    """With words instead of the figure where something is wrong behind it."""
    wrong = _WRONG[line.item]() if line.item in _WRONG else ""
    line = replace(line, step="4") if line.item == "ladders" else line
    return replace(line, note=wrong, tone="warn") if wrong else line


def _holes() -> str:
    found = count_holes()
    return ngettext("%(n)d hole", "%(n)d holes", found) % {"n": found} if found else ""


_WRONG: dict[str, Callable[[], str]] = {"ladders": _holes}
