from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Func, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from people.enums import MANAGING_ROLES, Role
from tickets.enums import ACTIVE_STATUSES, BelongsTo, Priority, RuleEvent, Status

if TYPE_CHECKING:
    from people.models import User
    from tickets.models import CustomField, Draft, Event, Message, RequestType, RoutingRule, RuleDeed, Ticket


def asks() -> "ExpressionWrapper[Q]":
    """Whether a message has a question in it: a mark at the end of words, which one inside an address is not."""
    return ExpressionWrapper(Q(body__regex=r"[?？؟](\s|$|[\"”»)*_!.])"), output_field=BooleanField())


def status_in(statuses: Iterable[str]) -> Func:
    """`status IN ('new', …)`, the words in the SQL itself, as the partial indexes name them.

    SQLite uses such an index only where it sees that the query implies its condition, and into the parameters of a
    list it does not look.
    """
    words = ", ".join(f"'{status}'" for status in map(str, statuses))
    return Func(F("status"), template=f"%(expressions)s IN ({words})", output_field=BooleanField())


def closed_to(user: "User") -> RawSQL:
    """The restricted teams that somebody neither leads, manages nor belongs to (R31).

    A set of a few teams, found once: a join would keep lists from walking along their index. A page asks a dozen
    times what somebody may see; writing this out from a queryset each time took longer than the answers.
    """
    return RawSQL(_CLOSED_TEAMS, (user.pk, user.pk, user.pk))  # noqa: S611 - a fixed text, its parameters apart


def sight(user: "User", ticket: str = "") -> Q:
    """What somebody who works here sees of tickets, or, with `ticket="ticket__"`, of what hangs on them (R31)."""
    if user.role in MANAGING_ROLES:
        return Q()
    closed = Q((f"{ticket}team__in", closed_to(user)))
    return Q((f"{ticket}team", None)) | ~closed | Q((f"{ticket}assignee", user.pk))


def overseen_by(user: "User", *, to_answer: bool = False) -> RawSQL:
    """The organisation all of whose requests this customer sees, or may answer, while he is of it. None of others."""
    return RawSQL(_OVERSEEN + (" AND answers_for_it" if to_answer else ""), (user.pk,))  # noqa: S611 - a fixed text


_OVERSEEN = "SELECT organisation_id FROM people_user WHERE id = %s AND oversees_id = organisation_id"

_CLOSED_TEAMS = """
    SELECT id FROM people_team WHERE restricted
    AND (lead_id IS NULL OR lead_id <> %s)
    AND id NOT IN (SELECT team_id FROM people_team_members WHERE user_id = %s)
    AND id NOT IN (SELECT team_id FROM people_team_managers WHERE user_id = %s)
"""


_HELD = Q(hold__isnull=False) | Q(organisation__hold__isnull=False)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: "User") -> "TicketQuerySet":
        """Agents see all but foreign restricted teams' tickets (R31); nobody the trash. Customers see their own, and
        those of their organisation where they oversee it.
        """
        return self.in_sight_of(user).filter(trashed_at=None)

    def trash_of(self, user: "User") -> "TicketQuerySet":
        """What was put away as trash or spam, for those who would see it otherwise; never for customers."""
        if user.role == Role.CUSTOMER:
            return self.none()
        return self.in_sight_of(user).filter(trashed_at__isnull=False)

    def with_customer_name(self) -> "TicketQuerySet":
        """Read with the ticket, where many customers would be read for their names alone."""
        # By its text, for it is no new attribute: what is read stands where the ticket would work it out.
        return self.annotate(**{"customer_name": Coalesce("organisation__name", "requester__name")})

    def in_sight_of(self, user: "User") -> "TicketQuerySet":
        if not user.is_active:
            return self.none()
        if user.role == Role.CUSTOMER:
            return self.filter(Q(requester=user) | Q(organisation__in=overseen_by(user)))
        return self.filter(sight(user))

    def writable_by(self, user: "User") -> "TicketQuerySet":
        """Of those that somebody sees, those on which he may write."""
        if user.role != Role.CUSTOMER:
            return self.visible_to(user)
        theirs = Q(requester=user) | Q(organisation__in=overseen_by(user, to_answer=True))
        return self.visible_to(user).filter(theirs)

    def active(self) -> "TicketQuerySet":
        return self.filter(status_in(ACTIVE_STATUSES))

    def held(self) -> "TicketQuerySet":
        """Kept as they are, by a hold of their own or of their customer."""
        return self.filter(_HELD)

    def unheld(self) -> "TicketQuerySet":
        return self.exclude(_HELD)

    def awake(self, now: datetime) -> "TicketQuerySet":
        """Not snoozed, or their moment has come."""
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))

    def snoozed(self, now: datetime) -> "TicketQuerySet":
        return self.filter(snoozed_until__gt=now)

    def unowned(self) -> "TicketQuerySet":
        return self.filter(assignee=None)

    def urgent(self) -> "TicketQuerySet":
        return self.filter(priority=Priority.URGENT)

    def paused(self) -> "TicketQuerySet":
        return self.filter(status=Status.WAITING)

    def past_due(self, now: datetime) -> "TicketQuerySet":
        return self.active().filter(next_due_at__lte=now)

    def due_between(self, start: datetime, end: datetime) -> "TicketQuerySet":
        return self.active().filter(next_due_at__gt=start, next_due_at__lte=end)

    def for_team(self, slug: str) -> "TicketQuerySet":
        return self.filter(team__slug=slug)

    def with_people(self) -> "TicketQuerySet":
        """With what a row shows, in one query."""
        return self.select_related("requester", "organisation", "team", "assignee")


