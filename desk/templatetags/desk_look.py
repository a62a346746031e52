"""Pure presentation: initials, the colour of a person, the icon of a channel, the rung of a stage."""

import hashlib
import json
from collections.abc import Mapping

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.languages import language_name
from escalation.enums import Trend
from tickets.tally import MOST

register = template.Library()

AVATAR_COLOURS = 6
HOUR_LINE = 412
CHANNEL_ICONS = {"email": "mail", "web": "forms", "api": "api", "phone": "phone", "chat": "message-circle"}
CHANNEL_NAMES = {
    "email": _("By e-mail"),
    "web": _("By web form"),
    "api": _("By API"),
    "phone": _("By phone"),
    "chat": _("By chat"),
}
RUNGS = {
    "initiate": 1,
    "initiated": 1,
    "communicate": 2,
    "communicating": 2,
    "resolve": 3,
    "resolving": 3,
    "close": 4,
    "resolved": 4,
    "closed": 4,
}
STEP_NAMES = {
    "requested": _("Requested"),
    "initiate": _("Initiate"),
    "initiated": _("Initiate"),
    "communicate": _("Communicate"),
    "communicating": _("Communicate"),
    "resolve": _("Resolve"),
    "resolving": _("Resolve"),
    "close": _("Close"),
    "resolved": _("Close"),
    "closed": _("Closed"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
}
ENDED = frozenset({"declined", "withdrawn"})
SLA_ICONS = {
    "ok": "clock",
    "warn": "clock-exclamation",
    "breach": "alert-octagon",
    "pause": "player-pause",
    "met": "check",
    "none": "minus",
}
CONDITION_ICONS = {"yes": "circle-check", "no": "circle-x", "part": "circle-half-2"}
TONE_ICONS = {"warn": "alert-triangle", "breach": "alert-octagon", "ok": "circle-check", "esc": "speakerphone"}
TIER_ICONS = {"enterprise": "diamonds", "business": "diamond"}
TIER_NAMES = {"enterprise": _("Enterprise"), "business": _("Business"), "standard": _("Standard")}
TREND_ICONS = {"improving": "arrow-up", "same": "arrow-right", "declining": "arrow-down"}
TREND_TONES = {"improving": "ok", "same": "", "declining": "breach"}
PRIORITY_NAMES = {"urgent": _("Urgent"), "high": _("High"), "normal": _("Normal"), "low": _("Low")}


@register.filter
def bounded(count: int) -> str:
    """`12`, or `1,000+` where counting stopped (tickets.tally)."""
    return str(count) if count <= MOST else f"{number_format(MOST, force_grouping=True)}+"


@register.filter
def item(known: Mapping[str, object], key: str) -> object:
    """`{{ urls|item:name }}`: a table's entry under a name that stands in a variable."""
    return known.get(key, "")


@register.filter
def language(code: str) -> str:
    return language_name(code)


@register.filter
def as_json(value: object) -> str:
    """For a data attribute that a script reads."""
    return json.dumps(value)


@register.filter
def initials(name: object) -> str:
    """Two letters at most: the first of the first and of the last word."""
    found = [word[0] for word in str(name or "").split() if word[0].isalnum()]
    if not found:
        return ""
    return (found[0] + (found[-1] if len(found) > 1 else "")).upper()


@register.filter
def av_class(name: object) -> str:
    """One of six colours, the same for the same name in every process."""
    digest = hashlib.blake2s(str(name).casefold().encode(), digest_size=2).digest()
    return f"av-{int.from_bytes(digest) % AVATAR_COLOURS + 1}"


@register.filter
def channel_icon(channel: object) -> str:
    return CHANNEL_ICONS.get(str(channel), "message-2")


@register.filter
def channel_name(channel: object) -> str:
    return str(CHANNEL_NAMES.get(str(channel), channel))


@register.filter
def trend_icon(trend: object) -> str:
    return TREND_ICONS.get(str(trend), "minus")


@register.filter
def trend_tone(trend: object) -> str:
    return TREND_TONES.get(str(trend), "")


@register.filter
def trend_name(trend: object) -> str:
    return str(Trend(str(trend)).label) if trend in Trend.values else ""


@register.filter
def rung(step: object) -> int:
    """Which of the four rungs a state or stage stands on; 0 before the first. A number passes through."""
    text = str(step or "")
    return int(text) if text.isdigit() else RUNGS.get(text, 0)


@register.filter
def step_name(step: object) -> str:
    return str(STEP_NAMES.get(str(step or ""), step or ""))


@register.filter
def is_ended(state: object) -> bool:
    """Declined or withdrawn: shown grey and struck."""
    return str(state or "") in ENDED


@register.filter
def sla_icon(state: object) -> str:
    return SLA_ICONS.get(str(state), "minus")


@register.filter
def condition_icon(state: object) -> str:
    return CONDITION_ICONS.get(str(state), "circle-x")


@register.filter
def along(percent: float, start: int) -> int:
    """Where a share of the first hour lies on its line, 412 units long, which begins at `start`."""
    return start + round(min(max(float(percent), 0), 100) * HOUR_LINE / 100)


@register.filter
def tone_icon(tone: object) -> str:
    return TONE_ICONS.get(str(tone), "info-circle")


@register.filter
def tier_icon(tier: object) -> str:
    """Empty for a tier that is told by its word alone."""
    return TIER_ICONS.get(str(tier), "")


@register.filter
def tier_name(tier: object) -> str:
    return str(TIER_NAMES.get(str(tier), tier))


@register.filter
def priority_name(priority: object) -> str:
    return str(PRIORITY_NAMES.get(str(priority), priority))


@register.filter
def control(field: BoundField, hint: str = "") -> SafeString:
    """The field's own widget with our class, and with what describes it: the hint and the errors."""
    described = [f"{field.auto_id}_hint"] if hint or field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
    attrs: dict[str, str | bool] = {"class": _control_class(field)}
    if not field.use_fieldset and described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors and not field.use_fieldset:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


@register.filter
def matrix_control(field: BoundField) -> SafeString:
    """A widget in a cell of a table: its label is told to those who do not see the row and the column."""
    attrs: dict[str, str | bool] = {"class": "box" if is_tick(field) else "cell-in", "aria-label": str(field.label)}
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}
    return field.as_widget(attrs=attrs)


@register.filter
def is_tick(field: BoundField) -> bool:
    """One check box: its label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


def _control_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "box"
    return "form-select" if isinstance(widget, Select) else "form-control"
