"""Data goes when it is as old as administrators say: counted first, in small steps, and figures of the past stay."""

import itertools
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from common import heartbeat
from common.models import ConfigurationChange, Removal, Retention
from desk.retention import kinds, sweeping
from desk.retention.kinds import BY_NAME, KINDS
from escalation import services
from escalation.models import Analysis, Approval, Escalation, PlanTask
from mailroom.models import RawMessage, ReceivedMail
from notifications.actions import post as send
from notifications.models import Delivery
from tests.desk.helpers import get, signed_in, words
from tests.factories.anything import make
from tickets import actions, forgetting
from tickets.files import Upload
from tickets.models import Attachment, Event, FollowUp, Hold, Message, SearchDocument, Ticket

DAY = timedelta(days=1)
URL = "/settings/retention/"


@pytest.fixture
def old(open_ticket, policy, anna, cora, at) -> Ticket:
    """Asked, answered by a question, solved and closed; a hundred days ago when `LATER` comes."""
    ticket = open_ticket(body="My card number is 4711.", attachments=[Upload("card.txt", b"4711")])
    actions.reply(ticket=ticket, author=anna, body="Which card?", now=at + timedelta(hours=1))
    send(address=cora.email, subject="4711", text="4711", dedupe="x", now=at)
    Delivery.objects.update(state="sent", ticket_number=ticket.number)
    mail = {"raw": b"4711", "size": 4, "digest": "1", "received_at": at, "state": "filed"}
    RawMessage.objects.create(**mail, ticket_number=ticket.number)
    return closed(ticket, anna, at + timedelta(hours=2))


def closed(ticket, by, at) -> Ticket:
    for verb in ("solve", "close"):
        actions.change_status(ticket=ticket, verb=verb, by=by, now=at)
    ticket.refresh_from_db()
    return ticket


@pytest.fixture
def later(at):
    return at + 100 * DAY


def keep(**days) -> None:
    for kind, number in days.items():
        Retention.objects.create(kind=kind, days=number)


def test_without_a_period_nothing_ever_goes(old, later):
    assert sweeping.sweep(now=later + 10_000 * DAY) == {}

    assert Message.objects.filter(body__contains="4711").exists() and not ConfigurationChange.objects.exists()


def test_of_an_old_ticket_the_words_go_everywhere_and_the_figures_stay(old, later, django_capture_on_commit_callbacks):
    path = Attachment.objects.get().stored.name
    ledger = list(old.clocks.values_list("metric", "state", "due_at", "met_at"))
    keep(tickets=90)

    with django_capture_on_commit_callbacks(execute=True):
        gone = sweeping.sweep(now=later)

    old.refresh_from_db()
    assert gone == {"tickets": 1}
    assert (old.subject, old.fields, old.words_removed_at) == ("Removed for its age", {}, later)
    assert not Attachment.objects.exists() and not default_storage.exists(path)
    assert "4711" not in str([*Message.objects.values(), *SearchDocument.objects.values(), *Event.objects.values()])
    assert "4711" not in str([*Delivery.objects.values(), *ReceivedMail.objects.values()])
    assert bytes(RawMessage.objects.get().raw) == b""
    assert list(old.clocks.values_list("metric", "state", "due_at", "met_at")) == ledger
    assert sweeping.sweep(now=later + DAY) == {"tickets": 0}


def test_the_page_of_a_ticket_whose_words_are_gone_still_opens(old, later, anna):
    keep(tickets=90)
    sweeping.sweep(now=later)

    page = get(anna, "desk:ticket", old.number)

    assert page.status_code == 200 and "Removed for its age" in words(page)
    assert "4711" not in page.content.decode()


def test_a_question_stays_a_question_to_the_report_of_pauses(old, later):
    asked = Message.objects.filter(author__name="Anna Lindqvist").get()
    keep(tickets=90)

    sweeping.sweep(now=later)

    asked.refresh_from_db()
    assert (asked.body, Message.objects.exclude(pk=asked.pk).get().body) == ("…?", "…")


@pytest.mark.parametrize(
    "why", ["young", "open", "escalated", "analysed", "held", "customer held", "put away", "to be called"]
)
def test_what_is_still_needed_stays_whatever_its_age(old, later, adam, anna, at, why):
    before = {
        "young": lambda: Ticket.objects.update(closed_at=later - 89 * DAY),
        "open": lambda: actions.change_status(ticket=old, verb="reopen", by=anna, now=later - DAY),
        "escalated": lambda: Ticket.objects.update(escalation_number=7),
        "analysed": lambda: _analysed(old),
        "held": lambda: forgetting.hold(number=old.number, organisation=None, reason="x", by=adam, now=at),
        "customer held": lambda: forgetting.hold(
            number=None, organisation=old.organisation, reason="x", by=adam, now=at
        ),
        "to be called": lambda: FollowUp.objects.create(ticket=old, score=1, opened_at=at, due_at=at),
        "put away": lambda: Ticket.objects.update(trashed_at=later),
    }
    before[why]()
    keep(tickets=90, attachments=90, events=180)

    assert sweeping.sweep(now=later) == {"tickets": 0, "attachments": 0, "events": 0}

    assert Message.objects.filter(body__contains="4711").exists() and Attachment.objects.exists()


