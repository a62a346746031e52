"""What people are told about an escalation: composed once per recipient, in that person's words and zone."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from common.languages import in_each_language, kept
from common.languages import phrase as _
from escalation import wording
from escalation.alerting import links
from escalation.alerting.foretelling import Coming
from escalation.alerting.letter import clock_time, letter, what_was_met
from escalation.enums import Audience, DeadlineKind, Duty
from escalation.models import Ask, Communication, Deadline, Escalation, HandOver, Kudos, Rung
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User
from sla.enums import Metric
from sla.models import Crossing
from sla.thresholds import position_words
from tickets.models import Ticket


def opened(escalation: Escalation, then: Coming | None, person: User) -> Letter:
    """For the managers and the lead of the team whose promise was missed (R5, R40)."""
    return replace(_opened(escalation, then), mail_path=links.acknowledge_path(escalation))


def _opened(escalation: Escalation, then: Coming | None) -> Letter:
    nothing = if_nothing(then)
    if escalation.crossing is not None:
        return _crossed(escalation, escalation.crossing, nothing)
    breach = escalation.breach
    if breach is None:
        return letter(escalation, AlertKind.ESCALATION, _("%(ref)s: %(summary)s"))
    team = str(escalation.team or "")
    missed = str(breach.responsible_team or "") if breach.metric == Metric.INTERNAL else None
    words = _breach_words(breach.metric, team, missed)
    return letter(
        escalation,
        AlertKind.BREACH,
        words.title,
        metric=words.metric,
        why=words.why,
        facts=((words.missed, words.due % {"due": clock_time(breach.due_at)}), *nothing),
    )


class _BreachWords(NamedTuple):
    metric: str
    title: str
    why: str
    missed: str
    due: str


@in_each_language
def _breach_words(metric: str, team: str, internal: str | None) -> _BreachWords:
    """What the letters about one promise of one team have in common; `internal` names whose internal target it is."""
    said = (
        _metric(metric) if internal is None else _("Internal target of %(team)s") % {"team": internal or _("the desk")}
    )
    return _BreachWords(
        metric=said,
        title=_("%(ref)s: %(metric)s of #%(number)d is past due"),
        why=_("You are asked because you answer for %(team)s.") % {"team": team or _("the desk")},
        missed=_("Missed"),
        due=_("%(metric)s, due %%(due)s") % {"metric": said.replace("%", "%%")},
    )


@in_each_language
def _metric(metric: str) -> str:
    return str(Metric(metric).label)


def _crossed(escalation: Escalation, crossing: Crossing, nothing: tuple[tuple[str, str], ...]) -> Letter:
    metric = _metric(crossing.metric)
    is_early = crossing.crossed_at < crossing.due_at
    title = _("%(ref)s: %(metric)s of #%(number)d is still owed")
    if is_early:
        title = _("%(ref)s: %(metric)s of #%(number)d is at risk")
    return letter(
        escalation,
        AlertKind.ESCALATION,
        title,
        metric=metric,
        why=_("The policy escalates at this point: %(position)s.") % {"position": position_words(crossing.threshold)},
        facts=((metric, clock_time(crossing.due_at)), *nothing),
    )


def rung(rung: Rung, levels: int, then: Coming | None, person: User) -> Letter:
    """For whoever stands on a level of the ladder, one of so many, that nobody below has acknowledged."""
    why = _("You are asked because nobody on the levels before you has acknowledged it.")
    if rung.round > 1:
        why = _("You are asked because it was reopened, or a promise was missed: the ladder has started again.")
    if rung.repeated:
        why = _("You were told of it before, and nobody has acknowledged it.")
    told = letter(
        rung.escalation,
        AlertKind.ESCALATION,
        _("%(ref)s is not acknowledged: %(summary)s"),
        why=why,
        facts=(
            (_("Since"), clock_time(rung.escalation.opened_at)),
            (_("Level"), _("%(level)d of %(levels)d") % {"level": rung.level, "levels": levels}),
            *if_nothing(then, rung.next_moment),
        ),
    )
    return replace(told, mail_path=links.acknowledge_path(rung.escalation))


def if_nothing(then: Coming | None, again_at: datetime | None = None) -> tuple[tuple[str, str], ...]:
    """What happens when the reader does nothing; no fact where nothing does."""
    said = []
    if then is not None:
        said.append(_next_goes(", ".join(person.name for person in then.told), then.at))
    if again_at is not None:
        said.append(_("You are told again at %(at)s.") % {"at": clock_time(again_at)})
    return ((_("If you do nothing"), " ".join(said)),) if said else ()


def _next_goes(names: str, at: datetime) -> str:
    return _("The next alert goes to %(names)s at %(at)s.") % {"names": names, "at": clock_time(at)}


def drawn_in(deadline: Deadline, person: User) -> Letter:
    """For the next up the chain of command, when it is not resolved by a set moment (R13)."""
    escalation = deadline.escalation
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("%(ref)s is not resolved: %(summary)s"),
        why=_("You are told because it was to be resolved by a set moment; from now on you get its updates."),
        facts=((_("Open since"), clock_time(escalation.opened_at)), (_("Was due"), clock_time(deadline.due_at))),
        action=_("Open %(ref)s") % {"ref": escalation.reference},
    )


def asked_to_decide(asked: Ask, person: User) -> Letter:
    escalation = asked.escalation
    facts = [what_was_met(escalation), (_("Asked for"), str(escalation.sum or "")), (_("Impact"), escalation.impact)]
    facts.append((_("Already tried"), escalation.tried))
    asking = letter(
        escalation,
        AlertKind.APPROVAL,
        _("%(name)s asks you to decide: %(summary)s"),
        why=_("You are asked because: %(why)s.") % {"why": asked.get_asked_as_display().lower()},
        action=_("Decide %(ref)s") % {"ref": escalation.reference},
        path=f"/decisions/{escalation.number}/",
        facts=(*(fact for fact in facts if fact[1]), (_("Until"), clock_time(asked.due_at))),
    )
    return replace(asking, mail_path=links.path_of(asked))


def decided(escalation: Escalation, person: User) -> Letter:
    approval = escalation.approval
    return letter(
        escalation,
        AlertKind.DECISION,
        _("%(ref)s is decided: %(decision)s"),
        decision=approval.get_decision_display(),
        why=approval.note,
        facts=((_("By"), approval.by.name),),
    )


def update(communication: Communication, person: User) -> Letter:
    """An update to the internal stakeholders (R35, R36), or the summary to senior management (R43)."""
    is_summary = communication.audience == Audience.EXECUTIVES
    facts: tuple[tuple[str, str], ...] = ()
    if communication.next_update_by:
        facts = ((_("Next update by"), clock_time(communication.next_update_by)),)
    return letter(
        communication.escalation,
        AlertKind.ESCALATION,
        _("%(ref)s, executive summary: %(summary)s") if is_summary else _("%(ref)s, update: %(summary)s"),
        why=wording.read_by(communication, person, communication.at).body,
        facts=facts,
    )


_MISSED = {
    (DeadlineKind.FIRST_HOUR, Audience.CUSTOMERS): gettext_lazy(
        "%(ref)s: communication overdue, the affected customers are not informed"
    ),
    (DeadlineKind.FIRST_HOUR, Audience.STAKEHOLDERS): gettext_lazy(
        "%(ref)s: communication overdue, the internal stakeholders are not informed"
    ),
    (DeadlineKind.UPDATE, Audience.CUSTOMERS): gettext_lazy("%(ref)s: the update promised to customers is overdue"),
    (DeadlineKind.UPDATE, Audience.STAKEHOLDERS): gettext_lazy(
        "%(ref)s: the update promised to stakeholders is overdue"
    ),
}


def missed(deadline: Deadline, then: Coming | None, person: User) -> Letter:
    """For its manager; what is overdue is named with whom it was owed to (R35, R36), and what comes of it."""
    escalation = deadline.escalation
    told = _missed(deadline, then, _why_missed(escalation) if deadline.audience else "")
    if escalation.is_acknowledged:
        return replace(told, action=_("Open %(ref)s") % {"ref": escalation.reference})
    return replace(told, mail_path=links.acknowledge_path(escalation)) if deadline.audience else told


def _why_missed(escalation: Escalation) -> str:
    if escalation.lapsed_at is None or escalation.acknowledged_by is None:
        return _("You are asked because you answer for %(team)s.") % {"team": escalation.team or _("the desk")}
    words = _("You are asked because %(name)s acknowledged it, and the promise was missed since.")
    return words % {"name": escalation.acknowledged_by}


def _missed(deadline: Deadline, then: Coming | None, why: str) -> Letter:
    title = _MISSED.get((DeadlineKind(deadline.kind), Audience(deadline.audience))) if deadline.audience else None
    return letter(
        deadline.escalation,
        AlertKind.OVERDUE,
        str(title or _("%(ref)s: %(what)s is overdue")),
        what=deadline.get_kind_display(),
        why=why,
        facts=((_("Was due"), clock_time(deadline.due_at)), *if_nothing(then)),
    )


def responsible(escalation: Escalation, role: str, person: User) -> Letter:
    """For whoever was given a duty (R24–R26)."""
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("%(ref)s: you are named %(role)s"),
        role=str(Duty(role).label),
        why=str(_DUTIES[Duty(role)]),
        action=_("Open %(ref)s") % {"ref": escalation.reference},
    )


def to_verify(escalation: Escalation, person: User) -> Letter:
    """It was declared resolved: the architect's task begins (R24)."""
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("%(ref)s is declared resolved: verify it"),
        why=_("The notices of the resolution go out when you have verified it."),
        action=_("Verify %(ref)s") % {"ref": escalation.reference},
        path=f"/escalations/{escalation.number}/#verify",
    )


