"""The doors of the settings of the desk as a whole, and what is made for them."""

from common.audit import record_change
from common.models import ConfigurationChange
from escalation.models import Ladder
from people.models import User
from tests.desk.outcomes import ADMIN, WRONG, Row

ROWS: dict[str, Row] = {
    "desk:audit": Row(ADMIN),
    "desk:bundle": Row(ADMIN, ADMIN),
    "desk:bundle_file": Row(ADMIN),
    "desk:change": Row(ADMIN, ADMIN, about="change"),
    "desk:health": Row(ADMIN),
    "desk:ladder": Row(ADMIN, ADMIN, about="ladder"),
    "desk:ladder_discard": Row(WRONG, ADMIN, about="ladder"),
    "desk:ladder_new": Row(ADMIN, ADMIN),
    "desk:ladder_publish": Row(WRONG, ADMIN, about="ladder"),
    "desk:ladder_return": Row(WRONG, ADMIN, about="ladder"),
    "desk:ladders": Row(ADMIN),
}


def made(admin: User) -> dict[str, int]:
    change: ConfigurationChange = record_change(by=admin, subject="canary", before={"a": 1}, after={"a": 2})
    return {"change": change.pk, "ladder": Ladder.objects.create(name="Canary").pk}
