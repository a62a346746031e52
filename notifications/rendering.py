"""From a row of the outbox to a mail with a text and an HTML part of equal content."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

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
        context = {**delivery.context, "delivery": delivery, **_members(delivery)}
        return Rendered(
            delivery.subject,
            render_to_string(f"mail/{delivery.template}.txt", context),
            render_to_string(f"mail/{delivery.template}.html", context),
        )


def _members(delivery: Delivery) -> dict[str, Any]:
    """Of a digest: what came, the gravest first, and how many are only counted."""
    if delivery.template != DIGEST:
        return {}
    members = delivery.members.order_by(F("severity").asc(nulls_last=True), "pk")
    lines = list(members[:LINES])
    return {"lines": lines, "more": max(0, members.count() - len(lines)), "page_url": f"{settings.BASE_URL}/alerts/"}
