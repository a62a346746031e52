"""A chat on somebody else's website, for which a page of another origin stands."""

import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.test_accessibility import AXE, ONLY_WHAT_IS_WRONG

pytestmark = pytest.mark.browser

SITE = """<!doctype html><html lang="en"><head><title>Shop</title><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {desk}; frame-src {desk}"></head>
<body><main><h1>A shop</h1></main><script src="{script}" async></script></body></html>"""


class Site(BaseHTTPRequestHandler):
    page = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_given: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    """Its origin: another host than the desk's, as browsers see it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def put_up(admin: Page, desk: str, site: str) -> None:
    """By the settings; the line that they show goes into the site."""
    admin.goto("/settings/widgets/new/")
    admin.get_by_label("Name").fill("Shop")
    admin.get_by_label("Sites on which it may stand").fill(site)
    admin.get_by_label("In use").check()
    admin.get_by_role("button", name="Save the widget").click()
    script = re.search(r'src="([^"]+)"', admin.locator("code", has_text="widget.js").inner_text())
    assert script is not None
    Site.page = SITE.format(desk=desk, script=script[1]).encode()


def test_a_visitor_chats_from_another_site_and_an_agent_answers(
    browser: Browser, demo: Demo, sign_in: Callable[..., Page], site: str
):
    put_up(sign_in("admin"), demo.url, site)
    context = browser.new_context(viewport={"width": 390, "height": 600})
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(site)

    button = page.get_by_role("button", name="Chat with us")
    button.click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Your name")).to_be_focused()
    frame.get_by_label("Your name").fill("Nina Novak")
    frame.get_by_label("Your e-mail").fill("nina@new.example")
    frame.get_by_label("Your message").fill("The payout is stuck")
    frame.get_by_role("button", name="Begin the chat").click()
    number = re.search(r"#(\d+)", frame.get_by_text("We have it").inner_text())
    assert number is not None
    frame.get_by_label("Your message").press_sequentially("And I have als")

    agent = sign_in("agent")
    agent.goto(f"/tickets/{number[1]}/")
    expect(agent.locator("#visit")).to_contain_text("Nobody has proved that this is Nina Novak.")
    expect(agent.locator("#visit")).to_contain_text("And I have als")
    token = json.loads((demo.var_dir / "demo.json").read_text())["tokens"]["agent"]
    answer = {"data": {"body": "Which bank was it?"}, "headers": {"Authorization": f"Bearer {token}"}}
    assert agent.context.request.post(f"/api/v1/tickets/{number[1]}/reply/", **answer).status == 201
    expect(frame.locator("#log")).to_contain_text("Which bank was it?")
    expect(frame.get_by_label("Your message")).to_have_value("And I have als")
    frame.get_by_role("button", name="Send").click()
    expect(agent.locator("#conversation")).to_contain_text("And I have als")

    inner = page.frames[1]
    inner.evaluate(AXE)
    found = inner.evaluate("options => axe.run(options)", ONLY_WHAT_IS_WRONG)["violations"]
    assert [one["id"] for one in found] == []
    assert inner.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    assert complaints == []
    context.close()
