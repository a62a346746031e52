"""The escalate dialog: whom it could go to, and what will happen, with names and clock times, before it does."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numbers import whole
from desk.forms.escalate import EscalateForm
from desk.looks.escalations.ladder import repeats
from desk.templatetags.desk_time import clock_text, short, words
from escalation.alerting.foretelling import foretell
from escalation.alerting.ladders import Ladders
from escalation.deadlines.arming import asks_for_updates
from escalation.deadlines.promises import FIRST_HOUR
from escalation.enums import ByHand, Kind
from escalation.functional.suggesting import Suggestion, suggest
from escalation.hierarchical.authorities import authorities
from escalation.hierarchical.deciding import decision_due
from escalation.initiate.raising import HAND_OFF_WITHIN
from escalation.models import Escalation, Procedure, Rung
from escalation.procedures.guides import guide_for
from escalation.procedures.procedures import all_procedures, choose
from knowledge.models import ArticleVersion
from people.chain import lead_of, managers_of
from people.models import Team, User
from people.ranking import BEST_LEVEL, Fit
from sla.models import Clock
from tickets.enums import ACTIVE_STATUSES
from tickets.models import Ticket

USUAL_SEVERITY = 3
# What waits for somebody to decide.
_ASKING = (ByHand.HIERARCHICAL, ByHand.EXCEPTION)


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as filled in so far, without complaint about what is missing."""

    kind: str
    team: str
    severity: int
    wanted_by: datetime | None
    steps: set[int] = field(default_factory=set)
    guide: int | None = None

    @classmethod
    def of(cls, data: Any, ticket: Ticket) -> "Draft":
        severity = str(data.get("severity", ""))
        kind = data.get("kind", "")
        return cls(
            kind=kind if kind in ByHand.values else ByHand.FUNCTIONAL,
            team=str(data.get("team", ""))[:40],
            severity=int(severity) if severity in {"1", "2", "3", "4"} else ticket.severity or USUAL_SEVERITY,
            wanted_by=_time(data.get("wanted_by", "")),
            steps={step for text in data.getlist("steps") if (step := whole(text, 3)) is not None},
            guide=whole(str(data.get("guide", ""))),
        )


@dataclass(frozen=True, slots=True)
class TeamOption:
    slug: str
    name: str
    icon: str
    hint: str
    tag: str
    tone: str
    checked: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class OnDuty:
    name: str
    facts: str
    away: bool


@dataclass(frozen=True, slots=True)
class Will:
    """`at` orders the list; `when` is how it reads there."""

    at: datetime
    when: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class EscalateLook:
    kind: str
    severity: int
    teams: list[TeamOption]
    team: Team | None
    duty: list[OnDuty]
    decider: User | None
    will: list[Will]
    button: str
    due: str
    wanted: str
    procedure: Procedure
    guide: ArticleVersion | None
    ticked: set[int]
    is_other_guide: bool
    """Than the one whose steps stand in the dialog."""


def escalate_look(ticket: Ticket, user: User, draft: Draft, now: datetime) -> EscalateLook:
    suggestions = suggest(ticket, user, now)
    first = suggestions[0] if suggestions else None
    picked = next((one for one in suggestions if one.team.slug == draft.team), first)
    chosen = picked.team if picked else None
    able = authorities(user, ticket.team, None, now, exception=draft.kind == ByHand.EXCEPTION)
    decider = able[0].person if able else None
    procedure = _procedure(draft)
    guide = guide_for(procedure)
    is_other = draft.guide != (guide.pk if guide else None)
    return EscalateLook(
        kind=draft.kind,
        severity=draft.severity,
        teams=[*(_option(one, one is picked) for one in suggestions), *_own(ticket)],
        team=chosen,
        duty=_duty(picked, now) if picked else [],
        decider=decider,
        will=_will(ticket, draft, chosen, [one.person for one in able], procedure, now),
        button=_button(draft, chosen, decider),
        due=_due(ticket, now),
        wanted=_("%(time)s from now.") % {"time": words(draft.wanted_by - now)}
        if draft.wanted_by and draft.wanted_by > now
        else "",
        procedure=procedure,
        guide=guide,
        ticked=set() if guide is None or is_other else draft.steps & {step.number for step in guide.guide},
        is_other_guide=is_other,
    )


