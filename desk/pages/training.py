"""What to read against the causes of escalations, what is suggested to train, and who has read what (R93)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import InvalidInput, NotAllowedNow, NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, rules_page, safe_next, say, show
from desk.forms.training import DeclineForm, TrainingForm
from desk.looks.reports.suggested import suggested_trainings
from desk.looks.reports.training import training_look
from escalation.enums import RecommendedFor
from escalation.models import Recommendation
from escalation.permissions import access_to_settle
from escalation.services import training


@require_safe
@desk_page
def training_page(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    look = training_look(request.user, page=request.GET.get("page"), now=now)
    to_train = suggested_trainings(request.user, look.people, now=now)
    context = {"look": look, "to_train": to_train, "here": request.get_full_path(), "now": now}
    return show(request, "desk/training/page.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def take_up(request: DeskRequest, pk: int) -> HttpResponse:
    """A suggestion becomes an article against a cause; that of the escalation which taught it is chosen already."""
    row = _suggestion(request, pk)
    cause = row.escalation.cause if row.escalation else ""
    form = TrainingForm(request.POST if request.method == "POST" else None, initial={"cause": cause})
    if form.is_bound and form.is_valid():
        with blaming(form, InvalidInput, NotAllowedNow):
            made = training.take_up(user=request.user, pk=pk, now=clock.now(), **form.cleaned_data)
            say(request, _("“%(title)s” is among the trainings.") % {"title": made.article.title})
            return redirect("desk:training")
    context = {"form": form, "suggestion": row}
    return show(request, "desk/training/new.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def decline(request: DeskRequest, pk: int) -> HttpResponse:
    """By whoever may say what became of it, with a reason that stays in the register."""
    row = _suggestion(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with blaming(form, InvalidInput, NotAllowedNow):
            training.decline(user=request.user, pk=pk, now=clock.now(), **form.cleaned_data)
            say(request, _("“%(title)s” is declined, and it is on record why.") % {"title": row.title})
            return redirect("desk:training")
    context = {"form": form, "suggestion": row}
    return show(request, "desk/training/decline.html", context, status=BAD_INPUT if form.is_bound else 200)


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
    number = whole(request.POST.get("version", "")) or 0
    try:
        kept = training.complete(user=request.user, slug=slug, version=number, now=clock.now())
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        say(request, _("You have read “%(title)s”.") % {"title": kept.version.title})
    return redirect(safe_next(request, reverse("desk:training")))


def _suggestion(request: DeskRequest, pk: int) -> Recommendation:
    with transaction.atomic():
        row = access_to_settle(request.user, pk)
    if row.about != RecommendedFor.TRAINING:
        raise NotFound
    return row
