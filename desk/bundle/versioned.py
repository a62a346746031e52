"""Tables of a bundle whose rows stand in versions: calendars, articles, policies. Only what is in force is told."""

from typing import Any, cast

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from calendars.actions import change_calendar, create_calendar
from calendars.models import Calendar
from common import audit
from common.configuring import subject_of
from common.errors import InvalidInput
from desk.bundle.rows import By
from desk.bundle.text import Row
from knowledge import settling
from knowledge.actions import Draft, bring_in
from knowledge.models import Article
from sla import publishing
from sla.models import Policy
from sla.policies import terms_of

# Of an article, what its versions say.
_WORDS = frozenset({"slug", "title", "body", "steps"})


class _Versioned:
    """What these have in common with `rows.Table`."""

    name: str
    title: str
    model: Any
    named_by: tuple[str, ...] = ("name",)
    known: frozenset[str]

    def key_of(self, told: Row) -> tuple[Any, ...]:
        return tuple(str(told.get(name, "")) for name in self.named_by)

    def finish(self, row: Any, given: Row, by: By) -> None:
        """Nothing here names a row of its own table."""

    def check(self, given: Row) -> None:
        if unknown := sorted(given.keys() - self.known):
            raise InvalidInput({name: [_("This is not known here.")] for name in unknown})


class Calendars(_Versioned):
    name, model = "calendars", Calendar
    known = frozenset({"name", "time_zone", "periods", "holidays", "days"})

    @property
    def title(self) -> str:  # type: ignore[override] # asked for in the reader's language
        return _("Calendars")

    def rows(self) -> list[Calendar]:
        return sorted(Calendar.objects.active().with_current(), key=lambda row: row.name)

    def told(self, row: Calendar) -> Row:
        return {"name": row.name, **row.current.content}

    def keep(self, row: Calendar | None, given: Row, by: By) -> Calendar:
        self.check(given)
        if row is not None:
            change_calendar(calendar=row, now=by.now, by=by.person, **given)
            return row
        whole = {"time_zone": "UTC", "periods": [], "holidays": [], **given}
        return create_calendar(now=by.now, by=by.person, **whole)


class Articles(_Versioned):
    name, model, named_by = "articles", Article, ("slug",)
    _TERMS = ("readers", "language", "review_on")
    known = frozenset({"slug", "title", "body", "steps", "translates", "is_archived", *_TERMS})

    @property
    def title(self) -> str:  # type: ignore[override] # asked for in the reader's language
        return _("Articles")

    def rows(self) -> list[Article]:
        """What is translated stands before its translations."""
        found = Article.objects.exclude(current=None).select_related("translates")
        return sorted(found, key=lambda row: (row.translates_id is not None, row.slug))

    def told(self, row: Article) -> Row:
        said = row.versions.get(pk=row.current_id or 0)
        return {
            "slug": row.slug,
            "title": said.title,
            "body": said.body.split("\n"),
            "steps": said.steps,
            "readers": row.readers,
            "language": row.language,
            "translates": row.translates.slug if row.translates else None,
            "review_on": row.review_on.isoformat() if row.review_on else None,
            "is_archived": row.archived_at is not None,
        }

    def keep(self, row: Article | None, given: Row, by: By) -> Article:
        self.check(given)
        before = self.told(row) if row else {}
        told = {**(before or {"title": "", "body": "", "steps": []}), **given}
        body = told["body"] if isinstance(told["body"], str) else "\n".join(map(str, told["body"]))
        try:
            steps = [(str(step["sentence"]), bool(step.get("required"))) for step in told["steps"]]
        except (TypeError, KeyError, AttributeError) as error:
            raise InvalidInput.of("steps", _("Steps are a list of {sentence, required}.")) from error
        draft = Draft(str(told["title"]), body, steps, _("Brought in with a bundle."))
        kept = bring_in(slug=str(told.get("slug", "")), draft=draft, by=by.person, now=by.now).article
        after = {name: value for name, value in self.told(kept).items() if name in _WORDS or not before}
        audit.record_change(by=by.person, subject=subject_of(kept), before=before, after={**before, **after}, of=kept)
        return self._settled(kept, given, by)

    def _settled(self, kept: Article, given: Row, by: By) -> Article:
        terms: dict[str, Any] = {name: given[name] for name in self._TERMS if name in given}
        if "translates" in given:
            terms["translates"] = _original(given["translates"])
        kept = settling.settle(slug=kept.slug, terms=cast(settling.Terms, terms), by=by.person)
        is_archived = given.get("is_archived", kept.archived_at is not None)
        if not isinstance(is_archived, bool):
            raise InvalidInput.of("is_archived", _("This is true or false."))
        return settling.archive(slug=kept.slug, is_archived=is_archived, by=by.person, now=by.now)


