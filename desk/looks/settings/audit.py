"""The configuration's audit trail as administrators read it: who, what, and what it was before, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _

from calendars.changes import difference
from calendars.parse import parse_periods
from calendars.periods import CalendarError
from calendars.words import week_words
from common.audit import HIDDEN
from common.dates import said
from common.languages import as_kept, kept, kept_with
from common.models import ConfigurationChange
from common.numbers import whole
from escalation.enums import State
from escalation.models import Procedure
from escalation.procedures.conditions import RULES
from mailroom.correspondence import LETTERS
from mailroom.mailboxes import MAILBOX
from mailroom.services import MAIL
from people.merging.actions import MERGED
from people.merging.apart import APART
from people.models import User
from tickets import conditions
from tickets.conditions import Vocabulary
from tickets.routing.grammar import Known, in_words, read
from tickets.vocabulary import vocabulary_for

PAGE = 50
SHOWN = 4
SHORT = 90
CONDITIONS, ACTIONS = "conditions", "actions"
CALENDAR = "calendars.calendar"
SAYINGS = (APART, LETTERS, MAIL, MAILBOX, MERGED)

Field = models.Field[Any, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """As typed in the address; what makes no sense narrows nothing."""

    who: str = ""
    what: str = ""
    since: str = ""
    until: str = ""
    before: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.who or self.what or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing that is not the same: what it is called, what it was, what it is."""

    what: str
    was: str
    now: str

    @property
    def is_long(self) -> bool:
        return max(len(self.was), len(self.now)) > SHORT or "\n" in self.was + self.now


@dataclass(frozen=True, slots=True)
class ChangeLine:
    change: ConfigurationChange
    phrases: Sequence[Phrase]

    @property
    def subject(self) -> str:
        """What it is about, its kind in the reader's language."""
        model = _model(self.change.model)
        kind = as_kept(model._meta.verbose_name) if model is not None else ""
        if model is None or not self.change.subject.startswith(kind):
            return kept_with(self.change.subject, SAYINGS)
        return f"{kept(kind)}{self.change.subject.removeprefix(kind)}"

    @property
    def kind(self) -> str:
        """Made, changed or removed."""
        if not self.change.before:
            return "made"
        return "changed" if self.change.after else "removed"

    @property
    def first(self) -> Sequence[Phrase]:
        return self.phrases[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.phrases) - SHOWN)


@dataclass(frozen=True, slots=True)
class AuditLook:
    lines: Sequence[ChangeLine]
    older: int | None
    people: Sequence[User]


@dataclass(slots=True)
class _Names:
    """What keys and conditions are called, asked once for a whole page."""

    of: dict[type[models.Model], dict[Any, str]] = field(default_factory=dict)
    vocabulary: Vocabulary | None = None

    def name(self, model: type[models.Model], key: Any) -> str:
        return self.of.get(model, {}).get(key) or _("no. %(key)s, which is gone") % {"key": key}


def audit_look(asked: Asked) -> AuditLook:
    """One query for the lines, one for their authors, and one for each kind of thing that the lines name by key."""
    found = _narrowed(asked).select_related("by").order_by("-pk")
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    authors = User.objects.filter(pk__in=ConfigurationChange.objects.order_by().values("by").distinct())
    return AuditLook(
        lines=lines_of(shown),
        older=shown[-1].pk if len(rows) > PAGE else None,
        people=list(authors.order_by("name")),
    )


def lines_of(changes: Sequence[ConfigurationChange]) -> list[ChangeLine]:
    names = _names(changes)
    return [ChangeLine(change, phrases(change.model, change.before, change.after, names)) for change in changes]


def line_of(model: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Phrase]:
    """The same for one difference that is no line of the trail (yet)."""
    found = ConfigurationChange(model=model, before=dict(before), after=dict(after))
    return phrases(model, before, after, _names([found]))


def phrases(model: str, before: Mapping[str, Any], after: Mapping[str, Any], names: _Names) -> list[Phrase]:
    """In the order in which it was kept; what is empty on both sides says nothing."""
    if model == CALENDAR and before and after:
        return _calendar(before, after)
    if model == CALENDAR:
        before, after = ({**side, "periods": _week(side.get("periods"))} for side in (before, after))
    fields = _fields(model)
    found = (
        Phrase(
            _label(name, fields), *(_value(side.get(name), fields.get(name), name, names) for side in (before, after))
        )
        for name in {**before, **after}
        if name != "id"
    )
    return [one for one in found if one.was != one.now]


_CALENDAR: Mapping[str, Any] = {"time_zone": "UTC", "periods": [], "holidays": [], "days": []}


def _calendar(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Phrase]:
    """In a calendar's own words; what was not kept is the same on both sides."""
    names = [Phrase(_("Name"), str(before["name"]), str(after["name"]))] if "name" in after else []
    was, is_ = ({name: side.get(name, same) for name, same in _CALENDAR.items()} for side in (before, after))
    told = [Phrase("", "", change.words) for change in difference(was, is_)]
    archived = [Phrase(_("Archived"), "", _("yes") if after["archived"] else _("no"))] if "archived" in after else []
    return [*names, *told, *archived]


def _week(periods: Any) -> str:
    """“Mon to Fri 09:00–18:00”, or as it was kept, where that is of a form that this version does not know any more."""
    try:
        return week_words(parse_periods(periods or []))
    except CalendarError:
        return _plain(periods, None)


