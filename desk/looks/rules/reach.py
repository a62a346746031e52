"""Where a policy stands among those that are asked, in words: its place, whose shadow it is in, who gets nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.enums import Tier
from sla.models import Policy
from sla.policies import Terms
from sla.reach import Asked, Place, Share, asked_now, places, shares
from tickets.enums import PRIORITY_RANK, Priority

# So many names stand in a sentence; the rest are counted.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Shadow:
    """Why a policy is never reached, and what it would have to stand above."""

    fact: str
    advice: str
    above: Policy


@dataclass(frozen=True, slots=True)
class Cover:
    """One cell of the table: who takes these tickets, and what is not promised; both in words, either may be empty."""

    takers: str
    gap: str


@dataclass(frozen=True, slots=True)
class Cohort:
    tier: str
    cells: list[Cover]


def place_words(place: Place) -> str:
    """“Checked first of 4.”"""
    if place.number == 1:
        return _("Checked first of %(of)d") % {"of": place.of}
    if place.number == place.of:
        return _("Checked last of %(of)d") % {"of": place.of}
    return _("Checked as number %(number)d of %(of)d") % {"number": place.number, "of": place.of}


def shadow_of(place: Place) -> Shadow | None:
    if place.is_reached:
        return None
    values = {"name": place.asked.policy.name, "takers": named(place.takers)}
    fact = ngettext(
        "“%(name)s” stands in the shadow of %(takers)s.", "“%(name)s” stands in the shadow of %(takers)s together.",
        len(place.takers),
    )  # fmt: skip
    advice = ngettext(
        "Everything that it wants is taken before it is asked. Move it above, or narrow the other one.",
        "Everything that it wants is taken before it is asked. Move it above, or narrow one of the others.",
        len(place.takers),
    )
    return Shadow(fact % values, advice, place.takers[0].policy)


def standing_words(policy: Policy, terms: Terms, now: datetime) -> str:
    """Beside the conditions in the editor: when they are asked, and who else takes some of these tickets."""
    place = places(asked_now(policy, terms), now).get(policy.pk)
    if place is None:
        return ""
    first = _("%(place)s policies.") % {"place": place_words(place)}
    return f"{first} {_rivals(place)}"


def _rivals(place: Place) -> str:
    shadow = shadow_of(place)
    if shadow is not None:
        return f"{_('Never reached.')} {shadow.fact}"
    if place.before:
        return _("Before it, %(names)s takes some of these.") % {"names": named(place.before)}
    if place.after:
        return _("What it takes does not reach %(names)s.") % {"names": named(place.after)}
    return _("No other policy takes these.")


def shaded_by(before: Mapping[int, Place], after: Mapping[int, Place]) -> str:
    """Of two states of the list: one sentence for each policy that the change has put into a shadow, else empty."""
    shaded = (
        shadow_of(place)
        for key, place in after.items()
        if not place.is_reached and (key not in before or before[key].is_reached)
    )
    return " ".join(f"{shadow.fact} {_('No new ticket comes to it.')}" for shadow in shaded if shadow)


def cohorts(asked: Sequence[Asked], now: datetime) -> list[Cohort]:
    """Every ticket that there can be, by tier and priority, put to the policies in their order."""
    priorities = sorted(Priority, key=lambda priority: -PRIORITY_RANK[priority])
    tiers = [*Tier.choices, ("", _("Without an organisation"))]
    return [
        Cohort(str(label), [_cover(share) for share in shares(asked, tier, priorities, now)]) for tier, label in tiers
    ]


def _cover(share: Share) -> Cover:
    takers = named(share.takers, quoted=False)
    if share.is_open is None:
        return Cover("", _("too many rules to tell"))
    if not share.is_open:
        return Cover(takers, "")
    return Cover(takers, _("others: no promise") if takers else _("no promise"))


def named(asked: Sequence[Asked], *, quoted: bool = True) -> str:
    """“Gold”, “Bank” and 3 more."""
    names = [_("“%(name)s”") % {"name": one.policy.name} if quoted else one.policy.name for one in asked[:MOST_NAMED]]
    words, rest = ", ".join(names), len(asked) - MOST_NAMED
    return words if rest <= 0 else _("%(names)s and %(n)d more") % {"names": words, "n": rest}
