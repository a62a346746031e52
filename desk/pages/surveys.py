"""When customers are asked how it was (R88), and campaigns: one question to many. For administrators."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.configuring import configure
from common.errors import NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.forms.surveys import CampaignForm, TermsForm
from surveys import campaigns
from surveys.figures import results
from surveys.models import Campaign
from surveys.planning import terms

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def page(request: DeskRequest) -> HttpResponse:
    """The terms, and what campaigns there were."""
    form = TermsForm(request.POST if request.method == "POST" else None, instance=terms())
    if form.is_bound and form.is_valid():
        with blaming(form):
            configure(terms(), by=request.user, **form.cleaned_data)
            say(request, _("Saved."))
            return redirect("desk:surveys")
    found = Paginator(Campaign.objects.all(), PAGE).get_page(request.GET.get("page"))
    known = results(list(found))
    context = {"form": form, "page": found, "lines": [(one, known[one.pk]) for one in found], "now": clock.now()}
    return show_settings(request, "desk/settings/surveys.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new(request: DeskRequest) -> HttpResponse:
    form = CampaignForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            made = campaigns.start(by=request.user, now=clock.now(), **form.cleaned_data)
            say(request, _("“%(name)s” has begun: the first are asked within a minute.") % {"name": made})
            return redirect("desk:campaign", made.pk)
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/campaign_new.html", {"form": form}, status=status)


@require_safe
@admin_page
def one(request: DeskRequest, pk: int) -> HttpResponse:
    """What it brought, and what was said, the lowest first."""
    campaign = _campaign(pk)
    answers = campaign.questions.answered().select_related("person__organisation").order_by("score", "-answered_at")
    context = {
        "campaign": campaign,
        "result": results([campaign])[campaign.pk],
        "page": Paginator(answers, PAGE).get_page(request.GET.get("page")),
        "now": clock.now(),
    }
    return show_settings(request, "desk/settings/campaign.html", context)


@require_POST
@admin_page
def end(request: DeskRequest, pk: int) -> HttpResponse:
    try:
        ended = campaigns.end(by=request.user, pk=_campaign(pk).pk, now=clock.now())
    except NotAllowedNow as error:
        say(request, str(error))
    else:
        say(request, _("“%(name)s” has ended: nobody more is asked.") % {"name": ended})
    return redirect("desk:campaign", pk)


def _campaign(pk: int) -> Campaign:
    found = Campaign.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
