"""What to read against the causes of escalations, and who has (R93)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import NotAllowedNow
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, rules_page, safe_next, say, show
from desk.forms.training import TrainingForm
from desk.looks.reports.training import training_look
from escalation.services import training

LONGEST_NUMBER = 9


@require_safe
@desk_page
def training_page(request: DeskRequest) -> HttpResponse:
    look = training_look(request.user, page=request.GET.get("page"), now=clock.now())
    return show(request, "desk/training/page.html", {"look": look, "here": request.get_full_path()})


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def new_training(request: DeskRequest) -> HttpResponse:
    form = TrainingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            made = training.link(user=request.user, **form.cleaned_data)
            say(request, _("“%(title)s” is among the trainings.") % {"title": made.article.title})
            return redirect("desk:training")
    return show(request, "desk/training/new.html", {"form": form}, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@rules_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    gone = training.unlink(user=request.user, pk=pk)
    say(request, _("“%(title)s” is suggested for this cause no more.") % {"title": gone.article.title})
    return redirect(safe_next(request, reverse("desk:training")))


@require_POST
@desk_page
def done(request: DeskRequest, slug: str) -> HttpResponse:
    """He says which version he has read."""
    said = request.POST.get("version", "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER else 0
    try:
        kept = training.complete(user=request.user, slug=slug, version=number, now=clock.now())
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        say(request, _("You have read “%(title)s”.") % {"title": kept.version.title})
    return redirect(safe_next(request, reverse("desk:training")))
