"""The whole job in a real browser: from the customer's form to the closed escalation."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def test_from_the_customer_s_form_to_the_closed_escalation(sign_in, demo):
    # Cora asks by the form.
    cora = sign_in("customer")
    cora.goto("/help/new/?type=")
    cora.locator("input[name=subject]").fill("The payout of this noon is missing")
    cora.locator("textarea[name=body]").fill("Our supplier is at the door.")
    press(cora, "Send the request")
    expect(cora.get_by_role("heading", name="The payout of this noon is missing")).to_be_visible()
    number = re.search(r"/help/(\d+)/", cora.url)[1]

    # Anna finds it in her queue and makes it urgent: now a promise of one minute runs.
    anna = sign_in("agent")
    anna.goto(f"/tickets/{number}/")
    anna.locator("summary.pick", has_text="Priority").click()
    press(anna, "Urgent")
    expect(anna.locator("summary.pick", has_text="Priority")).to_contain_text("Urgent")

    # Mona has her alerts open; the clock runs out, and the alert comes without a reload.
    mona = sign_in("manager")
    mona.goto("/alerts/")
    demo.advance("2m")
    alert = mona.locator("li.alert-x", has_text=f"#{number}").first
    expect(alert).to_contain_text("past due")

    # She acknowledges from the alert and walks the four steps.
    alert.get_by_role("button", name=re.compile("Acknowledge E-")).click()
    mona.goto(f"/tickets/{number}/")
    mona.get_by_role("link", name=re.compile("Open the room of E-")).first.click()
    expect(mona.locator("[aria-current=step]")).to_contain_text("Initiate")
    press(mona, "Move to Communicate")
    expect(mona.locator("[aria-current=step]")).to_contain_text("Communicate")
    press(mona, "Move to Resolve")
    expect(mona.locator("[aria-current=step]")).to_contain_text("Resolve")
    room = mona.url

    # Declaring it resolved is refused with the list of what is missing, and nothing was changed.
    press(mona, "Declare resolved")
    expect(mona.locator("main")).to_contain_text("The customer has an answer")

    # Anna answers; the customer sees the answer without a reload.
    cora.goto(f"/help/{number}/")
    anna.goto(f"/tickets/{number}/")
    anna.locator("textarea[name=body]").first.fill("It left the bank at noon.")
    press(anna, "Send")
    expect(cora.locator("main")).to_contain_text("It left the bank at noon.")

    # Resolved, cause named, closed.
    mona.goto(room)
    press(mona, "Declare resolved")
    expect(mona.locator("[aria-current=step]")).to_contain_text("Close")
    mona.get_by_label("What was at the root", exact=True).select_option("third_party")
    press(mona, "Choose")
    mona.get_by_role("button", name=re.compile("^Close( M)?$")).click()
    expect(mona.locator(".esteps li.past")).to_have_count(4)
    # Nothing of it was ever told to the customer in the desk's own words.
    expect(cora.locator("body")).not_to_contain_text("E-")


def test_the_fresh_ticket_of_the_demo_runs_out_and_its_manager_is_alerted(sign_in, demo):
    mona = sign_in("manager")
    mona.goto("/alerts/")
    demo.advance("2m")

    expect(mona.locator("li.alert-x", has_text="First reply").first).to_be_visible()