def plain_phrases(model: type[models.Model], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Phrase]:
    """Of rows that name others by their names and not by their keys, as bundles and files do."""
    fields = _fields(model._meta.label_lower)
    sides = [{name: _named(value, fields.get(name)) for name, value in side.items()} for side in (before, after)]
    found = (Phrase(_label(name, fields), *(side.get(name, "") for side in sides)) for name in {**before, **after})
    return [one for one in found if one.was != one.now]


def _named(value: Any, of: Field | None) -> str:
    if value in (None, "", [], {}):
        return ""
    if of is not None and of.choices and not isinstance(value, list | dict):
        return str(dict(of.flatchoices).get(value, value))
    if isinstance(of, models.TextField) and isinstance(value, list):
        return "\n".join(map(str, value))
    return _plain(value, of)


def _narrowed(asked: Asked) -> "models.QuerySet[ConfigurationChange]":
    rows = ConfigurationChange.objects.all()
    if (who := whole(asked.who)) is not None:
        rows = rows.filter(by=who)
    if what := asked.what.strip():
        rows = rows.filter(Q(subject__icontains=what) | Q(model__in=_called(what)))
    if since := _day(asked.since):
        rows = rows.filter(at__gte=_midnight(since))
    if until := _day(asked.until):
        rows = rows.filter(at__lt=_midnight(date.fromordinal(until.toordinal() + 1)))
    if (before := whole(asked.before)) is not None:
        rows = rows.filter(pk__lt=before)
    return rows


def _called(what: str) -> list[str]:
    """The models that are called so in the reader's language."""
    words = what.casefold()
    models_known = apps.get_models()
    return [one._meta.label_lower for one in models_known if words in kept(as_kept(one._meta.verbose_name)).casefold()]


def _midnight(day: date) -> datetime:
    """In the reader's zone."""
    return make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware in the reader's zone


def _day(text: str) -> date | None:
    try:
        found = parse_date(text.strip())
    except ValueError:
        return None
    return found if found and 1970 <= found.year < 9999 else None


def _model(label: str) -> type[models.Model] | None:
    """None where this version knows it no more."""
    try:
        return apps.get_model(label) if label else None
    except LookupError:
        return None


def _fields(label: str) -> dict[str, Field]:
    model = _model(label)
    if model is None:
        return {}
    named = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {name: one for one in named for name in (one.attname, one.name)}


def _label(name: str, fields: Mapping[str, Field]) -> str:
    found = fields.get(name)
    words = str(found.verbose_name) if found is not None else name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _names(changes: Iterable[ConfigurationChange]) -> _Names:
    wanted: dict[type[models.Model], set[Any]] = {}
    asked: list[Any] = []
    for change in changes:
        fields = _fields(change.model)
        for side in (change.before, change.after):
            asked += [side[CONDITIONS]] if isinstance(side.get(CONDITIONS), dict) else []
            for name, value in side.items():
                target = fields[name].related_model if name in fields else None
                if isinstance(target, type):
                    wanted.setdefault(target, set()).update(value if isinstance(value, list) else [value])
    return _Names(
        {
            model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=keys - {None})}
            for model, keys in wanted.items()
        },
        vocabulary_for(*asked, with_signals=True) if asked else None,
    )


def _value(value: Any, of: Field | None, name: str, names: _Names) -> str:
    if value in (None, "", [], {}):
        return _("every ticket") if name == CONDITIONS and value == {} else ""
    if of is not None and isinstance(of.related_model, type):
        model = of.related_model
        return ", ".join(names.name(model, key) for key in (value if isinstance(value, list) else [value]))
    if of is not None and of.choices and not isinstance(value, list | dict):
        return str(dict(of.flatchoices).get(value, value))
    if name == ACTIONS and isinstance(value, list):
        return "; ".join(_actions(value))
    if of is not None and of.model is Procedure and isinstance(value, dict):
        return _steps(value)
    if name == CONDITIONS and isinstance(value, dict) and names.vocabulary is not None:
        return _conditions(value, names.vocabulary)
    return _plain(value, of)


def _conditions(value: dict[str, Any], vocabulary: Vocabulary) -> str:
    try:
        return conditions.in_words(value, vocabulary)
    except (KeyError, TypeError, ValueError):
        # Of a form that this version does not know any more: told as it was kept.
        return _plain(value, None)


def _steps(value: dict[str, Any]) -> str:
    """Of a procedure: what must hold before each step is left."""
    step = _("before “%(step)s” is left: %(conditions)s")
    labels = dict(State.choices)
    return "; ".join(
        step % {"step": labels.get(state, state), "conditions": ", ".join(_sentence(one) for one in names)}
        for state, names in value.items()
    )


def _sentence(condition: str) -> str:
    return str(RULES[condition].sentence) if condition in RULES else condition


def _actions(value: list[Any]) -> list[str]:
    try:
        return in_words(read(value), Known())
    except (KeyError, TypeError, ValueError):
        return [_plain(one, None) for one in value]


def _plain(value: Any, of: Field | None) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{str(key).replace('_', ' ')} {_plain(one, None)}" for key, one in value.items() if one != "")
    if isinstance(value, list):
        return "; ".join(_plain(one, None) for one in value)
    if value is None:
        return _("none")
    if isinstance(value, str) and value.startswith(HIDDEN):
        return _("a secret (%(mark)s)") % {"mark": value.removeprefix(HIDDEN)}
    if isinstance(of, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return said(localtime(moment), "j M Y H:i")
    if isinstance(of, models.DateField) and (day := _day(str(value))):
        return said(day, "j M Y")
    return str(value)
