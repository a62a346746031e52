"""What is written and is nowhere a draft yet, in a real browser: found again in its tab, and gone once it is sent."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_new_ticket_that_is_left_is_found_again_until_it_is_cancelled(sign_in):
    anna = sign_in("agent")
    anna.goto("/tickets/new/")
    anna.locator("input[name=subject]").fill("The till is broken")
    anna.locator("textarea[name=body]").fill("It beeps.")

    anna.goto("/inbox/")
    anna.goto("/tickets/new/")
    expect(anna.locator("input[name=subject]")).to_have_value("The till is broken")
    expect(anna.locator("textarea[name=body]")).to_have_value("It beeps.")
    expect(anna.locator("[data-kept-again]")).to_be_visible()

    anna.locator("[data-forget]").click()
    anna.goto("/tickets/new/")
    expect(anna.locator("input[name=subject]")).to_have_value("")
    expect(anna.locator("[data-kept-again]")).to_be_hidden()


def test_words_for_a_room_outlive_a_lost_connection_and_are_said_once(sign_in):
    anna = sign_in("agent")
    anna.goto("/chat/")
    room, box = anna.url, anna.locator("textarea[name=body]")
    box.fill("The bank has answered.")

    # The connection goes as she sends.
    anna.context.set_offline(True)
    anna.locator(".composer button[type=submit]").click()
    anna.wait_for_url("chrome-error://**")
    anna.context.set_offline(False)
    anna.goto("/inbox/")
    anna.goto(room)
    expect(box).to_have_value("The bank has answered.")

    box.press("Control+Enter")
    expect(anna.locator("#talk")).to_contain_text("The bank has answered.")
    expect(box).to_have_value("")
    anna.goto("/inbox/")
    anna.goto(room)
    expect(box).to_have_value("")
