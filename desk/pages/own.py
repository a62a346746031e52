"""What the desk calls itself and how it looks: the page of the settings, and what browsers fetch."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import identity
from common.colours import Theme, is_colour, nearest, why_not
from common.models import Identity, Picture
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, nothing_here, say, show_settings
from desk.forms.own import OwnForm, defaults
from people.models import User
from people.zones import zone_choices

# What has the sum of its bytes in its address never changes.
FOR_GOOD = "public, max-age=31536000, immutable"


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def own(request: DeskRequest) -> HttpResponse:
    row = Identity.objects.first() or Identity()
    posted = request.method == "POST"
    form = OwnForm(request.POST if posted else None, request.FILES if posted else None, row=row, defaults=defaults())
    if form.is_bound and form.is_valid():
        with blaming(form):
            _keep(form, request.user)
            say(request, _("The desk is called and coloured like this within seconds, for everybody."))
            return redirect("desk:own")
    context = {
        "form": form,
        "row": row,
        "zones": zone_choices(get_language()),
        "offers": _offers(form) if form.is_bound else {},
    }
    return show_settings(request, "desk/settings/own.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_safe
def own_style(request: HttpRequest, token: str) -> HttpResponse:
    """The colours under the sum of their text. A process that has not heard of a change yet looks again."""
    row = identity.current()
    if identity.style_digest(row) != token:
        row = Identity.objects.first() or Identity()
    if identity.style_digest(row) != token:
        return nothing_here(request)
    return _for_good(identity.style_sheet(row).encode(), "text/css; charset=utf-8")


@require_safe
def own_logo(request: HttpRequest, token: str) -> HttpResponse:
    picture = Picture.objects.filter(pk=token).first()
    return _for_good(bytes(picture.content), picture.content_type) if picture else nothing_here(request)


def _for_good(content: bytes, content_type: str) -> HttpResponse:
    headers = {"Cache-Control": FOR_GOOD, "Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


@transaction.atomic
def _keep(form: OwnForm, by: User) -> None:
    terms = form.terms
    if form.cleaned_data["logo"]:
        terms["logo"] = identity.keep_picture(form.cleaned_data["logo"], field="logo")
    elif form.cleaned_data.get("no_logo"):
        terms["logo"] = ""
    identity.change(by=by, **terms)


def _offers(form: OwnForm) -> dict[str, str]:
    """By theme the nearest colour that passes, where the one that was chosen does not."""
    chosen = {theme: str(form.data.get(f"accent_{theme}", "")) for theme in Theme}
    return {theme: nearest(one, theme) for theme, one in chosen.items() if is_colour(one) and why_not(one, theme)}
