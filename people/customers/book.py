"""Customers from a list: what is new, what changes, what is refused and why; looked at first, then taken (R71, R90).

A line is a person, his organisation, or both. A person is known by his address; an organisation by the short name
that the other system gives it, else by its name. An empty cell changes nothing, so the same list twice is nothing.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit
from common.configuring import configure
from common.errors import InvalidInput
from common.text import one_line
from people.customers.sight import terms_of
from people.enums import Role, Sight, Tier
from people.models import FormerOrganisation, Organisation, User

PERSON = ("email", "name", "language", "sight")
HOUSE = ("tier", "value", "contract", "since")
COLUMNS = (*PERSON, "organisation", "organisation_id", *HOUSE)
MOST_LINES, MOST_ROWS, MOST_CHARACTERS, AT_A_TIME = 5000, 10_000, 2_000_000, 500
LONGEST_CELL = 10_000

_WRITTEN = ("name", "language", "organisation", "oversees", "answers_for_it")

Cells = dict[str, str]
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    cells: Cells

    @property
    def text(self) -> str:
        return ", ".join(value for value in self.cells.values() if value)[:120]


@dataclass(frozen=True, slots=True)
class Refused:
    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A person or an organisation that is new (`before` is empty), or changes."""

    kind: type[Any]
    name: str
    before: Found
    after: Found


@dataclass(slots=True)
class Report:
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    same: int = 0

    @property
    def new(self) -> list[Taken]:
        return [one for one in self.taken if not one.before]

    @property
    def changed(self) -> list[Taken]:
        return [one for one in self.taken if one.before]


def read(text: str) -> list[Line]:
    """The lines of a CSV text with a head; InvalidInput in one sentence where it cannot be read as a whole."""
    if len(text) > MOST_CHARACTERS:
        raise _wrong(_("This file is too large: bring it in parts."))
    # The head decides between comma, semicolon and tab.
    head = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), restkey="", restval="", delimiter=delimiter)
    names = [(name or "").strip().lower() for name in rows.fieldnames or []]
    if "email" not in names and "organisation" not in names:
        raise _wrong(_("The first line names the columns, with “email” or “organisation” among them."))
    if unknown := sorted({name for name in names if name} - set(COLUMNS)):
        raise _wrong(
            _("There is no column “%(name)s”; there are %(known)s.")
            % {"name": unknown[0][:40], "known": ", ".join(COLUMNS)}
        )
    rows.fieldnames = names
    try:
        lines = [Line(rows.line_num, _cells(row)) for row in rows]
    except csv.Error as error:
        raise _wrong(_("Line %(n)d cannot be read.") % {"n": rows.line_num}) from error
    # The reader's own limit is the whole process's, and an import of tickets raises it.
    if longer := [line for line in lines if any(len(cell) > LONGEST_CELL for cell in line.cells.values())]:
        raise _wrong(_("Line %(n)d cannot be read.") % {"n": longer[0].number})
    lines = [line for line in lines if any(line.cells.values())]
    if not 0 < len(lines) <= MOST_LINES:
        raise _wrong(_("A list has between 1 and %(most)d lines.") % {"most": MOST_LINES})
    return lines


def rows(given: Sequence[Mapping[str, str]]) -> list[Line]:
    """The same from a program, which names the columns itself; counted from 1."""
    return [Line(number, _cells(row)) for number, row in enumerate(given, 1)]


@transaction.atomic
def bring_in(lines: Sequence[Line], *, by: User | None) -> Report:
    """Take what can be taken; the rest is told with why. Who works here is changed by no list."""
    return _Book(lines, by=by, writes=True).report


def look(lines: Sequence[Line]) -> Report:
    """The same, and nothing is written."""
    return _Book(lines, by=None, writes=False).report


