"""The calls that put tickets beside each other, apart, to rest and away: for those who work at the desk. And the
customer's word of how it was.
"""

from http import HTTPStatus

from api.ask import Ask
from api.calls.tickets import shown, worked_on
from api.endpoint import Call, endpoint
from api.inputs.handling import (
    HandOverInput,
    LinkInput,
    MacroInput,
    NoInput,
    RatingInput,
    SnoozeInput,
    SplitInput,
    TagInput,
    TrashInput,
    UnlinkInput,
)
from api.pagination import PageParameters, page
from api.problems import nothing_here
from api.shapes.handling import LinkPage, LinkShape, RatingShape, link_shape, rating_shape
from api.shapes.tickets import TicketPage, TicketShape, ticket_shape, with_all
from common.errors import NotFound
from people import permissions as people
from people.enums import Role
from people.models import User
from tickets import composer, linking, macros, services
from tickets.models import Rating, Ticket
from tickets.permissions import access_ticket


def list_links(ask: Ask, number: int) -> LinkPage:
    """How the ticket stands to others that the caller may see, from both sides, the newest link first."""
    ticket = access_ticket(ask.user, number)
    results, next_ = page(linking.seen_by(ask.user, ticket), ask, lambda link: link_shape(link, ticket))
    return {"results": list(results), "next": next_}


def link(ask: Ask, number: int) -> LinkShape:
    """Link it to another ticket; both show it."""
    given = ask.given
    made = services.link(
        user=ask.user, number=number, other=given["to"], relation=given["relation"], back=given["back"], now=ask.now
    )
    ticket = access_ticket(ask.user, number)
    return link_shape(linking.seen_by(ask.user, ticket).get(pk=made.pk), ticket)


def unlink(ask: Ask, number: int) -> TicketShape:
    """Take one of its links away, on both sides."""
    return remove_link(ask, number, ask.given["link"])


def remove_link(ask: Ask, number: int, pk: int) -> TicketShape:
    """The same as `unlink`, by the link's own address: it is gone on both sides."""
    ticket = access_ticket(ask.user, number)
    if not linking.seen_by(ask.user, ticket).filter(pk=pk).exists():
        raise NotFound(nothing_here())
    services.unlink(user=ask.user, link=pk, now=ask.now)
    return shown(ticket, ask)


def split(ask: Ask, number: int) -> TicketShape:
    """Make a ticket of one message; the answer is the new one."""
    given = ask.given
    made = services.split(
        user=ask.user,
        number=number,
        message=given["message"],
        subject=given["subject"],
        team=services.find_team(given["team"]) if "team" in given else None,
        now=ask.now,
    )
    return shown(made, ask)


def unmerge(ask: Ask, number: int) -> TicketShape:
    """Take the ticket out of the one that it was merged into, as it was."""
    return shown(services.take_out(user=ask.user, number=number, now=ask.now), ask)


def show_rating(ask: Ask, number: int) -> RatingShape:
    """What the customer says of how it was solved."""
    ticket = access_ticket(ask.user, number)
    return rating_shape(Rating.objects.select_related("by").filter(ticket=ticket).first())


def rate(ask: Ask, number: int) -> RatingShape:
    """The customer's own answer, once the ticket is solved; another one takes its place."""
    return rating_shape(services.rate(user=ask.user, number=number, now=ask.now, **ask.given))


def tag(ask: Ask, number: int) -> TicketShape:
    """Add a tag."""
    return shown(services.add_tag(user=ask.user, number=number, name=ask.given["tag"], now=ask.now), ask)


def apply_macro(ask: Ask, number: int) -> TicketShape:
    """Everything that a macro says, in its order; where one thing is refused nothing is done."""
    macros.apply(user=ask.user, number=number, now=ask.now, **ask.given)
    return shown(access_ticket(ask.user, number), ask)


def untag(ask: Ask, number: int) -> TicketShape:
    """Remove a tag; one that it has not changes nothing."""
    name = ask.given["tag"].casefold()
    return shown(services.remove_tag(user=ask.user, number=number, name=name, now=ask.now), ask)


