"""SLA policies: the list in its order, the editor with the proof beside it, publishing and going back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, admin_page, blame, blaming, say, show, show_settings
from desk.forms.policy import PolicyForm, initial_of
from desk.looks.rules.conditions import found_words
from desk.looks.rules.policies import policy_lines, proof_of, return_look, version_lines
from desk.looks.rules.reach import cohorts, shaded_by, standing_words
from desk.looks.rules.rehearsal import rehearsal_look
from desk.looks.rules.team_targets import sum_cells, sum_warnings
from sla import services
from sla.enums import AppliesTo
from sla.models import Policy, PolicyVersion
from sla.policies import Terms, terms_of
from sla.publishing import draft_of
from sla.reach import asked_now, places
from tickets.enums import PRIORITY_RANK, Priority

EMPTY = Terms(targets=())


@require_safe
@admin_page
def policies(request: DeskRequest) -> HttpResponse:
    now, asked = clock.now(), asked_now()
    context = {
        "lines": policy_lines(places(asked, now)),
        "cohorts": cohorts(asked, now),
        "priorities": sorted(Priority, key=lambda priority: -PRIORITY_RANK[priority]),
    }
    return show_settings(request, "desk/settings/policies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_policy(request: DeskRequest) -> HttpResponse:
    """A draft of its own; nothing is promised before it is published."""
    given = request.POST if request.method == "POST" else None
    form = PolicyForm(given, base=EMPTY, in_force=None, initial=initial_of("", EMPTY))
    if form.is_bound and form.is_valid():
        with blaming(form):
            terms = form.terms()
            order = max((policy.order for policy in Policy.objects.all()), default=0) + 10
            made = services.draft_policy(
                user=request.user, name=form.cleaned_data["name"], terms=terms, now=clock.now(), order=order
            )
            say(request, _saved(made.policy, terms))
            return redirect("desk:policy", made.policy_id)
    return show_settings(
        request, "desk/settings/policy.html", {"form": form}, status=BAD_INPUT if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def policy(request: DeskRequest, pk: int) -> HttpResponse:
    """The draft where there is one, else what is in force; saving keeps a draft."""
    found = _policy(pk)
    draft, in_force = draft_of(found), _in_force(found)
    base = terms_of(draft or in_force or _missing())
    form = _form(request, found, base, in_force)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            terms = _save(request, found, form)
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _saved(found, terms))
            return redirect("desk:policy", pk)
    elif form.is_bound:
        status = BAD_INPUT
    context = _context(found, form, base, draft, in_force)
    if number := _number(request.GET.get("return", "")):
        context["back"] = return_look(found, number, context["now"])
    return show_settings(request, "desk/settings/policy.html", context, status=status)


@require_POST
@admin_page
def proof(request: DeskRequest, pk: int) -> HttpResponse:
    """What the form as it stands would change; nothing is kept."""
    found = _policy(pk)
    base = terms_of(draft_of(found) or _in_force(found) or _missing())
    form = _form(request, found, base, _in_force(found))
    try:
        terms = form.terms() if form.is_valid() else None
    except InvalidInput:
        terms = None
    now = clock.now()
    shown = proof_of(found, terms, now) if terms is not None else None
    warnings = sum_warnings(terms) if terms is not None else []
    return show(request, "desk/settings/policy_proof.html", {"proof": shown, "sum_warnings": warnings, "now": now})


@require_safe
@admin_page
def rehearsal(request: DeskRequest, pk: int) -> HttpResponse:
    """The last days under the draft; without one, there is nothing to rehearse."""
    found = _policy(pk)
    draft = draft_of(found)
    if draft is None:
        return redirect("desk:policy", pk)
    now = clock.now()
    look = rehearsal_look(found, terms_of(draft), now)
    context = {"policy": found, "look": look, "now": now}
    if request.htmx:
        return show(request, "desk/settings/policy_rehearsal.html", context)
    return show_settings(request, "desk/settings/rehearsal_page.html", context)


@require_POST
@admin_page
def publish(request: DeskRequest, pk: int) -> HttpResponse:
    """The draft acts from now on; what it puts into the shadow of another, or stands in itself, is said."""
    found, now = _policy(pk), clock.now()
    before = places(asked_now(), now)
    answer = _done(
        request,
        pk,
        lambda: services.publish_draft(
            user=request.user,
            policy=found,
            applies_to=request.POST.get("applies_to", AppliesTo.NEW),
            seen=parse_datetime(request.POST.get("seen", "")),
            now=now,
        ),
        _("Published. New tickets are promised this from now on."),
    )
    if shaded := shaded_by(before, places(asked_now(), now)):
        say(request, shaded)
    return answer


@require_POST
@admin_page
def discard(request: DeskRequest, pk: int) -> HttpResponse:
    found = _policy(pk)
    services.discard_draft(user=request.user, policy=found)
    say(request, _("The draft is gone."))
    return redirect("desk:policy", pk) if Policy.objects.filter(pk=pk).exists() else redirect("desk:policies")


@require_POST
@admin_page
def return_to(request: DeskRequest, pk: int) -> HttpResponse:
    """For new tickets, or for open ones too, as was chosen."""
    found, number = _policy(pk), _number(request.POST.get("number", ""))
    applies_to = request.POST.get("applies_to", AppliesTo.NEW)
    said = _("New tickets are promised what version %(number)s promised.")
    if applies_to == AppliesTo.NEW_AND_OPEN:
        said = _("New and open tickets are promised what version %(number)s promised.")
    return _done(
        request,
        pk,
        lambda: services.return_to(
            user=request.user, policy=found, number=number, applies_to=applies_to, now=clock.now()
        ),
        said % {"number": number},
    )


@require_POST
@admin_page
def switch(request: DeskRequest, pk: int) -> HttpResponse:
    """Off for new tickets, or for open ones too, as the button says."""
    found = _policy(pk)
    open_too = request.POST.get("applies_to") == AppliesTo.NEW_AND_OPEN
    applies_to = AppliesTo.NEW_AND_OPEN if open_too else AppliesTo.NEW
    ended = services.switch(
        user=request.user, policy=found, is_enabled=not found.is_enabled, now=clock.now(), applies_to=applies_to
    )
    said = _("“%(name)s” is not asked any more; promises made under it are kept.")
    if found.is_enabled:
        said = _("“%(name)s” is asked again.")
    elif open_too:
        said = _("“%(name)s” is not asked any more, and its promises to %(n)d open tickets are ended.")
    say(request, said % {"name": found.name, "n": ended})
    return redirect("desk:policies")


@require_POST
@admin_page
def order(request: DeskRequest, pk: int) -> HttpResponse:
    """One place up or down among the policies, or right above one that keeps everything from it."""
    now, to, found = clock.now(), request.POST.get("to", ""), _policy(pk)
    before = places(asked_now(), now)
    services.move(user=request.user, policy=found, up=to == "up", above=_other(to))
    if shaded := shaded_by(before, places(asked_now(), now)):
        say(request, shaded)
    return redirect("desk:policies")


def _other(given: str) -> Policy | None:
    """The policy whose number was given in place of a direction."""
    number = _number(given)
    return Policy.objects.filter(pk=number).first() if number else None


def _number(given: str) -> int:
    """0 for what is none."""
    return whole(given) or 0


def _saved(found: Policy, terms: Terms) -> str:
    """What is said of a draft: that it is kept, what it or others would stand in the shadow of, and what is too long.

    What the teams may take in all is not refused where it is more than was promised, and not passed over either.
    """
    now = clock.now()
    shaded = shaded_by(places(asked_now(), now), places(asked_now(found, terms), now))
    said = " ".join([_("The draft is saved. It acts as soon as it is published."), *sum_warnings(terms)])
    return f"{said} {_('As it is:')} {shaded}" if shaded else said


def _policy(pk: int) -> Policy:
    found = Policy.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _missing() -> PolicyVersion:
    raise NotFound


def _in_force(found: Policy) -> PolicyVersion | None:
    return found.versions.in_force().select_related("calendar").first()


def _form(request: DeskRequest, found: Policy, base: Terms, in_force: PolicyVersion | None) -> PolicyForm:
    return PolicyForm(
        request.POST if request.method == "POST" else None,
        base=base,
        in_force=terms_of(in_force) if in_force else None,
        initial=initial_of(found.name, base),
    )


def _save(request: DeskRequest, found: Policy, form: PolicyForm) -> Terms:
    seen: datetime | None = parse_datetime(request.POST.get("seen", ""))
    terms = form.terms()
    services.save_draft(
        user=request.user,
        policy=found,
        name=form.cleaned_data["name"],
        terms=terms,
        now=clock.now(),
        seen=seen,
    )
    return terms


def _context(
    found: Policy, form: PolicyForm, base: Terms, draft: PolicyVersion | None, in_force: PolicyVersion | None
) -> dict[str, Any]:
    now = clock.now()
    return {
        "policy": found,
        "form": form,
        "draft": draft,
        "in_force": in_force,
        "found": _found(found, form, now),
        "versions": version_lines(found),
        "proof": proof_of(found, base, now) if draft and in_force else None,
        "sums": sum_cells(base),
        "sum_warnings": sum_warnings(base),
        "now": now,
    }


def _found(found: Policy, form: PolicyForm, now: datetime) -> str:
    """How many tickets the conditions would take, and when they are asked, as long as they mean something."""
    try:
        conditions = {} if form.editor.errors else form.editor.conditions()
    except InvalidInput:
        return ""
    if form.editor.errors:
        return ""
    return f"{found_words(conditions, now)} {standing_words(found, replace(form.base, conditions=conditions), now)}"


def _done(request: DeskRequest, pk: int, act: Callable[[], Any], words: str) -> HttpResponse:
    """Act and say so; where it may not be done now, say why, on the page one came from."""
    try:
        act()
    except DomainError as error:
        say(request, str(error))
    else:
        say(request, words)
    return redirect("desk:policy", pk)
