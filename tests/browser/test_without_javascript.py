"""Everything works as a plain form."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_customer_asks_and_an_agent_answers_without_any_script(sign_in):
    cora = sign_in("customer", java_script_enabled=False)
    cora.goto("/help/new/?type=")
    cora.locator("input[name=subject]").fill("A plain question")
    cora.locator("textarea[name=body]").fill("Without any script.")
    cora.get_by_role("button", name="Send the request").click()
    number = cora.url.rstrip("/").rpartition("/")[2]

    anna = sign_in("agent", java_script_enabled=False)
    anna.goto(f"/tickets/{number}/")
    anna.locator("textarea[name=body]").first.fill("A plain answer.")
    anna.get_by_role("button", name="Send", exact=True).click()

    # It waits for second thoughts first; without script, whoever wants to know looks again.
    expect(anna.locator("main")).to_contain_text("Sends at")
    for _ in range(40):
        cora.goto(f"/help/{number}/")
        if cora.get_by_text("A plain answer.").count():
            break
        cora.wait_for_timeout(500)
    expect(cora.locator("main")).to_contain_text("A plain answer.")


def test_no_page_breaks_the_content_security_policy(sign_in):
    page = sign_in("manager")
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))

    for path in ("/inbox/", "/escalations/", "/decisions/", "/alerts/", "/reports/"):
        page.goto(path)
        page.wait_for_load_state("load")

    assert told == []
