"""One's own absences and deputy, and what one would like to do more of. For everybody who works here."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.numbers import whole
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, safe_next, say, show
from desk.forms.presence import AbsenceForm, DeputyForm
from people import deputies, presence, skills


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def away(request: DeskRequest) -> HttpResponse:
    """`do` says which of the forms was sent."""
    user, now, sent = request.user, clock.now(), request.POST.get("do", "")
    absence = AbsenceForm(request.POST if sent == "away" else None)
    deputy = DeputyForm(request.POST if sent == "deputy" else None, person=user)
    form = {"away": absence, "deputy": deputy}.get(sent)
    if form is not None and form.is_valid():
        with blaming(form):
            if sent == "away":
                presence.add_absence(by=user, person=user, now=now, **form.cleaned_data)
            else:
                presence.set_deputy(by=user, person=user, **form.cleaned_data)
            say(request, _("It is saved."))
            return redirect("desk:away")
    context = {
        "away": absence,
        "deputy": deputy,
        "absences": user.absences.filter(ends_at__gt=now).order_by("starts_at", "pk"),
        "line": deputies.line_of(user),
        "held": user.skills.select_related("skill").order_by("skill__name"),
    }
    return show(request, "profile/away.html", context, status=BAD_INPUT if form else 200)


@require_POST
@desk_page
def come_back(request: DeskRequest, pk: int) -> HttpResponse:
    """The absence is gone: one's own, or of somebody for whom one answers."""
    whose = presence.remove_absence(by=request.user, pk=pk)
    say(request, _("%(name)s is not away then any more.") % {"name": whose.name})
    return redirect(safe_next(request, "/profile/away/"))


@require_POST
@desk_page
def interests(request: DeskRequest) -> HttpResponse:
    wanted = {key for word in request.POST.getlist("skill") if (key := whole(word)) is not None}
    skills.set_interests(user=request.user, skills=wanted)
    say(request, _("What you would like to do more of is saved."))
    return redirect("desk:away")