def reopened(escalation: Escalation, by: User, reason: str, person: User) -> Letter:
    """It was not resolved after all, whoever found out: a customer who still cannot work, or a manager (R48)."""
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("%(ref)s is reopened: %(summary)s"),
        why=kept(reason),
        facts=((_("By"), by.name),),
        action=_("Open %(ref)s") % {"ref": escalation.reference},
    )


def handed_up(given: HandOver, person: User) -> Letter:
    """For whoever is to take it over (R42)."""
    return letter(
        given.escalation,
        AlertKind.ESCALATION,
        _("%(ref)s is handed over to you: %(summary)s"),
        why=given.note,
        facts=((_("By"), str(given.giver)), (_("Acknowledge by"), clock_time(given.deadline.due_at))),
        action=_("Acknowledge the hand-over of %(ref)s") % {"ref": given.escalation.reference},
    )


def taken_over(given: HandOver, person: User) -> Letter:
    """For whoever gave it."""
    return letter(
        given.escalation,
        AlertKind.ESCALATION,
        _("%(whom)s has taken %(ref)s over"),
        whom=given.receiver.name,
        action=_("Open %(ref)s") % {"ref": given.escalation.reference},
    )


def joined(escalation: Escalation, person: User) -> Letter:
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("%(ref)s: you are on the task force"),
        why=_("It has a room of its own, and a technical plan."),
        action=_("Open %(ref)s") % {"ref": escalation.reference},
        path=f"/escalations/{escalation.number}/#force",
    )


