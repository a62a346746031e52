"""Who is away, and who is on duty (R14, R33): said by oneself, or by whoever answers for the team."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.configuring import configure, remove
from common.errors import InvalidInput, NotFound, Refused
from people import deputies
from people.models import Absence, Duty, Team, User
from people.skills import may_rate
from people.teams import may_edit

LONGEST_ABSENCE = timedelta(days=730)
LONGEST_DUTY = timedelta(days=14)
MOST_WEEKS = 26
WEEK = timedelta(days=7)


@transaction.atomic
def add_absence(*, by: User, person: User, starts_at: datetime, ends_at: datetime, now: datetime) -> Absence:
    """InvalidInput for a time that is over, too long, or overlaps another absence of his."""
    check_says_for(by, person)
    _check_span(starts_at, ends_at, now, LONGEST_ABSENCE, _("An absence is two years long at most."))
    # Held, so that two that overlap do not slip in side by side.
    User.objects.get_queryset().select_for_update().get(pk=person.pk)
    other = person.absences.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if other is not None:
        raise InvalidInput.of("starts_at", _("This overlaps another absence: take that one away first."))
    return configure(Absence(), by=by, user=person, starts_at=starts_at, ends_at=ends_at)


@transaction.atomic
def remove_absence(*, by: User, pk: int) -> User:
    """Whose it was."""
    found = Absence.objects.select_related("user").filter(pk=pk).first()
    if found is None or not may_say_for(by, found.user):
        raise NotFound(_("There is nothing here for you."))
    remove(found, by=by)
    return found.user


@transaction.atomic
def set_deputy(*, by: User, person: User, deputy: User | None) -> None:
    """Whom alerts and decisions go to meanwhile. InvalidInput for a ring, told by its names."""
    check_says_for(by, person)
    deputies.check(person, deputy)
    found = User.objects.get_queryset().select_for_update().get(pk=person.pk)
    before = audit.snapshot(found)
    found.deputy = person.deputy = deputy
    found.save(update_fields=["deputy"])
    after = audit.snapshot(found)
    if after != before:
        audit.record_change(by=by, subject=f"user {found}", before=before, after=after, of=found)


@transaction.atomic
def add_duties(
    *, by: User, team: Team, person: User, starts_at: datetime, ends_at: datetime, now: datetime, weeks: int = 1
) -> list[Duty]:
    """On duty from start to end, and at the same time in the following weeks, `weeks` times in all.

    A week is seven days by the clock on the wall, so that a shift begins at nine also after the clocks have changed.
    """
    if not may_edit(by, team):
        raise Refused(_("Only an administrator may do this, or whoever answers for the team."))
    if not 1 <= weeks <= MOST_WEEKS:
        raise InvalidInput.of("weeks", _("From 1 to %(most)d weeks.") % {"most": MOST_WEEKS})
    if not (person.is_active and person.is_agent):
        raise InvalidInput.of("person", _("%(name)s does not work here.") % {"name": person.name})
    _check_span(starts_at, ends_at, now, LONGEST_DUTY, _("A duty is two weeks long at most."))
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    spans = [(starts_at + number * WEEK, ends_at + number * WEEK) for number in range(weeks)]
    had = person.duties.filter(team=team, starts_at__lt=spans[-1][1], ends_at__gt=starts_at)
    taken = [(duty.starts_at, duty.ends_at) for duty in had]
    if any(start < late and early < end for start, end in spans for early, late in taken):
        raise InvalidInput.of("starts_at", _("%(name)s is on duty then already.") % {"name": person.name})
    return [configure(Duty(), by=by, team=team, person=person, starts_at=start, ends_at=end) for start, end in spans]


@transaction.atomic
def remove_duty(*, by: User, pk: int) -> Duty:
    found = Duty.objects.select_related("team", "person").filter(pk=pk).first()
    if found is None or not may_edit(by, found.team):
        raise NotFound(_("There is nothing here for you."))
    gone = Duty(team=found.team, person=found.person, starts_at=found.starts_at, ends_at=found.ends_at)
    remove(found, by=by)
    return gone


def may_say_for(by: User, person: User) -> bool:
    """Of himself everybody who works here, of his people whoever answers for a team of theirs."""
    return by.is_active and by.is_agent and (by.pk == person.pk or may_rate(by, person))


def check_says_for(by: User, person: User) -> None:
    if not may_say_for(by, person):
        raise Refused(_("Only the person, or whoever answers for a team of his, may do this."))


def _check_span(starts_at: datetime, ends_at: datetime, now: datetime, longest: timedelta, too_long: str) -> None:
    if ends_at <= starts_at:
        raise InvalidInput.of("ends_at", _("This ends before it begins."))
    if ends_at <= now:
        raise InvalidInput.of("ends_at", _("This is over already."))
    if ends_at - starts_at > longest:
        raise InvalidInput.of("ends_at", too_long)
