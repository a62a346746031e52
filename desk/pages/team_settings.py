"""Teams set up (R14, R31, R34): all of them by administrators, each one's own business by whoever answers for it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import NotFound
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, desk_page, say, show_settings
from desk.forms.presence import AbsenceForm, DutyForm
from desk.forms.teams import TeamForm
from desk.looks.settings import teams as looks
from people import presence
from people.models import Team
from people.teams import may_edit, save_team

FORMS: dict[str, type[DutyForm] | type[AbsenceForm]] = {"duty": DutyForm, "away": AbsenceForm}


@require_safe
@desk_page
def teams(request: DeskRequest) -> HttpResponse:
    """Those that one may change; to whoever answers for none there is nothing here."""
    lines = looks.team_lines(request.user)
    if not lines and not request.user.is_admin:
        raise NotFound
    return show_settings(request, "desk/settings/teams.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_team(request: DeskRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def team(request: DeskRequest, slug: str) -> HttpResponse:
    return _form(request, _team(request, slug))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def rota(request: DeskRequest, slug: str) -> HttpResponse:
    """Who is on duty and who is away; `do` says which of the two forms was sent."""
    found, now, sent = _team(request, slug), clock.now(), request.POST.get("do", "")
    forms = {name: made(request.POST if sent == name else None, team=found) for name, made in FORMS.items()}
    form = forms.get(sent)
    if form is not None and form.is_valid():
        with blaming(form):
            if sent == "duty":
                presence.add_duties(by=request.user, team=found, now=now, **form.cleaned_data)
            else:
                presence.add_absence(by=request.user, now=now, **form.cleaned_data)
            say(request, _("It is entered for %(name)s.") % {"name": form.cleaned_data["person"].name})
            return redirect("desk:team_rota", slug)
    context = {"team": found, "rota": looks.rota(found, now), "duty": forms["duty"], "away": forms["away"], "now": now}
    return show_settings(request, "desk/settings/team_rota.html", context, status=BAD_INPUT if form else 200)


@require_POST
@desk_page
def remove_duty(request: DeskRequest, pk: int) -> HttpResponse:
    gone = presence.remove_duty(by=request.user, pk=pk)
    say(request, _("%(name)s is not on duty then any more.") % {"name": gone.person.name})
    return redirect("desk:team_rota", gone.team.slug)


def _form(request: DeskRequest, found: Team | None) -> HttpResponse:
    form = TeamForm(request.POST if request.method == "POST" else None, by=request.user, team=found)
    if form.is_bound and form.is_valid():
        with blaming(form):
            kept = save_team(by=request.user, team=found, **form.cleaned_data)
            say(request, _("%(team)s is saved.") % {"team": kept.name})
            return redirect("desk:team", kept.slug)
    context = {"form": form, "team": found}
    return show_settings(request, "desk/settings/team.html", context, status=BAD_INPUT if form.is_bound else 200)


def _team(request: DeskRequest, slug: str) -> Team:
    found = Team.objects.select_related("lead", "parent", "calendar").filter(slug=slug).first()
    if found is None or not may_edit(request.user, found):
        raise NotFound(_("There is nothing here for you."))
    return found