def review(escalation: Escalation, version: int, person: User) -> Letter:
    """For the experts (R28)."""
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("%(ref)s: review version %(version)s of the technical plan"),
        version=str(version),
        why=_("You are an expert on its task force."),
        action=_("Review it"),
        path=f"/escalations/{escalation.number}/#force",
    )


def analysis_asked(escalation: Escalation, person: User) -> Letter:
    analysis = escalation.analysis
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("%(ref)s: a root cause analysis is asked for"),
        why=analysis.why_asked or _("Its problem coordinator submits it; you are asked as such."),
        facts=((_("Due"), clock_time(analysis.due_at)),),
        action=_("Write the analysis"),
        path=f"/escalations/{escalation.number}/analysis/",
    )


def to_prevent(escalation: Escalation, task: Ticket, person: User) -> Letter:
    """For whoever owns an action of the analysis, which has become a task (R51)."""
    return letter(
        escalation,
        AlertKind.HANDED,
        _("%(ref)s: a task so that it does not come again, #%(task)s %(what)s"),
        task=str(task.number),
        what=task.subject,
        facts=((_("Due"), clock_time(task.due_at)),) if task.due_at else (),
        action=_("Open #%(number)d") % {"number": task.number},
        path=f"/tickets/{task.number}/",
    )


def praised(kudos: Kudos, person: User) -> Letter:
    """A good word (R94)."""
    return letter(
        kudos.escalation,
        AlertKind.ESCALATION,
        _("%(by)s thanks you for %(ref)s"),
        by=str(kudos.by),
        why=kudos.words,
        action=_("Open %(ref)s") % {"ref": kudos.escalation.reference},
    )


_DUTIES = {
    Duty.ARCHITECT: gettext_lazy("You verify the resolution and have everybody told."),
    Duty.ENGAGEMENT: gettext_lazy("You see to it that customers can work again, and share the analysis with them."),
    Duty.COORDINATOR: gettext_lazy("You submit the root cause analysis."),
}
