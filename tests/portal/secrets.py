"""A desk on which everything has happened that leaves words behind, on one customer's ticket; then all is marked."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from chat.models import Post, Room
from common import clock
from escalation import defaults, services, sweep
from escalation.models import (
    Communication,
    Criterion,
    CustomerAnalysis,
    Escalation,
    Kudos,
    Ladder,
    LadderReport,
    OwnCause,
    PlanTemplate,
    Review,
    Subscription,
)
from escalation.services import communicating as telling
from escalation.services import resolving as resolving
from escalation.services.affected import add_customers, leave_out
from knowledge import services as knowledge
from knowledge.actions import Draft as Article
from knowledge.judging import judge
from mailroom import correspondence
from mailroom.invitations import Invitation
from mailroom.models import ReceivedMail
from notifications import delivery
from people.enums import Role
from people.models import Invitation as Asked
from people.models import Skill, User
from reports import aims
from reports.models import SavedReport
from sla.models import PolicyVersion
from surveys.models import Campaign
from tests.factories.articles import make_article
from tests.factories.escalations import ASKED
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tests.factories.visits import make_widget
from tests.portal.phrases import MARK, MOST, Marked, mark_everything
from tickets import actions
from tickets import services as tickets
from tickets.files import Upload
from tickets.models import (
    AwaitedOwner,
    Draft,
    DraftFile,
    FollowUp,
    Hold,
    Macro,
    QuickReply,
    RequestType,
    RoutingRule,
    SavedView,
    Service,
    Tag,
    Ticket,
)
from visits.models import Visit
from visits.permissions import digest_of

# In the bytes of a file that hangs on a note.
IN_THE_FILE = f"{MARK}0000"
FOR_CUSTOMERS = "A code in our file to the bank was wrong."
# Of the chat in which the customer began.
KEY, WORD = "shop", "let-me-in"
OVERRIDE = "It is agreed among us, at length."


@dataclass
class Secrets:
    ticket: Ticket
    escalation: Escalation
    people: dict[str, User]
    marked: Marked
    now: datetime


def build(now: datetime) -> Secrets:
    people = _people()
    make_policy(now)
    ticket = actions.open_ticket(
        subject="Payouts are stuck", body="Since yesterday.", requester=people["cora"], now=now
    )
    _written_about(ticket, people, now)
    _written_beside(ticket, people, now)
    _chatted(ticket, people, now)
    _told_among_colleagues(ticket, people, now)
    now += timedelta(hours=7)
    clock.freeze(now)
    sweep.run()
    number = Escalation.objects.get(kind="automatic").number
    _walked(number, people, now)
    _analysed(number, people, now)
    _kept_by_the_desk(ticket, people, now)
    marked = mark_everything()
    _said_to_customers(number, ticket, people, now)
    delivery.run()
    return Secrets(ticket, Escalation.objects.get(number=number), people, marked, now)


def _people() -> dict[str, User]:
    names = {"anna": Role.AGENT, "rosa": Role.AGENT, "viktor": Role.AGENT, "mona": Role.MANAGER, "adam": Role.ADMIN}
    people = {name: make_user(name.capitalize(), rank) for name, rank in names.items()}
    aurora = make_organisation()
    people["cora"] = make_user("Cora Menezes", Role.CUSTOMER, email="cora@livraria-aurora.example", organisation=aurora)
    people["stan"] = make_user("Stan Strange", Role.CUSTOMER, email="stan@elsewhere.example")
    members = [people["anna"], people["viktor"], people["rosa"]]
    make_team("Payments", lead=people["rosa"], managers=[people["mona"]], members=members, is_fallback=True)
    make_team("Cards", lead=people["mona"], managers=[people["mona"]])
    defaults.install_ladder()
    defaults.install_plan_templates()
    defaults.install_procedures()
    defaults.install_templates()
    return people


def _written_about(ticket: Ticket, people: dict[str, User], now: datetime) -> None:
    upload = Upload("cause.txt", IN_THE_FILE.encode())
    tickets.note(user=people["anna"], number=ticket.number, body="A note", attachments=[upload], now=now)
    room = Room.objects.create(subject=f"#{ticket.number}")
    Post.objects.create(room=room, author=people["anna"], body="A word", at=now)


def _written_beside(ticket: Ticket, people: dict[str, User], now: datetime) -> None:
    """To a third party, who answers; and what is known of the customer's own mail."""
    upload = Upload("line.txt", IN_THE_FILE.encode())
    side = correspondence.open_side(
        user=people["anna"],
        number=ticket.number,
        address="noc@carrier.example",
        name="The carrier",
        subject="Line 7",
        body="Is it down?",
        uploads=[upload],
        now=now,
    )
    side.messages.create(by_them=True, body="It is", created_at=now, undelivered="No")
    ReceivedMail.objects.create(
        message=ticket.messages.earliest("pk"),
        trust="none",
        sender=people["cora"].email,
        sender_name="Cora",
        people=[{"name": "Bruno Reis", "address": "bruno@x.example"}],
        html="<b>Hello</b>",
        invitations=[asdict(Invitation("A meeting", "2026-11-20"))],
        report={"answer": "No such user"},
    )