def _time(text: str) -> datetime | None:
    try:
        found: datetime | None = EscalateForm.base_fields["wanted_by"].clean(text)
    except forms.ValidationError:
        return None
    return found


def _option(suggestion: Suggestion, is_chosen: bool) -> TeamOption:
    team, ranked = suggestion.team, suggestion.ranked
    hint = suggestion.words
    if ranked.group.median is not None:
        hint = _("%(words)s. Half of them within %(time)s") % {"words": hint, "time": short(ranked.group.median)}
    return TeamOption(
        slug=team.slug,
        name=team.name,
        icon=team.icon,
        hint=hint if ranked.fit != Fit.UNLIKELY else ". ".join(part for part in (team.scope.rstrip("."), hint) if part),
        tag=str(ranked.fit.label),
        tone="ok" if ranked.fit in {Fit.BEST, Fit.FITS} else "",
        checked=is_chosen,
        disabled=False,
    )


def _own(ticket: Ticket) -> list[TeamOption]:
    """Where it is: named so that nobody looks for it in vain."""
    team = ticket.team
    if team is None:
        return []
    has_it = _("Has it now")
    return [
        TeamOption(team.slug, team.name, team.icon, team.scope.rstrip("."), has_it, "", checked=False, disabled=True)
    ]


def _duty(suggestion: Suggestion, now: datetime) -> list[OnDuty]:
    """The team's people: those who are there first, then who knows most of the matter, then the least laden."""
    laden = Count("assigned_tickets", filter=Q(assigned_tickets__status__in=ACTIVE_STATUSES))
    members = [member for member in suggestion.team.members.all() if member.is_active]
    loads = dict(User.objects.filter(pk__in=[one.pk for one in members]).annotate(n=laden).values_list("pk", "n"))
    people = [_on_duty(member, suggestion.ranked.skills, loads.get(member.pk, 0), now) for member in members]
    people.sort(key=lambda one: (one[0].away, -one[1], one[2], one[0].name))
    return [one[0] for one in people[:8]]


def _on_duty(member: User, skills: list[str], laden: int, now: datetime) -> tuple[OnDuty, int, int]:
    """With the level of his best skill for the matter, and his load."""
    away = any(one.starts_at <= now < one.ends_at for one in member.absences.all())
    levels = {held.skill.name: held.level for held in member.skills.all() if held.skill.name in skills}
    knows = [
        _("%(skill)s %(level)d of %(best)d") % {"skill": name, "level": level, "best": BEST_LEVEL}
        for name, level in levels.items()
    ]
    load = _("away") if away else ngettext("%(n)d open", "%(n)d open", laden) % {"n": laden}
    return OnDuty(member.name, ", ".join([*knows, load]), away), max(levels.values(), default=0), laden


def _procedure(draft: Draft) -> Procedure:
    """A desk without one for exceptions is told so when it sends."""
    known = all_procedures()
    if draft.kind == ByHand.EXCEPTION and any(one.is_exception for one in known):
        return next(one for one in known if one.is_exception)
    return choose(known, Kind.HIERARCHICAL if draft.kind in _ASKING else Kind.FUNCTIONAL, draft.severity)


def _button(draft: Draft, team: Team | None, decider: User | None) -> str:
    if draft.kind in _ASKING:
        return _("Ask %(name)s to decide") % {"name": decider.name.split()[0] if decider else _("a manager")}
    return _("Hand over to %(team)s") % {"team": team.name if team else _("another team")}


def _due(ticket: Ticket, now: datetime) -> str:
    """The promise that is due first: it is the customer's, and no escalation moves it."""
    clock = Clock.objects.ticking().filter(ticket=ticket, due_at__isnull=False).order_by("due_at").first()
    if clock is None:
        return ""
    known = {"metric": clock.get_metric_display(), "time": clock_text(clock.due_at, now)}
    if clock.due_at is not None and clock.due_at <= now:
        return _("%(metric)s was due %(time)s.") % known
    return _("%(metric)s is due %(time)s.") % known


