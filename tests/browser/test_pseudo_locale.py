"""Texts half as long again, read from right to left: nothing runs out of the page (R97)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = {
    "agent": ["/inbox/", "/tickets/1/", "/escalations/", "/profile/"],
    "admin": ["/settings/policies/", "/settings/people/"],
    "customer": ["/help/"],
}
# As an Arabic or Hebrew translation would have it, and a German one as long.
MIRRORED = """() => {
  document.documentElement.dir = "rtl";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (!parentElement.closest("script, style, svg, code, kbd, time")) {
      texts.currentNode.data = data.replace(/([aeiou])/g, "$1$1");
    }
  }
}"""
RUNS_OUT = "() => document.documentElement.scrollWidth > window.innerWidth"


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_longer_language_that_is_read_from_the_right_fits(
    sign_in: Callable[..., Page], role: str, width: int
) -> None:
    page = sign_in(role, viewport={"width": width, "height": 800})

    def runs_out(path: str) -> bool:
        page.goto(path)
        page.evaluate(MIRRORED)
        return bool(page.evaluate(RUNS_OUT))

    assert [path for path in PAGES[role] if runs_out(path)] == []
