"""The updates of an escalation as the room shows them, and one that is about to go as its writer confirms it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from escalation import wording
from escalation.deadlines.promises import Counted, counted
from escalation.enums import Audience, NoticeState
from escalation.models import Communication, Deadline, Escalation, Notice, UpdateTemplate
from escalation.parties.recipients import by_language, customers, stakeholders
from escalation.wording import Text

NAMED = 20


@dataclass(frozen=True, slots=True)
class UpdateLook:
    """`whom` says to how many; `progress` how far it is, while it is not done."""

    row: Communication
    whom: str
    languages: str
    told: int
    waiting: int
    unreachable: list[str]

    @property
    def all(self) -> int:
        return self.told + self.waiting


@dataclass(frozen=True, slots=True)
class UpdatesLook:
    lines: list[UpdateLook]
    promises: Counted

    @property
    def is_sending(self) -> bool:
        return any(line.waiting for line in self.lines)


def updates(escalation: Escalation, deadlines: Sequence[Deadline]) -> UpdatesLook:
    """Two queries, however many updates and people."""
    rows = list(escalation.communications.with_progress().select_related("by"))
    nowhere: dict[int, list[str]] = {}
    lost = Notice.objects.filter(communication__escalation=escalation, state=NoticeState.UNREACHABLE)
    for update, name in lost.values_list("communication_id", "person__name")[: NAMED * 5]:
        nowhere.setdefault(update, []).append(name)
    return UpdatesLook([_line(row, nowhere.get(row.pk, [])) for row in rows], counted(deadlines))


def _line(row: Any, unreachable: list[str]) -> UpdateLook:
    return UpdateLook(
        row=row,
        whom=_whom(row.audience, row.recipients),
        languages=languages_words(row.languages) if len(row.languages) > 1 else "",
        told=row.told,
        waiting=row.waiting,
        unreachable=unreachable,
    )


def _whom(audience: str, count: int) -> str:
    if audience == Audience.CUSTOMERS:
        return ngettext("To %(n)d customer", "To %(n)d customers", count) % {"n": count}
    if audience == Audience.EXECUTIVES:
        return ngettext("Summary to %(n)d senior", "Summary to %(n)d seniors", count) % {"n": count}
    return ngettext("To %(n)d stakeholder", "To %(n)d stakeholders", count) % {"n": count}


def languages_words(count: Mapping[str, int]) -> str:
    """“7 Portuguese, 5 English”."""
    known = ({"n": number, "language": _language(code)} for code, number in count.items())
    return ", ".join(_("%(n)d %(language)s") % one for one in known)


def _language(code: str) -> str:
    return str(get_language_info(code)["name_translated"])


@dataclass(frozen=True, slots=True)
class Reading:
    """What the readers of one language get; `is_own` where it is written in their language."""

    language: str
    name: str
    count: int
    subject: str
    body: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an update would reach if it went now."""

    count: int
    words: str
    languages: dict[str, int]
    unreachable: list[str]
    with_mail_alone: bool


def reach_of(escalation: Escalation, audience: str, now: datetime) -> Reach:
    if audience == Audience.CUSTOMERS:
        found = customers(escalation)
        languages = by_language(found)
        lost = [one.name for one in found if not one.can_be_told]
        alone = any(one.ticket_id is None for one in found)
    else:
        languages = {}
        for person in stakeholders(escalation, now):
            languages[person.language] = languages.get(person.language, 0) + 1
        lost, alone = [], False
    count = sum(languages.values())
    return Reach(count, _whom(audience, count), languages, lost, alone)


def readings(
    reach: Reach, body: str, subject: str, template: UpdateTemplate | None, typed: Mapping[str, Text]
) -> list[Reading]:
    """What was typed for a language, else the prepared text in it, else the text for all."""
    rows = wording.variants(template) if template else {}
    changed = template is not None and body.strip() != template.body.strip()
    found = []
    for language, count in reach.languages.items():
        row = rows.get(language)
        is_own = language in typed or (row is not None and not (changed and row == template)) or template is None
        text = typed.get(language) or (Text(row.subject, row.body) if row else None)
        if row is not None and row == template and language not in typed:
            text = Text(row.subject, body)
            is_own = True
        text = text or Text(subject, body)
        found.append(Reading(language, _language(language), count, text.subject, text.body, is_own))
    return found
