"""How teams write: address, name, signature and language of their letters. For administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import NotFound
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.forms.mail import LetterheadForm
from mailroom import correspondence


@require_safe
@admin_page
def letterheads(request: DeskRequest) -> HttpResponse:
    context = {"heads": correspondence.letterheads(user=request.user)}
    return show_settings(request, "desk/settings/letterheads.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def letterhead(request: DeskRequest, slug: str) -> HttpResponse:
    known = {team.slug: (team, head) for team, head in correspondence.letterheads(user=request.user)}
    if slug not in known:
        raise NotFound(_("There is nothing here for you."))
    team, head = known[slug]
    form = LetterheadForm(request.POST or None, instance=head)
    if form.is_bound and form.is_valid():
        with blaming(form):
            correspondence.save_letterhead(user=request.user, slug=slug, given=form.cleaned_data)
            say(request, _("The letters of %(team)s are saved.") % {"team": team.name})
            return redirect("desk:letterheads")
    context = {"form": form, "team": team}
    return show_settings(request, "desk/settings/letterhead.html", context, status=BAD_INPUT if form.is_bound else 200)
