"""The customer's way through the portal, in each language, on a phone and on a desk: issue 8's journeys."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, expect

from tests.browser.staging import LANGUAGES, WIDTHS, WORD
from tests.browser.test_accessibility import in_every_look
from tests.config.desks import manage
from tickets.enums import Score

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def staged(demo: Any) -> dict[str, Any]:
    code = "from tests.browser.staging import stage; stage()"
    done = manage(demo.var_dir, "shell", "--no-imports", "-c", code, DEMO="1")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def open_page(browser: Browser, demo: Any) -> Iterator[Callable[..., Page]]:
    made = []

    def make(language: str, width: int) -> Page:
        size = {"width": width, "height": 780}
        made.append(browser.new_context(base_url=demo.url, locale=language, viewport=size, reduced_motion="reduce"))
        return made[-1].new_page()

    yield make
    for one in made:
        one.close()


def fits(page: Page, language: str, heading: str = "") -> None:
    """In his language, no wider than the screen, and under its translated heading."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    if heading:
        with translation.override(language):
            expect(page.locator("h1")).to_have_text(gettext(heading))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_asks_is_promised_answers_rates_and_looks_things_up(demo, staged, open_page, language, width):
    case, page = staged["cases"][f"{language} {width}"], open_page(language, width)

    page.goto("/help/")
    fits(page, language)
    page.fill("input[name=login]", case["email"])
    page.fill("input[name=password]", demo.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/help/")
    fits(page, language, "My requests")

    page.goto("/help/new/?type=")
    fits(page, language, "New request")
    page.fill("input[name=subject]", "A card is refused")
    page.fill("textarea[name=body]", "Since this morning.")
    page.locator("button[type=submit]:not([name])[class~=btn-primary]").click()
    expect(page.locator("#where .huge")).to_be_visible()
    fits(page, language, "A card is refused")

    page.fill("#reply textarea", "At every till.")
    page.locator("#reply button[type=submit]").click()
    expect(page.locator("#talk")).to_contain_text("At every till.")

    page.goto(f"/help/{case['asked']}/")
    fits(page, language)
    page.locator(f"button[name=works][value={'yes' if width > 767 else 'no'}]").click()
    expect(page.locator("#restored")).to_have_count(0)

    page.goto(f"/help/{case['solved']}/")
    page.locator("#rating input[name=score][value='5']").check()
    page.locator("#rating button[type=submit]").click()
    with translation.override(language):
        expect(page.locator("#rating h2")).to_contain_text(str(Score(5).label))
    fits(page, language)

    page.goto("/help/articles/")
    fits(page, language, "Help articles")

    page.goto(f"/help/status/{staged['slug']}/")
    expect(page.locator("#matters")).to_contain_text(WORD)
    page.locator("button[name=on][value='1']").click()
    expect(page.locator("button[name=on][value='0']")).to_be_visible()
    fits(page, language)


def test_axe_finds_nothing_on_the_pages_for_whoever_comes(staged, open_page):
    paths = ["/help/status/", f"/help/status/{staged['slug']}/", staged["stop"], "/help/articles/"]

    assert in_every_look(open_page("en", 1280), paths) == []


def test_axe_finds_nothing_on_a_customers_own_pages(staged, sign_in):
    case = staged["cases"]["en 1280"]
    paths = ["/help/status/", f"/help/status/{staged['slug']}/", f"/help/{case['solved']}/", f"/help/{case['asked']}/"]

    assert in_every_look(sign_in(case["email"]), paths) == []
