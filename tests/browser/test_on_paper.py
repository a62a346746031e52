"""A page as it is printed: what was said, without what is pressed."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_printed_ticket_is_its_head_and_its_whole_conversation(sign_in):
    anna = sign_in("agent")
    anna.goto("/inbox/")
    anna.goto(anna.locator("#inbox .tk a[href^='/tickets/']").first.get_attribute("href"))

    anna.emulate_media(media="print")

    for shown in ("main h1", ".conv .msg >> nth=0"):
        expect(anna.locator(shown)).to_be_visible()
    for hidden in (".rail", "#ticket-verbs", ".drawer", ".composer", ".hints"):
        expect(anna.locator(hidden)).to_be_hidden()
    held = anna.locator("#conversation").evaluate("box => box.scrollHeight - box.clientHeight")
    assert held == 0
