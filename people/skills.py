"""What people know, how well, and what they would like to do more of (R66)."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.configuring import configure, remove
from common.errors import InvalidInput, Refused
from common.text import one_line
from people.models import Skill, Team, User, UserSkill

LEVELS = range(1, 6)


def name_skill(*, by: User, name: str, skill: Skill | None = None) -> Skill:
    """A new one, or another name for it; people keep what they have of it."""
    _check_admin(by)
    called = one_line(name, field="name", limit=60)
    others = Skill.objects.exclude(pk=skill.pk) if skill else Skill.objects.all()
    if others.filter(name__iexact=called).exists():
        raise InvalidInput.of("name", _("“%(name)s” is among them already.") % {"name": called})
    return configure(skill or Skill(), by=by, name=called)


def remove_skill(*, by: User, skill: Skill) -> None:
    """Nobody has it any more."""
    _check_admin(by)
    remove(skill, by=by)


def may_rate(user: User, person: User) -> bool:
    """An administrator, or whoever leads or manages a team that the person is in."""
    if user.is_admin:
        return True
    own = Team.objects.filter(members=person)
    return user.is_agent and (own.filter(lead=user).exists() or own.filter(managers=user).exists())


@transaction.atomic
def set_skills(*, by: User, person: User, held: Mapping[int, tuple[int, bool]]) -> None:
    """All that the person knows, by the skill's key: the level, and whether more of it is welcome. One audit row."""
    if not may_rate(by, person):
        raise Refused(_("Only an administrator may do this, or whoever answers for a team of this person."))
    if any(level not in LEVELS for level, _interested in held.values()):
        raise InvalidInput.of("", _("A level is from 1 to 5."))
    known = {skill.pk: skill for skill in Skill.objects.filter(pk__in=held)}
    rows = list(person.skills.select_for_update(of=("self",)).select_related("skill"))
    before = _told(rows)
    UserSkill.objects.filter(user=person).exclude(skill__in=known).delete()
    for key in known:
        level, interested = held[key]
        UserSkill.objects.update_or_create(
            user=person, skill_id=key, defaults={"level": level, "is_interested": interested}
        )
    after = _told(list(person.skills.select_related("skill")))
    if after != before:
        audit.record_change(by=by, subject=f"skills of {person}", before=before, after=after, of=person)


def set_interests(*, user: User, skills: set[int]) -> None:
    """What somebody would like to do more of is his own word; the level is not."""
    UserSkill.objects.filter(user=user, skill__in=skills).update(is_interested=True)
    UserSkill.objects.filter(user=user).exclude(skill__in=skills).update(is_interested=False)


def _told(rows: list[UserSkill]) -> dict[str, str]:
    wish = _("interested")
    return {
        row.skill.name: f"{row.level}, {wish}" if row.is_interested else str(row.level)
        for row in sorted(rows, key=lambda row: row.skill.name)
    }


def _check_admin(user: User) -> None:
    if not user.is_admin:
        raise Refused(_("Only an administrator may do this."))