def take(ask: Ask, number: int) -> TicketShape:
    """It is the caller's from now on."""
    return shown(services.take(user=ask.user, number=number, now=ask.now), ask)


def hand_over(ask: Ask, number: int) -> TicketShape:
    """Give it to a team, a person, or both, with a word; whoever gets it is told at once."""
    given = ask.given
    ticket = services.hand_over(
        user=ask.user,
        number=number,
        note=given["note"],
        team=services.find_team(given["team"]) if "team" in given else None,
        assignee=services.find_agent(given["assignee"]) if "assignee" in given else None,
        now=ask.now,
    )
    return shown(ticket, ask)


def snooze(ask: Ask, number: int) -> TicketShape:
    """Out of the way until a moment; no clock stops for it, and a word of the customer wakes it."""
    return shown(services.snooze(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def wake(ask: Ask, number: int) -> TicketShape:
    """Back before its moment."""
    return shown(services.wake(user=ask.user, number=number, now=ask.now), ask)


def put_away(ask: Ask, number: int) -> TicketShape:
    """Into the trash, as such or as spam; after thirty days it is gone."""
    return shown(services.put_away(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def list_trash(ask: Ask) -> TicketPage:
    """What was put away, of the tickets that the caller would see otherwise."""
    people.check_agent(ask.user)
    away = with_all(Ticket.objects.trash_of(ask.user), ask.user)
    results, next_ = page(away, ask, lambda ticket: ticket_shape(ticket, ask.user, ask.links))
    return {"results": list(results), "next": next_}


def restore(ask: Ask, number: int) -> TicketShape:
    """Bring it back from the trash as it was; its clocks count as if it had never been there."""
    return shown(services.bring_back(user=ask.user, number=number, now=ask.now), ask)


def watch(ask: Ask, number: int) -> TicketShape:
    """The caller is told what happens on the ticket."""
    return _watched(ask, number, on=True)


def unwatch(ask: Ask, number: int) -> TicketShape:
    """The caller is not told any more."""
    return _watched(ask, number, on=False)


def _watched(ask: Ask, number: int, *, on: bool) -> TicketShape:
    composer.watch(user=ask.user, number=number, on=on)
    return shown(access_ticket(ask.user, number), ask)


def _of_it(user: User, number: int, pk: int) -> Ticket:
    return access_ticket(user, number)


one_link = endpoint(DELETE=Call(remove_link, Role.AGENT, TicketShape, guard=_of_it))
links = endpoint(GET=Call(list_links, Role.AGENT, LinkPage, parameters=PageParameters, guard=access_ticket))
rating = endpoint(
    GET=Call(show_rating, Role.CUSTOMER, RatingShape), POST=Call(rate, Role.CUSTOMER, RatingShape, body=RatingInput)
)
trash = endpoint(GET=Call(list_trash, Role.AGENT, TicketPage, parameters=PageParameters))
verbs = {
    "link": endpoint(POST=worked_on(link, LinkInput, LinkShape, HTTPStatus.CREATED)),
    "unlink": endpoint(POST=worked_on(unlink, UnlinkInput)),
    "split": endpoint(POST=worked_on(split, SplitInput, status=HTTPStatus.CREATED)),
    "unmerge": endpoint(POST=worked_on(unmerge, NoInput)),
    "tag": endpoint(POST=worked_on(tag, TagInput)),
    "untag": endpoint(POST=worked_on(untag, TagInput)),
    "macro": endpoint(POST=worked_on(apply_macro, MacroInput)),
    "take": endpoint(POST=worked_on(take, NoInput)),
    "hand-over": endpoint(POST=worked_on(hand_over, HandOverInput)),
    "snooze": endpoint(POST=worked_on(snooze, SnoozeInput)),
    "wake": endpoint(POST=worked_on(wake, NoInput)),
    "put-away": endpoint(POST=worked_on(put_away, TrashInput)),
    "restore": endpoint(POST=worked_on(restore, NoInput)),
    "watch": endpoint(POST=worked_on(watch, NoInput)),
    "unwatch": endpoint(POST=worked_on(unwatch, NoInput)),
}
