"""What people did to tickets, read back as actions of a macro: what one has just done, and what a team does over and
over (R69: “a repeated manual sequence can be saved as one”). From the desk's own timeline; writes nothing.

Words that somebody wrote himself are no macro's: a reply counts where it is a quick reply, a note as it stands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from people.models import Team, User
from tickets import quick_replies, sending
from tickets.enums import DONE_STATUSES, EventKind, Status
from tickets.models import Event, Macro, Message, Ticket
from tickets.routing.action import ME, MOST_ACTIONS, Action, Do
from tickets.routing.wishes import NOTE_LIMIT

# A longer break ends what one was doing.
BREAK = timedelta(minutes=30)
LATELY = timedelta(days=30)
# So often the same team has done the same before a macro is suggested; of so few actions it is not worth one.
OFTEN, FEWEST = 3, 2
# The newest; more than these are not read for a suggestion.
MOST_EVENTS = 20_000
MOST_SUGGESTED = 8
_KINDS = (
    EventKind.ASSIGNED,
    EventKind.TAGGED,
    EventKind.PRIORITY,
    EventKind.STATUS,
    EventKind.NOTED,
    EventKind.REPLIED,
)
_VERBS = {Status.WAITING: "wait", Status.ON_HOLD: "hold", Status.SOLVED: "solve", Status.CLOSED: "close"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What people of a team have done so often, on these tickets among others."""

    team: Team
    actions: tuple[Action, ...]
    times: int
    numbers: tuple[int, ...]


@dataclass(slots=True)
class _Names:
    """From what the timeline calls teams and people to what actions call them."""

    teams: Mapping[str, str]
    people: Mapping[str, str]
    notes: Mapping[int, str] = field(default_factory=dict)
    replies: Mapping[int, str] = field(default_factory=dict)


def just_done(ticket: Ticket, user: User) -> tuple[Action, ...]:
    """What this person did to the ticket last, without a longer break in between; in its order."""
    events = list(ticket.events.filter(actor=user, kind__in=_KINDS).order_by("at", "pk"))
    last = _spells(events)[-1] if events else []
    return _actions(last, user, _with_words(last, ticket, user))


def repeated(now: datetime) -> list[Suggestion]:
    """What teams have done over and over of late and no macro does yet, the most often first. Five queries."""
    since = Event.objects.filter(at__gte=now - LATELY, kind__in=_KINDS, actor__isnull=False)
    newest = list(since.select_related("actor").order_by("-pk")[:MOST_EVENTS])[::-1]
    teams = _teams_of({event.actor_id for event in newest if event.actor_id})
    names, known = _names(), {_key(one) for one in _macros()}
    counted: Counter[tuple[int, tuple[Action, ...]]] = Counter()
    numbers: defaultdict[tuple[int, tuple[Action, ...]], list[int]] = defaultdict(list)
    for actor, number, spell in _by_person_and_ticket(newest):
        actions = _actions(spell, actor, names)
        if len(actions) < FEWEST or _key(actions) in known:
            continue
        for team in teams.get(actor.pk, ()):
            counted[team.pk, actions] += 1
            numbers[team.pk, actions].append(number)
    by_key = {team.pk: team for mine in teams.values() for team in mine}
    often = [one for one in counted.most_common() if one[1] >= OFTEN][:MOST_SUGGESTED]
    return [Suggestion(by_key[key[0]], key[1], times, tuple(numbers[key][-OFTEN:])) for key, times in often]


def _by_person_and_ticket(events: Iterable[Event]) -> Iterator[tuple[User, int, list[Event]]]:
    runs: defaultdict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in events:
        runs[event.actor_id or 0, event.ticket_id].append(event)
    for (_actor, number), run in runs.items():
        for spell in _spells(run):
            if spell[0].actor is not None:
                yield spell[0].actor, number, spell


def _spells(events: Sequence[Event]) -> list[list[Event]]:
    """Cut where nothing was done for a while."""
    found: list[list[Event]] = []
    for event in events:
        if not found or event.at - found[-1][-1].at > BREAK:
            found.append([])
        found[-1].append(event)
    return found


