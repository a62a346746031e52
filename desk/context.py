"""What every page's frame needs. Nothing is asked of the database until a template asks for it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from common import clock
from common.identity import desk_name, look
from desk.forms.catalogue import KINDS
from desk.looks import rail as lines
from desk.looks.inbox.figures import ACTED, figures_for
from people.models import User
from tickets.models import Service

ENGINE_LATE_AFTER = timedelta(seconds=30)

# Which line of the rail a page belongs to, by the name of its address.
_SECTIONS = {
    "inbox": "inbox",
    "ticket": "inbox",
    "ticket_write": "inbox",
    "ticket_change": "inbox",
    "new_ticket": "inbox",
    "peek": "inbox",
    "view": "inbox",
    "view_new": "inbox",
    "views_arrange": "inbox",
    "escalate": "inbox",
    "escalations": "escalations",
    "escalation": "escalations",
    "escalation_plan": "escalations",
    "escalation_verb": "escalations",
    **dict.fromkeys(("reviews", "tracked", "tracked_change", "review", "review_write", "review_give"), "reviews"),
    **dict.fromkeys(("review_action", "review_recommend"), "reviews"),
    "decisions": "decisions",
    "decision": "decisions",
    "alerts": "alerts",
    "chat": "rooms",
    "chat_team": "rooms",
    "chat_ticket": "rooms",
    "customers": "customers",
    "customer": "customers",
    "customer_person": "customers",
    "policies": "policies",
    "policy_new": "policies",
    "policy": "policies",
    "policy_rehearsal": "policies",
    **dict.fromkeys(
        ("people", "person", "person_new", "person_off", "person_address", "administration_hand_over"), "people"
    ),
    **dict.fromkeys(("team_list", "team_settings", "team_new", "team_rota"), "team_list"),
    **dict.fromkeys(("skills", "skill", "person_skills"), "skills"),
    **dict.fromkeys(
        (
            "skill_gaps",
            "who",
            "pauses",
            "obligations",
            "training",
            "training_new",
            "training_take_up",
            "training_decline",
        ),
        "reports",
    ),
    **dict.fromkeys(("reports", "report", "report_cases", "saved_reports"), "reports"),
    **dict.fromkeys(("saved_report_new", "saved_report_change"), "reports"),
    **dict.fromkeys(("live_board", "coming", "score_card"), "reports"),
    "limits": "limits",
    **dict.fromkeys(("sign_in_settings", "provider_new", "provider"), "sign_in_settings"),
    "own_fields": "own_fields",
    "own_field_new": "own_fields",
    "own_field": "own_fields",
    "steps": "steps",
    "channels": "channels",
    "channel_switch": "channels",
    **dict.fromkeys(("recommendations", "recommendation_new", "recommendation_settle", "recommend"), "escalations"),
    **dict.fromkeys(("recommendation_aim", "recommendation_measure"), "escalations"),
    "criteria": "criteria",
    "criterion_new": "criteria",
    "criterion": "criteria",
    "health": "health",
    "ladders": "ladders",
    "ladder_new": "ladders",
    "ladder": "ladders",
    "ladder_publish": "ladders",
    "ladder_return": "ladders",
    "mailboxes": "mailboxes",
    "mailbox_new": "mailboxes",
    "mailbox": "mailboxes",
    "letterheads": "letterheads",
    "letterhead": "letterheads",
    "outbox": "outbox",
    "outbox_one": "outbox",
    **dict.fromkeys(("widgets", "widget", "widget_new", "widget_look"), "widgets"),
    "webhooks": "webhooks",
    "webhook_new": "webhooks",
    "webhook": "webhooks",
    "reach": "reach",
    "calendars": "calendars",
    "calendar_new": "calendars",
    "calendar": "calendars",
    "calendar_year": "calendars",
    "calendar_versions": "calendars",
    "audit": "audit",
    "change": "audit",
    "routing": "routing",
    "routing_new": "routing",
    "routing_catch_all": "routing",
    "routing_rule": "routing",
    "routing_decisions": "routing",
    "routing_try": "routing",
    "routing_try_text": "routing",
    "routing_run": "routing",
    "bundle": "bundle",
    "own": "own",
    "subscribers": "services",
    **dict.fromkeys(("surveys", "campaign", "campaign_new"), "surveys"),
    "retention": "retention",
    "hold": "retention",
    "first_steps": "first_steps",
    "senders": "senders",
    **dict.fromkeys(("customer_book", "organisation_new", "organisation_edit", "contact_edit"), "customer_book"),
    **dict.fromkeys(
        ("customers_twice", "organisation_merge", "contact_merge", "contact_erase", "contact_address"), "customer_book"
    ),
    **{f"{kind}{deed}": kind for kind in KINDS for deed in ("", "_new", "_one")},
}


def house(request: HttpRequest) -> dict[str, Any]:
    """The desk's own name, whether it is a demonstration, and whether a stranger can read how its services are."""
    public = Service.objects.filter(is_public=True, is_active=True)
    return {
        "demo": settings.DEMO,
        "desk_name": desk_name(),
        "own": look(),
        "has_public_status": SimpleLazyObject(public.exists),
    }


def rail(request: HttpRequest) -> dict[str, Any]:
    """The rail's figures, its current line and the engine's sign of life; for those who work here."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_agent:
        return {}
    return {"rail": SimpleLazyObject(lambda: _rail(request, user))}


def _rail(request: HttpRequest, user: User) -> dict[str, Any]:
    active, match = _active(request), request.resolver_match
    fresh = ACTED in request.COOKIES or (match is not None and match.view_name == "desk:rail")
    figures = figures_for(user, clock.now(), fresh=fresh)
    return {
        "active": active,
        "counts": figures.counts,
        "teams": figures.teams,
        "places": tuple((team.slug, team.name) for team in figures.teams),
        "rooms": lines.rooms(figures.counts),
        "views": lines.views(figures.counts),
        "team_lines": lines.teams(figures.teams),
        "engine": _engine(figures.swept_at),
    }


def _active(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None or match.namespace != "desk":
        return ""
    if match.url_name in {"rail", "views"}:
        return request.GET.get("active", "")
    if match.url_name == "inbox":
        team, view, saved = (request.GET.get(name) for name in ("team", "view", "saved"))
        return (f"saved:{saved}" if saved else view) or (f"team:{team}" if team else "inbox")
    return _SECTIONS.get(match.url_name or "", "")


def _engine(at: datetime | None) -> dict[str, Any]:
    age = clock.now() - at if at else timedelta()
    return {
        "at": at,
        "seconds": max(0, int(age.total_seconds())),
        "late": at is None or age > ENGINE_LATE_AFTER,
        "late_after": int(ENGINE_LATE_AFTER.total_seconds()),
    }
