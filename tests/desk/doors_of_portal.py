"""The doors of the customers' side."""

from tests.desk.outcomes import CUSTOMERS, GONE, OWNER, WRONG, Row

PORTAL: dict[str, Row] = {
    "portal:analysis": Row(OWNER, about="document"),
    # Of this request there is nothing to be asked yet, which is told to nobody.
    "portal:ask_analysis": Row(WRONG, ("login", *GONE[1:])),
    "portal:escalate": Row(OWNER, OWNER),
    "portal:judge": Row(WRONG, OWNER, about="reply"),
    "portal:new_request": Row(CUSTOMERS, CUSTOMERS),
    "portal:rate": Row(WRONG, OWNER),
    "portal:reply": Row(WRONG, OWNER),
    "portal:request": Row(OWNER),
    "portal:requests": Row(CUSTOMERS),
    "portal:restored": Row(WRONG, OWNER),
    "portal:restored_by_link": Row(GONE, GONE),
    "portal:settle": Row(WRONG, OWNER),
    "portal:survey": Row(GONE, GONE),
}