class MessageQuerySet(models.QuerySet["Message"]):
    def public(self) -> "MessageQuerySet":
        return self.filter(is_public=True)

    def visible_to(self, user: "User") -> "MessageQuerySet":
        """Customers never see internal notes (R62)."""
        return self if user.is_agent else self.public()


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, reference: str) -> "EventQuerySet":
        """Those of one escalation, named by its reference (“E-207”)."""
        return self.filter(reference=reference)


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def enabled(self) -> "RoutingRuleQuerySet":
        return self.filter(is_enabled=True)

    def quiet_and_new(self) -> "RoutingRuleQuerySet":
        """Of quiet tickets, and not yet known to those that were open before it."""
        return self.enabled().filter(event=RuleEvent.QUIET).exclude(known_to_all=F("version"))

    def quiet_and_off(self) -> "RoutingRuleQuerySet":
        """Switched off after it was known to all: what has happened since did not know it."""
        return self.filter(event=RuleEvent.QUIET, is_enabled=False).exclude(known_to_all=0)

    def catch_all(self) -> "RoutingRule | None":
        """None where nobody has ever changed it: then it is the built-in one, the fallback team."""
        return self.filter(is_catch_all=True).first()

    def delete(self) -> tuple[int, dict[str, int]]:
        """The catch-all stays, whoever sweeps the rules away (R59)."""
        return super(RoutingRuleQuerySet, self.filter(is_catch_all=False)).delete()


class RuleDeedQuerySet(models.QuerySet["RuleDeed"]):
    def owed(self, now: datetime) -> "RuleDeedQuerySet":
        """Letters of rules that nobody has answered yet, without those that wait for their next try."""
        return self.filter(Q(next_try_at=None) | Q(next_try_at__lte=now), done_at=None)

    def escalating(self) -> "RuleDeedQuerySet":
        """Those that the floor above answers."""
        return self.filter(do__in=("propose", "open"))

    def of_this_floor(self) -> "RuleDeedQuerySet":
        return self.exclude(do__in=("propose", "open"))


class DraftQuerySet(models.QuerySet["Draft"]):
    def being_written(self) -> "DraftQuerySet":
        return self.filter(send_at=None)

    def on_their_way(self) -> "DraftQuerySet":
        """Replies that leave unless they are taken back."""
        return self.filter(send_at__isnull=False)


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def of(self, thing: str) -> "CustomFieldQuerySet":
        """Those that tell more of this, retired ones too."""
        return self.filter(belongs_to=thing)

    def in_use(self, thing: str = BelongsTo.TICKET) -> "CustomFieldQuerySet":
        """Those that are asked and shown."""
        return self.of(thing).filter(is_enabled=True)

    def of_customers(self, thing: str = BelongsTo.TICKET) -> "CustomFieldQuerySet":
        """Those that customers are asked in a new request, and see on theirs."""
        return self.in_use(thing).filter(for_customers=True)


class RequestTypeQuerySet(models.QuerySet["RequestType"]):
    def in_use(self) -> "RequestTypeQuerySet":
        """Those that customers are offered."""
        return self.filter(is_active=True)
