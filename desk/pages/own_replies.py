"""Quick replies that somebody keeps for himself: made, changed, deleted."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import NotFound
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, say, show
from desk.forms.catalogue import KINDS, QuickReplyForm
from tickets.models import QuickReply
from tickets.preparing import access_reply, remove_reply, save_reply


class OwnReplyForm(QuickReplyForm):
    class Meta:
        model = QuickReply
        fields: ClassVar[list[str]] = ["title", "body", "language"]
        help_texts: ClassVar[dict[str, Any]] = {"body": KINDS["quick_replies"].helps["body"]}


@require_safe
@desk_page
def own_replies(request: DeskRequest) -> HttpResponse:
    rows = QuickReply.with_own.filter(owner=request.user)
    return show(request, "desk/replies/list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_reply(request: DeskRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def own_reply(request: DeskRequest, pk: int) -> HttpResponse:
    return _form(request, _his_own(request, pk))


@require_POST
@desk_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    gone = remove_reply(user=request.user, pk=_his_own(request, pk).pk)
    say(request, _("“%(name)s” is gone.") % {"name": gone})
    return redirect("desk:own_replies")


def _his_own(request: DeskRequest, pk: int) -> QuickReply:
    """Those of a team have their page in the settings."""
    found = access_reply(request.user, pk)
    if found.owner_id is None:
        raise NotFound
    return found


def _form(request: DeskRequest, reply: QuickReply | None) -> HttpResponse:
    title = reply.title if reply else ""
    form = OwnReplyForm(request.POST or None, instance=reply, initial={"language": request.user.language})
    if form.is_bound and form.is_valid():
        with blaming(form):
            kept = save_reply(user=request.user, reply=reply, own=True, **form.terms)
            say(request, _("“%(name)s” is saved.") % {"name": kept})
            return redirect("desk:own_replies")
    context = {"form": form, "reply": reply, "title": title}
    return show(request, "desk/replies/form.html", context, status=BAD_INPUT if form.is_bound else 200)
