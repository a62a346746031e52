"""What the tests of the doors make beside the ticket."""

from datetime import datetime

from chat.models import Room
from escalation.models import Analysis, Criterion, CustomerAnalysis, Escalation, Proposal, TaskForce
from people.models import User
from tickets.models import Ticket


def analysed(escalation: Escalation, person: User, called: User, at: datetime) -> int:
    """With a task force that has somebody from outside, an analysis, and what the customer was sent of it."""
    room = Room.objects.create(subject=f"TF-{escalation.number}")
    force = TaskForce.objects.create(escalation=escalation, room=room, formed_at=at)
    force.members.create(person=called, joined_at=at)
    analysis = Analysis.objects.create(escalation=escalation, requested_at=at, due_at=at)
    return CustomerAnalysis.objects.create(
        analysis=analysis, person=person, body="A code was wrong.", composed_at=at, sent_at=at
    ).pk


def proposed(ticket: Ticket, at: datetime) -> dict[str, int]:
    made = Criterion.objects.create(name="Money", kind="funding", reason="funding", conditions={"tags": ["x"]})
    proposal = Proposal.objects.create(ticket=ticket, criterion=made, mode="propose", at=at)
    return {"criterion": made.pk, "proposal": proposal.pk}