class _Book:
    """One list, line by line against what there is; people and organisations are asked for once for all lines."""

    def __init__(self, lines: Sequence[Line], *, by: User | None, writes: bool) -> None:
        self.by, self.writes, self.report = by, writes, Report()
        self.people = _people([line.cells.get("email", "").lower() for line in lines], hold=writes)
        houses = list(Organisation.objects.all())
        self.by_slug: dict[str, Organisation] = {house.slug: house for house in houses}
        self.by_name: dict[str, Organisation] = {house.name.casefold(): house for house in houses}
        former = list(FormerOrganisation.objects.select_related("organisation"))
        self.former = {one.slug for one in former}
        for one in former:
            self.by_slug.setdefault(one.slug, one.organisation)
            self.by_name.setdefault(one.name.casefold(), one.organisation)
        self.said: dict[str, tuple[int, Found]] = {}
        self.seen: dict[str, int] = {}
        self.made: list[User] = []
        self.altered: list[User] = []
        for line in lines:
            try:
                self._take(line)
            except InvalidInput as error:
                why = " ".join(sentence for said in error.errors.values() for sentence in said)
                self.report.refused.append(Refused(line.number, line.text, why))
        User.objects.bulk_create(self.made, batch_size=AT_A_TIME)
        User.objects.bulk_update(self.altered, _WRITTEN, batch_size=AT_A_TIME)
        if writes and self.report.taken:
            told = {"new": len(self.report.new), "changed": len(self.report.changed)}
            audit.record_change(by=by, subject=gettext_noop("Customers from a list"), before={}, after=told)

    def _take(self, line: Line) -> None:
        """Everything of a line is checked before anything of it is written."""
        person, terms = self._checked_person(line), _house_terms(line.cells)
        house = self._house(line, terms)
        if line.cells.get("email"):
            self._keep_person(line, person, house)

    def _checked_person(self, line: Line) -> Found:
        address = line.cells.get("email", "").lower()
        if not address:
            if not line.cells.get("organisation"):
                raise _refusal(_("Neither an address nor an organisation."))
            return {}
        try:
            validate_email(address)
        except ValidationError as error:
            raise _refusal(_("This is not an e-mail address.")) from error
        if address in self.seen:
            raise _refusal(_("This address stands on line %(line)d already.") % {"line": self.seen[address]})
        self.seen[address] = line.number
        known = self.people.get(address)
        if known is not None and known.role != Role.CUSTOMER:
            raise _refusal(_("This is a colleague, not a customer."))
        if known is not None and not known.is_active:
            raise _refusal(_("This customer's account is closed."))
        return _person_terms(line.cells)

    def _house(self, line: Line, terms: Found) -> Organisation | None:
        name, slug = line.cells.get("organisation", ""), line.cells.get("organisation_id", "")
        if not name and not slug:
            if terms:
                raise _refusal(_("Tier, value, contract and since belong to an organisation: name it."))
            return None
        known = self.by_slug.get(slug) if slug else self.by_name.get(name.casefold())
        if known is None and not name:
            raise _refusal(_("There is no organisation “%(name)s”.") % {"name": slug[:60]})
        wanted, said = dict(terms), {**terms, "name": name.casefold()}
        if name and (slug or known is None) and slug not in self.former:
            # One that was found by its name, or by what it was before a merge, keeps its own way of writing it.
            wanted["name"] = one_line(name, field="organisation", limit=120)
        if slug and known is None:
            wanted["slug"] = slug
        return self._keep_house(line, known, wanted, said)

    def _keep_house(self, line: Line, known: Organisation | None, wanted: Found, said: Found) -> Organisation:
        house = known or Organisation(slug=wanted.get("slug") or self._free_slug(wanted["name"]))
        first = self.said.get(house.slug)
        if first is not None and first[1] != said:
            raise _refusal(_("Line %(line)d says something else of this organisation.") % {"line": first[0]})
        before = {name: getattr(house, name) for name in wanted} if known else {}
        self.said[house.slug] = (line.number, said)
        if first is not None or before == wanted:
            self.report.same += first is None
            return house
        if self.writes:
            house = configure(house, by=self.by, **wanted)
        else:
            _check_house(house, wanted)
        self.by_slug[house.slug] = self.by_name[house.name.casefold()] = house
        self._tell(Organisation, house.name, before, wanted)
        return house

    def _keep_person(self, line: Line, wanted: Found, house: Organisation | None) -> None:
        address = line.cells["email"].lower()
        known = self.people.get(address)
        _check_sight(wanted, known, house)
        before = {name: getattr(known, name) for name in wanted} if known else {}
        told, was = dict(wanted), dict(before)
        if house is not None and (known is None or known.organisation_id != house.pk or house.pk is None):
            told["organisation"], wanted = house.name, {**wanted, "organisation": house}
            was |= {"organisation": known.organisation.name if known.organisation else ""} if known else {}
        if known is not None and told == was:
            self.report.same += 1
            return
        if self.writes:
            self._write(known, address, wanted)
        self._tell(User, address, was, {"email": address, **told} if known is None else told)

    def _write(self, known: User | None, address: str, wanted: Found) -> None:
        """Kept in mind: all people are written together, after the last line."""
        if known is None:
            known = User(email=address, role=Role.CUSTOMER, name=address.partition("@")[0])
            known.set_unusable_password()
            self.made.append(known)
        else:
            self.altered.append(known)
        # Whoever goes to another organisation is given its sight anew, there or back.
        sight = wanted.pop("sight", Sight.OWN if "organisation" in wanted else "")
        for name, value in wanted.items():
            setattr(known, name, value)
        for name, value in terms_of(sight, known.organisation).items() if sight else ():
            setattr(known, name, value)

    def _tell(self, kind: type[Any], name: str, before: Found, after: Found) -> None:
        changed = {key for key in after if before.get(key) != after[key]}
        was = {key: before[key] for key in before if key in changed}
        self.report.taken.append(Taken(kind, name, was, {key: after[key] for key in after if key in changed}))

    def _free_slug(self, name: str) -> str:
        base = slugify(name)[:54] or "organisation"
        tries = (base if n == 1 else f"{base}-{n}" for n in range(1, len(self.by_slug) + 2))
        return next(slug for slug in tries if slug not in self.by_slug)