def _chatted(ticket: Ticket, people: dict[str, User], now: datetime) -> None:
    """By the frame of a website, which its customer's word opens."""
    known: dict[str, Any] = {"language": "en", "began_at": now, "seen_at": now}
    Visit.objects.create(widget=make_widget(key=KEY), ticket=ticket, digest=digest_of(WORD), **known)


def _told_among_colleagues(ticket: Ticket, people: dict[str, User], now: datetime) -> None:
    """A hand-off that came back, and a decision."""
    anna, mona = people["anna"], people["mona"]
    common: dict[str, Any] = {"user": anna, "ticket_number": ticket.number, "tried": "All", "now": now}
    handed = services.escalate(
        kind="functional", severity=2, reason="technical", summary="Look", team_slug="cards", **common
    )
    asked = services.escalate(kind="hierarchical", severity=1, reason="funding", summary="Waive", **common)
    granted = {"decision": "resources", "note": "So be it", "amount": "5", "resources": "Two people"}
    services.decide(user=mona, number=asked.number, now=now, **granted)
    services.return_to_sender(user=mona, number=handed.number, reason="Not ours", now=now)
    tickets.assign(user=mona, number=ticket.number, team_slug="payments", assignee_email=anna.email, now=now)
    tickets.change_status(user=anna, number=ticket.number, verb="hold", reason="The bank is shut", now=now)
    tickets.change_status(user=anna, number=ticket.number, verb="resume", reason="It has opened", now=now)


def _walked(number: int, people: dict[str, User], now: datetime) -> None:
    mona, anna, viktor = people["mona"], people["anna"], people["viktor"]
    known: dict[str, Any] = {"user": mona, "number": number, "now": now}
    services.acknowledge(**known)
    services.begin_communication(**known)
    services.communicate(**known, audience="stakeholders", body="Among us")
    services.plan(**known, tasks=[{"title": "Call the bank"}])
    services.plan(**known, tasks=[{"title": "Call both banks"}], reason="More is known")
    telling.hand_over(**known, to=anna.email, note="This is what comes next")
    telling.send_summary(**known, to=[people["adam"].email], body="How it stands")
    services.begin_resolution(**known, override_reason=OVERRIDE)
    resolving.form_task_force(**known, members=[anna.email], experts=[viktor.email])
    resolving.present_plan(**{**known, "user": anna}, body="Send the file again")
    resolving.present_plan(**{**known, "user": anna}, body="Rebuild it", reason="Viktor asks")
    resolving.review_plan(**{**known, "user": viktor}, version=2, verdict="accept", comment="Good")
    add_customers(**known, emails=[people["stan"].email])
    leave_out(**known, email=people["stan"].email, reason="He was called")
    services.choose_cause(**known, cause="ownership")
    services.resolve(**known, override_reason=OVERRIDE)
    services.confirm_access(**known, emails=[people["stan"].email], waived="He has left")


def _analysed(number: int, people: dict[str, User], now: datetime) -> None:
    common: dict[str, Any] = {"number": number, "now": now}
    resolving.request_analysis(user=people["anna"], why="It was the third time", **common)
    resolving.write_analysis(
        user=people["anna"],
        whys=["The file was rejected", "A code was wrong", "Nobody checks codes"],
        contributing="The night shift",
        findings="The table is old",
        for_customers=FOR_CUSTOMERS,
        actions=[
            {"title": "Check codes before sending", "for_customers": True},
            {"title": "Ask Legal", "for_customers": False},
        ],
        **common,
    )
    resolving.submit_analysis(user=people["mona"], **common)


