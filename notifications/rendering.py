"""From a row of the outbox to a mail with a text and an HTML part of equal content."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from notifications.models import Delivery


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(delivery: Delivery) -> Rendered:
    if not delivery.template:
        return Rendered(delivery.subject, delivery.text, "")
    with translation.override(delivery.context.get("language", "en")):
        context = {**delivery.context, "delivery": delivery}
        return Rendered(
            delivery.subject,
            render_to_string(f"mail/{delivery.template}.txt", context),
            render_to_string(f"mail/{delivery.template}.html", context),
        )
