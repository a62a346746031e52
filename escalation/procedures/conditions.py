"""The named exit conditions of the four steps (R16): what must hold before a state is left.

One table. The page's checklist, the API's 409 and the override all read it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Condition
from escalation.enums import Audience, Kind, State
from escalation.models import Escalation, PlanTask
from escalation.parties import forces
from escalation.parties.customers import customers_of, not_told
from escalation.parties.linked import open_related
from escalation.procedures import guides

StrOrPromise = str | Promise


@dataclass(frozen=True, slots=True)
class Rule:
    """`sentence` names the condition; `check` answers whether it holds and says how it stands."""

    sentence: StrOrPromise
    by_role: StrOrPromise
    check: Callable[[Escalation], tuple[bool, str]]


def current_plan(escalation: Escalation) -> list[PlanTask]:
    """The tasks of the newest version of the action plan."""
    fetched = "plan_tasks" in getattr(escalation, "_prefetched_objects_cache", {})
    tasks = list(escalation.plan_tasks.all() if fetched else escalation.plan_tasks.select_related("owner"))
    newest = max((task.plan_version for task in tasks), default=0)
    return [task for task in tasks if task.plan_version == newest]


def _acknowledged(escalation: Escalation) -> tuple[bool, str]:
    if escalation.acknowledged_at is None:
        return False, _("Nobody has yet.")
    return True, str(escalation.acknowledged_by or "")


def _hand_off_accepted(escalation: Escalation) -> tuple[bool, str]:
    """Sent is not taken (R42); whoever acknowledges has looked at it, and has not said that it is theirs."""
    given = getattr(escalation, "hand_off", None)
    if given is None or given.accepted_at is not None:
        return True, str(given.accepted_by or "") if given is not None else ""
    return False, _("%(team)s has not said yet.") % {"team": given.to_team or _("Its new team")}


def _impact_known(escalation: Escalation) -> tuple[bool, str]:
    return bool(escalation.impact), "" if escalation.impact else _("Nobody has said yet whom or what it harms.")


def _stakeholders_informed(escalation: Escalation) -> tuple[bool, str]:
    said = _said_by(escalation, Audience.STAKEHOLDERS)
    return bool(said), said or _("No update has gone out yet.")


def _said_by(escalation: Escalation, audience: str) -> str:
    # Looked through here and not by a filter: where a list has fetched them, no question is asked again.
    sent = next((sent for sent in escalation.communications.all() if sent.audience == audience), None)
    return _("Told by %(name)s.") % {"name": sent.by} if sent is not None else ""


def _customers_informed(escalation: Escalation) -> tuple[bool, str]:
    """Each of those whom it harms, and not only somebody of them (R17, R35)."""
    missing = getattr(escalation, "not_told_count", None)
    if missing is None:
        missing = not_told(customers_of(escalation)).count()
    known = {"told": escalation.affected_count - missing, "all": escalation.affected_count}
    if missing and not known["told"]:
        return False, _("No update has gone out yet.")
    if escalation.affected_count > 1:
        said = _("%(told)d of %(all)d are told.") if missing else _("All %(all)d are told, or left out with a reason.")
        return not missing, said % known
    return True, _said_by(escalation, Audience.CUSTOMERS)


def _customer_answered(escalation: Escalation) -> tuple[bool, str]:
    replied_at = escalation.ticket.last_agent_reply_at
    if replied_at is None or replied_at < escalation.opened_at:
        return False, _("No reply has gone out since this was escalated.")
    return True, ""


def _next_update_promised(escalation: Escalation) -> tuple[bool, str]:
    if escalation.next_update_by is None:
        return False, _("The last update named no time for the next.")
    return True, ""


def _plan_owned(escalation: Escalation) -> tuple[bool, str]:
    tasks = current_plan(escalation)
    unowned = [task.title for task in tasks if task.owner_id is None and task.done_at is None]
    if not tasks:
        return False, _("There is no plan yet.")
    if unowned:
        return False, _("“%(task)s” has nobody.") % {"task": unowned[0]}
    return True, ""


def _plan_done(escalation: Escalation) -> tuple[bool, str]:
    left = [task.title for task in current_plan(escalation) if task.done_at is None]
    if left:
        return False, _("%(count)d left, first “%(task)s”.") % {"count": len(left), "task": left[0]}
    return True, ""


def _verified(escalation: Escalation) -> tuple[bool, str]:
    return escalation.verified_at is not None, str(escalation.verified_by or "")


def _access_confirmed(escalation: Escalation) -> tuple[bool, str]:
    """Of everybody whom it harms, or waived (R48). The counts are kept on the escalation: a list asks nothing more."""
    if escalation.access_confirmed_at is not None:
        return True, str(escalation.access_confirmed_by or "")
    if escalation.affected_count == 1:
        return False, ""
    known = {"open": escalation.access_open, "all": escalation.affected_count}
    return False, _("Unconfirmed for %(open)d of %(all)d.") % known


def _ticket_solved(escalation: Escalation) -> tuple[bool, str]:
    if escalation.ticket.is_done:
        return True, ""
    return False, _("#%(number)d is open.") % {"number": escalation.ticket_id}


def _cause_chosen(escalation: Escalation) -> tuple[bool, str]:
    return bool(escalation.cause), escalation.get_cause_display() if escalation.cause else _("Not chosen yet.")


def _notices_sent(escalation: Escalation) -> tuple[bool, str]:
    """Told since it was verified, both audiences (R47): what was said before was no notice of it."""
    since = escalation.verified_at
    told = {one.audience for one in escalation.communications.all() if since is not None and one.at >= since}
    missing = [str(Audience(name).label) for name in (Audience.CUSTOMERS, Audience.STAKEHOLDERS) if name not in told]
    if missing:
        return False, _("Not told since the verification: %(who)s.") % {"who": ", ".join(missing)}
    return True, ""


def _technical_plan_accepted(escalation: Escalation) -> tuple[bool, str]:
    force = forces.force_of(escalation)
    if force is None:
        return True, _("No task force was formed.")
    if forces.newest_plan(force) is None:
        return False, _("The task force has presented none yet.")
    if forces.is_accepted(force):
        return True, ""
    return False, _("Not every expert who read the newest version accepts it, or none has read it.")


def _related_resolved(escalation: Escalation) -> tuple[bool, str]:
    # A list has asked for all at once whether there is any.
    left = open_related(escalation).count() if getattr(escalation, "has_open_related", True) else 0
    return not left, _("%(count)d open.") % {"count": left} if left else ""


def _review_requested(escalation: Escalation) -> tuple[bool, str]:
    """R92: what was severe is looked back on, whether or not somebody thinks of asking."""
    analysis = getattr(escalation, "analysis", None)
    return (True, "") if analysis is not None else (False, _("Nobody has asked for one."))


def _analysis_submitted(escalation: Escalation) -> tuple[bool, str]:
    analysis = getattr(escalation, "analysis", None)
    if analysis is None:
        return True, _("Nobody has asked for one.")
    return analysis.submitted_at is not None, ""


def _guide_followed(escalation: Escalation) -> tuple[bool, str]:
    if escalation.guide is None:
        return False, _("No guide was in force when it began.")
    left = guides.left(escalation)
    if left:
        return False, _("%(count)d left, first “%(task)s”.") % {"count": len(left), "task": left[0].sentence}
    return True, str(escalation.guide)


# What nobody can meet on an escalation of another kind is not asked of it.
OF_ONE_KIND = {"hand_off_accepted": Kind.FUNCTIONAL}
# Asked for before every close, whatever the procedure says, and set aside by nobody (R84).
ALWAYS = ("cause_chosen",)

RULES: dict[str, Rule] = {
    "hand_off_accepted": Rule(
        gettext_lazy("The receiving team has accepted it"), gettext_lazy("The receiving team"), _hand_off_accepted
    ),
    "acknowledged": Rule(
        gettext_lazy("Somebody has acknowledged it"), gettext_lazy("Whoever was alerted"), _acknowledged
    ),
    "impact_known": Rule(gettext_lazy("Its impact is on record"), gettext_lazy("Those who work on it"), _impact_known),
    "customers_informed": Rule(
        gettext_lazy("Affected customers are informed"),
        gettext_lazy("Escalation manager"),
        _customers_informed,
    ),
    "stakeholders_informed": Rule(
        gettext_lazy("Internal stakeholders are informed"),
        gettext_lazy("Escalation manager"),
        _stakeholders_informed,
    ),
    "next_update_promised": Rule(
        gettext_lazy("The next update is promised"), gettext_lazy("Escalation manager"), _next_update_promised
    ),
    "plan_owned": Rule(
        gettext_lazy("The action plan has an owner for every task"), gettext_lazy("Escalation manager"), _plan_owned
    ),
    "customer_answered": Rule(
        gettext_lazy("The customer has an answer"), gettext_lazy("Owner of the ticket"), _customer_answered
    ),
    "plan_done": Rule(gettext_lazy("Every task of the plan is done"), gettext_lazy("Owners of the tasks"), _plan_done),
    "verified": Rule(gettext_lazy("The resolution is verified"), gettext_lazy("De-escalation architect"), _verified),
    "access_confirmed": Rule(
        gettext_lazy("Every affected customer has access again"), gettext_lazy("Customer engagement"), _access_confirmed
    ),
    "ticket_solved": Rule(
        gettext_lazy("The customer's ticket is solved"), gettext_lazy("Owner of the ticket"), _ticket_solved
    ),
    "notices_sent": Rule(
        gettext_lazy("Customers and stakeholders have the notice of the resolution"),
        gettext_lazy("De-escalation architect"),
        _notices_sent,
    ),
    "technical_plan_accepted": Rule(
        gettext_lazy("The experts accept the technical plan"),
        gettext_lazy("Technical experts"),
        _technical_plan_accepted,
    ),
    "related_resolved": Rule(
        gettext_lazy("The customers' linked tickets are resolved"),
        gettext_lazy("Owners of the tickets"),
        _related_resolved,
    ),
    "review_requested": Rule(
        gettext_lazy("A root cause analysis is asked for"), gettext_lazy("Those who work on it"), _review_requested
    ),
    "analysis_submitted": Rule(
        gettext_lazy("The root cause analysis that was asked for is submitted"),
        gettext_lazy("Problem coordinator"),
        _analysis_submitted,
    ),
    "guide_followed": Rule(
        gettext_lazy("Every required step of the guide is taken"), gettext_lazy("Those who work on it"), _guide_followed
    ),
    "cause_chosen": Rule(gettext_lazy("The cause is chosen"), gettext_lazy("Manager"), _cause_chosen),
}


def names_for(escalation: Escalation) -> list[str]:
    """The conditions of the present step. One that nobody knows is never met."""
    return names_at(escalation, escalation.state)


def sentences_at(escalation: Escalation, state: str) -> list[str]:
    """What has to hold before a step is left that is still to come."""
    return [str((RULES.get(name) or _unknown(name)).sentence) for name in names_at(escalation, state)]


def names_at(escalation: Escalation, state: str) -> list[str]:
    """The conditions under which a state is left, by the escalation's procedure."""
    named = escalation.procedure.conditions.get(state, [])
    always = ALWAYS if state == State.RESOLVED else ()
    asked = (name for name in named if OF_ONE_KIND.get(name, escalation.kind) == escalation.kind)
    return list(dict.fromkeys([*asked, *always]))


