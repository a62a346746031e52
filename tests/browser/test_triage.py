"""Ten tickets triaged without touching the mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keys import Keys

pytestmark = pytest.mark.browser


def open_some(page: Page, word: str, count: int) -> None:
    """Requests of one customer, with a word by which they are found together: each test has its own."""
    for number in range(count):
        page.goto("/help/new/?type=")
        page.locator("input[name=subject]").fill(f"{word} {number}")
        page.locator("textarea[name=body]").fill("It hops.")
        page.get_by_role("button", name="Send the request").click()
        page.wait_for_url(re.compile(r"/help/\d+/"))


def chosen(page: Page):
    return page.locator(".tk > .box:checked")


def test_ten_tickets_are_triaged_by_keyboard_alone(sign_in):
    open_some(sign_in("customer"), "Quokka", 10)
    anna = sign_in("agent")
    keys = Keys(anna)

    # Found from the keyboard, newest first.
    keys.press("/")
    keys.type("quokka")
    keys.press("Enter")
    rows = anna.locator(".tk")
    expect(rows).to_have_count(10)
    keys.press("Escape")
    anna.locator("#main").focus()

    # A look at the first, and why it stands there.
    keys.press("j")
    keys.press("w")
    expect(anna.locator(".tk.cur .why")).to_be_visible()
    keys.press("Space")
    expect(anna.locator("dialog[open]")).to_contain_text("It hops.")
    keys.press("Escape")
    expect(anna.locator("dialog[open]")).to_have_count(0)

    # All ten are chosen by a range and taken.
    keys.press("x")
    for _step in range(9):
        keys.press("j")
    keys.press("Shift+X")
    expect(chosen(anna)).to_have_count(10)
    expect(anna.locator("[data-bulk-count]")).to_have_text("10 selected")
    keys.press("a")
    expect(anna.locator("#bulk-assignee")).to_be_focused()
    keys.press("Enter")
    expect(anna.locator(".act")).to_contain_text("10 tickets assigned to Anna Lindqvist.")
    expect(anna.locator(".tk .av[title^=Anna]")).to_have_count(10)

    # Five of them are put on hold, tagged, and the tag is taken back.
    keys.press("j")
    keys.press("x")
    for _step in range(4):
        keys.press("j")
    keys.press("Shift+X")
    expect(chosen(anna)).to_have_count(5)
    keys.press("l")
    expect(anna.locator("#bulk-tag")).to_be_focused()
    keys.type("marsupial")
    keys.press("Enter")
    expect(anna.locator(".act")).to_contain_text("5 tickets tagged “marsupial”.")
    keys.press("z")
    expect(anna.locator(".act")).to_contain_text("Taken back: 5 tickets.")

    # Back from a ticket she stands where she was.
    keys.press("j", "Enter")
    expect(anna.locator("#composer-body")).to_be_visible()
    anna.go_back()
    expect(anna.locator(".tk.cur a").first).to_be_focused()

    # The palette leads to one of them, however fast she types; the reply is where the hands are.
    keys.press("Control+k")
    keys.type("quokka 7")
    keys.press("Enter")
    expect(anna.get_by_role("heading", name="Quokka 7")).to_be_visible()
    # What can be done with it is in the same box; the field that wants a ticket finds it by its words.
    keys.press("Control+k")
    keys.type("merge")
    expect(anna.locator("dialog.palette [aria-selected=true]")).to_contain_text("Merge")
    keys.press("Enter")
    target = anna.locator("#dialog input[name=target]")
    target.focus()
    keys.type("quokka 9")
    expect(anna.locator("#dialog .found [aria-selected=true]")).to_contain_text("Quokka 9")
    keys.press("Enter")
    expect(target).to_have_value(re.compile(r"^#\d+ Quokka 9$"))
    keys.type(" x")
    expect(target).to_have_attribute("aria-expanded", "true")
    keys.press("Escape")
    expect(target).to_have_attribute("aria-expanded", "false")
    keys.press("Escape")
    expect(anna.locator("#dialog")).to_be_hidden()
    keys.press("n")
    keys.type("Hops, says @an")
    box = anna.locator("#composer-body")
    expect(box).to_have_attribute("aria-expanded", "true")
    keys.press("Escape")
    expect(box).to_have_value("Hops, says @an")
    expect(box).not_to_have_attribute("role", "combobox")
    # The preview is one key away from the box, and follows what is typed on.
    keys.press("Alt+p")
    expect(anna.locator("#composer-preview")).to_have_text("Hops, says @an")
    keys.type(" **today**")
    expect(anna.locator("#composer-preview strong")).to_have_text("today")
    expect(box).to_be_focused()
    # Out of the box, and back to it by the page's keys.
    keys.press("Escape")
    expect(box).not_to_be_focused()
    keys.press("n")
    expect(box).to_be_focused()


def test_back_from_the_next_page_leads_to_a_whole_page(sign_in):
    anna = sign_in("agent")
    keys = Keys(anna)
    anna.goto("/inbox/?q=is:closed")
    first = anna.locator(".tk").first.get_attribute("data-number")

    anna.get_by_role("link", name="Next page").focus()
    keys.press("Enter")
    expect(anna.locator(f"#ticket-{first}")).to_have_count(0)
    anna.go_back()

    expect(anna.locator("#rail")).to_be_visible()
    expect(anna.locator(".tk").first).to_have_attribute("data-number", first)
    keys.press("j", "x")
    expect(chosen(anna)).to_have_count(1)
    anna.go_forward()
    expect(anna.locator("#rail")).to_be_visible()
    expect(anna.locator(f"#ticket-{first}")).to_have_count(0)


def test_a_row_follows_what_others_do_and_the_order_waits_for_the_reader(sign_in):
    cora = sign_in("customer")
    anna = sign_in("agent")
    anna.goto("/inbox/")
    row = anna.locator(".tk").first
    number = row.get_attribute("data-number")
    row.locator(".box").check()

    # Somebody else takes it: the row says so where it stands, and stays chosen.
    mona = sign_in("manager")
    mona.goto(f"/inbox/?q=%23{number}")
    Keys(mona).press("j", "a", "Enter")
    expect(mona.locator(".act")).to_contain_text("1 ticket assigned to")
    who = mona.locator(f"#ticket-{number} .av").get_attribute("title")
    expect(anna.locator(f"#ticket-{number} .av")).to_have_attribute("title", who)
    expect(chosen(anna)).to_have_count(1)

    # A new one is announced and not put under the hand.
    cora.goto("/help/new/?type=")
    cora.locator("input[name=subject]").fill("A numbat at the door")
    cora.locator("textarea[name=body]").fill("It waits.")
    cora.get_by_role("button", name="Send the request").click()
    expect(anna.locator("#moved")).to_contain_text("new, show")
    expect(anna.locator("#inbox")).not_to_contain_text("A numbat at the door")
    anna.locator("#moved a").click()
    expect(anna.locator("#inbox")).to_contain_text("A numbat at the door")
    expect(chosen(anna)).to_have_count(1)


def test_without_script_the_bar_is_a_plain_form(sign_in):
    anna = sign_in("agent", java_script_enabled=False)
    anna.goto("/inbox/")
    anna.locator(".tk > .box").first.check()
    anna.locator("#bulk summary", has_text="Tag").click()
    anna.locator("#bulk-tag").fill("plain")
    anna.get_by_role("button", name="Add the tag").click()
    expect(anna.locator(".act")).to_contain_text("1 ticket tagged “plain”.")
    anna.get_by_role("button", name="Undo").click()
    expect(anna.locator(".act")).to_contain_text("Taken back: 1 ticket.")


def test_a_ticket_whose_number_was_typed_is_linked_by_one_press_of_the_button(sign_in):
    open_some(sign_in("customer"), "Wombat", 2)
    anna = sign_in("agent")
    anna.goto("/inbox/?q=wombat")
    anna.locator(".tk a").first.click()
    anna.wait_for_url(re.compile(r"/tickets/\d+/"))
    number = int(re.findall(r"/tickets/(\d+)/", anna.url)[0])

    anna.goto(f"/tickets/{number}/links/")
    anna.locator("input[name=other]").fill(str(number - 1))
    expect(anna.locator(".found [role=option]")).to_have_count(1)
    anna.get_by_role("button", name="Link them").click()

    expect(anna.locator(".links-x")).to_contain_text(f"#{number - 1}")
