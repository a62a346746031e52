"""How a report's numbers, days and changes read, in the active language: alike on page, mail, file and chart. Pure."""

from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.dates import said
from reports.shape import Better, Change, Chart, Measure, Unit, Value

NOTHING = "–"
MINUTE, HOUR, DAY = 60, 3600, 86_400
# Standardised differences (Cohen): from here on an effect is called so.
MEDIUM, LARGE = 0.5, 0.8


def value_text(value: Value, unit: Unit) -> str:
    """`95.8 %`, `38 min`, `7h 40m`, `1,204`, `3.1`; a dash where there is nothing to say."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, str):
        return value
    return _number(value, unit)


def measure_text(measure: Measure) -> str:
    return value_text(measure.value, measure.unit)


def short_text(value: int | float, unit: Unit) -> str:
    """Beside an axis or at a line's end, where the unit is known: `97.1`; lengths keep theirs."""
    return length_text(value) if unit is Unit.SECONDS else _plain(value)


def unit_text(unit: Unit) -> str:
    """Behind the name of a column of plain numbers: `%`, `seconds`; nothing where the name says all."""
    return {Unit.PERCENT: "%", Unit.SECONDS: _("seconds")}.get(unit, "")


def day_text(day: date) -> str:
    """`1 Oct 2026`."""
    return said(day, "j M Y")


def label_texts(chart: Chart) -> list[str]:
    """The chart's steps, each as shortly as it stays clear: `3 Aug`, or `Aug 2026` where all are months."""
    days = [label for label in chart.labels if isinstance(label, date)]
    if len(days) < len(chart.labels):
        return [str(label) for label in chart.labels]
    months = len(days) > 1 and all(day.day == 1 for day in days)
    return [said(day, "M Y" if months else "j M") for day in days]


def length_text(seconds: float) -> str:
    """`40 s`, `38 min`, `7h 40m`, `3d 5h`."""
    whole = abs(round(seconds))
    if whole < MINUTE:
        text = _("%(n)d s") % {"n": whole}
    elif whole < HOUR:
        text = _("%(n)d min") % {"n": whole // MINUTE}
    elif whole < DAY:
        text = _("%(h)dh %(m)02dm") % {"h": whole // HOUR, "m": whole % HOUR // MINUTE}
    else:
        text = _("%(d)dd %(h)dh") % {"d": whole // DAY, "h": whole % DAY // HOUR}
    return f"−{text}" if seconds < 0 and whole else text


def difference_text(change: Change, unit: Unit) -> str:
    """How far it went, without its direction: `3.1 points`, `24 min`; nothing where there is no difference to say."""
    if change.difference is None:
        return ""
    return _weekly(_apart(abs(change.difference), unit), unit)


def change_text(change: Change, unit: Unit, plan: date | None) -> str:
    """Before and after in a sentence, and how sure that is."""
    return f"{sides_text(change, unit, plan)} {certainty_text(change, unit)}"


def sides_text(change: Change, unit: Unit, plan: date | None = None) -> str:
    """`62 min before, 38 min after (120 and 90 cases).`"""
    cases = ngettext("%(n)d case", "%(n)d cases", change.after_cases) % {"n": change.after_cases}
    told = {
        "before": _weekly(value_text(change.before, unit), unit),
        "after": _weekly(value_text(change.after, unit), unit),
        "cases_before": change.before_cases,
        "cases_after": cases,
        "day": day_text(plan) if plan else "",
    }
    if plan:
        return _("%(before)s before %(day)s, %(after)s after (%(cases_before)d and %(cases_after)s).") % told
    return _("%(before)s before, %(after)s after (%(cases_before)d and %(cases_after)s).") % told


def certainty_text(change: Change, unit: Unit) -> str:
    """Whether the difference is one, and between what it lies with 95 % confidence."""
    if change.low is None or change.high is None:
        return _("Too few cases to say whether that is chance.")
    told = {"low": signed_text(change.low, unit), "high": signed_text(change.high, unit)}
    if not change.is_sure:
        return _("That may be chance: the true difference lies between %(low)s and %(high)s (95 %%).") % told
    sure = _("The true difference lies between %(low)s and %(high)s (95 %%).") % told
    return f"{sure} {_effect(change.effect)}".strip()


def change_tone(change: Change, better: Better) -> str:
    """`ok` or `breach` for a sure change to the better or the worse; nothing where it is neither."""
    if not change.is_sure or not change.difference or better is Better.NEITHER:
        return ""
    return "ok" if (change.difference > 0) == (better is Better.HIGHER) else "breach"


def _effect(effect: float | None) -> str:
    if effect is None:
        return ""
    if abs(effect) >= LARGE:
        return _("A large effect.")
    return _("A medium effect.") if abs(effect) >= MEDIUM else _("A small effect.")


def _weekly(text: str, unit: Unit) -> str:
    """Counts are compared by the week, for the days before are seldom as many as those after."""
    return _("%(n)s a week") % {"n": text} if unit is Unit.COUNT else text


def _apart(value: float, unit: Unit) -> str:
    if unit is Unit.PERCENT:
        return ngettext("%(n)s point", "%(n)s points", 1 if value == 1 else 2) % {"n": _plain(value)}
    return _number(value, unit)


def signed_text(value: float, unit: Unit) -> str:
    """How far it went, and which way: `−35 min`, `+3.1 points`."""
    sign = "−" if value < 0 else "+"
    return f"{sign}{_apart(abs(value), unit)}"


def _number(value: int | float, unit: Unit) -> str:
    if unit is Unit.SECONDS:
        return length_text(value)
    return _("%(n)s %%") % {"n": _plain(value)} if unit is Unit.PERCENT else _plain(value)


def _plain(value: int | float) -> str:
    """A whole number without a point, any other with one digit behind it, two where it is below one."""
    if float(value).is_integer():
        return number_format(int(value), use_l10n=True, force_grouping=True)
    digits = 1 if abs(value) >= 1 else 2
    text = number_format(round(value, digits), decimal_pos=digits, use_l10n=True, force_grouping=True)
    return text.replace("-", "−")
