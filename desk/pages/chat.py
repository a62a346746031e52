"""The rooms of colleagues: everybody's, a team's, a ticket's. A word is a POST to the room's own address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chat import services
from chat.models import GENERAL, Post, Room
from chat.permissions import access_team_room, who_enter
from common import clock
from common.errors import InvalidInput, NotAllowedNow, NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, show
from desk.forms.room import ChatForm
from desk.looks.chat import MOST, NEWEST, newest_at, rooms, talk
from escalation.models import Escalation
from escalation.parties.forces import force_of, room_of
from escalation.permissions import access_escalation
from escalation.permissions import who_see as escalation_readers
from people.models import User
from people.querysets import UserQuerySet
from tickets.models import Ticket
from tickets.permissions import May, access_ticket, who_see

ANSWERS = ["GET", "HEAD", "POST"]
PARTS = {"talk": "desk/chat/talk.html", "rooms": "desk/chat/rooms.html"}
WHOLE = "desk/chat/page.html"


@dataclass(frozen=True, slots=True)
class Place:
    """A room as its page needs it; `say` is the service with everything but the words, `readers` whom it may name."""

    subject: str
    title: str
    who: str
    say: Callable[..., Post]
    readers: UserQuerySet
    context: dict[str, Any] = field(default_factory=dict)


@require_http_methods(ANSWERS)
@desk_page
def general(request: DeskRequest) -> HttpResponse:
    who = _("Everybody who works here reads it.")
    return answer(request, Place(GENERAL, _("Everybody"), who, services.say_to_all, who_enter(None)))


@require_http_methods(ANSWERS)
@desk_page
def team(request: DeskRequest, slug: str) -> HttpResponse:
    found = access_team_room(request.user, slug)
    closed = _("Only the people of this team and managers read it.")
    who = closed if found.restricted else _("Everybody who works here reads it.")

    def say(**given: Any) -> Post:
        return services.say_to_team(team=found, **given)

    return answer(request, Place(Room.subject_of(found), found.name, who, say, who_enter(found)))


@require_http_methods(ANSWERS)
@desk_page
def ticket(request: DeskRequest, number: int) -> HttpResponse:
    about = access_ticket(request.user, number, can=May.WORK)
    subject = f"#{about.number}"

    def may_read(person: User) -> bool:
        return Ticket.objects.visible_to(person).filter(pk=about.pk).exists()

    def say(**given: Any) -> Post:
        return services.say(subject=subject, may_read=may_read, **given)

    who = _("Everybody who may see the ticket reads it; the customer never does.")
    return answer(request, Place(subject, subject, who, say, who_see(about), {"ticket": about}))


@require_http_methods(ANSWERS)
@desk_page
def task_force(request: DeskRequest, number: int) -> HttpResponse:
    """The room of an escalation's own task force (R27, R63)."""
    about = access_escalation(request.user, number)
    if force_of(about) is None:
        raise NotFound
    subject = room_of(about)

    def may_read(person: User) -> bool:
        return Escalation.objects.visible_to(person).filter(pk=about.pk).exists()

    def say(**given: Any) -> Post:
        return services.say(subject=subject, may_read=may_read, **given)

    who = _("Everybody who may see the escalation reads it; the customer never does.")
    title = _("Task force of %(ref)s") % {"ref": about.reference}
    return answer(request, Place(subject, title, who, say, escalation_readers(about), {"escalation": about}))


def answer(request: DeskRequest, place: Place) -> HttpResponse:
    """The room as it is, or one word more in it."""
    form = ChatForm(request.POST or None)
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        with blaming(form, InvalidInput, NotAllowedNow):
            post = place.say(user=request.user, body=form.cleaned_data["body"], now=now, path=request.path)
            return redirect(f"{request.path}#post-{post.pk}")
    room = Room.objects.filter(subject=place.subject).first()
    look = talk(place.subject, _shown(request))
    upto = newest_at(look)
    if room is not None and upto is not None and request.method == "GET":
        services.read(user=request.user, room=room, upto=upto, now=now)
    part = request.GET.get("part", "") if request.htmx else ""
    context = {**place.context, "place": place, "room": room, "look": look, "form": form, "now": now}
    if part != "talk":
        context["lasting"], context["passing"] = rooms(request.user)
    if not part:
        context["people"] = place.readers.exclude(pk=request.user.pk).values_list("name", flat=True)
    status = BAD_INPUT if request.method == "POST" else 200
    return show(request, PARTS.get(part, WHOLE), context, status=status)


def _shown(request: DeskRequest) -> int:
    return min(MOST, max(NEWEST, whole(request.GET.get("shown", "")) or 0))
