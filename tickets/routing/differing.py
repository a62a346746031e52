"""What two versions of a rule say differently, in words."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.lengths import length_words
from tickets import conditions
from tickets.conditions import Conditions, Vocabulary
from tickets.enums import RuleEvent
from tickets.models import RoutingRule, RoutingRuleVersion
from tickets.routing import grammar
from tickets.routing.editing import Terms, known_now
from tickets.routing.grammar import Known
from tickets.vocabulary import vocabulary_for


def differences(before: Terms, after: Terms, words: Vocabulary, known: Known) -> list[str]:
    """A sentence for each thing; nothing where they say the same."""
    return [
        _("%(what)s: %(before)s → %(after)s") % {"what": what, "before": was, "after": now}
        for what, was, now in _pairs(before, after, words, known)
        if was != now
    ]


def changed_since(rule: RoutingRule, seen: int) -> tuple[RoutingRuleVersion | None, list[str]]:
    """The version that is kept now, and what it says that version `seen` did not."""
    versions = {version.number: version for version in rule.versions.select_related("by")}
    before, last = versions.get(seen), versions.get(rule.version)
    if before is None or last is None:
        return last, []
    was, now = Terms.of_content(before.content), Terms.of_content(last.content)
    return last, differences(was, now, vocabulary_for(was.conditions, now.conditions), known_now())


def _pairs(before: Terms, after: Terms, words: Vocabulary, known: Known) -> Iterator[tuple[str, str, str]]:
    yield _("Name"), before.name, after.name
    yield _("When"), _occasion(before), _occasion(after)
    yield _("Conditions"), _asked(before.conditions, words), _asked(after.conditions, words)
    yield _("Actions"), _done(before.actions, known), _done(after.actions, known)
    yield _("Afterwards"), _afterwards(before), _afterwards(after)


def _occasion(terms: Terms) -> str:
    if terms.event != RuleEvent.QUIET or terms.quiet_for is None:
        return str(RuleEvent(terms.event).label)
    said = _("after %(length)s of quiet") % {"length": length_words(terms.quiet_for)}
    name = Calendar.objects.filter(pk=terms.calendar).values_list("name", flat=True).first() if terms.calendar else ""
    return _("%(said)s in the hours of %(calendar)s") % {"said": said, "calendar": name} if name else said


def _asked(asked: Conditions, words: Vocabulary) -> str:
    return conditions.in_words(asked, words)


def _done(actions: Any, known: Known) -> str:
    return ", ".join(grammar.in_words(grammar.read(actions), known)) or _("nothing")


def _afterwards(terms: Terms) -> str:
    return _("the rules below are asked as well") if terms.goes_on else _("the search ends")
