"""Routing rules: the list in its order with what is wrong, one rule in its editor, and its versions (R56-R59)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, admin_page, blame, say, show, show_settings
from desk.forms.routing import RuleForm
from desk.forms.routing_try import TextForm
from desk.looks.rules.routing import all_rules, decisions, rule_lines, version_lines
from desk.looks.rules.routing_edit import proof_of
from desk.looks.rules.routing_try import TryLook
from tickets import ruling
from tickets.models import RoutingRule
from tickets.routing.book import BUILT_IN
from tickets.routing.differing import changed_since
from tickets.routing.editing import Terms, terms_of


@require_safe
@admin_page
def rules(request: DeskRequest) -> HttpResponse:
    return show_rules(request)


def show_rules(
    request: DeskRequest, *, tried: TryLook | None = None, form: TextForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The list, and beside it what was tried, if anything was."""
    now, rows = clock.now(), all_rules()
    context = {
        "lines": rule_lines(rows, now, hit=tried.hit if tried else ()),
        "decisions": decisions(rows, now),
        "tried": tried,
        "text_form": form or TextForm(),
        "now": now,
        **more,
    }
    return show_settings(request, "desk/settings/routing.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_rule(request: DeskRequest) -> HttpResponse:
    form = RuleForm(request.POST if request.method == "POST" else None, Terms(name=""))
    return _edit(
        request, form, None, lambda terms: ruling.add_rule(user=request.user, terms=terms, now=clock.now())
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def catch_all(request: DeskRequest) -> HttpResponse:
    """What becomes of tickets that no rule takes; until somebody says otherwise the fallback team has them."""
    known = RoutingRule.objects.catch_all()
    if known is not None:
        return rule(request, known.pk)
    made = RoutingRule(name=BUILT_IN, is_catch_all=True)
    form = RuleForm(request.POST if request.method == "POST" else None, Terms(_("Catch-all")), is_catch_all=True)
    return _edit(
        request,
        form,
        made,
        lambda terms: ruling.add_rule(user=request.user, terms=terms, now=clock.now(), is_catch_all=True),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def rule(request: DeskRequest, pk: int) -> HttpResponse:
    """Saving is refused where somebody else has changed it meanwhile: what he changed is shown, the text is kept."""
    known = ruling.access_rule(request.user, pk)
    form = RuleForm(
        request.POST if request.method == "POST" else None, terms_of(known), is_catch_all=known.is_catch_all
    )
    seen = _number(request.POST.get("seen", ""))
    return _edit(
        request,
        form,
        known,
        lambda terms: ruling.change_rule(user=request.user, pk=pk, seen=seen, terms=terms, now=clock.now()),
        seen=seen,
    )


def _edit(
    request: DeskRequest,
    form: RuleForm,
    known: RoutingRule | None,
    save: Callable[[Terms], RoutingRule],
    *,
    seen: int = 0,
) -> HttpResponse:
    status = BAD_INPUT if form.is_bound else 200
    context: dict[str, Any] = {"form": form, "rule": known, "now": clock.now()}
    if form.is_bound and form.is_valid():
        try:
            kept = save(form.terms())
        except InvalidInput as error:
            blame(form, error)
        except NotAllowedNow as error:
            status = CONFLICT
            last, changes = changed_since(known, seen) if known is not None and known.pk else (None, [])
            context |= {"conflict": str(error), "last": last, "changes": changes}
        else:
            say(request, _("“%(name)s” is saved; it is asked from now on.") % {"name": kept.name})
            return redirect("desk:routing")
    context["proof"] = proof_of(form, known, context["now"])
    context["versions"] = version_lines(known) if known is not None and known.pk else []
    return show_settings(request, "desk/settings/routing_rule.html", context, status=status)


@require_POST
@admin_page
def proof(request: DeskRequest) -> HttpResponse:
    """What the rule in the form would be among the others; nothing is kept. `rule`: its key, none for a new one."""
    pk = _number(request.POST.get("rule", ""))
    known = ruling.access_rule(request.user, pk) if pk else None
    form = RuleForm(
        request.POST, terms_of(known) if known else Terms(name=""), is_catch_all=bool(known and known.is_catch_all)
    )
    now = clock.now()
    return show(request, "desk/settings/routing_proof.html", {"proof": proof_of(form, known, now), "now": now})


@require_POST
@admin_page
def switch(request: DeskRequest, pk: int) -> HttpResponse:
    """On or off: `on` says which, so that a second press of an old page changes nothing."""
    on = request.POST.get("on") == "1"
    said = _("“%(name)s” is asked again.") if on else _("“%(name)s” is not asked any more.")
    return _done(request, lambda: ruling.switch_rule(user=request.user, pk=pk, is_enabled=on).name, said)


@require_POST
@admin_page
def order(request: DeskRequest, pk: int) -> HttpResponse:
    """One place up or down, or right above the rule whose key was given."""
    to = request.POST.get("to", "")
    above = _number(to) or None
    return _done(
        request, lambda: ruling.move_rule(user=request.user, pk=pk, up=to == "up", above=above).name, "", pk=pk
    )


@require_POST
@admin_page
def return_to(request: DeskRequest, pk: int) -> HttpResponse:
    number = _number(request.POST.get("number", ""))
    said = _("“%(name)s” says again what version %(number)d said.")
    return _done(
        request,
        lambda: ruling.return_to(user=request.user, pk=pk, number=number, now=clock.now()).name,
        said.replace("%(number)d", str(number)),
    )


@require_POST
@admin_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    said = _("“%(name)s” is gone. What it has decided stays as it is.")
    return _done(request, lambda: ruling.remove_rule(user=request.user, pk=pk), said)


@require_safe
@admin_page
def all_decisions(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    context = {"lines": decisions(all_rules(), now, today=False), "now": now}
    return show_settings(request, "desk/settings/routing_decisions.html", context)


def _done(request: DeskRequest, act: Callable[[], str], said: str, *, pk: int | None = None) -> HttpResponse:
    """Act and say so; where it may not be done now, say why, on the list."""
    try:
        name = act()
    except NotFound:
        raise
    except DomainError as error:
        say(request, str(error))
    else:
        if said:
            say(request, said % {"name": name})
    answer = redirect("desk:routing")
    if pk is not None:
        answer["Location"] += f"#rule-{pk}"
    return answer


def _number(given: str) -> int:
    """0 for what is none."""
    return whole(given) or 0
