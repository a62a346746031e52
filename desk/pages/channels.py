"""Through which channels is escalated (R30): for whoever sets the rules of escalation."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, rules_page, say, show_settings
from desk.looks.settings.channels import channel_lines
from escalation.services import ruling


@require_safe
@rules_page
def channels(request: DeskRequest) -> HttpResponse:
    return _page(request)


@require_POST
@rules_page
def switch(request: DeskRequest) -> HttpResponse:
    """On or off: `on` says which, so that a second press of an old page changes nothing."""
    on = request.POST.get("on") == "1"
    try:
        kept = ruling.set_channel(user=request.user, channel=request.POST.get("channel", ""), is_open=on)
    except InvalidInput as error:
        return _page(request, refused=str(error), status=BAD_INPUT)
    words = _("%(channel)s: escalates again.") if on else _("%(channel)s: only missed promises escalate.")
    say(request, words % {"channel": kept})
    return redirect("desk:channels")


def _page(request: DeskRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {"lines": channel_lines(), "refused": refused}
    return show_settings(request, "desk/settings/channels.html", context, status=status)
