"""What stands around every report: its tabs, what it is asked for in words, and the ways to ask for something else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.dates import said
from desk.forms.reports import DaysForm, NarrowForm, PlanForm
from people.models import User
from reports.asking import PRESETS, SPAN_KEYS, Wanted, reports_for
from reports.filters import FILTERS
from reports.source import Source


@dataclass(frozen=True, slots=True)
class Way:
    """A link: its words, its address, and whether one is there."""

    words: str
    url: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """The other reports: those in this frame as tabs, and those of a form of their own."""

    tabs: list[Way]
    more: list[Way]


@dataclass(frozen=True, slots=True)
class Frame:
    source: Source
    wanted: Wanted
    beside: Beside
    presets: list[Way]
    files: list[Way]
    here: str
    today: date
    save: str
    """Where this is saved under a name; nothing for whoever saves none."""

    @property
    def span_words(self) -> str:
        span = self.wanted.asked.span
        last = _day(span.last, self.today)
        return _("%(first)s to %(last)s") % {"first": _day(span.first, span.last), "last": last}

    @property
    def plan_words(self) -> str:
        plan = self.wanted.asked.plan
        return _day(plan, self.today) if plan else ""

    @property
    def compares_nothing(self) -> bool:
        """A day is asked for that divides none of these days."""
        return self.wanted.asked.plan is not None and not self.wanted.asked.is_divided

    @property
    def narrow_words(self) -> str:
        """What is chosen, or that nothing is left out."""
        return ", ".join(self.wanted.narrowed.values()) or next((FILTERS[key].all() for key in self.source.filters), "")

    @property
    def days_form(self) -> DaysForm:
        span = self.wanted.asked.span
        return DaysForm({"since": span.first, "until": span.last})

    @property
    def plan_form(self) -> PlanForm:
        return PlanForm({"plan": self.wanted.asked.plan})

    @property
    def narrow_form(self) -> NarrowForm:
        return NarrowForm(self.wanted)

    def without(self, *keys: str) -> dict[str, str]:
        """What a form that asks for some keys has to carry along."""
        return {key: value for key, value in self.wanted.query.items() if key not in keys}

    @property
    def beside_days(self) -> dict[str, str]:
        return self.without(*SPAN_KEYS)

    @property
    def beside_plan(self) -> dict[str, str]:
        return self.without("plan")

    @property
    def beside_filters(self) -> dict[str, str]:
        return self.without(*self.source.filters)

    @property
    def back(self) -> str:
        return _address(self.here, self.wanted.query)

    @property
    def without_plan(self) -> str:
        return _address(self.here, self.beside_plan)


def frame_of(user: User, source: Source, wanted: Wanted, *, today: date) -> Frame:
    here = reverse("desk:report", args=[source.key])
    files = [
        Way(form.upper(), _address(reverse("desk:report_file", args=[source.key, form]), wanted.query))
        for form in ("csv", "xlsx")
    ]
    save = _address(reverse("desk:saved_report_new", args=[source.key]), wanted.query) if user.is_manager else ""
    return Frame(
        source, wanted, beside(user, here, wanted.query), _presets(here, wanted, source), files, here, today, save
    )


def beside(user: User, here: str, query: Mapping[str, str] | None = None) -> Beside:
    """Each report over the same days, narrowed as far as it heeds that; `here` is the path of the one that is shown."""
    found = []
    for source in reports_for(user):
        path = reverse("desk:report", args=[source.key])
        heeded = {*SPAN_KEYS, "plan", *source.filters}
        kept = {key: value for key, value in (query or {}).items() if key in heeded}
        found.append(Way(source.title(), _address(path, kept), path == here))
    tabs = [*found, Way(_("Recommendations"), reverse("desk:recommendations"))]
    return Beside(tabs, [Way(words, url, url == here) for words, url in _forms_of_their_own(user)])


def _forms_of_their_own(user: User) -> list[tuple[str, str]]:
    coming = _("What is coming"), reverse("desk:coming")
    saved = _("Saved reports"), reverse("desk:saved_reports")
    training = _("Training"), reverse("desk:training")
    if not user.is_manager:
        return [coming, saved, training]
    return [
        (_("Live board"), reverse("desk:live_board")),
        coming,
        saved,
        (_("Pauses"), reverse("desk:pauses")),
        (_("Missing skills"), reverse("desk:skill_gaps")),
        training,
        (_("What has to be known"), reverse("desk:obligations")),
    ]


def _presets(here: str, wanted: Wanted, source: Source) -> list[Way]:
    rest = {key: value for key, value in wanted.query.items() if key not in SPAN_KEYS}
    return [
        Way(
            ngettext("Last %(n)d day", "Last %(n)d days", days) % {"n": days},
            _address(here, {"days": str(days), **rest}),
            wanted.query.get("days") == str(days),
        )
        for days in PRESETS
    ]


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _day(day: date, beside: date) -> str:
    """`1 Aug`, with its year where it is another one than that of the day beside it."""
    return said(day, "j M" if beside.year == day.year else "j M Y")