def _will(
    ticket: Ticket, draft: Draft, team: Team | None, able: list[User], procedure: Procedure, now: datetime
) -> list[Will]:
    if draft.kind in _ASKING:
        found = _will_ask(ticket, draft, able, procedure, now)
    else:
        found = _will_hand_over(ticket, team, procedure, now) if team else []
    return sorted(found, key=lambda will: will.at)


def _will_hand_over(ticket: Ticket, team: Team, procedure: Procedure, now: datetime) -> list[Will]:
    lead = lead_of(team, now)
    managers = managers_of(team, now)
    told = lead or managers
    overdue = now + HAND_OFF_WITHIN
    moves = _("#%(number)d goes to the queue of %(team)s with its whole history, without an owner.")
    will = [
        _now(now, _("The escalation opens at Initiate"), moves % {"number": ticket.number, "team": team.name}),
        _now(now, _told(told), _("In app and by e-mail.")),
        Will(
            overdue,
            clock_text(overdue, now),
            _("Hand-off not accepted?"),
            _told_late(list(dict.fromkeys([*lead, *managers]))),
        ),
        *_will_climb(Escalation(ticket=ticket, team=team), now),
    ]
    if asks_for_updates(procedure):
        hour = now + FIRST_HOUR
        detail = _("Customers and stakeholders each get an update within one hour.")
        will.append(Will(hour, clock_text(hour, now), _("Everybody is informed"), detail))
    return will


def _will_climb(escalation: Escalation, now: datetime) -> list[Will]:
    """The ladder's levels, each at the time at which it is reached when nobody acknowledges before."""
    will = []
    for coming in foretell(Ladders().rungs_for(escalation, now), now):
        known = {"level": coming.rung.level, "names": _names(list(coming.told)), "hole": coming.hole}
        if not coming.told:
            detail = _("This level is passed over at once.")
            will.append(_at(coming.at, now, _("Level %(level)d: nobody. %(hole)s") % known, detail))
            continue
        said = _("Alerted at once.") if coming.at == now else _("Alerted, unless somebody acknowledged before.")
        why = [_("%(hole)s: this is the last resort.") % known] if coming.instead else []
        detail = " ".join([*why, said, *_again(coming.rung)])
        will.append(_at(coming.at, now, _("Level %(level)d: %(names)s") % known, detail))
    return will


def _again(rung: Rung) -> list[str]:
    return [f"{said[:1].upper()}{said[1:]}." for said in repeats(rung)]


def _will_ask(ticket: Ticket, draft: Draft, able: list[User], procedure: Procedure, now: datetime) -> list[Will]:
    if not able:
        return []
    due_at = decision_due(draft.wanted_by, now)
    decider, after = able[0], (able[1] if len(able) > 1 else None)
    overdue = _("%(name)s is asked then.") % {"name": after.name} if after else _("Nobody stands above.")
    stays = _("#%(number)d stays where it is and gets the badge. It enters Initiate when approved.")
    will = [
        _now(now, _("The escalation is requested"), stays % {"number": ticket.number}),
        _now(
            now,
            _("%(name)s is asked to decide") % {"name": decider.name},
            _("In app and by e-mail. You cannot approve it yourself."),
        ),
        Will(due_at, clock_text(due_at, now), _("The decision is overdue"), overdue),
    ]
    if asks_for_updates(procedure):
        detail = _("The first hour starts with the approval.")
        will.append(Will(due_at + FIRST_HOUR, _("+1 h"), _("Everybody is informed"), detail))
    return will


def _now(now: datetime, title: str, detail: str) -> Will:
    return Will(now, _("now"), title, detail)


def _at(at: datetime, now: datetime, title: str, detail: str) -> Will:
    return _now(now, title, detail) if at == now else Will(at, clock_text(at, now), title, detail)


def _told_late(people: list[User]) -> str:
    late = ngettext("%(names)s is told that it is late.", "%(names)s are told that it is late.", len(people))
    return late % {"names": _names(people)}


def _told(people: list[User]) -> str:
    return ngettext("%(names)s is told", "%(names)s are told", len(people)) % {"names": _names(people)}


def _names(people: list[User]) -> str:
    return ", ".join(person.name for person in people[:3]) or _("Nobody")
