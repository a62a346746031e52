"""The analysis: asked for, submitted, and given to customers without a word that is internal (R26, R50–R54, R92)."""

from datetime import timedelta

import pytest

from chat.models import Room
from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from escalation import services, sweep
from escalation.close.leaks import leaks_in
from escalation.models import Escalation, Review
from escalation.procedures.conditions import checklist
from escalation.services import resolving as resolving
from notifications.models import Alert, Delivery
from people.enums import Role
from tests.factories.people import make_organisation, make_team, make_user
from tickets import services as tickets
from tickets.models import Ticket

REASON = "The whole of it is followed up by Mona."


def open_names(escalation):
    return {line.name for line in checklist(Escalation.objects.get(pk=escalation.pk)) if not line.met}


@pytest.fixture
def submitted(resolved_one, mona, anna, time):
    """The analysis is submitted, with an internal and a public side."""
    common = {"number": resolved_one.number, "now": time.now}
    services.choose_cause(user=mona, cause="product", **common)
    resolving.request_analysis(user=anna, why="It was the third time.", **common)
    resolving.write_analysis(
        user=anna,
        whys=["The file was rejected", "A branch code was wrong", "Nobody checks codes"],
        contributing="The night shift was one person short again",
        for_customers="A code in our file to the bank was wrong.",
        actions=[
            {"title": "Check codes before sending", "for_customers": True},
            {"title": "Ask Legal about Banco Sul", "for_customers": False},
        ],
        **common,
    )
    resolving.submit_analysis(user=mona, **common)
    return Escalation.objects.get()


def test_r26_r52_the_coordinator_alone_submits_and_the_findings_of_the_problem_come_along(
    resolved_one, open_ticket, mona, anna, viktor, time
):
    common = {"number": resolved_one.number, "now": time.now}
    problem = open_ticket(kind="problem")
    tickets.note(user=anna, number=problem.number, body="The code table is from 2019.", now=time.now)
    resolving.name_responsible(user=mona, role="problem_coordinator", email=viktor.email, **common)
    resolving.request_analysis(user=mona, **common)
    resolving.write_analysis(user=anna, problem=problem.number, **common)

    analysis = Escalation.objects.get().analysis
    assert analysis.findings == "The code table is from 2019."
    assert "declared resolved (Mona Farias)" in analysis.timeline
    with pytest.raises(Refused):
        resolving.submit_analysis(user=mona, **common)
    with pytest.raises(NotAllowedNow, match="the cause, three whys at least, an action"):
        resolving.submit_analysis(user=viktor, **common)
    assert "analysis_submitted" in open_names(resolved_one)


def test_r50_an_analysis_that_is_late_alerts_even_after_the_close(resolved_one, mona, anna, time):
    number, now = resolved_one.number, time.now
    services.choose_cause(user=mona, number=number, cause="product", now=now)
    resolving.request_analysis(user=anna, number=number, due_at=now + timedelta(days=2), now=now)
    with pytest.raises(NotAllowedNow):
        resolving.request_analysis(user=mona, number=number, now=now)
    services.close(user=mona, number=number, now=now, override_reason=REASON)

    time.move_to(now + timedelta(days=2))
    sweep.run()

    assert Alert.objects.filter(title=f"E-{number}: Root cause analysis is overdue").exists()


def test_r50_the_customer_asks_for_it_of_his_own_request_and_of_no_other(resolved_one, cora, stan, time):
    number = resolved_one.ticket_id
    with pytest.raises(NotFound):
        resolving.request_analysis_for(user=stan, ticket_number=number, why="I want it.", now=time.now)

    resolving.request_analysis_for(user=cora, ticket_number=number, why="Our board asks.", now=time.now)

    analysis = Escalation.objects.get().analysis
    assert (analysis.requested_by, analysis.why_asked) == (cora, "Our board asks.")
    assert analysis.due_at == time.now + timedelta(days=5)


def test_r53_r54_it_is_composed_checked_by_another_and_sent_by_the_executive_alone(
    submitted, mona, anna, rosa, viktor, cora, stan, time
):
    common = {"number": submitted.number, "now": time.now}
    resolving.name_responsible(user=mona, role="engagement_executive", email=rosa.email, **common)
    resolving.compose_analysis(user=anna, person=cora.pk, **common)
    document = submitted.analysis.documents.get()
    assert "A code in our file to the bank was wrong." in document.body
    assert "- Check codes before sending" in document.body
    assert "Legal" not in document.body
    with pytest.raises(NotAllowedNow, match="Another person"):
        resolving.check_analysis(user=anna, document=document.pk, **common)
    with pytest.raises(NotAllowedNow, match="second person"):
        resolving.send_analysis(user=rosa, document=document.pk, **common)
    resolving.check_analysis(user=viktor, document=document.pk, **common)
    with pytest.raises(Refused):
        resolving.send_analysis(user=mona, document=document.pk, **common)

    resolving.send_analysis(user=rosa, document=document.pk, **common)

    mail = Delivery.objects.get(address=cora.email, dedupe_key=f"analysis:{document.pk}")
    assert "A code in our file" in mail.context["body"]
    for person in (stan, anna):
        with pytest.raises(NotFound):
            resolving.read_document(user=person, pk=document.pk, now=time.now)
    for _twice in range(2):
        resolving.read_document(user=cora, pk=document.pk, now=time.now)
    assert document.reading.at == time.now
    with pytest.raises(NotAllowedNow):
        resolving.send_analysis(user=rosa, document=document.pk, **common)
    with pytest.raises(NotAllowedNow):
        resolving.compose_analysis(user=anna, person=cora.pk, body="Other words.", **common)
    with pytest.raises(InvalidInput):
        resolving.compose_analysis(user=anna, person=stan.pk, **common)


