"""The table of `test_matrix.py`: who may do what with an escalation, at which of its states (DESIGN §4)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from escalation import leaving, services
from escalation.enums import LIVE_STATES, OPEN_STATES, ByHand, Duty, State
from escalation.initiate import describing, problem_records, relations, servicing
from escalation.models import Analysis, CustomerAnalysis, Escalation, EscalationLink, PlanTask, Review, TrackedAction
from escalation.services import affected as affected
from escalation.services import criteria as criteria
from escalation.services import ladders as ladders
from escalation.services import resolving as resolving
from escalation.services import restored, reviewing, ruling, training
from people.enums import Role
from people.models import User
from tests.factories.people import make_organisation, make_team, make_user
from tickets.actions import open_ticket
from tickets.models import Ticket

MAY, NOT_NOW, REFUSED, HIDDEN = "may", "not now", "refused", "not there"
ANSWERS = {"went_well": "All.", "went_badly": "Nothing.", "next_contact": "The same.", "avoidable": "no"}
REASON = "It has been agreed with everybody on the phone."

# Who is who. They work at the desk, in whatever rank, but for the customers and whoever left.
CUSTOMERS = {"customer", "another customer"}
LEFT = {"manager who left"}
RUN = {"lead", "manager of the team by name", "manager", "manager elsewhere", "steward", "admin", "escalation manager"}
DECLARE = {"manager", "manager elsewhere", "steward", "admin"}
WORK = RUN | {"agent on it", "agent of the team"}
# Who writes the analysis, and the customers' documents.
ANALYSTS = WORK | {"problem coordinator"}
EDITORS = WORK | {"engagement executive"}
RECEIVE = RUN - {"escalation manager"} | {"agent of the team"}
FORCE = {"on the task force", "expert"}
EVERYBODY = (
    WORK
    | FORCE
    | {
        *("agent elsewhere", "requester", "alerted", "handed over to"),
        *("architect", "engagement executive", "problem coordinator", "deputy of the architect"),
    }
)
ROLES = EVERYBODY | CUSTOMERS | LEFT
HOLDERS = {
    Duty.ARCHITECT: "architect",
    Duty.ENGAGEMENT: "engagement executive",
    Duty.COORDINATOR: "problem coordinator",
}

# Of a team that keeps its tickets to itself: who is in it, who is called from outside, and until when.
INSIDE = DECLARE | {"lead", "manager of the team by name", "agent of the team", "agent on it"}
CALLED = {"escalation manager", *HOLDERS.values(), "deputy of the architect"}
CALLED_WHILE_OPEN = FORCE | {"handed over to"}
# Every row that calls somebody, and who of the cast is called by it.
CALLS = {
    ("escalation_escalation", "manager_id"): "escalation manager",
    ("escalation_escalation", "decider_id"): "manager",
    ("escalation_ask", "person_id"): "manager",
    ("escalation_responsibility", "person_id"): "architect",
    ("escalation_handover", "receiver_id"): "handed over to",
    ("escalation_taskforcemember", "person_id"): "expert",
}

# What may be raised by hand, and what a customer may on his own ticket (R8).
RAISED: dict[str, set[str]] = dict.fromkeys(ByHand.values, EVERYBODY)
RAISED[ByHand.HIERARCHICAL] = EVERYBODY | {"customer"}
# What one person answers for by name; where nobody is named, whoever runs it does.
BY_DUTY = (services.verify, resolving.announce, resolving.submit_analysis, resolving.send_analysis)

ALL = tuple(State)
STEPS = (*OPEN_STATES, State.RESOLVED)
CHOOSABLE = (*LIVE_STATES, State.DECLINED, State.WITHDRAWN)
ENDED = (State.RESOLVED, State.CLOSED)
ANALYSABLE = (State.RESOLVING, *ENDED)


@dataclass
class Scene:
    """An escalation at one of its states, and the cast around it."""

    people: dict[str, User]
    now: datetime
    number: int = 0

    @property
    def escalation(self) -> Escalation:
        return Escalation.objects.get(number=self.number)

    def email(self, role: str) -> str:
        return self.people[role].email


@dataclass(frozen=True)
class Verb:
    """Who may, at which states, and how it is asked for; `first` makes what the verb is about."""

    who: set[str]
    at: tuple[State, ...]
    given: Callable[[Scene], dict[str, Any]] = field(default=lambda scene: {})
    by: str = "manager"
    first: Callable[[Scene], object] = field(default=lambda scene: None)


def saying(**given: Any) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: given


def about(rows: Any, name: str, **more: Any) -> Callable[[Scene], dict[str, Any]]:
    """The newest of these rows by its key, which is none where there is none."""
    return lambda scene: {name: rows.order_by("-pk").values_list("pk", flat=True).first() or 0, **more}


def planned(scene: Scene) -> None:
    escalation = scene.escalation
    escalation.plan_versions.create(number=1, by=scene.people["manager"], at=scene.now)
    escalation.plan_tasks.create(title="Call the bank")


def analysed(*, submitted: bool = False, checked: bool = False) -> Callable[[Scene], None]:
    """Nobody asks for an analysis of what did not come as far as Resolve."""

    def first(scene: Scene) -> None:
        if scene.escalation.state not in ANALYSABLE:
            return
        analysis = Analysis.objects.create(
            escalation=scene.escalation,
            requested_at=scene.now,
            due_at=scene.now + timedelta(days=1),
            whys=["One", "Two", "Three"],
            contributing="The night shift",
            submitted_at=scene.now if submitted else None,
        )
        scene.escalation.actions.create(title="Check codes", learned_in="analysis")
        if submitted:
            analysis.documents.create(
                person=scene.people["customer"],
                body="It is mended.",
                composed_by=scene.people["admin"],
                composed_at=scene.now,
                checked_at=scene.now if checked else None,
            )

    return first


def looked_back_on(scene: Scene) -> None:
    """There since before it was reopened, where it is. What its owner may do: tests/escalation/test_reviews.py."""
    Review.objects.create(
        escalation=scene.escalation,
        owner=scene.people["requester"],
        called_at=scene.now,
        due_at=scene.now + timedelta(days=5),
        **ANSWERS,
    )


def verified(scene: Scene) -> None:
    if scene.escalation.state in ENDED:
        Escalation.objects.filter(number=scene.number).update(verified_at=scene.now)


def harmed(scene: Scene) -> None:
    scene.escalation.affected.create(person=scene.people["another customer"], added_at=scene.now)


def confirmed(scene: Scene) -> None:
    scene.escalation.affected.update(access_at=scene.now)


def linked_to(scene: Scene) -> int:
    """The other open ticket; none where there is none."""
    return Ticket.objects.filter(subject="Also stuck").values_list("pk", flat=True).first() or 0


def beside(scene: Scene) -> Ticket:
    """A ticket that no escalation is about."""
    return open_ticket(
        subject="Beside it", body="It may hang together.", requester=scene.people["customer"], now=scene.now
    )


def naming_it(scene: Scene) -> dict[str, Any]:
    number = Ticket.objects.filter(subject="Beside it").values_list("pk", flat=True).first() or 0
    return {"to": f"#{number}", "relation": "related"}


def related(scene: Scene) -> None:
    known = {"source": scene.escalation, "ticket": beside(scene), "relation": "related"}
    EscalationLink.objects.create(**known, made_by=scene.people["manager"], made_at=scene.now)


def writing_to(whom: str, name: str, /, *, several: bool = False, **more: Any) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {name: [scene.email(whom)] if several else scene.email(whom), **more}


GATE = saying(override_reason=REASON)
WHY = saying(reason="As agreed.")
VERBS: dict[Callable[..., Any], Verb] = {
    # A request.
    services.decide: Verb(DECLARE, (State.REQUESTED,), saying(decision="decline", note="No.")),
    services.pass_on: Verb(DECLARE, (State.REQUESTED,), saying(note="Yours.")),
    services.withdraw: Verb(DECLARE | {"requester"}, (State.REQUESTED, State.INITIATED), WHY),
    # The four steps.
    services.acknowledge: Verb(WORK | {"alerted"}, LIVE_STATES),
    services.begin_communication: Verb(RUN, (State.INITIATED,), GATE),
    services.begin_resolution: Verb(RUN, (State.COMMUNICATING,), GATE),
    services.resolve: Verb(DECLARE, (State.RESOLVING,), GATE),
    services.close: Verb(DECLARE, (State.RESOLVED,), GATE),
    services.reopen: Verb(DECLARE, ENDED, WHY),
    services.deescalate: Verb(DECLARE, OPEN_STATES, WHY),
    # Between teams and levels. Whom an escalation is handed over to is asked of the action: see the test of it.
    services.accept: Verb(RECEIVE, OPEN_STATES),
    services.return_to_sender: Verb(RECEIVE, (State.INITIATED, State.COMMUNICATING), WHY),
    services.hand_over: Verb(RUN, STEPS, writing_to("agent elsewhere", "to", note="All is said here.")),
    services.acknowledge_hand_over: Verb(EVERYBODY, OPEN_STATES, by="handed over to"),
    # What is said.
    services.communicate: Verb(WORK, STEPS, saying(audience="stakeholders", body="We are on it.")),
    services.send_summary: Verb(RUN, ALL, writing_to("admin", "to", several=True, body="How it stands.")),
    # What is planned.
    services.plan: Verb(WORK, STEPS, saying(tasks=[{"title": "Call the bank"}])),
    services.create_plan: Verb(WORK, STEPS),
    services.finish_task: Verb(WORK, STEPS, about(PlanTask.objects, "task_id", done=True), first=planned),
    services.tick_step: Verb(WORK | {"requester"}, LIVE_STATES, saying(step=1, done=True)),
    resolving.form_task_force: Verb(RUN, OPEN_STATES, writing_to("agent elsewhere", "members", several=True)),
    resolving.present_plan: Verb(RUN | FORCE, OPEN_STATES, saying(body="Rebuild the file.", reason="More is known.")),
    resolving.review_plan: Verb({"expert"}, OPEN_STATES, saying(version=1, verdict="accept"), by="expert"),
    # Whom and what it is about.
    affected.add_customers: Verb(WORK, LIVE_STATES, writing_to("another customer", "emails", several=True)),
    affected.add_customers_from: Verb(WORK, LIVE_STATES, writing_to("another customer", "text")),
    affected.add_customers_found: Verb(WORK, LIVE_STATES, saying(search="Stuck")),
    affected.remove_customer: Verb(WORK, LIVE_STATES, writing_to("another customer", "email"), first=harmed),
    affected.leave_out: Verb(RUN, LIVE_STATES, writing_to("customer", "email", reason="He was called.")),
    describing.describe: Verb(WORK, LIVE_STATES, saying(impact="Nobody is paid.")),
    servicing.set_services: Verb(WORK, LIVE_STATES, saying(services=())),
    relations.link: Verb(WORK, ALL, naming_it, first=beside),
    relations.unlink: Verb(WORK, ALL, about(EscalationLink.objects, "link"), first=related),
    problem_records.open_problem: Verb(WORK, (*LIVE_STATES, State.CLOSED), saying(subject="The cause")),
    resolving.name_responsible: Verb(
        RUN, (*LIVE_STATES, State.CLOSED), writing_to("architect", "email", role=Duty.ARCHITECT.value)
    ),
    # Of what ended otherwise, the cause is still worth knowing.
    services.choose_cause: Verb(WORK, CHOOSABLE, saying(cause="product")),
    # Resolved.
    services.verify: Verb({"architect"}, (State.RESOLVED,), by="architect"),
    resolving.announce: Verb(
        {"architect"}, (State.RESOLVED,), saying(stakeholders="It is over."), by="architect", first=verified
    ),
    services.confirm_access: Verb(
        RUN | {"engagement executive"}, (State.RESOLVED,), writing_to("customer", "emails", several=True)
    ),
    affected.take_back_access: Verb(
        RUN | {"engagement executive"},
        (State.RESOLVED,),
        writing_to("customer", "email", reason="He cannot."),
        first=confirmed,
    ),
    resolving.resolve_related: Verb(WORK, STEPS, lambda scene: {"tickets": [linked_to(scene)]}),
    resolving.praise: Verb(WORK, ENDED, writing_to("agent of the team", "to", words="Well done.")),
    # What was learnt.
    resolving.request_analysis: Verb(WORK, ANALYSABLE),
    resolving.write_analysis: Verb(ANALYSTS, ANALYSABLE, saying(findings="A code."), first=analysed()),
    resolving.submit_analysis: Verb({"problem coordinator"}, ANALYSABLE, by="problem coordinator", first=analysed()),
    reviewing.call_for_review: Verb(RUN, (State.CLOSED,)),
    reviewing.write_review: Verb(RUN, (State.CLOSED,), saying(**ANSWERS), first=looked_back_on),
    reviewing.finish_review: Verb(RUN, (State.CLOSED,), first=looked_back_on),
    reviewing.waive_review: Verb(RUN, (State.CLOSED,), saying(reason="Known already"), first=looked_back_on),
    reviewing.give_review: Verb(RUN, (State.CLOSED,), writing_to("manager", "owner"), first=looked_back_on),
    reviewing.add_action: Verb(
        RUN,
        ALL,
        lambda scene: {
            "title": "Check codes",
            "owner": scene.email("manager"),
            "due_at": scene.now + timedelta(days=1),
        },
        first=looked_back_on,
    ),
    reviewing.recommend_lesson: Verb(RUN, ALL, saying(about="process"), first=looked_back_on),
    resolving.prevent: Verb(WORK, ANALYSABLE, first=analysed()),
    resolving.finish_action: Verb(
        WORK, ANALYSABLE, about(TrackedAction.objects, "action_id", done=True), first=analysed()
    ),
    resolving.compose_analysis: Verb(
        EDITORS,
        ANALYSABLE,
        lambda scene: {"person": scene.people["customer"].pk},
        first=analysed(submitted=True),
    ),
    resolving.check_analysis: Verb(
        WORK, ANALYSABLE, about(CustomerAnalysis.objects, "document"), first=analysed(submitted=True)
    ),
    resolving.send_analysis: Verb(
        {"engagement executive"},
        ANALYSABLE,
        about(CustomerAnalysis.objects, "document"),
        by="engagement executive",
        first=analysed(submitted=True, checked=True),
    ),
}
# Asked of a ticket, a proposal, a criterion or a document: none of them stands at a state of an escalation.
ELSEWHERE = {
    *(services.escalate, services.accept_proposal, criteria.dismiss),
    *(criteria.define_criterion, criteria.redefine_criterion),
    *(resolving.request_analysis_for, resolving.read_document),
    *(restored.answer_access, restored.answer_by_link, leaving.switch_off),
    *(ruling.set_channel, ruling.recommend, ruling.settle),
    *(reviewing.set_terms, reviewing.change_action, reviewing.finish_action),
    *(training.link, training.take_up, training.decline, training.unlink, training.complete),
    *(ladders.create_ladder, ladders.save_draft, ladders.discard_draft, ladders.publish_draft, ladders.return_to),
}

RANKS = {
    **dict.fromkeys(CUSTOMERS, Role.CUSTOMER),
    **dict.fromkeys(("manager", "manager elsewhere", "manager who left"), Role.MANAGER),
    "steward": Role.STEWARD,
    "admin": Role.ADMIN,
}


def cast() -> dict[str, User]:
    """Everybody, in two teams: Sales, which hands over, and Payments, which receives."""
    people = {}
    for number, role in enumerate(sorted(ROLES)):
        rank = RANKS.get(role, Role.AGENT)
        people[role] = make_user(role.capitalize(), rank, email=f"person-{number}@meridiano.example")
    User.objects.filter(pk=people["manager who left"].pk).update(is_active=False)
    User.objects.filter(pk=people["architect"].pk).update(deputy=people["deputy of the architect"])
    User.objects.filter(pk=people["customer"].pk).update(organisation=make_organisation())
    make_team("Sales", members=[people["requester"]], is_fallback=True)
    make_team(
        "Payments",
        lead=people["lead"],
        managers=[people["manager of the team by name"], people["manager"]],
        members=[people["agent of the team"], people["lead"]],
    )
    return {role: User.objects.get(pk=person.pk) for role, person in people.items()}
