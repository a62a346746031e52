"""Who finds what behind the addresses of the routing rules."""

from tests.desk.outcomes import ADMIN, WRONG, Row
from tickets.models import RoutingRule

ROUTING = {
    "desk:routing": Row(ADMIN),
    **{f"desk:routing_{page}": Row(ADMIN, ADMIN) for page in ("catch_all", "new")},
    **{f"desk:routing_{page}": Row(ADMIN) for page in ("decisions", "run", "try")},
    **{f"desk:routing_{asked}": Row(WRONG, ADMIN) for asked in ("proof", "try_text")},
    **{f"desk:routing_{deed}": Row(WRONG, ADMIN, about="rule") for deed in ("order", "remove", "return", "switch")},
    "desk:routing_rule": Row(ADMIN, ADMIN, about="rule"),
}


def ruled() -> dict[str, int]:
    return {"rule": RoutingRule.objects.create(name="Canary", conditions={"tags": ["canary"]}).pk}