def test_r53_a_new_text_has_been_checked_by_nobody(submitted, mona, anna, cora, time):
    common = {"number": submitted.number, "now": time.now}
    resolving.compose_analysis(user=anna, person=cora.pk, **common)
    document = submitted.analysis.documents.get()
    resolving.check_analysis(user=mona, document=document.pk, **common)

    resolving.compose_analysis(user=anna, person=cora.pk, body="We are sorry.", **common)

    document.refresh_from_db()
    assert (document.checked_at, document.checked_by) == (None, None)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("See E-1 for it.", "E-1"),
        ("It was an S1 for us.", "S1"),
        ("As on #999999.", "#999999"),
        ("Banco Sul waits as well.", "Banco Sul"),
        ("banco  sul waits as well.", "Banco Sul"),
        ("Zoe Zander of the other company asks, too.", "Zoe Zander"),
        ("Write to zoe@banco-sul.example.", "zoe@banco-sul.example"),
        ("You know that the night shift was one person short.", "the night shift was one"),
        ("Nobody checks codes, it seems.", "Nobody checks codes"),
    ],
)
def test_r53_what_is_internal_or_another_customers_is_refused_with_the_words(
    submitted, mona, anna, cora, time, text, word
):
    zoe = make_user("Zoe Zander", Role.CUSTOMER, organisation=make_organisation("Banco Sul"))
    assert zoe.organisation.name == "Banco Sul"
    common = {"number": submitted.number, "now": time.now}
    resolving.compose_analysis(user=anna, person=cora.pk, body=f"Dear Cora. {text}", **common)

    with pytest.raises(InvalidInput) as refused:
        resolving.check_analysis(user=mona, document=submitted.analysis.documents.get().pk, **common)

    assert f"“{word}”" in str(refused.value)


def test_r54_what_was_sent_leads_to_no_request_that_lies_in_the_trash(submitted, anna, cora, time):
    resolving.compose_analysis(user=anna, person=cora.pk, number=submitted.number, now=time.now)
    document = submitted.analysis.documents.get()
    assert resolving.request_about(document) == submitted.ticket

    Ticket.objects.filter(pk=submitted.ticket_id).update(trashed_at=time.now)

    assert resolving.request_about(document) is None


def test_r53_why_a_review_was_waived_and_why_something_was_declined_are_internal_too(submitted, anna, cora, time):
    waived, declined = "The same bank failed us last week", "Their people would not read it anyway"
    times = {"called_at": time.now, "due_at": time.now, "waived_at": time.now}
    Review.objects.create(escalation=submitted, waive_reason=waived, **times)
    submitted.recommendations.create(title="Codes", why="They guess", made_at=time.now, settled_why=declined)
    common = {"number": submitted.number, "now": time.now}

    resolving.compose_analysis(user=anna, person=cora.pk, body=f"{waived}. {declined}. They guess.", **common)

    found = leaks_in(submitted.analysis.documents.get())
    assert found == ["The same bank failed us".lower(), "They guess", "Their people would not read".lower()]


def test_r53_none_of_two_hundred_internal_phrases_passes(submitted, mona, anna, cora, viktor, time):
    """Canary: each is refused for itself, wherever colleagues have said it."""
    now, number = time.now, submitted.number
    phrases = [f"canary {word} sings in place {word * 7}" for word in range(200)]
    for phrase in phrases[:100]:
        submitted.ticket.messages.create(body=f"Well, {phrase}!", is_public=False, author=anna, created_at=now)
    room = Room.objects.create(subject=submitted.reference)
    room.posts.bulk_create([room.posts.model(room=room, author=anna, body=p, at=now) for p in phrases[100:]])
    resolving.compose_analysis(user=anna, person=cora.pk, body="\n".join(phrases), number=number, now=now)

    document = submitted.analysis.documents.get()
    assert len(leaks_in(document)) == 200
    document.body = "A code in our file to the bank was wrong. We check codes before sending now."
    assert leaks_in(document) == []


def test_r92_what_was_decided_is_tracked_until_it_is_done(submitted, mona, anna, time):
    first = submitted.analysis.actions.first()

    resolving.finish_action(user=anna, number=submitted.number, action_id=first.pk, done=True, now=time.now)

    first.refresh_from_db()
    assert first.done_at == time.now


def test_strangers_to_it_may_do_none_of_it(submitted, time):
    otto = make_user("Otto Else")
    make_team("Else", lead=None, managers=[], members=[otto])
    common = {"user": otto, "number": submitted.number, "now": time.now}
    tries = [
        (resolving.name_responsible, {"role": "architect", "email": ""}),
        (resolving.form_task_force, {"members": [otto.email]}),
        (resolving.present_plan, {"body": "x"}),
        (resolving.resolve_related, {"tickets": [1]}),
        (resolving.request_analysis, {}),
        (resolving.write_analysis, {"timeline": "x"}),
        (resolving.submit_analysis, {}),
        (resolving.compose_analysis, {"person": 1}),
        (resolving.check_analysis, {"document": 1}),
        (resolving.send_analysis, {"document": 1}),
        (resolving.announce, {"customers": "x"}),
        (resolving.praise, {"to": otto.email, "words": "x"}),
    ]

    for verb, given in tries:
        with pytest.raises(Refused):
            verb(**common, **given)
