"""The domains that the desk sends from, and what the world makes of mail from there. For administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock, doorbell
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, nothing_here, say, show_settings
from desk.forms.senders import SigningForm
from desk.looks.settings.senders import senders_look
from mailroom.models import SendingDomain
from mailroom.senders import checking


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def senders(request: DeskRequest) -> HttpResponse:
    """A form for each domain: how its mail is signed."""
    now = clock.now()
    looks = senders_look(now)
    chosen = request.POST.get("domain", "")
    if request.method == "POST" and chosen not in {str(one.row.pk) for one in looks}:
        return nothing_here(request)
    lines = [(one, _form(request, one.row, str(one.row.pk) == chosen)) for one in looks]
    for one, form in lines:
        if form.is_bound and form.is_valid():
            with blaming(form):
                checking.sign(pk=one.row.pk, **form.cleaned_data, by=request.user, now=now)
                doorbell.ring("mailroom.tasks.look_up_senders")
                say(request, _("%(domain)s is looked up anew; look again in a minute.") % {"domain": one.row.domain})
                return redirect("desk:senders")
    wrong = any(form.is_bound for _one, form in lines)
    context = {"lines": lines, "forms": [form for _one, form in lines if form.is_bound]}
    return show_settings(request, "desk/settings/senders.html", context, status=BAD_INPUT if wrong else 200)


@require_POST
@admin_page
def look_again(request: DeskRequest) -> HttpResponse:
    """Asked for here, done by a task: a page waits for no name server."""
    checking.ask_again(now=clock.now())
    doorbell.ring("mailroom.tasks.look_up_senders")
    say(request, _("All are looked up anew; look again in a minute."))
    return redirect("desk:senders")


def _form(request: DeskRequest, row: SendingDomain, is_sent: bool) -> SigningForm:
    initial = {"selector": row.selector, "signing_domain": row.signing_domain}
    return SigningForm(request.POST if is_sent else None, initial=initial, auto_id=f"id_{row.pk}_%s")
