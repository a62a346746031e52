"""Two entries of one customer side by side: who each is, and what each has that would be one's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.enums import Role
from people.merging import suggestions
from people.merging.likeness import Pair
from people.merging.relations import held_by
from people.models import Distinct, Organisation, User
from tickets.tally import tallies

PAGE = 50

# What people know by a name; all else is counted together.
NAMED = {
    "tickets.Ticket.requester": gettext_lazy("Tickets"),
    "tickets.Ticket.organisation": gettext_lazy("Tickets"),
    "people.User.organisation": gettext_lazy("Contacts"),
    "tickets.Message.author": gettext_lazy("Messages"),
    "escalation.Escalation.requester": gettext_lazy("Escalations asked for"),
    "escalation.AffectedCustomer.person": gettext_lazy("Escalations that harm them"),
    "escalation.Notice.person": gettext_lazy("Updates received"),
    "mailroom.Follower.person": gettext_lazy("Tickets watched by mail"),
    "tickets.Ticket_watchers.user": gettext_lazy("Tickets watched"),
    "tickets.Rating.by": gettext_lazy("Ratings"),
    "tickets.Rating.organisation": gettext_lazy("Ratings"),
    "notifications.Delivery.recipient": gettext_lazy("Mails received"),
    "people.Alias.person": gettext_lazy("Former addresses"),
}


class PairLine(NamedTuple):
    stays: User | Organisation
    goes: User | Organisation
    why: str


class Moves(NamedTuple):
    """A kind of thing, and how many each of the two has."""

    what: str
    stays: int
    goes: int


@dataclass(frozen=True, slots=True)
class TwiceLook:
    people: list[PairLine]
    houses: list[PairLine]
    apart: Sequence[Distinct]
    people_more: int
    houses_more: int


@dataclass(frozen=True, slots=True)
class MergeLook:
    stays_facts: list[tuple[str, str]]
    goes_facts: list[tuple[str, str]]
    moves: list[Moves]


def called(stays: User | Organisation, goes: User | Organisation) -> dict[str, str]:
    """What tells the two apart: their names, or where these are alike the address or the short name."""
    alike = stays.name == goes.name
    words = [
        str(getattr(one, "email" if isinstance(one, User) else "slug") if alike else one.name) for one in (stays, goes)
    ]
    return dict(zip(("stays", "goes"), words, strict=True))


def twice_look() -> TwiceLook:
    """Seven queries, however many they are; beyond a page the rest is counted, and comes up as these are dealt with."""
    people, houses = suggestions.people(), suggestions.houses()
    found_people = User.objects.select_related("organisation").in_bulk(_keys(people[:PAGE]))
    found_houses = Organisation.objects.in_bulk(_keys(houses[:PAGE]))
    return TwiceLook(
        [PairLine(found_people[one.stays], found_people[one.goes], str(one.why.label)) for one in people[:PAGE]],
        [PairLine(found_houses[one.stays], found_houses[one.goes], "") for one in houses[:PAGE]],
        list(Distinct.objects.select_related("one", "other", "one_house", "other_house", "by")[:PAGE]),
        max(0, len(people) - PAGE),
        max(0, len(houses) - PAGE),
    )


def merge_look(stays: User | Organisation, goes: User | Organisation) -> MergeLook:
    """One query for all counts, whatever there is to count."""
    return MergeLook(_facts(stays), _facts(goes), _moves(stays, goes))


def others_like(person: User) -> list[tuple[str, str]]:
    """Contacts to choose from: those of his organisation, or of his name."""
    found = User.objects.active().filter(role=Role.CUSTOMER).exclude(pk=person.pk)
    near = (
        found.filter(organisation=person.organisation_id) if person.organisation_id else found.filter(name=person.name)
    )
    return list(near.order_by("name", "pk").values_list("email", "name")[:PAGE])


def _keys(pairs: Sequence[Pair]) -> set[int]:
    return {pk for pair in pairs for pk in (pair.stays, pair.goes)}


def _facts(one: User | Organisation) -> list[tuple[str, str]]:
    if isinstance(one, User):
        return [
            (_("E-mail"), one.email),
            (_("Organisation"), one.organisation.name if one.organisation else "—"),
            (_("Language"), one.get_language_display()),
        ]
    return [
        (_("Short name"), one.slug),
        (_("Tier"), one.get_tier_display()),
        (_("Value"), one.value or "—"),
        (_("Contract"), one.contract or "—"),
    ]


def _moves(stays: User | Organisation, goes: User | Organisation) -> list[Moves]:
    held = {"stays": held_by(stays), "goes": held_by(goes)}
    counted = tallies({f"{side} {name}": rows for side, all_ in held.items() for name, rows in all_.items()})
    found: dict[str, dict[str, int]] = {}
    for side, all_ in held.items():
        for name in all_:
            what = str(NAMED.get(name, _("Everything else")))
            line = found.setdefault(what, {"stays": 0, "goes": 0})
            line[side] += counted[f"{side} {name}"]
    lines = [Moves(what, **line) for what, line in found.items() if any(line.values())]
    return sorted(lines, key=lambda line: (line.what == _("Everything else"), -line.goes, line.what))
