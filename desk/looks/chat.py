"""The rooms of colleagues as a list, and one of them with what was said."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from chat.models import GENERAL, Post, PostMention, Reading, Room
from chat.permissions import teams_open_to
from desk.looks.inbox.views import teams_of
from desk.rooms import ESCALATION, FORCE, TICKET, visible_of
from people.models import Team, User
from tickets.tally import tallies

NEWEST = 100
MOST = 2000
# Rooms of tickets and escalations: of so many that were used last, the first few that the reader may enter.
LOOKED_AT = 100
SUBJECTS = 20


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room in the list. `unread` stops counting at `tally.MOST`; `named`: somebody named the reader there."""

    subject: str
    title: str
    icon: str
    url: str
    unread: int = 0
    named: int = 0
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class TalkLook:
    posts: list[Post]
    earlier: bool
    shown: int


def rooms(user: User) -> tuple[list[RoomLine], list[RoomLine]]:
    """Everybody's and the teams' rooms; then those of tickets and escalations, the last used first."""
    teams = list(teams_open_to(user))
    subjects = [GENERAL, *(Room.subject_of(team) for team in teams)]
    lasting = {room.subject: room for room in Room.objects.filter(subject__in=subjects)}
    recent = Room.objects.filter(team=None, last_at__isnull=False).exclude(subject=GENERAL).order_by("-last_at", "-pk")
    passing = visible_of(user, list(recent[:LOOKED_AT]))[:SUBJECTS]
    own = {GENERAL, *(f"team:{key}" for key in teams_of(user))}
    unread, named = _unread(user, [*lasting.values(), *passing], own)
    lines = [
        RoomLine(GENERAL, _("Everybody"), "world", reverse("desk:chat"), room=lasting.get(GENERAL)),
        *(_team_line(team, lasting.get(Room.subject_of(team))) for team in teams),
    ]
    return (
        [_counted(line, unread, named) for line in lines],
        [_counted(_subject_line(room), unread, named) for room in passing],
    )


def talk(subject: str, shown: int) -> TalkLook:
    """What was said last, with who said it and who is named."""
    posts = Post.objects.about(subject).newest(shown + 1)
    return TalkLook(posts[-shown:], len(posts) > shown, shown)


def _unread(user: User, found: list[Room], own: set[str]) -> tuple[dict[int, int], dict[int, int]]:
    """By room: posts of others since the reader was there, and those that name him. Three queries.

    A room that he never opened counts only where it is his own: the talk of others is no debt of his.
    """
    keys = [room.pk for room in found]
    read = dict(Reading.objects.filter(user=user, room__in=keys).values_list("room_id", "read_at"))
    wanted = {}
    for room in found:
        posts = Post.objects.filter(room=room.pk).exclude(author=user.pk)
        if room.pk in read:
            wanted[str(room.pk)] = posts.filter(at__gt=read[room.pk])
        elif room.subject in own:
            wanted[str(room.pk)] = posts
    unread = {int(key): count for key, count in tallies(wanted).items()}
    mentions = PostMention.objects.filter(user=user, read_at=None, post__room__in=keys).order_by()
    return unread, dict(mentions.values_list("post__room").annotate(n=Count("pk")).values_list("post__room", "n"))


def _counted(line: RoomLine, unread: dict[int, int], named: dict[int, int]) -> RoomLine:
    key = line.room.pk if line.room else 0
    return RoomLine(line.subject, line.title, line.icon, line.url, unread.get(key, 0), named.get(key, 0), line.room)


def _team_line(team: Team, room: Room | None) -> RoomLine:
    icon = "lock" if team.restricted else team.icon
    return RoomLine(Room.subject_of(team), team.name, icon, reverse("desk:chat_team", args=[team.slug]), room=room)


def _subject_line(room: Room) -> RoomLine:
    if room.subject.startswith(ESCALATION):
        number = room.subject.removeprefix(ESCALATION)
        return RoomLine(room.subject, room.subject, "stairs-up", reverse("desk:escalation", args=[number]), room=room)
    if room.subject.startswith(FORCE):
        number = room.subject.removeprefix(FORCE)
        return RoomLine(room.subject, room.subject, "users-group", reverse("desk:chat_force", args=[number]), room=room)
    number = room.subject.removeprefix(TICKET)
    return RoomLine(room.subject, room.subject, "ticket", reverse("desk:chat_ticket", args=[number]), room=room)


def newest_at(look: TalkLook) -> datetime | None:
    return look.posts[-1].at if look.posts else None