def waits_for(name: str, escalation: Escalation) -> bool:
    """Whether the procedure asks for this before the escalation may be closed."""
    return name in names_at(escalation, State.RESOLVED)


def asks_customers(escalation: Escalation) -> bool:
    """Whether each affected customer is asked now if he can work again (R48): resolved, and seen to hold."""
    names = names_for(escalation) if escalation.state == State.RESOLVED else []
    return "access_confirmed" in names and ("verified" not in names or escalation.verified_at is not None)


def checklist(escalation: Escalation) -> list[Condition]:
    """The exit conditions of the present step, open ones first."""
    overridden = {line.condition: line.by.name for line in escalation.overrides.all() if line.lapsed_at is None}
    found = [_answer(escalation, name, overridden.get(name, "")) for name in names_for(escalation)]
    return sorted(found, key=lambda condition: condition.met)


def can_be_set_aside(missing: Sequence[Condition]) -> bool:
    """Whether these may be overridden; the cause of what is closed never is (R84)."""
    return not any(condition.name in ALWAYS for condition in missing)


def unmet(escalation: Escalation) -> list[Condition]:
    return [condition for condition in checklist(escalation) if not condition.met]


def _unknown(name: str) -> Rule:
    detail = _("No such condition is known: the procedure is to be corrected.")
    return Rule(f"“{name}”", gettext_lazy("Administrator"), lambda escalation: (False, detail))


def _answer(escalation: Escalation, name: str, overridden_by: str) -> Condition:
    rule = RULES.get(name) or _unknown(name)
    met, detail = rule.check(escalation)
    return Condition(
        name=name,
        sentence=str(rule.sentence),
        met=met or bool(overridden_by),
        by_role=str(rule.by_role),
        detail=detail,
        overridden_by=overridden_by,
    )
