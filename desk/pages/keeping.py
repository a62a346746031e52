"""A ticket's whereabouts: handed over, asleep, put away."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, NotAllowedNow, NotFound, Refused
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show
from desk.forms.keeping import HandOverForm, PutAwayForm, SnoozeForm
from desk.looks.inbox.neighbours import again
from desk.looks.walk import newest_first
from desk.templatetags.desk_time import clock_text
from mailroom import services as mailroom
from people.models import User
from tickets import services
from tickets.enums import EventKind, Trash
from tickets.models import Ticket
from tickets.permissions import May, access_ticket

NOT_HERE = 404


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def hand_over(request: DeskRequest, number: int) -> HttpResponse:
    """To a team or a person, with a word to them."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = HandOverForm(request.POST or None, user=request.user)
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            given = services.hand_over(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _("Handed over to %(name)s.") % {"name": given.assignee or given.team})
            return redirect(_after(request, number))
    return show(request, "desk/ticket/hand_over.html", {"ticket": ticket, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def snooze(request: DeskRequest, number: int) -> HttpResponse:
    """Until when, and why. The page says that no clock stops for it."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = SnoozeForm(request.POST or None, now=clock.now())
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            resting = services.snooze(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            until = clock_text(resting.snoozed_until, clock.now())
            said = _("#%(number)d is snoozed until %(until)s.") % {"number": number, "until": until}
            say(request, said, undo=reverse("desk:wake", args=[number]))
            return redirect(again(request, number))
    return show(request, "desk/ticket/snooze.html", {"ticket": ticket, "form": form}, status=status)


@require_POST
@desk_page
def wake(request: DeskRequest, number: int) -> HttpResponse:
    try:
        services.wake(user=request.user, number=number, now=clock.now())
    except NotAllowedNow as error:
        return show(request, "desk/ticket/refused.html", {"refused": str(error)}, status=CONFLICT)
    say(request, _("#%(number)d is back.") % {"number": number})
    return redirect(again(request, number))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def put_away(request: DeskRequest, number: int) -> HttpResponse:
    """As trash or spam; of spam the sender can be blocked in the same step."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = PutAwayForm(request.POST or None, initial={"what": request.GET.get("what", "trash")})
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.put_away(user=request.user, number=number, what=form.cleaned_data["what"], now=clock.now())
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            said = [_("#%(number)d is put away.") % {"number": number}, *_block(request, ticket, form)]
            say(request, " ".join(said), undo=reverse("desk:bring_back", args=[number]))
            return redirect("desk:inbox")
    return show(request, "desk/ticket/put_away.html", {"ticket": ticket, "form": form}, status=status)


@require_safe
@desk_page
def trash(request: DeskRequest) -> HttpResponse:
    away = Ticket.objects.trash_of(request.user).with_people()
    return show(request, "desk/trash.html", {"look": newest_first(away, "trashed_at", request.GET.get("after", ""))})


@require_POST
@desk_page
def bring_back(request: DeskRequest, number: int) -> HttpResponse:
    """With spam its sender is read again, where the same hand had blocked him."""
    was_spam = Ticket.objects.filter(number=number, trashed_as=Trash.SPAM).exists()
    try:
        ticket = services.bring_back(user=request.user, number=number, now=clock.now())
    except (NotFound, NotAllowedNow):
        access_ticket(request.user, number)
        said = [_("#%(number)d is back already.") % {"number": number}]
    else:
        said = [_("#%(number)d is back.") % {"number": number}, *_unblock(request.user, ticket, was_spam=was_spam)]
    say(request, " ".join(said))
    return redirect(again(request, number))


def where_it_lies(request: DeskRequest, number: int) -> HttpResponse:
    """For whoever asks for a ticket that was put away; NotFound for what he would not find in the trash either."""
    ticket = Ticket.objects.trash_of(request.user).filter(number=number).first()
    if ticket is None:
        raise NotFound(_("There is nothing here for you."))
    put = ticket.events.filter(kind=EventKind.TRASHED).select_related("actor").order_by("pk").last()
    return show(request, "desk/ticket/in_trash.html", {"ticket": ticket, "put": put}, status=NOT_HERE)


@require_POST
@desk_page
def empty_trash(request: DeskRequest) -> HttpResponse:
    gone = services.empty_trash(user=request.user, now=clock.now())
    said = ngettext(
        "%(n)d ticket is deleted with all that was in it.", "%(n)d tickets are deleted with all that was in them.", gone
    )
    say(request, said % {"n": gone})
    return redirect("desk:trash")


def _block(request: DeskRequest, ticket: Ticket, form: PutAwayForm) -> list[str]:
    """What to tell of the sender; the ticket is away, whether or not he could be blocked."""
    if not form.cleaned_data["block"]:
        return []
    try:
        row = mailroom.block(user=request.user, pattern=ticket.requester.email, now=clock.now())
    except (DomainError, Refused) as error:
        return [_("Its sender is not blocked: %(why)s") % {"why": error}]
    return [_("Mail from %(pattern)s is dropped from now on.") % {"pattern": row.pattern}]


def _unblock(user: User, ticket: Ticket, *, was_spam: bool) -> list[str]:
    """What to tell of the sender of a ticket that is back."""
    address = ticket.requester.email
    if was_spam and mailroom.read_again(user=user, address=address):
        return [_("Mail from %(pattern)s is read again.") % {"pattern": address}]
    if mailroom.is_blocked(address):
        return [_("Mail from %(pattern)s is still dropped: a manager may unblock it.") % {"pattern": address}]
    return []


def _after(request: DeskRequest, number: int) -> str:
    """The ticket, or the inbox where it has gone out of sight."""
    try:
        access_ticket(request.user, number)
    except NotFound:
        return reverse("desk:inbox")
    return again(request, number)
