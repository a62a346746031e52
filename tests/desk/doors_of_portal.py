"""The doors of the customers' side."""

from tests.desk.outcomes import CUSTOMERS, GONE, OPEN, OWNER, WRONG, Row

PORTAL: dict[str, Row] = {
    "portal:analysis": Row(OWNER, about="document"),
    "portal:answers": Row(CUSTOMERS),
    # This one is for colleagues; who finds what of those for customers is in tests/portal/test_articles.py.
    "portal:article": Row(GONE),
    "portal:articles": Row(OPEN),
    "portal:judge_article": Row(WRONG, GONE),
    "portal:ask_analysis": Row(WRONG, OWNER),
    "portal:counting": Row(OWNER),
    "portal:escalate": Row(OWNER, OWNER),
    "portal:judge": Row(WRONG, OWNER, about="reply"),
    # Nobody's sign-in opens a chat; who finds what is in tests/portal/test_chat.py.
    **{f"portal:chat_{part}": Row(GONE) for part in ("file", "live", "script", "visit")},
    **{f"portal:chat_{deed}": Row(WRONG, GONE) for deed in ("draft", "end", "here", "say")},
    "portal:chat": Row(GONE, GONE),
    "portal:new_request": Row(CUSTOMERS, CUSTOMERS),
    "portal:rate": Row(WRONG, OWNER),
    "portal:reply": Row(WRONG, OWNER),
    "portal:request": Row(OWNER),
    "portal:requests": Row(CUSTOMERS),
    "portal:restored": Row(WRONG, OWNER),
    "portal:restored_by_link": Row(GONE, GONE),
    "portal:service": Row(OWNER),
    "portal:settle": Row(WRONG, OWNER),
    # A language that nobody names; who speaks which is in tests/portal/test_languages.py.
    "portal:speak": Row(WRONG, GONE),
    "portal:status": Row(CUSTOMERS),
    "portal:subscribe": Row(WRONG, OWNER),
    "portal:confirm_subscription": Row(GONE, GONE),
    "portal:unsubscribe": Row(GONE, GONE),
    "portal:survey": Row(GONE, GONE),
}
