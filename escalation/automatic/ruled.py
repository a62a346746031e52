"""The letters of routing rules that want an escalation become proposals: one for a ticket and a rule (R9, R11).

What a rule only proposes people accept or dismiss; what it opens the sweep opens, as for a criterion.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.batches import oldest_first
from common.failpoints import Point, reach
from common.rows import insert
from escalation.enums import LIVE_STATES, CriterionMode, EscalateAs
from escalation.models import Escalation, Proposal
from people.models import Team
from tickets.actions import lock_ticket
from tickets.models import RuleDeed, Ticket
from tickets.rerouting import deeds

logger = logging.getLogger(__name__)

BATCH = 200


def answer_rules(now: datetime) -> int:
    """Returns how many letters were answered; one that fails stops no other."""
    owed = RuleDeed.objects.owed(now).escalating()
    return sum(_try(pk, now) for keys in oldest_first(owed, "at", BATCH) for pk in keys)


def _try(pk: int, now: datetime) -> int:
    try:
        answered = _answer(pk, now)
        reach(Point.AFTER_COMMIT)
        return int(answered)
    except Exception:
        logger.exception("The letter %d of a rule could not be answered.", pk)
    deeds.put_off(pk, now)
    return 0


@transaction.atomic
def _answer(pk: int, now: datetime) -> bool:
    """False where another sweep was faster."""
    ticket = lock_ticket(RuleDeed.objects.values_list("ticket_id", flat=True).get(pk=pk))
    deed = RuleDeed.objects.owed(now).filter(pk=pk).first()
    if deed is None:
        return False
    reach(Point.AFTER_CLAIM)
    team = Team.objects.filter(slug=deed.action.get("team", "")).first()
    why = _useless(deed, ticket, team)
    if why:
        deeds.leave(deed, why, now)
    else:
        insert(Proposal, [_proposal(deed, team, now)], unless_there=True)
    deed.done_at = now
    deed.save(update_fields=["done_at", "left"])
    reach(Point.BEFORE_COMMIT)
    return True


def _useless(deed: RuleDeed, ticket: Ticket, team: Team | None) -> str:
    """Why nothing comes of it; empty where it is to be. What is under way already is not asked for again."""
    if ticket.is_done or ticket.trashed_at is not None or ticket.merged_into_id is not None:
        return _("The ticket is not worked on any more.")
    kind = deed.action["value"]
    if kind == EscalateAs.FUNCTIONAL and team is None:
        return _("There is no team “%(slug)s”.") % {"slug": deed.action.get("team", "")}
    if kind == EscalateAs.FUNCTIONAL and team is not None and team.pk == ticket.team_id:
        return _("The ticket is with %(team)s already.") % {"team": team.name}
    live = Escalation.objects.filter(ticket=ticket, kind=kind, state__in=LIVE_STATES).first()
    return _("%(ref)s is under way for this ticket already.") % {"ref": live.reference} if live else ""


def _proposal(deed: RuleDeed, team: Team | None, now: datetime) -> dict[str, Any]:
    mode = CriterionMode(deed.do)
    asked = deed.action
    return {
        "ticket_id": deed.ticket_id,
        "rule_key": deed.rule_key,
        "mode": mode,
        "escalate_as": asked["value"],
        "team_id": team.pk if team and asked["value"] == EscalateAs.FUNCTIONAL else None,
        "severity": asked["severity"],
        "reason": asked["reason"],
        "ladder": asked.get("ladder", ""),
        "fired": deed.why,
        "at": now,
        "next_word_at": now if mode == CriterionMode.PROPOSE else None,
    }
