"""A chat on a website, in use."""

from datetime import datetime
from typing import Any

from visits import actions
from visits.models import Visit, Widget

SITE = "https://www.shop.example"
SAID = {"name": "Cora Menezes", "email": "cora@livraria-aurora.example", "body": "The payout is stuck"}


def make_widget(**terms: Any) -> Widget:
    return Widget.objects.create(**{"name": "Shop", "sites": [SITE], "languages": ["en"], "is_enabled": True, **terms})


def make_visit(widget: Widget, now: datetime, **given: Any) -> tuple[Visit, str]:
    return actions.begin(**{"widget": widget, "network": "home", "language": "en", "now": now, **SAID, **given})
