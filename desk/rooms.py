"""Which rooms a person may enter, whatever they are about: this floor knows teams, tickets and escalations at once."""

from collections.abc import Iterable

from chat.models import GENERAL, Room
from chat.permissions import teams_open_to
from escalation.models import Escalation
from people.models import User
from tickets.models import Ticket

TICKET, ESCALATION, FORCE = "#", "E-", "TF-"


def visible_rooms(user: User, keys: Iterable[int]) -> list[Room]:
    """Of these rooms, those that this person may enter. Four queries at most, none without rooms."""
    wanted = set(keys)
    if not wanted or not user.is_agent:
        return []
    return visible_of(user, list(Room.objects.filter(pk__in=wanted).select_related("team")))


def visible_of(user: User, rooms: list[Room]) -> list[Room]:
    """The same for rooms that are at hand, in their order."""
    teams = {room.team_id for room in rooms if room.team_id}
    tickets = _numbers(rooms, TICKET)
    escalations = {**_numbers(rooms, ESCALATION), **_numbers(rooms, FORCE)}
    open_teams = set(teams_open_to(user).filter(pk__in=teams).values_list("pk", flat=True)) if teams else set()
    seen = Ticket.objects.visible_to(user).filter(pk__in=tickets.values()) if tickets else Ticket.objects.none()
    open_tickets = set(seen.values_list("pk", flat=True))
    known = Escalation.objects.visible_to(user).filter(pk__in=escalations.values())
    open_escalations = set(known.values_list("pk", flat=True)) if escalations else set()
    return [
        room
        for room in rooms
        if room.subject == GENERAL
        or room.team_id in open_teams
        or tickets.get(room.subject) in open_tickets
        or escalations.get(room.subject) in open_escalations
    ]


def _numbers(rooms: Iterable[Room], prefix: str) -> dict[str, int]:
    """By subject, the number of the ticket or the escalation that it names."""
    found = {}
    for room in rooms:
        number = room.subject.removeprefix(prefix)
        if number != room.subject and number.isascii() and number.isdigit() and room.team_id is None:
            found[room.subject] = int(number)
    return found
