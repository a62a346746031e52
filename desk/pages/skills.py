"""Skills (R66): their names, who has which, who can take a matter, and what is missing."""

from datetime import timedelta

from django.db.models import Avg, Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.errors import NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, desk_page, say, show, show_settings
from desk.forms.skills import HeldForm, SkillForm
from desk.pages.choosing import one_of
from escalation.functional.suggesting import who_can_take
from people import skills as rows
from people.models import Skill, User
from reports import skills as report
from tickets.permissions import access_ticket

PERIODS = (30, 90, 365)
FEWEST = (1, 2, 3, 5)
SHOWN = 20
MOST_WORDS = 2000


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def skills(request: DeskRequest) -> HttpResponse:
    """The list, and a form for one more."""
    form = SkillForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            made = rows.name_skill(by=request.user, **form.cleaned_data)
            say(request, _("“%(name)s” is among the skills.") % {"name": made.name})
            return redirect("desk:skills")
    here = Q(holders__user__is_active=True)
    held = Skill.objects.annotate(
        n=Count("holders", filter=here),
        able=Count("holders", filter=here & Q(holders__level__gte=report.ABLE)),
        wish=Count("holders", filter=here & Q(holders__is_interested=True)),
        level=Avg("holders__level", filter=here),
    )
    context = {"form": form, "skills": held}
    return show_settings(request, "desk/settings/skills.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def skill(request: DeskRequest, pk: int) -> HttpResponse:
    """Another name, or away with it: `do` says which."""
    found = Skill.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    if request.POST.get("do") == "remove":
        rows.remove_skill(by=request.user, skill=found)
        say(request, _("“%(name)s” is no skill any more.") % {"name": found.name})
        return redirect("desk:skills")
    form = SkillForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_bound and form.is_valid():
        with blaming(form):
            rows.name_skill(by=request.user, skill=found, **form.cleaned_data)
            say(request, _("The skill is saved."))
            return redirect("desk:skills")
    context = {"form": form, "skill": found}
    return show_settings(request, "desk/settings/skill.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def person_skills(request: DeskRequest, pk: int) -> HttpResponse:
    """What somebody knows, said by whoever answers for a team of his."""
    person = User.objects.get_queryset().staff().filter(pk=pk).first()
    if person is None or not rows.may_rate(request.user, person):
        raise NotFound(_("There is nothing here for you."))
    form = HeldForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_bound and form.is_valid():
        rows.set_skills(by=request.user, person=person, held=form.held())
        say(request, _("What %(name)s knows is saved.") % {"name": person.name})
        return redirect("desk:person_skills", pk)
    context = {"form": form, "person": person}
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/person_skills.html", context, status=status)


@require_safe
@desk_page
def who(request: DeskRequest) -> HttpResponse:
    """“Who can take this?”: by words, or by a ticket."""
    words, number = request.GET.get("q", "").strip()[:MOST_WORDS], request.GET.get("ticket", "").lstrip("#")
    key = whole(number)
    ticket = access_ticket(request.user, key) if key is not None else None
    takers = who_can_take(words, clock.now(), ticket)[:SHOWN] if words or ticket else []
    context = {"words": words, "ticket": ticket, "takers": takers, "is_asked": bool(words or ticket)}
    return show(request, "desk/teams/who.html", context)


@require_safe
@desk_page
def gaps(request: DeskRequest) -> HttpResponse:
    """For managers: what escalated tickets needed against what people know."""
    if not request.user.is_manager:
        raise NotFound
    now = clock.now()
    days, fewest = one_of(request, "days", PERIODS, 90), one_of(request, "fewest", FEWEST, 2)
    found = report.gaps(request.user, since=now - timedelta(days=days), until=now, fewest=fewest)
    context = {"gaps": found, "days": days, "fewest": fewest, "periods": PERIODS, "numbers": FEWEST}
    return show(request, "desk/teams/gaps.html", context)
