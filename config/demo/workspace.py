"""What the desk has put up for itself in a month: fields, views, a problem with its incidents, a merge."""

from datetime import datetime, timedelta

from chat.actions import say
from chat.models import GENERAL
from config.demo.company import Cast
from config.demo.texts import workspace as texts
from escalation.models import Escalation
from mailroom.services import block
from tickets import actions, handing, linking, merging
from tickets.enums import BelongsTo, Channel, FieldType, Kind, Relation, Status
from tickets.models import CustomField, RequestType, SavedView, Ticket
from tickets.querysets import TicketQuerySet
from visits.models import Widget

INCIDENTS = 3


def furnish(company: Cast, now: datetime) -> None:
    """After the month has been told: its tickets are what is linked and merged here."""
    _fields(company)
    _views(company)
    Widget.objects.create(**texts.WIDGET, key=texts.WIDGET_KEY)
    _a_problem(company, now)
    _a_second_ticket(company, now)
    _what_rests(company, now)
    admin = company.people["adam"]
    block(user=admin, pattern=texts.BLOCKED, now=now - timedelta(days=9))
    for who, minutes, line in texts.EVERYBODY:
        say(subject=GENERAL, author=company.people[who], body=line, now=now - timedelta(minutes=minutes))


def _fields(company: Cast) -> None:
    """And what tickets and escalations say there, as if it had been given when they were opened."""
    CustomField.objects.bulk_create(
        [
            CustomField(
                key=key,
                label=label,
                type=type_,
                choices=list(choices),
                order=10 * place,
                for_customers=key in texts.ASKED_OF_CUSTOMERS,
            )
            for place, (key, label, type_, choices) in enumerate(texts.FIELDS, start=1)
        ]
    )
    for place, one in enumerate(texts.REQUEST_TYPES, start=1):
        row = dict(one._asdict(), team=company.teams[one.team], asks=list(one.asks))
        RequestType.objects.create(**row, order=10 * place)
    for slug, product in texts.PRODUCTS.items():
        Ticket.objects.filter(team=company.teams[slug]).update(fields={"product": product})
    key, label, choices = texts.REGULATOR
    CustomField.objects.create(
        key=key,
        label=label,
        belongs_to=BelongsTo.ESCALATION,
        type=FieldType.CHOICE,
        choices=list(choices),
        is_kept_above=True,
    )
    Escalation.objects.filter(severity=1).update(fields={key: texts.SEVERE_SAY})


def _views(company: Cast) -> None:
    SavedView.objects.bulk_create(
        [
            SavedView(
                owner=company.people[view.owner],
                team=company.teams[view.team] if view.team else None,
                is_shared=view.for_all,
                name=view.name,
                query=view.query,
                base=view.base,
                columns=list(view.columns),
            )
            for view in texts.VIEWS
        ]
    )


def _a_problem(company: Cast, now: datetime) -> None:
    """What the bank does stands behind several payouts: solving it offers to answer them all (R20)."""
    at, rosa = now - timedelta(minutes=90), company.people["rosa"]
    problem = actions.open_ticket(
        subject=texts.PROBLEM,
        body=texts.PROBLEM_BODY,
        requester=rosa,
        team=company.teams["payments"],
        channel=Channel.WEB,
        kind=Kind.PROBLEM,
        fields={"product": texts.PRODUCTS["payments"]},
        now=at,
    )
    actions.assign(ticket=problem, assignee=rosa, now=at, by=rosa)
    actions.change_status(ticket=problem, verb="hold", reason=texts.PROBLEM_HOLD, now=at, by=rosa)
    problem.watchers.add(company.people["mona"])
    late = Ticket.objects.active().filter(tags__name=texts.LATE, merged_into=None)
    incidents = list(late.order_by("number")[:INCIDENTS])
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in incidents]).update(kind=Kind.INCIDENT)
    for ticket in incidents:
        linking.link(source=ticket, target=problem, relation=Relation.CAUSED_BY, now=at, by=rosa)


def _a_second_ticket(company: Cast, now: datetime) -> None:
    """A customer who asked twice: the second went into the first."""
    anna, first = company.people["anna"], _quiet(company).last()
    if first is None:
        return
    at = now - timedelta(minutes=70)
    second = actions.open_ticket(
        subject=f"Re: {first.subject}"[:200], body=texts.AGAIN, requester=first.requester, channel=Channel.EMAIL, now=at
    )
    merging.merge(source=second, target=first, now=at + timedelta(minutes=4), by=anna)


def _what_rests(company: Cast, now: datetime) -> None:
    """Two about one matter; and one that nobody can go on with before tomorrow."""
    anna = company.people["anna"]
    alike = list(_quiet(company).filter(status=Status.OPEN)[:2])
    if len(alike) == 2:
        source, target = alike
        linking.link(source=source, target=target, relation=Relation.RELATED, now=now - timedelta(minutes=50), by=anna)
    resting = _quiet(company).filter(status=Status.WAITING).first()
    if resting is not None:
        until = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
        at = now - timedelta(minutes=45)
        handing.snooze(ticket=resting, until=until, reason=texts.RESTS, now=at, by=anna)


def _quiet(company: Cast) -> TicketQuerySet:
    """Open tickets of Payments without an escalation; the oldest first."""
    return (
        Ticket.objects.active()
        .filter(team=company.teams["payments"], escalation_number=None, merged_into=None)
        .exclude(kind=Kind.PROBLEM)
        .order_by("number")
    )
