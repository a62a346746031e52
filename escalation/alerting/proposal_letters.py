"""What is said to whoever decides on what criteria and rules propose: of one the matter, of several how many."""

from collections.abc import Sequence

from common.languages import phrase as _
from escalation.alerting.letter import clock_time
from escalation.models import Proposal
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User

LISTED = 10


def proposed(rows: Sequence[Proposal], person: User) -> Letter:
    """The oldest first; what was told of before is a reminder."""
    return _one(rows[0]) if len(rows) == 1 else _several(rows)


def _one(row: Proposal) -> Letter:
    ticket = row.ticket
    title = _("#%(number)s: “%(source)s” proposes to escalate it")
    if row.told:
        title = _("#%(number)s: “%(source)s” proposes to escalate it, and nobody has decided")
    return Letter(
        kind=AlertKind.ESCALATION,
        title=title % {"number": ticket.number, "source": row.source},
        body=ticket.subject,
        path=f"/tickets/{ticket.number}/",
        why=row.words,
        facts=(
            (_("What"), ticket.subject),
            (_("Who waits"), ticket.customer_name),
            (_("Since"), clock_time(row.at)),
        ),
        action=_("Escalate or dismiss"),
        severity=row.severity,
        ticket_number=ticket.number,
    )


def _several(rows: Sequence[Proposal]) -> Letter:
    title = _("%(count)s escalations are proposed")
    if all(row.told for row in rows):
        title = _("%(count)s proposed escalations wait, and nobody has decided")
    listed = tuple((f"#{row.ticket_id}", f"{row.source}: {row.ticket.subject}") for row in rows[:LISTED])
    return Letter(
        kind=AlertKind.ESCALATION,
        title=title % {"count": len(rows)},
        body=", ".join(f"#{row.ticket_id}" for row in rows[:LISTED]),
        path="/escalations/proposals/",
        why=_("Each waits since a criterion was met by its ticket, or a routing rule fired for it."),
        facts=listed,
        action=_("See what is proposed"),
        severity=min(row.severity for row in rows),
    )
