"""Macros: several actions under one name, done to a ticket by whoever applies them: all of them, or none (R69).

Each is done by its own service, so that a macro does nothing that its reader may not do himself.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.configuring import configure
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound, Refused
from people import permissions as people
from people.models import Team, User
from tickets import actions, composer, quick_replies, sending, services, timeline
from tickets.enums import EventKind
from tickets.models import Macro, Ticket
from tickets.permissions import May, access_ticket
from tickets.routing import Action, Known, grammar
from tickets.routing.action import IN_MACROS, ME
from tickets.routing.existing import known_to_macros

ARTICLE_PATH = "/articles/{slug}/"


def of_the_desk() -> Any:
    """All that can be applied; they are no secret from anybody who works here."""
    return Macro.objects.filter(is_enabled=True).select_related("team")


def for_ticket(ticket: Ticket) -> list[Macro]:
    """Those of the ticket's team, and those for all."""
    found = of_the_desk().filter(Q(team=None) | Q(team=ticket.team_id))
    return sorted(found, key=lambda macro: (macro.team_id is None, macro.name))


def in_words(macro: Macro, known: Known) -> list[str]:
    """What it will do, in its order."""
    return grammar.in_words(grammar.read(macro.actions), known)


def missing_in(macro: Macro, known: Known) -> tuple[str, ...]:
    """What it names and what is not there any more: it is not applied before somebody has mended it."""
    return grammar.missing_in(grammar.read(macro.actions), known)


def checked(given: Any) -> list[dict[str, Any]]:
    """The actions as they are stored. InvalidInput with a sentence for each mistake, or where there are none."""
    if not given:
        raise InvalidInput.of("actions", _("A macro does something: add an action."))
    return grammar.check(given, known_to_macros(), may=IN_MACROS)


def save(
    *, user: User, name: str, team_slug: str, given: Any, macro: Macro | None = None, is_enabled: bool = True
) -> Macro:
    """A new one where `macro` is None: by an administrator, or by whoever is in the team that it is for."""
    people.check_agent(user)
    team = services.find_team(team_slug) if team_slug else None
    _check_may_save(user, team if macro is None else None)
    row = macro or Macro()
    return configure(row, by=user, name=name.strip(), team=team, actions=checked(given), is_enabled=is_enabled)


@transaction.atomic
def apply(*, user: User, number: int, macro: int, now: datetime, seen: int | None = None) -> Macro:
    """Everything it says, in its order; where one thing is refused nothing is done. The macro.

    `seen` is the last message that its reader knows: a reply crosses no other, and a second click sends no second
    one. Raises NotFound for a macro that is not for this ticket, NotAllowedNow with the step that was refused.
    """
    access_ticket(user, number, can=May.WORK)
    ticket = actions.lock_workable(number)
    chosen = next((row for row in for_ticket(ticket) if row.pk == macro), None)
    if chosen is None:
        raise NotFound(_("There is nothing here for you."))
    known = known_to_macros()
    if missing := missing_in(chosen, known):
        names = ", ".join(_("“%(name)s”") % {"name": name} for name in missing)
        raise NotAllowedNow(
            _("The macro “%(macro)s” names what is not there any more: %(names)s.")
            % {"macro": chosen.name, "names": names}
        )
    if any(one["do"] == grammar.Do.REPLY for one in chosen.actions):
        composer.check_crossing(ticket, user, seen, even_own=True)
    did = in_words(chosen, known)
    said = {"macro": chosen.name, "did": did}
    timeline.record(ticket, EventKind.MACRO, now=now, actor=user, reference=f"macro:{chosen.pk}", **said)
    for one, words in zip(grammar.read(chosen.actions), did, strict=True):
        try:
            _DOES[grammar.Do(one.do)](user, number, one, known, now)
        except DomainError as error:
            raise NotAllowedNow(_refusal(chosen, words, error)) from error
    return chosen


def _refusal(macro: Macro, step: str, error: DomainError) -> str:
    why = _("you may not do this here.") if isinstance(error, NotFound) else str(error)
    return _("Nothing of “%(macro)s” was done. %(step)s: %(why)s") % {"macro": macro.name, "step": step, "why": why}


def _check_may_save(user: User, team: Team | None) -> None:
    if user.is_admin or (team is not None and team.members.filter(pk=user.pk).exists()):
        return
    raise Refused(_("Make it for a team of yours; for all teams administrators make macros."))


def _assign(user: User, number: int, one: Action, known: Known, now: datetime) -> object:
    email = user.email if one.value == ME else str(one.value)
    return services.assign(user=user, number=number, now=now, assignee_email=email)


def _step(user: User, number: int, one: Action, known: Known, now: datetime) -> object:
    verb, _colon, waits_for = str(one.value).partition(":")
    return services.change_status(user=user, number=number, verb=verb, now=now, waits_for=waits_for)


def _reply(user: User, number: int, one: Action, known: Known, now: datetime) -> object:
    """At once, so that what follows in the macro follows in the conversation."""
    ticket = access_ticket(user, number, can=May.WORK)
    chosen = next((row for row in quick_replies.for_ticket(ticket) if row.title == one.value), None)
    if chosen is None:
        raise InvalidInput.of("reply", _("There is no such prepared text for the team of this ticket."))
    body = quick_replies.fill(chosen.body, quick_replies.values(ticket, user, now))
    quick_replies.check_resolved(body)
    return services.reply(user=user, number=number, body=sending.signed(body, user), now=now)


def _note(user: User, number: int, one: Action, known: Known, now: datetime) -> object:
    ticket = access_ticket(user, number, can=May.WORK)
    body = quick_replies.fill(str(one.value), quick_replies.values(ticket, user, now))
    return services.note(user=user, number=number, body=body, now=now)


def _guide(user: User, number: int, one: Action, known: Known, now: datetime) -> object:
    path = ARTICLE_PATH.format(slug=one.value)
    title = (known.guides or {}).get(str(one.value), str(one.value))
    return services.note(user=user, number=number, body=f"{_('Procedure')}: [{title}]({path})", now=now)


_DOES: dict[grammar.Do, Callable[[User, int, Action, Known, datetime], object]] = {
    grammar.Do.TEAM: lambda user, number, one, known, now: services.assign(
        user=user, number=number, now=now, team_slug=str(one.value)
    ),
    grammar.Do.OWNER: _assign,
    grammar.Do.TAG: lambda user, number, one, known, now: services.add_tag(
        user=user, number=number, name=str(one.value), now=now
    ),
    grammar.Do.UNTAG: lambda user, number, one, known, now: services.remove_tag(
        user=user, number=number, name=str(one.value), now=now
    ),
    grammar.Do.PRIORITY: lambda user, number, one, known, now: services.set_priority(
        user=user, number=number, priority=str(one.value), now=now
    ),
    grammar.Do.STATUS: _step,
    grammar.Do.REPLY: _reply,
    grammar.Do.NOTE: _note,
    grammar.Do.GUIDE: _guide,
}
