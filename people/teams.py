"""A team as it is set up (R14, R31, R34): by an administrator; what is its own business by whoever answers for it."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common import audit
from common.configuring import check, subject_of
from common.errors import InvalidInput, NotAllowedNow, Refused
from common.text import many_lines, one_line
from people.models import Team, User
from people.permissions import answers_for

# What a lead or a manager says of his own team; the rest says who has which rights.
OWN = ("scope", "how_to_escalate", "calendar", "members", "urgent_within")
TERMS = (*OWN, "name", "lead", "managers", "parent", "restricted", "is_fallback")
_PEOPLE = ("members", "managers")
TEXT_LIMIT = 2000


@transaction.atomic
def save_team(*, by: User, team: Team | None, **terms: Any) -> Team:
    """Make it, or give it other terms. InvalidInput on what is wrong; Refused where it is not his to say."""
    if not may_edit(by, team) or not terms.keys() <= set(terms_for(by)):
        raise Refused(_("Only an administrator may do this, or whoever answers for the team."))
    row = Team.objects.select_for_update(of=("self",)).get(pk=team.pk) if team else Team()
    before = audit.snapshot(row) if team else {}
    for name, value in _checked(row, terms).items():
        setattr(row, name, value)
    row.slug = row.slug or _slug(row.name)
    if terms.get("is_fallback"):
        _take_fallback(row, by)
    check(row)
    row.save()
    for name in _PEOPLE:
        if name in terms:
            getattr(row, name).set(terms[name])
    after = audit.snapshot(row)
    if after != before:
        audit.record_change(by=by, subject=subject_of(row), before=before, after=after, of=row)
    return row


def may_edit(user: User, team: Team | None) -> bool:
    """A new one is an administrator's."""
    return user.is_admin or (user.is_active and user.is_agent and team is not None and answers_for(user, team))


def terms_for(user: User) -> tuple[str, ...]:
    return TERMS if user.is_admin else OWN


def edited_by(user: User) -> "QuerySet[Team]":
    """The teams whose page he may change, in order."""
    if user.is_admin:
        return Team.objects.all()
    return (Team.objects.filter(lead=user) | Team.objects.filter(managers=user)).distinct()


def answers_for_some(user: User) -> bool:
    """Whether there is a team of his, of an administrator each."""
    return user.is_active and user.is_agent and edited_by(user).exists()


def _checked(row: Team, terms: dict[str, Any]) -> dict[str, Any]:
    """All but the people, who are kept apart; texts as they are to be."""
    found = {name: value for name, value in terms.items() if name not in _PEOPLE}
    if "name" in found:
        found["name"] = one_line(found["name"], field="name", limit=80)
    for name in ("scope", "how_to_escalate"):
        if str(found.get(name, "")).strip():
            found[name] = many_lines(found[name], field=name, limit=TEXT_LIMIT)
    if found.get("parent") is not None:
        _check_no_ring(row, found["parent"])
    if row.is_fallback and found.get("is_fallback") is False:
        raise InvalidInput.of("is_fallback", _("One team takes what no rule places: make another one the fallback."))
    _check_managers(row, terms)
    return found


def _check_managers(row: Team, terms: dict[str, Any]) -> None:
    """Whoever is added has the rank; who has managed it so far may stay."""
    had = set(row.managers.values_list("pk", flat=True)) if row.pk else set()
    wrong = [one.name for one in terms.get("managers", ()) if not one.is_manager and one.pk not in had]
    if wrong:
        raise InvalidInput.of("managers", _("No manager by role: %(names)s.") % {"names": ", ".join(wrong)})


def _check_no_ring(row: Team, parent: Team) -> None:
    """The chain of command ends (R14). All teams are held, so that no two close a ring together."""
    rows = {one.pk: one for one in Team.objects.select_for_update(of=("self",)).order_by("pk")}
    line: list[Team] = []
    following: int | None = parent.pk
    while following is not None and following not in [one.pk for one in line]:
        if following == row.pk:
            names = " → ".join(one.name for one in [row, *line, row])
            raise InvalidInput.of("parent", _("The chain of command would be a ring: %(ring)s.") % {"ring": names})
        line.append(rows[following])
        following = rows[following].parent_id


def _take_fallback(row: Team, by: User) -> None:
    """There is one: it is taken from the other team."""
    for other in Team.objects.select_for_update(of=("self",)).filter(is_fallback=True).exclude(pk=row.pk):
        before = audit.snapshot(other)
        other.is_fallback = False
        other.save(update_fields=["is_fallback"])
        audit.record_change(by=by, subject=subject_of(other), before=before, after=audit.snapshot(other), of=other)


def _slug(name: str) -> str:
    base = slugify(name)[:34] or "team"
    taken = set(Team.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    found = next((made for at in range(1, 1000) if (made := base if at == 1 else f"{base}-{at}") not in taken), None)
    if found is None:
        raise NotAllowedNow(_("There are too many teams of this name."))
    return found
