"""The doors of the settings of the desk as a whole, and what is made for them."""

from common.audit import record_change
from common.models import ConfigurationChange
from people.models import User
from tests.desk.outcomes import ADMIN, Row

ROWS: dict[str, Row] = {
    "desk:audit": Row(ADMIN),
    "desk:change": Row(ADMIN, ADMIN, about="change"),
}


def made(admin: User) -> dict[str, int]:
    change: ConfigurationChange = record_change(by=admin, subject="canary", before={"a": 1}, after={"a": 2})
    return {"change": change.pk}