class Policies(_Versioned):
    name, model = "policies", Policy
    _TERMS = ("conditions", "severities", "pauses", "obligations", "targets", "team_targets")
    _DATES = ("valid_from", "valid_until")
    known = frozenset({"name", "order", "is_enabled", "calendar", *_TERMS, *_DATES})

    @property
    def title(self) -> str:  # type: ignore[override] # asked for in the reader's language
        return _("SLA policies")

    def rows(self) -> list[Policy]:
        """Those that promise something; a draft never acts."""
        found = Policy.objects.filter(versions__published_at__isnull=False).distinct().order_by("pk")
        return sorted(found, key=lambda row: row.order)

    def told(self, row: Policy) -> Row:
        terms = terms_of(row.versions.in_force().get())
        return {
            "name": row.name,
            "order": row.order,
            "is_enabled": row.is_enabled,
            "calendar": terms.calendar.name if terms.calendar else None,
            "conditions": terms.conditions,
            "severities": terms.severities,
            "pauses": terms.pauses,
            "obligations": [one.as_json() for one in terms.obligations],
            "targets": [
                {
                    "metric": one.metric,
                    "priority": one.priority,
                    "seconds": one.seconds,
                    "thresholds": [threshold.as_kept() for threshold in one.thresholds],
                    "round_the_clock": one.round_the_clock,
                }
                for one in terms.targets
            ],
            "team_targets": [
                {
                    "team": one.team.slug,
                    "priority": one.priority,
                    "seconds": one.seconds,
                    "round_the_clock": one.round_the_clock,
                    "escalates": one.escalates,
                    "warn_at": one.warn_at,
                }
                for one in sorted(terms.team_targets, key=lambda one: (one.team.slug, one.priority))
            ],
            "valid_from": terms.valid_from.isoformat() if terms.valid_from else None,
            "valid_until": terms.valid_until.isoformat() if terms.valid_until else None,
        }

    def keep(self, row: Policy | None, given: Row, by: By) -> Policy:
        """A new version where it promises something else, for new tickets alone."""
        self.check(given)
        before = self.told(row) if row else {}
        terms = {name: given[name] for name in self._TERMS if name in given and given[name] != before.get(name)}
        terms |= {name: _moment(name, given[name]) for name in self._DATES if given.get(name) != before.get(name)}
        if given.get("calendar") != before.get("calendar"):
            terms["calendar"] = _calendar(given.get("calendar"))
        shared: dict[str, Any] = {"now": by.now, "by": by.person}
        if row is None:
            row = publishing.create_policy(name=str(given.get("name", "")), **{"targets": [], **terms}, **shared)
        elif terms:
            publishing.change_policy(policy=row, **terms, **shared)
        self._place(row, given)
        audit.record_change(by=by.person, subject=subject_of(row), before=before, after=self.told(row), of=row)
        return row

    def _place(self, row: Policy, given: Row) -> None:
        order, is_enabled = given.get("order", row.order), given.get("is_enabled", row.is_enabled)
        if not isinstance(order, int) or not 0 <= order < 2**31 or not isinstance(is_enabled, bool):
            raise InvalidInput.of("order", _("The order is a number, and whether it is enabled true or false."))
        row.order, row.is_enabled = order, is_enabled
        row.save(update_fields=["order", "is_enabled"])


def _original(slug: Any) -> Article | None:
    if slug is None:
        return None
    found = Article.objects.filter(slug=slug).first() if isinstance(slug, str) else None
    if found is None:
        raise InvalidInput.of("translates", _("There is no article “%(slug)s”.") % {"slug": str(slug)[:80]})
    return found


def _moment(name: str, given: Any) -> Any:
    try:
        moment = parse_datetime(str(given)) if given else None
    except ValueError:
        moment = None
    if given and (moment is None or moment.tzinfo is None):
        raise InvalidInput.of(name, _("This is not a moment with an offset."))
    return moment


def _calendar(name: Any) -> Calendar | None:
    if name is None:
        return None
    found = Calendar.objects.active().filter(name=name).first() if isinstance(name, str) else None
    if found is None:
        raise InvalidInput.of("calendar", _("There is no calendar “%(name)s”.") % {"name": str(name)[:80]})
    return found
