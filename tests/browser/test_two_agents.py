"""The composer in a real browser: a lost connection loses nothing, and two agents on one ticket see each other."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def a_ticket(page: Page) -> str:
    """The newest open ticket that no other test writes on: one of its own."""
    page.goto("/tickets/new/")
    page.locator("input[name=name]").fill("Dona Rosa")
    page.locator("input[name=email]").fill("rosa@padaria.example")
    page.locator("input[name=subject]").fill("The terminal is dead")
    page.locator("textarea[name=body]").fill("It does not start.")
    page.locator("form.dlg-x button[type=submit], main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/tickets/\d+/"))
    return re.search(r"/tickets/\d+/", page.url)[0]


def test_a_lost_connection_during_a_reply_loses_nothing(sign_in):
    anna = sign_in("agent")
    told: list[str] = []
    anna.on("pageerror", lambda error: told.append(str(error)))
    ticket = a_ticket(anna)
    anna.goto(ticket)
    box = anna.locator("#composer-body")
    box.press_sequentially("It is being looked at")
    expect(anna.locator("#draft-state")).to_contain_text("Draft saved")

    # The connection goes while she writes on, and she tries to send.
    anna.context.set_offline(True)
    box.press_sequentially(", Rosa.")
    expect(anna.locator("#draft-state")).to_have_text("Not saved, kept in this browser")
    box.press("Control+Enter")
    expect(anna.locator("#draft-state")).to_contain_text("Not sent: no connection.")
    expect(box).to_have_value("It is being looked at, Rosa.")

    # It comes back: the server gets what it missed, and another browser of hers shows it.
    anna.context.set_offline(False)
    expect(anna.locator("#draft-state")).to_contain_text("Draft saved")
    elsewhere = sign_in("agent")
    elsewhere.goto(ticket)
    expect(elsewhere.locator("#composer-body")).to_have_value("It is being looked at, Rosa.")

    # Sent, taken back by one key, and sent for good: once.
    box.press("Control+Enter")
    expect(anna.locator(".msg-pending")).to_contain_text("Sends at")
    expect(anna.locator("#composer-body")).to_have_value("")
    anna.locator("main h1").click()
    anna.keyboard.press("z")
    expect(anna.locator("#composer-body")).to_have_value("It is being looked at, Rosa.")
    anna.locator("#composer-body").press("Control+Enter")
    expect(anna.locator(".msg-agent:not(.msg-pending)", has_text="It is being looked at, Rosa.")).to_have_count(1)
    expect(anna.locator(".msg-pending")).to_have_count(0)
    assert told == []


def test_two_agents_on_one_ticket_see_each_other_and_no_reply_crosses_unseen(sign_in):
    anna = sign_in("agent")
    ticket = a_ticket(anna)
    anna.goto(ticket)
    anna.locator("#composer-body").press_sequentially("It will be there at noon.")
    mona = sign_in("manager")
    mona.goto(ticket)
    expect(mona.locator("#presence")).to_contain_text(re.compile("is (writing a reply|viewing)"))

    # Mona leaves a note, calling Anna by an @ that the list completes.
    mona.get_by_text("Internal note", exact=False).first.click()
    box = mona.locator("#composer-body")
    box.press_sequentially("No times, @ann")
    box.press("Enter")
    expect(box).to_have_value("No times, @Anna Lindqvist ")
    expect(anna.locator("#presence")).to_contain_text("is writing a note")
    box.press("Control+Enter")
    expect(anna.locator(".msg-note")).to_contain_text("No times")

    # Anna's reply is held back once, with her text.
    anna.locator("#composer-body").press("Control+Enter")
    expect(anna.locator("#crossed")).to_contain_text("while you were writing")
    expect(anna.locator("#composer-body")).to_have_value("It will be there at noon.")
    anna.get_by_role("button", name="Send anyway").click()
    expect(mona.locator(".msg-agent:not(.msg-pending)", has_text="It will be there at noon.")).to_have_count(1)
