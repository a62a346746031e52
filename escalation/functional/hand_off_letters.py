"""What is said about a hand-off: to the receiver, to the sender, and to the leads of both."""

from collections.abc import Collection
from datetime import datetime

from common.languages import phrase as _
from escalation.alerting.letter import clock_time, letter, what_was_met
from escalation.models import Escalation, HandOff
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User


def handed_over(hand_off: HandOff, due_at: datetime, person: User) -> Letter:
    """For whoever speaks for the receiving team."""
    escalation = hand_off.escalation
    facts = [
        what_was_met(escalation),
        (_("Impact"), escalation.impact),
        (_("Already tried"), escalation.tried),
        (_("Wanted by"), clock_time(escalation.wanted_by) if escalation.wanted_by else ""),
        (_("Accept by"), clock_time(due_at)),
    ]
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("%(ref)s comes to %(team)s: %(summary)s"),
        team=str(hand_off.to_team),
        why=_("The receiving team accepts it, or returns it with a reason."),
        action=_("Accept or return %(ref)s") % {"ref": escalation.reference},
        facts=tuple(fact for fact in facts if fact[1]),
    )


def accepted(hand_off: HandOff, seeing: Collection[int], person: User) -> Letter:
    """For whoever sent it; who does not see it any more is led nowhere that is closed to him."""
    sees = person.pk in seeing
    known = {"ref": hand_off.escalation.reference, "team": hand_off.to_team or ""}
    return letter(
        hand_off.escalation,
        AlertKind.ESCALATION,
        _("%(team)s has accepted %(ref)s: %(summary)s"),
        team=str(hand_off.to_team or ""),
        why="" if sees else _("Only the people of %(team)s see it now.") % known,
        facts=((_("By"), str(hand_off.accepted_by or "")),),
        action=_("Open %(ref)s") % known if sees else _("Open your alerts"),
        path="" if sees else "/alerts/",
    )


def returned(hand_off: HandOff, person: User) -> Letter:
    """For whoever sent it: it is his again, and he may send it once more."""
    return letter(
        hand_off.escalation,
        AlertKind.ESCALATION,
        _("%(ref)s was returned by %(team)s: %(summary)s"),
        team=str(hand_off.to_team or ""),
        why=hand_off.reason,
        facts=((_("By"), str(hand_off.returned_by or "")),),
        action=_("Open #%(number)d") % {"number": hand_off.ticket_id},
        path=f"/tickets/{hand_off.ticket_id}/",
    )


def convened(hand_off: HandOff, count: int, person: User) -> Letter:
    """For the leads of both teams, when a ticket goes to and fro."""
    return letter(
        hand_off.escalation,
        AlertKind.ESCALATION,
        _("#%(number)d has come back %(count)s times: decide together whose it is"),
        count=str(count),
        why=hand_off.reason,
        facts=((_("Teams"), f"{hand_off.from_team or ''}, {hand_off.to_team or ''}"),),
        action=_("Open the room of %(ref)s") % {"ref": hand_off.escalation.reference},
        path=f"/escalations/{hand_off.escalation_id}/#chat",
    )


def for_information(escalation: Escalation, person: User) -> Letter:
    """For the lead of the ticket's team, who has nothing to do by it (R40)."""
    return letter(
        escalation,
        AlertKind.ESCALATION,
        _("For your information: %(name)s asks for a decision, %(ref)s: %(summary)s"),
        why=_("You lead the team whose ticket it is; somebody else is asked to decide."),
        action=_("Open %(ref)s") % {"ref": escalation.reference},
    )
