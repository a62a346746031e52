"""From a row of the outbox to a mail with a text and an HTML part of equal content."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from common.identity import desk_name, look
from notifications.models import Delivery

DIGEST = "flood"
LINES = 100


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(delivery: Delivery) -> Rendered:
    if not delivery.template:
        return Rendered(delivery.subject, delivery.text, "")
    with translation.override(delivery.context.get("language", "en")):
        context = {**delivery.context, "delivery": delivery, **_members(delivery), "own": _own()}
        return Rendered(
            delivery.subject,
            render_to_string(f"mail/{delivery.template}.txt", context),
            render_to_string(f"mail/{delivery.template}.html", context),
        )


def _own() -> dict[str, str]:
    """The logo stands at its address: a mail with a picture inside of it would be a mail with a file."""
    own = look()
    return {**own, "logo_url": settings.BASE_URL + own["logo_path"] if own["logo_path"] else "", "name": desk_name()}


def _members(delivery: Delivery) -> dict[str, Any]:
    """Of a digest: what came, the gravest first, and how many are only counted."""
    if delivery.template != DIGEST:
        return {}
    members = delivery.members.order_by(F("severity").asc(nulls_last=True), "pk")
    lines = list(members[:LINES])
    return {"lines": lines, "more": max(0, members.count() - len(lines)), "page_url": f"{settings.BASE_URL}/alerts/"}
