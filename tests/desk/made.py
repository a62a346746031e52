"""What the tests of the doors make beside the ticket."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from api.models import ApiToken
from chat.models import Room
from escalation.models import Analysis, Criterion, CustomerAnalysis, Escalation, Proposal, Review, TaskForce
from mailroom import correspondence
from mailroom.models import Follower, IntakeState, RawMessage, ReceivedMail
from notifications.actions import notify, post
from notifications.letters import Letter
from notifications.models import Alert, Delivery, Endpoint, Way
from people.entrance import AddressChange
from people.models import Absence, AuthorityLimit, Duty, IdentityProvider, Invitation, Skill, Team, User
from tests.factories.escalations import ASKED
from tests.factories.people import make_user
from tickets import services as tickets
from tickets.files import Upload
from tickets.models import Ticket
from visits.models import Widget

DAY = timedelta(days=1)


def analysed(escalation: Escalation, person: User, called: User, at: datetime) -> int:
    """With a task force that has somebody from outside, an analysis, and what the customer was sent of it."""
    room = Room.objects.create(subject=f"TF-{escalation.number}")
    force = TaskForce.objects.create(escalation=escalation, room=room, formed_at=at)
    force.members.create(person=called, joined_at=at)
    analysis = Analysis.objects.create(escalation=escalation, requested_at=at, due_at=at)
    return CustomerAnalysis.objects.create(
        analysis=analysis, person=person, body="A code was wrong.", composed_at=at, sent_at=at
    ).pk


def learned(escalation: Escalation, at: datetime) -> dict[str, int]:
    """A review, an action that was decided in it, and a training that was suggested."""
    Review.objects.create(escalation=escalation, called_at=at, due_at=at)
    return {
        "tracked": escalation.actions.create(title="Call the bank", learned_in="review").pk,
        "suggestion": escalation.recommendations.create(title="Bank codes", about="training", made_at=at).pk,
    }


def colleagues(at: datetime) -> dict[str, int]:
    """Somebody whom nobody of the cast is, and somebody who is asked to work here."""
    until = at + timedelta(days=7)
    asked = Invitation.objects.create(email="nina@meridiano.example", role="agent", sent_at=at, expires_at=until)
    moving = make_user("Mia Moving")
    AddressChange.objects.create(person=moving, address="mia@new.example", sent_at=at, expires_at=until)
    return {"colleague": make_user("Otto Other").pk, "invitation": asked.pk, "moving": moving.pk}


def of_teams(manager: User, team: Team, member: User, at: datetime) -> dict[str, int]:
    """A shift in a team and an absence of its manager, a skill, and somebody's limit."""
    span = {"starts_at": at, "ends_at": at + timedelta(days=1)}
    return {
        "absence": Absence.objects.create(user=manager, starts_at=at - timedelta(days=9), ends_at=at - DAY).pk,
        "duty": Duty.objects.create(team=team, person=member, **span).pk,
        "provider": IdentityProvider.objects.create(name="House", slug="house-id", issuer="x", client_id="1").pk,
        "limit": AuthorityLimit.objects.create(role="agent", currency="EUR", amount=10).pk,
        "member": member.pk,
        "token": ApiToken.objects.create(user=manager, name="CRM", digest="0", created_at=at).pk,
        "widget": Widget.objects.create(name="Shop", sites=["https://www.shop.example"], is_enabled=True).pk,
        "skill": Skill.objects.create(name="Pix").pk,
    }


def proposed(ticket: Ticket, at: datetime) -> dict[str, int]:
    made = Criterion.objects.create(name="Money", kind="funding", reason="funding", conditions={"tags": ["x"]})
    proposal = Proposal.objects.create(ticket=ticket, criterion=made, mode="propose", at=at, **ASKED)
    return {"criterion": made.pk, "proposal": proposal.pk}


def written(ticket: Ticket, agent: User, outsider: User, at: datetime) -> dict[str, int]:
    """A mail with a look of its own, somebody who follows, and a word with a third party."""
    message = ticket.messages.get()
    ReceivedMail.objects.create(message=message, trust="none", sender="cora@x.example", html="<b>Hello</b>")
    side = correspondence.open_side(
        user=agent,
        number=ticket.number,
        address="noc@carrier.example",
        subject="Line",
        body="Down?",
        uploads=[Upload("trace.txt", b"hop")],
        now=at,
    )
    follower = Follower.objects.create(ticket=ticket, person=outsider, added_by=agent, added_at=at)
    return {
        "message": message.pk,
        "reply": ticket.messages.create(author=agent, body="We look.", channel="web", created_at=at).pk,
        "side": side.pk,
        "side_file": side.messages.get().files.get().pk,
        "follower": follower.pk,
    }


def alert(person: User, escalation: int, at: datetime) -> Alert:
    letter = Letter(kind="escalation", title="See", escalation_number=escalation)
    notify(recipients=[person], compose=lambda _person: letter, dedupe="doors", now=at, by_mail=False)
    return Alert.objects.get(dedupe_key__startswith="doors")


def mail(at: datetime) -> Delivery:
    post(address="x@example.com", subject="Hello", text="x", dedupe="doors", now=at)
    return Delivery.objects.get(dedupe_key="doors")


def quarantined(at: datetime) -> RawMessage:
    row = RawMessage.objects.create(raw=b"From: x", digest="1" * 64, received_at=at)
    RawMessage.objects.filter(pk=row.pk).update(state=IntakeState.QUARANTINED)
    return row


def ways_of_alerts(person: User, at: datetime) -> dict[str, int]:
    return {
        "way": Way.objects.create(person=person, channel="messenger", target="tgram://x", created_at=at).pk,
        "endpoint": Endpoint.objects.create(name="CRM", url="https://crm.example/", created_at=at).pk,
    }


def joined(ticket: Ticket, agent: User, others: Sequence[Ticket], at: datetime) -> dict[str, int]:
    """A link, one that was taken away, and what went into the ticket."""
    linked, unlinked, merged = (other.number for other in others)
    given: dict[str, Any] = {"user": agent, "now": at}
    kept, gone = (
        tickets.link(number=ticket.number, other=other, relation="related", **given) for other in (linked, unlinked)
    )
    return {
        "link": kept.pk,
        "removal": tickets.unlink(link=gone.pk, **given).pk,
        "merge": tickets.merge(source=merged, target=ticket.number, **given).pk,
    }