def _kept_by_the_desk(ticket: Ticket, people: dict[str, User], now: datetime) -> None:
    """What else there is a table for, one row of each."""
    ladder = Ladder.objects.earliest("pk")
    ladder.versions.create(number=99, saved_at=now, published_at=now, reason="Nobody at night, and that is well")
    LadderReport.objects.update_or_create(ladder=ladder, defaults={"at": now, "holes": [{"why": "Nobody is there"}]})
    FollowUp.objects.create(
        ticket=ticket, score=1, opened_at=now, due_at=now, done_at=now, done_by=people["mona"], outcome="Called her."
    )
    anna, mona = people["anna"], people["mona"]
    escalation = Escalation.objects.get(kind="automatic")
    said = {"title": "A second bank", "why": "It was the third time", "about": "process", "owner": mona.email}
    aims.recommend(user=people["adam"], learned_from=escalation.number, now=now, figure="pain.parties", **said)
    escalation.recommendations.create(
        title="Bank codes", about="training", made_at=now, state="declined", settled_at=now, settled_why="Known by all"
    )
    Review.objects.create(
        escalation=escalation,
        owner=mona,
        called_at=now,
        due_at=now,
        went_well="The second bank",
        went_badly="Nobody called her",
        next_contact="Call before writing",
        lessons_for="The night shift",
        waived_at=now,
        waive_reason="Known from last week",
    )
    escalation.actions.create(title="Write it into the guide", learned_in="review", owner=anna, due_at=now)
    Kudos.objects.create(escalation=escalation, to=anna, by=mona, words="Well done", at=now)
    CustomerAnalysis.objects.create(
        analysis=escalation.analysis, person=people["stan"], body="Not sent", composed_at=now
    )
    criterion = Criterion.objects.create(
        name="Own", kind="funding", reason="funding", conditions={"keywords": ["refund the fee"]}
    )
    fired = {"sentence": "The words were found"}
    ended = {"ended_at": now, "end": "dismissed", **ASKED}
    ticket.proposals.create(criterion=criterion, mode="propose", fired=fired, at=now, **ended)
    PlanTemplate.objects.create(name="Own", tasks=[{"title": "Call the bank"}])
    article = Article("Refunds", "Ask first", (("Ask the bank", True),))
    knowledge.write(user=anna, slug="refunds", draft=article, now=now)
    agreed = knowledge.approve(user=mona, slug="refunds", number=1, now=now)
    # By another customer, of an article that both may read.
    judge(article=agreed.article, helped=False, words="No button", reader=people["stan"], visit="", now=now)
    make_article("for-all", now, title="For all", body="Open to all.", language="pt-br")
    draft = Draft.objects.create(ticket=ticket, author=anna, body="Half a word", updated_at=now)
    DraftFile.objects.create(draft=draft, name="half.txt", content_type="text/plain", size=1, sha256="0", stored="half")
    ticket.duties.create(
        version=PolicyVersion.objects.earliest("pk"), step="resolve", fact="A name", outcome="met", at=now, by=anna
    )
    ticket.tags.add(Tag.objects.create(name="stuck"))
    Hold.objects.create(ticket=ticket, reason="A dispute", since=now)
    OwnCause.objects.create(key="bank", name="The bank")
    Campaign.objects.create(name="Autumn", started_at=now)
    prepared = {"en": {"subject": "Among us", "body": "Among all of us"}}
    Communication.objects.filter(audience="stakeholders").update(texts=prepared)
    _many_of_some(mona, ticket, now)
    RoutingRule.objects.create(name="All", conditions={"contract": ["zzz"]})
    ticket.rule_deeds.create(rule_key=1, rule_name="All", do="note", why=fired, left="Put away", at=now)
    Macro.objects.create(name="Thank", actions=[{"do": "note", "value": "Among us"}])
    AwaitedOwner.objects.create(ticket=ticket, team=ticket.team, rule_name="All", since=now)
    RequestType.objects.create(name="A payout", slug="payout", tag="late")
    service = Service.objects.create(name="Payouts", slug="payouts", description="Money out", is_public=True)
    escalation.affected_services.create(service=service)
    read = {"address": "reader@elsewhere.example", "language": "en", "asked_at": now, "confirmed_at": now}
    Subscription.objects.create(service=service, answer="No such user", **read)
    Skill.objects.create(name="Banks")
    Asked.objects.create(email="nina@meridiano.example", role="agent", sent_at=now, expires_at=now)


def _many_of_some(mona: User, ticket: Ticket, now: datetime) -> None:
    room = Room.objects.get(subject=f"#{ticket.number}")
    some = range(MOST)
    Post.objects.bulk_create(Post(room=room, author=mona, body=f"Word {n}", at=now) for n in some)
    QuickReply.objects.bulk_create(QuickReply(title=f"Thanks {n}", body="Thank you") for n in some)
    SavedView.objects.bulk_create(SavedView(owner=mona, name=f"Ours {n}", query="bank", is_shared=True) for n in some)
    SavedReport.objects.bulk_create(SavedReport(owner=mona, name=f"Ours {n}", is_shared=True) for n in some)
    Tag.objects.bulk_create(Tag(name=f"stuck {n}") for n in some)


def _said_to_customers(number: int, ticket: Ticket, people: dict[str, User], now: datetime) -> None:
    """After all is marked, so that a mark that is copied along would show."""
    mona, anna, cora = people["mona"], people["anna"], people["cora"]
    known: dict[str, Any] = {"user": mona, "number": number, "now": now}
    services.verify(**known, customers="It works again.", stakeholders="It works.")
    resolving.compose_analysis(**known, person=cora.pk)
    document = CustomerAnalysis.objects.get(person=cora)
    resolving.check_analysis(**{**known, "user": anna}, document=document.pk)
    resolving.send_analysis(**known, document=document.pk)
    tickets.reply(user=anna, number=ticket.number, body="You may pay out again.", now=now)
    sweep.run()
