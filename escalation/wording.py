"""The words of an update: its placeholders, its texts by language, and what each person reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.identity import desk_name
from common.text import many_lines, one_line
from escalation.enums import Audience
from escalation.models import Communication, Escalation, UpdateTemplate
from people.models import User
from tickets.promises import time_words
from tickets.quick_replies import fill, unresolved

BODY_LIMIT = 20_000
SUBJECT_LIMIT = 200
# What is another one for each reader; the rest is filled in once, when the update is written.
PERSONAL = ("customer.name", "customer.first_name", "time")
_OF_ALL = ("time", "agent.name", "team.name", "desk.name")
# Where a reader is called by his name, with the comma before it, or behind it where it stands first.
_CALLED = re.compile(r"(?m)^\{customer\.(?:first_)?name\},?[ ]?|,?[ ]?\{customer\.(?:first_)?name\}")
_INSIDE = ("escalation.ref", "escalation.summary", "escalation.severity", "escalation.step", "ticket.subject")
# What customers read has no word in it that is ours.
NAMES: dict[str, tuple[str, ...]] = {
    Audience.CUSTOMERS: ("customer.name", "customer.first_name", *_OF_ALL),
    # An update among colleagues is about a matter that may harm many: no one customer is meant by it.
    Audience.STAKEHOLDERS: (*_OF_ALL, *_INSIDE),
    Audience.EXECUTIVES: (*_OF_ALL, *_INSIDE),
}


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Update:
    """What somebody wants to say: `body` for all in whose language `texts` has nothing."""

    audience: str
    body: str
    next_update_by: datetime | None = None
    is_last: bool = False
    # Empty: the escalation keeps the one it has.
    trend: str = ""
    purpose: str = ""
    subject: str = ""
    texts: Mapping[str, Text] = field(default_factory=dict)
    template: UpdateTemplate | None = None
    # How many its writer was told that it goes to; another number is not sent.
    expected: int | None = None
    key: str = ""


def check_names(text: str, audience: str) -> None:
    """Raises InvalidInput on `body` where a prepared text asks for what this audience is not told."""
    unknown = [name for name in unresolved(text) if name.strip("{}") not in NAMES[audience]]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in NAMES[audience])
        sentence = _("There is no %(names)s for this audience; there are %(known)s.")
        raise InvalidInput.of("body", sentence % {"names": ", ".join(unknown), "known": known})


def variants(template: UpdateTemplate) -> dict[str, UpdateTemplate]:
    """The same prepared update in each of its languages."""
    rows = UpdateTemplate.objects.filter(name=template.name, audience=template.audience, is_enabled=True)
    return {row.language: row for row in rows}


def find_template(pk: int | None) -> UpdateTemplate | None:
    """The prepared update; InvalidInput on `template` for one that is not there any more."""
    if pk is None:
        return None
    found = UpdateTemplate.objects.filter(pk=pk, is_enabled=True).first()
    if found is None:
        raise InvalidInput.of("template", _("There is no such prepared update any more."))
    return found


def prepared(escalation: Escalation, audience: str) -> list[UpdateTemplate]:
    """One of each name that fits audience and severity, in the language of the ticket's customer where there is one."""
    rows = UpdateTemplate.objects.filter(
        audience=audience,
        is_enabled=True,
        severity_from__lte=escalation.severity,
        severity_to__gte=escalation.severity,
    )
    wanted = escalation.ticket.requester.language if audience == Audience.CUSTOMERS else "en"
    by_name: dict[str, UpdateTemplate] = {}
    for row in sorted(rows, key=lambda row: (row.language != wanted, row.language)):
        by_name.setdefault(row.name, row)
    return [by_name[name] for name in sorted(by_name)]


def checked(update: Update, escalation: Escalation, by: User) -> tuple[str, str, dict[str, Text]]:
    """Subject, body and texts, bounded, with everything filled in that is the same for all.

    Raises InvalidInput where a placeholder is left that no reader could be told, or `{time}` with no time promised.
    """
    known = {name: word for name, word in _alike(escalation, by).items() if name in NAMES[update.audience]}
    subject = fill(_subject(update.subject), known)
    body = fill(many_lines(update.body, field="body", limit=BODY_LIMIT), known)
    texts = {
        language: Text(fill(_subject(text.subject), known), fill(_body(text.body), known))
        for language, text in update.texts.items()
        if text.body.strip()
    }
    missing = set(PERSONAL) & set(NAMES[update.audience]) - ({"time"} if update.next_update_by is None else set())
    words = [subject, body, *(part for text in texts.values() for part in (text.subject, text.body))]
    left = [name for part in words for name in unresolved(part) if name.strip("{}") not in missing]
    if left:
        sentence = _("Fill in %(names)s before you send it, or take it out.")
        raise InvalidInput.of("body", sentence % {"names": ", ".join(dict.fromkeys(left))})
    return subject, body, texts


def read_by(communication: Communication, person: User, now: datetime) -> Text:
    """The text as this person reads it, in his language where there is one, with his name and his watch's time.

    Who has no name is called by none: “Hello {customer.first_name},” is “Hello,”.
    """
    own = communication.texts.get(person.language) or {"subject": communication.subject, "body": communication.body}
    at = communication.next_update_by
    if not person.name:
        own = {part: _CALLED.sub("", text) for part, text in own.items()}
    known = {
        "customer.name": person.name,
        "customer.first_name": person.name.partition(" ")[0],
        "time": time_words(at, person, now) if at else "",
    }
    return Text(fill(own["subject"], known), fill(own["body"], known))


def anybody(language: str, time_zone: str) -> User:
    """A reader who is nobody in particular; no row of the desk."""
    return User(name="", language=language, time_zone=time_zone)


def _alike(escalation: Escalation, by: User) -> dict[str, str]:
    team = escalation.team or escalation.ticket.team
    return {
        "agent.name": by.name,
        "team.name": team.name if team else desk_name(),
        "desk.name": desk_name(),
        "escalation.ref": escalation.reference,
        "escalation.summary": escalation.summary,
        "escalation.severity": str(escalation.severity),
        "escalation.step": escalation.get_state_display(),
        "ticket.subject": escalation.ticket.subject,
    }


def _subject(text: str) -> str:
    return one_line(text, field="subject", limit=SUBJECT_LIMIT) if text.strip() else ""


def _body(text: str) -> str:
    return many_lines(text, field="body", limit=BODY_LIMIT)
