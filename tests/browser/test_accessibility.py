"""axe finds nothing on any page, in both themes, at the desk's width and on a phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.keys import Keys

pytestmark = pytest.mark.browser

STAFF_PAGES = [
    "/inbox/",
    "/inbox/?q=is:open+due:<1d",
    "/jump/?q=pay",
    "/views/new/",
    "/tickets/new/",
    "/escalations/",
    "/decisions/",
    "/alerts/",
    *(f"/reports/{one}/" for one in ("overview", "sla", "escalations", "causes", "pain", "experience", "procedures")),
    *(f"/reports/{one}/" for one in ("live", "coming", "coming/score")),
    "/training/",
    "/reports/pauses/",
    "/reports/saved/",
    "/mail/",
    "/customers/",
    "/chat/",
    "/profile/",
    "/profile/sign-in/",
    "/trash/",
    "/blocked-senders/",
]
OF_A_TICKET = ["", "peek/", "escalate/", "merge/", "hand-over/", "snooze/", "put-away/", "split/"]
SETTINGS = ["/settings/policies/", "/settings/policies/new/", "/settings/calendars/", "/settings/calendars/new/"]
OF_A_CALENDAR = ["", "year/", "versions/"]
CUSTOMER_PAGES = ["/help/", "/help/new/", "/help/new/?type=payout", "/profile/"]
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# What a narrow page can have of its own: other things shown, other sizes, other boxes that scroll. Its colours are
# looked at in the dark.
NARROW = {
    "runOnly": [
        *("target-size", "scrollable-region-focusable", "link-in-text-block", "aria-hidden-focus"),
        *("label", "button-name", "link-name", "empty-heading", "heading-order", "landmark-one-main", "region"),
    ]
}
AXE = Axe().axe_script
# A theme changes colours and nothing else.
COLOURS = {"runOnly": ["color-contrast"]}
# The thousands of nodes that are in order need no description: writing those takes axe longer than looking.
ONLY_WHAT_IS_WRONG = {"resultTypes": ["violations"]}


def violations(page, options=None) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(options)", {**ONLY_WHAT_IS_WRONG, **(options or {})})["violations"]
    return [f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def in_every_look(page, paths: list[str]) -> list[str]:
    """Each page loaded once, and looked at wide and narrow, light and dark."""
    found = []
    for path in paths:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size(SIZES["desk"])
        assert page.goto(path).status == 200, path
        found += violations(page)
        page.set_viewport_size(SIZES["phone"])
        found += violations(page, NARROW)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += violations(page, COLOURS)
    return found


def first_of(page, listing: str, pattern: str) -> str:
    """The first link on a list that leads to a page of the wanted kind, without what it says of the list."""
    page.goto(listing)
    paths = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href').split('?')[0])")
    return next(path for path in paths if re.fullmatch(pattern, path))


def test_pages_of_the_desk(sign_in):
    assert in_every_look(sign_in("manager"), STAFF_PAGES) == []


def test_pages_of_one_matter(sign_in):
    page = sign_in("manager")
    ticket = first_of(page, "/inbox/", r"/tickets/\d+/")
    room = first_of(page, "/escalations/", r"/escalations/\d+/")
    decision = first_of(page, "/decisions/", r"/decisions/\d+/")

    assert in_every_look(page, [*(ticket + part for part in OF_A_TICKET), room, decision]) == []


def test_pages_of_the_settings(sign_in):
    page = sign_in("admin")
    policy = first_of(page, "/settings/policies/", r"/settings/policies/\d+/")
    calendar = first_of(page, "/settings/calendars/", r"/settings/calendars/\d+/")

    assert in_every_look(page, [*SETTINGS, policy, *(calendar + part for part in OF_A_CALENDAR)]) == []


def test_pages_of_the_customer(sign_in):
    page = sign_in("customer")
    request = first_of(page, "/help/", r"/help/\d+/")

    assert in_every_look(page, [*CUSTOMER_PAGES, request]) == []


def test_what_opens_over_the_inbox(sign_in):
    page = sign_in("manager", viewport=SIZES["desk"])
    page.goto("/inbox/")
    keys = Keys(page)
    keys.press("j", "x", "s")
    found = violations(page)
    keys.press("Escape", "Control+k")
    page.locator("dialog.palette [role=option]").first.wait_for()
    found += violations(page)

    assert found == []


def test_the_front_door(browser, demo):
    page = browser.new_page(base_url=demo.url)

    page.goto("/accounts/login/")

    assert violations(page) == []
    page.close()


def test_four_flows_need_no_sideways_scroll_on_a_phone(sign_in):
    """ui: deciding, acknowledging, replying, reading the promise."""
    manager = sign_in("manager", viewport=SIZES["phone"])
    customer = sign_in("customer", viewport=SIZES["phone"])
    visits = [
        (manager, first_of(manager, "/decisions/", r"/decisions/\d+/")),
        (manager, "/alerts/"),
        (manager, first_of(manager, "/inbox/", r"/tickets/\d+/")),
        (customer, first_of(customer, "/help/", r"/help/\d+/")),
    ]

    for page, path in visits:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
