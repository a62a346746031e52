"""The desk's configuration as one text: taken away, looked at, brought in. For administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.errors import InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blame, say, show_settings
from desk.bundle.bringing import bring_in, bundle, look
from desk.forms.bundle import BundleForm
from desk.looks.settings.bundle import bundle_look


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def page(request: DeskRequest) -> HttpResponse:
    """A file is looked at first; what was looked at is brought in by the button below it."""
    form = BundleForm(request.POST, request.FILES) if request.method == "POST" else BundleForm()
    if not form.is_bound or not form.is_valid():
        return _show(request, form)
    given, taken = form.cleaned_data["given"], request.POST.get("deed") == "bring"
    try:
        report = (bring_in if taken else look)(given, by=request.user, now=clock.now())
    except InvalidInput as error:
        blame(form, InvalidInput({"file": error.errors["bundle"]}))
        return _show(request, form)
    if taken and not report.errors:
        words = _("The bundle is brought in: %(made)d new, %(changed)d changed.")
        say(request, words % {"made": len(report.made), "changed": len(report.changed)})
        return redirect("desk:bundle")
    context = {"form": BundleForm(), "look": bundle_look(report), "given": given}
    return show_settings(request, "desk/settings/bundle.html", context, status=BAD_INPUT if report.errors else 200)


@require_safe
@admin_page
def file(request: DeskRequest) -> HttpResponse:
    response = HttpResponse(bundle(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="desk-{clock.now():%Y-%m-%d}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _show(request: DeskRequest, form: BundleForm) -> HttpResponse:
    context = {"form": form}
    return show_settings(request, "desk/settings/bundle.html", context, status=BAD_INPUT if form.is_bound else 200)