def _analysed(ticket):
    """It was closed, and its analysis is owed."""
    escalation = Escalation.objects.filter(ticket=ticket).first() or make(Escalation, ticket=ticket, severity=2)
    Escalation.objects.filter(pk=escalation.pk).update(state="closed")
    make(Analysis, escalation=escalation, submitted_at=None)


def test_what_went_is_in_the_trail_as_counts_and_the_trail_itself_has_a_floor(old, later, adam):
    keep(attachments=90, audit=365)
    ConfigurationChange.objects.create(at=later - 364 * DAY, subject="young")
    ConfigurationChange.objects.create(at=later - 366 * DAY, subject="old")

    sweeping.sweep(now=later)

    told = {one.subject: one.after for one in ConfigurationChange.objects.all()}
    assert told["retention: attachments"]["removed"] == 1 and told["retention: attachments"]["bytes"] == 4
    assert "old" not in told and "young" in told
    assert heartbeat.last(sweeping.HEARTBEAT) == later


def test_a_period_below_the_least_is_refused_and_counts_as_the_least_where_it_comes_otherwise(adam, later):
    ConfigurationChange.objects.create(at=later - 100 * DAY, subject="young")
    refused = signed_in(adam).post(URL, {"audit": "30", "deed": "save"})
    keep(audit=30)

    sweeping.sweep(now=later)

    assert refused.status_code == 422 and "365" in words(refused)
    assert ConfigurationChange.objects.filter(subject="young").exists()


def test_a_sweep_that_dies_between_two_batches_loses_no_count_and_is_gone_on_with(db, later, at, monkeypatch):
    for number in range(5):
        send(address="a@x.example", subject="x", text="x", dedupe=str(number), now=at)
    Delivery.objects.update(state="sent")
    keep(outbox=90)
    kind = BY_NAME["outbox"]
    calls = []

    def go(keys, now):
        calls.append(keys)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return kind.go(keys, now)

    broken = kinds.Kind(**{name: getattr(kind, name) for name in kind.__slots__} | {"go": go, "batch": 2})
    monkeypatch.setattr(sweeping, "KINDS", [broken])
    with pytest.raises(KeyboardInterrupt):
        sweeping.sweep(now=later)
    assert (Delivery.objects.count(), Removal.objects.get().count) == (3, 2)

    sweeping.sweep(now=later + DAY)

    assert not Delivery.objects.exists()
    removed = [one.after["removed"] for one in ConfigurationChange.objects.order_by("pk")]
    assert removed == [2, 3]


@pytest.fixture
def five_mails(db, at, monkeypatch):
    """Old ones, to be removed two by two; `make` of what is done instead, given the real deed."""
    for number in range(5):
        send(address="a@x.example", subject="x", text="x", dedupe=str(number), now=at)
    Delivery.objects.update(state="sent")
    keep(outbox=90)
    kind = BY_NAME["outbox"]

    def make(go=kind.go):
        given = {name: getattr(kind, name) for name in kind.__slots__} | {"go": go, "batch": 2}
        monkeypatch.setattr(sweeping, "KINDS", [kinds.Kind(**given)])
        return kind.go

    return make


def told():
    return [one.after["removed"] for one in ConfigurationChange.objects.order_by("pk")]


def test_what_goes_after_another_sweep_has_told_the_trail_is_told_as_well(five_mails, later):
    def go(keys, now):
        sweeping.tell(now=now)
        return real(keys, now)

    real = five_mails(go)

    sweeping.sweep(now=later)

    assert (sum(told()), Delivery.objects.count()) == (5, 0)


def test_what_is_removed_while_it_is_told_is_told_too(db, later, monkeypatch):
    Removal.objects.create(kind="outbox", before=later, begun_at=later, count=2)
    real = sweeping.transaction.atomic

    def one_more_batch():
        Removal.objects.update(count=3)
        return real()

    monkeypatch.setattr(sweeping.transaction, "atomic", one_more_batch)
    sweeping.tell(now=later)

    assert told() == [3]


def test_a_sweep_ends_in_time_and_the_next_one_goes_on(five_mails, later, monkeypatch):
    five_mails()
    seconds = itertools.count(step=60)
    monkeypatch.setattr(sweeping, "monotonic", lambda: next(seconds))

    assert [sweeping.sweep(now=later), sweeping.sweep(now=later)] == [{"outbox": 4}, {"outbox": 1}]

    assert told() == [4, 1]


def test_one_kind_that_fails_stops_no_other(old, later, monkeypatch):
    keep(attachments=90, raw_mail=90)

    def fail(keys, now):
        raise RuntimeError

    kind = BY_NAME["attachments"]
    broken = kinds.Kind(**{name: getattr(kind, name) for name in kind.__slots__} | {"go": fail})
    monkeypatch.setattr(sweeping, "KINDS", [broken, BY_NAME["raw_mail"]])

    assert sweeping.sweep(now=later)["raw_mail"] == 1