def _actions(events: Sequence[Event], actor: User, names: _Names) -> tuple[Action, ...]:
    found: dict[tuple[str, str], Action] = {}
    for event in events:
        for action in _of_event(event, actor, names):
            # Of what there is one, the last word stands where it was said last.
            key = (action.do, "" if action.do in _ONE else str(action.value))
            found.pop(key, None)
            found[key] = action
    return tuple(found.values())[:MOST_ACTIONS]


_ONE = (Do.TEAM, Do.OWNER, Do.PRIORITY, Do.STATUS, Do.REPLY)


def _of_event(event: Event, actor: User, names: _Names) -> Iterator[Action]:
    data = event.data
    if event.kind == EventKind.ASSIGNED:
        yield from _assigned(data.get("team", ""), data.get("assignee", ""), actor, names)
    elif event.kind == EventKind.TAGGED:
        yield Action(Do.TAG, data["added"]) if data.get("added") else Action(Do.UNTAG, data.get("removed", ""))
    elif event.kind == EventKind.PRIORITY:
        yield Action(Do.PRIORITY, data["after"])
    elif event.kind == EventKind.STATUS:
        yield from _stepped(data)
    elif event.kind == EventKind.NOTED and data.get("message") in names.notes:
        yield Action(Do.NOTE, names.notes[data["message"]])
    elif event.kind == EventKind.REPLIED and data.get("message") in names.replies:
        yield Action(Do.REPLY, names.replies[data["message"]])


def _assigned(team: str, assignee: str, actor: User, names: _Names) -> Iterator[Action]:
    """To a person where one was named, who stays in his team; else to the team."""
    if assignee and assignee == actor.name:
        yield Action(Do.OWNER, ME)
    elif assignee in names.people:
        yield Action(Do.OWNER, names.people[assignee])
    elif not assignee and team in names.teams:
        yield Action(Do.TEAM, names.teams[team])


def _stepped(data: Mapping[str, str]) -> Iterator[Action]:
    """Not what a reply did by itself: a new ticket is open then."""
    before, after = data.get("before", ""), data.get("after", "")
    verb = _VERBS.get(Status(after)) if after in Status.values else None
    if verb in {"wait", "hold"} and data.get("waits_for"):
        verb = f"{verb}:{data['waits_for']}"
    if verb is None and before in DONE_STATUSES:
        verb = "reopen"
    elif verb is None and before in {Status.WAITING, Status.ON_HOLD}:
        verb = "resume"
    if verb:
        yield Action(Do.STATUS, verb)


def _names() -> _Names:
    """Without words: of what a team does over and over these are never the same."""
    return _Names(
        teams=dict(Team.objects.values_list("name", "slug")),
        people=dict(User.objects.active().staff().values_list("name", "email")),
    )


def _with_words(events: Sequence[Event], ticket: Ticket, user: User) -> _Names:
    names = _names()
    written = [event.data["message"] for event in events if event.data.get("message")]
    rows = Message.objects.filter(pk__in=written, by_customer=False)
    notes = dict(rows.filter(is_public=False).values_list("pk", "body"))
    names.notes = {pk: body for pk, body in notes.items() if len(body) <= NOTE_LIMIT}
    names.replies = _replies(rows.filter(is_public=True), ticket, user)
    return names


def _replies(rows: Iterable[Message], ticket: Ticket, user: User) -> dict[int, str]:
    """Which of these say what a quick reply says, filled in for this ticket."""
    found = {}
    for message in rows:
        for one in quick_replies.for_ticket(ticket):
            text = quick_replies.fill(one.body, quick_replies.values(ticket, user, message.created_at))
            if message.body in {text, sending.signed(text, user)}:
                found[message.pk] = one.title
    return found


def _teams_of(people: set[int]) -> dict[int, list[Team]]:
    found: defaultdict[int, list[Team]] = defaultdict(list)
    for team in Team.objects.filter(members__in=people).prefetch_related("members").distinct():
        for member in team.members.all():
            if member.pk in people:
                found[member.pk].append(team)
    return found


def _macros() -> Iterator[tuple[Action, ...]]:
    for actions in Macro.objects.values_list("actions", flat=True):
        yield tuple(Action(**one) for one in actions)


def _key(actions: Iterable[Action]) -> tuple[tuple[str, str], ...]:
    return tuple((one.do, str(one.value)) for one in actions)
