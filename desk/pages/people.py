"""Who works here (R30, R32): the list, one of them, invitations, hand-over, switching off. For administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.forms.people import HandOverForm, InviteForm, StandingForm, SwitchOffForm
from desk.looks.settings import people as looks
from escalation import leaving
from people import administration, deputies, factors
from people import invitations as letters
from people.models import User


@require_safe
@admin_page
def people(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    asked = request.GET
    look = looks.people_look(asked.get("q", ""), asked.get("after", ""), "gone" in asked, now)
    context = {"look": look, "invitations": looks.invitations(now), "now": now}
    return show_settings(request, "desk/settings/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def invite(request: DeskRequest) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            sent = letters.invite(by=request.user, now=clock.now(), **form.cleaned_data)
            say(request, _("%(email)s is invited; the link is good for seven days.") % {"email": sent.email})
            return redirect("desk:people")
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/person_new.html", {"form": form}, status=status)


@require_POST
@admin_page
def resend_invitation(request: DeskRequest, pk: int) -> HttpResponse:
    sent = letters.resend(by=request.user, pk=pk, now=clock.now())
    say(request, _("%(email)s gets another letter; the last one's link opens nothing now.") % {"email": sent.email})
    return redirect("desk:people")


@require_POST
@admin_page
def withdraw_invitation(request: DeskRequest, pk: int) -> HttpResponse:
    gone = letters.withdraw(by=request.user, pk=pk, now=clock.now())
    say(request, _("The invitation of %(email)s is withdrawn.") % {"email": gone.email})
    return redirect("desk:people")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def person(request: DeskRequest, pk: int) -> HttpResponse:
    found = _colleague(pk)
    form = StandingForm(request.POST if request.method == "POST" else None, person=found)
    if form.is_bound and form.is_valid():
        with blaming(form, InvalidInput, NotAllowedNow):
            session = request.session.session_key or ""
            administration.set_standing(by=request.user, person=found, session=session, **form.cleaned_data)
            say(request, _("%(name)s is saved.") % {"name": found.name})
            return redirect("desk:people" if request.user.pk != pk or found.is_admin else "desk:inbox")
        found = _colleague(pk)
    has = factors.names_of(factors.factors_of(found))
    context = {
        "form": form,
        "person": found,
        "line": deputies.line_of(found),
        "teams": _teams(found),
        "factors": has,
        "lacks": not has and factors.is_required(found.role),
    }
    return show_settings(request, "desk/settings/person.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@admin_page
def reset_factor(request: DeskRequest, pk: int) -> HttpResponse:
    """For somebody who has lost app and passkey."""
    found = _colleague(pk)
    try:
        factors.reset(by=request.user, person=found, now=clock.now())
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        say(request, _("%(name)s has no second factor any more, and is told so.") % {"name": found.name})
    return redirect("desk:person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def hand_over(request: DeskRequest) -> HttpResponse:
    """Somebody else administers the desk from now on."""
    form = HandOverForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_bound and form.is_valid():
        with blaming(form, InvalidInput, NotAllowedNow):
            session = request.session.session_key or ""
            to = administration.hand_over(by=request.user, session=session, **form.cleaned_data)
            say(request, _("%(name)s administers the desk from now on.") % {"name": to.name})
            return redirect("desk:inbox")
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/hand_over.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def switch_off(request: DeskRequest, pk: int) -> HttpResponse:
    """First what is open with him; then he is out, and it is somebody else's."""
    found, now = _colleague(pk), clock.now()
    form = SwitchOffForm(request.POST if request.method == "POST" else None, person=found)
    if form.is_bound and form.is_valid():
        with blaming(form, InvalidInput, NotAllowedNow):
            successor = form.cleaned_data["successor"]
            outcome = leaving.switch_off(user=request.user, person=found, successor=successor, now=now)
            told = [_("%(name)s is switched off; what was open is handed on.") % {"name": found.name}, *outcome.stuck]
            say(request, " ".join(told))
            return redirect("desk:people" if found.pk != request.user.pk else "home")
    context = {"form": form, "person": found, "left": leaving.left_with(found, now)}
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/person_off.html", context, status=status)


@require_POST
@admin_page
def switch_on(request: DeskRequest, pk: int) -> HttpResponse:
    found = _colleague(pk)
    try:
        administration.set_active(by=request.user, person=found, is_active=True)
    except DomainError as error:
        say(request, str(error))
    else:
        say(request, _("%(name)s may sign in again.") % {"name": found.name})
    return redirect("desk:people")


def _colleague(pk: int) -> User:
    found = User.objects.get_queryset().staff().select_related("deputy").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def _teams(found: User) -> list[tuple[str, str]]:
    """Name and what he is there, in the order of rank."""
    rows = [(team, _("leads")) for team in found.leads.all()]
    rows += [(team, _("manages")) for team in found.manages.all()]
    rows += [(team, _("member")) for team in found.teams.all()]
    return [(team.name, words) for team, words in rows]