def test_what_waits_to_be_sent_stays_however_old(later, at, db):
    send(address="a@x.example", subject="x", text="x", dedupe="1", now=at)
    keep(outbox=30)

    assert sweeping.sweep(now=later) == {"outbox": 0}


def test_a_look_says_what_would_go_and_keeps_nothing(old, adam, later, time):
    time.move_to(later)

    page = signed_in(adam).post(URL, {"attachments": "90", "tickets": "99", "deed": "look"})

    said = words(page)
    assert "1 of 4" in said and "Nothing is saved yet." in said
    assert not Retention.objects.exists() and Attachment.objects.exists()


def test_periods_are_saved_on_record_and_an_empty_one_is_never(adam):
    client = signed_in(adam)

    client.post(URL, {"outbox": "90", "sessions": "60", "deed": "save"})
    client.post(URL, {"outbox": "", "sessions": "60", "deed": "save"})

    assert dict(Retention.objects.values_list("kind", "days")) == {"sessions": 60}
    assert ConfigurationChange.objects.count() == 3


def test_a_hold_is_put_and_lifted_on_the_page(old, adam):
    client = signed_in(adam)

    client.post(f"{URL}hold/", {"number": old.number, "reason": "A dispute"})
    shown = words(client.get(URL))
    wrong = client.post(f"{URL}hold/", {"number": "99999", "reason": "x"})
    client.post(f"{URL}hold/{Hold.objects.get().pk}/release/")

    assert "A dispute" in shown and wrong.status_code == 422
    assert not Hold.objects.exists() and ConfigurationChange.objects.count() == 2


def test_the_least_of_each_kind_is_said_and_every_kind_can_be_counted(adam, later):
    for kind in KINDS:
        assert sweeping.preview(kind, kind.least, now=later).count == 0
    assert "365 at least" in words(get(adam, "desk:retention"))


@pytest.fixture
def ended(old, mona, anna, at) -> Escalation:
    """Asked for, planned, told and ended a hundred days ago when `LATER` comes."""
    words = {"summary": "4711", "tried": "4711", "impact": "4711"}
    raised = services.escalate(
        user=anna,
        ticket_number=_open(old, anna, at),
        kind="hierarchical",
        severity=2,
        reason="funding",
        now=at,
        **words,
    )
    services.decide(user=mona, number=raised.number, now=at, decision="approve", note="4711")
    services.plan(user=mona, number=raised.number, tasks=[{"title": "Learned"}], now=at)
    services.deescalate(user=mona, number=raised.number, reason="4711", now=at + timedelta(hours=3))
    return Escalation.objects.get(number=raised.number)


def _open(ticket, by, at) -> int:
    actions.change_status(ticket=ticket, verb="reopen", by=by, now=at + timedelta(hours=2))
    return ticket.number


def test_of_an_old_escalation_the_words_go_and_what_was_learned_stays(ended, later):
    before = (ended.state, ended.step_since, ended.severity, ended.requester_id)
    keep(escalations=90)

    gone = [sweeping.sweep(now=later), sweeping.sweep(now=later + DAY)]

    ended.refresh_from_db()
    assert gone == [{"escalations": 1}, {"escalations": 0}]
    assert (ended.summary, ended.tried, ended.impact, ended.end_reason) == ("Removed for its age", "", "", "")
    assert "4711" not in str([*Approval.objects.values()])
    assert (ended.state, ended.step_since, ended.severity, ended.requester_id) == before
    assert PlanTask.objects.get().title == "Learned"


@pytest.mark.parametrize("why", ["young", "live", "held", "customer held", "analysed"])
def test_words_of_an_escalation_stay_while_they_are_needed(ended, later, adam, at, why):
    ticket = ended.ticket
    before = {
        "young": lambda: Escalation.objects.update(step_since=later - 89 * DAY),
        "live": lambda: Escalation.objects.update(state="resolving"),
        "held": lambda: forgetting.hold(number=ticket.number, organisation=None, reason="x", by=adam, now=at),
        "customer held": lambda: forgetting.hold(
            number=None, organisation=ticket.organisation, reason="x", by=adam, now=at
        ),
        "analysed": lambda: _analysed(ticket),
    }
    before[why]()
    keep(escalations=90)

    assert sweeping.sweep(now=later) == {"escalations": 0}

    ended.refresh_from_db()
    assert ended.tried == "4711"


@pytest.mark.parametrize("kind", ["escalations", "tickets"])
def test_an_analysis_that_was_asked_for_before_an_escalation_was_withdrawn_holds_no_words_back(
    ended, old, later, anna, at, kind
):
    make(Analysis, escalation=ended, submitted_at=None)
    actions.change_status(ticket=old, verb="solve", by=anna, now=at + timedelta(hours=4))
    Ticket.objects.update(status="closed", closed_at=at + timedelta(hours=4))
    keep(**{kind: 90})

    assert sweeping.sweep(now=later) == {kind: 1}


def test_the_page_of_an_escalation_whose_words_are_gone_still_opens(ended, later, mona):
    keep(escalations=90)
    sweeping.sweep(now=later)

    page = get(mona, "desk:escalation", ended.number)

    assert page.status_code == 200 and "Removed for its age" in words(page) and "4711" not in page.content.decode()
