"""What exists at this desk for conditions to name: teams, organisations, custom fields of tickets."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from people.models import FormerOrganisation, Organisation, Team
from tickets import conditions
from tickets.conditions import Conditions, Field, Vocabulary
from tickets.enums import BelongsTo
from tickets.models import CustomField

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")


def vocabulary_for(*asked: Any, with_signals: bool = False) -> Vocabulary:
    """All teams and custom fields, and of the organisations those that these conditions name; four queries at most.

    Takes what a person sent, so nothing is known of its form yet.
    """
    named = {name for one in asked for name in _organisations_in(one)}
    found = dict(Organisation.objects.filter(slug__in=named).values_list("slug", "name")) if named else {}
    former = _former(named - found.keys())
    return Vocabulary(
        teams=dict(Team.objects.values_list("slug", "name")),
        organisations=found | {house.slug: house.name for house in former.values()},
        former={slug: house.slug for slug, house in former.items()},
        fields={
            field.key: Field(field.label, field.type, tuple(map(str, field.choices)))
            for field in CustomField.objects.of(BelongsTo.TICKET)
        },
        with_signals=with_signals,
    )


def check(given: Any, *, with_signals: bool = False) -> dict[str, Any]:
    """Conditions as a person gave them, as they are stored; see `conditions.check`."""
    return conditions.check(given, vocabulary_for(given, with_signals=with_signals))


def in_words(stored: Conditions) -> str:
    """One line for a person: “customer tier is Enterprise and channel is not Chat”."""
    return conditions.in_words(stored, vocabulary_for(stored))


def _former(slugs: Collection[str]) -> dict[str, Organisation]:
    """Into what those were merged that are not there any more."""
    rows = FormerOrganisation.objects.select_related("organisation").filter(slug__in=slugs) if slugs else ()
    return {row.slug: row.organisation for row in rows}


def _organisations_in(given: Any) -> Iterable[str]:
    asked = given.get("organisation") if isinstance(given, Mapping) else None
    lists = asked.values() if isinstance(asked, Mapping) else [asked]
    values = (value for one in lists if isinstance(one, list | tuple) for value in one)
    return (value for value in values if isinstance(value, str) and _SLUG.fullmatch(value))