def _cells(row: Mapping[str, Any]) -> Cells:
    return {name: " ".join(str(value).split()) for name, value in row.items() if name and isinstance(value, str)}


def _people(addresses: Sequence[str], *, hold: bool) -> dict[str, User]:
    """`hold` locks their rows: what is written back is what was read."""
    found: dict[str, User] = {}
    wanted = sorted({one for one in addresses if one})
    for begin in range(0, len(wanted), AT_A_TIME):
        rows = User.objects.get_queryset().select_related("organisation")
        if hold:
            rows = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
        found |= rows.by_address(wanted[begin : begin + AT_A_TIME])
    return found


def _person_terms(cells: Cells) -> Found:
    terms: Found = {}
    if name := cells.get("name"):
        terms["name"] = one_line(name, field="name", limit=120)
    if language := cells.get("language", "").lower():
        known = dict(settings.LANGUAGES)
        if language not in known:
            words = {"name": language[:20], "known": ", ".join(known)}
            raise _refusal(_("There is no language “%(name)s”; there are %(known)s.") % words)
        terms["language"] = language
    if sight := cells.get("sight", "").lower():
        if sight not in Sight.values:
            words = {"name": sight[:20], "known": ", ".join(Sight.values)}
            raise _refusal(_("There is no sight “%(name)s”; there are %(known)s.") % words)
        terms["sight"] = Sight(sight)
    return terms


def _check_sight(wanted: Found, known: User | None, house: Organisation | None) -> None:
    """Sight of all requests of an organisation is given to its own people."""
    if wanted.get("sight", Sight.OWN) != Sight.OWN and house is None and (known is None or known.organisation is None):
        raise _refusal(_("Who belongs to no organisation sees his own requests only."))


def _house_terms(cells: Cells) -> Found:
    terms: Found = {}
    if tier := cells.get("tier", "").lower():
        if tier not in Tier.values:
            words = {"name": tier[:20], "known": ", ".join(Tier.values)}
            raise _refusal(_("There is no tier “%(name)s”; there are %(known)s.") % words)
        terms["tier"] = tier
    for name in ("value", "contract"):
        if given := cells.get(name):
            terms[name] = one_line(given, field=name, limit=80)
    if since := cells.get("since"):
        try:
            terms["since"] = date.fromisoformat(since)
        except ValueError as error:
            raise _refusal(_("“%(day)s” is not a day as in 2026-11-18.") % {"day": since[:20]}) from error
    return terms


def _check_house(house: Organisation, wanted: Found) -> None:
    """In memory: a look asks the same as the deed."""
    for name, value in wanted.items():
        setattr(house, name, value)
    try:
        house.full_clean()
    except ValidationError as error:
        raise InvalidInput({name: list(said) for name, said in error.message_dict.items()}) from error


def _refusal(sentence: str) -> InvalidInput:
    return InvalidInput.of("line", sentence)


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput.of("file", sentence)
