"""What the two whole journeys do not walk, step by step: a decision, a list of customers, an expert, and a “no”.

What comes before a step is done by programs, so that each begins where it has to.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser

CORA = "cora.menezes@livraria-aurora.example"
ANNA = "anna@meridiano.example"
REASON = "This journey begins at a later step."
RAISED = {
    "kind": "hierarchical",
    "severity": 1,
    "reason": "technical",
    "summary": "Pay out by hand tonight",
    "impact": "Three stores cannot pay their suppliers.",
}
Call = Callable[..., Any]


@pytest.fixture
def call(playwright: Playwright, demo: Demo) -> Iterator[Call]:
    """A call of the API by the program of one of the demo's people; its answer."""
    tokens = json.loads((demo.var_dir / "demo.json").read_text())["tokens"]
    programs = playwright.request.new_context(base_url=demo.url)

    def make(who: str, path: str, **data: Any) -> Any:
        headers = {"Authorization": f"Bearer {tokens[who]}"}
        answer = programs.post(f"/api/v1/{path}", headers=headers, data=data)
        assert answer.ok, answer.text()
        return answer.json()

    yield make
    programs.dispose()


@pytest.fixture
def ticket(call: Call) -> int:
    asked = {"subject": "The payouts of three stores are held", "body": "Since last night."}
    number: int = call("agent", "tickets/", requester={"email": CORA}, **asked)["number"]
    return number


@pytest.fixture
def begun(call: Call, ticket: int) -> Callable[..., str]:
    """A major escalation, taken so many verbs further by its manager; the address of its room."""

    def make(*verbs: str) -> str:
        number = call("agent", f"tickets/{ticket}/escalate/", **RAISED)["number"]
        call("manager", f"escalations/{number}/approve/")
        call("manager", f"escalations/{number}/acknowledge/")
        for verb in verbs:
            call("manager", f"escalations/{number}/{verb}/", override_reason=REASON)
        return f"/escalations/{number}/"

    return make


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def is_at(room: Page, step: str) -> None:
    expect(room.locator(".esteps [aria-current=step]")).to_contain_text(step)


def test_initiate_waits_for_a_decision_that_is_made_with_an_exception(sign_in, ticket):
    # Anna asks in the dialog, which says who is asked; she cannot decide it herself.
    anna = sign_in("agent")
    anna.goto(f"/tickets/{ticket}/")
    anna.get_by_role("link", name=re.compile(r"^Escalate\b")).click()
    dialog = anna.locator("#dialog")
    dialog.locator("input[name=kind][value=hierarchical]").check()
    dialog.locator("textarea[name=summary]").fill(RAISED["summary"])
    dialog.get_by_role("button", name="Ask Mona to decide").click()
    anna.wait_for_url(re.compile(r"/escalations/\d+/"))
    expect(anna.locator("#room-steps")).to_contain_text("Mona Farias is asked to decide.")

    # What has ended already is refused with her words kept; mended, it is decided.
    mona = sign_in("manager")
    mona.goto(anna.url.replace("/escalations/", "/decisions/"))
    mona.locator("input[name=decision][value=exception]").check()
    mona.locator("input[name=valid_until]").fill("2020-01-01")
    mona.locator("textarea[name=note_exception]").fill("For tonight alone.")
    press(mona, "Approve with exception")
    expect(mona.locator(".form-error")).to_contain_text("This lies in the past.")
    expect(mona.locator("textarea[name=note_exception]")).to_have_value("For tonight alone.")
    mona.locator("input[name=valid_until]").fill("")
    press(mona, "Approve with exception")

    # Both see it at Initiate, she without a reload.
    is_at(mona, "Initiate")
    is_at(anna, "Initiate")
    expect(anna.locator("#room-steps")).to_contain_text("Approve with an exception, by Mona Farias.")


def test_communicate_takes_a_list_and_tells_each_on_it_once(sign_in, begun, ticket):
    room = begun("begin-communication")
    cora, mona = sign_in("customer"), sign_in("manager")
    cora.goto(f"/help/{ticket}/")

    # Of the list, each line that is not taken says why.
    mona.goto(f"{room}customers/")
    lines = f"{CORA}\ncaio@cafe-ipe.example\ncaio@cafe-ipe.example\nnobody@nowhere.example\nnonsense"
    mona.get_by_label("Or lines").fill(lines)
    press(mona, "Add those on the list")
    report = mona.locator("main")
    for said in (
        "1 customer is new on the list.",
        "This address stands on line 2 already.",
        "No customer has this address.",
        "There is no e-mail address on this line.",
    ):
        expect(report).to_contain_text(said)

    # Who gets what is said before it goes, and it reaches the customer's open page.
    mona.goto(f"{room}?audience=customers")
    mona.locator("#update textarea[name=body]").fill("We pay you by hand tonight.")
    press(mona, "Send the update")
    expect(mona.locator("main")).to_contain_text("Nothing has been sent yet")
    expect(mona.locator("main h1")).to_contain_text("2 customers")
    press(mona, "Send to 2 people")
    expect(mona.locator("#update-lines")).to_contain_text("To 2 customers")
    expect(cora.locator("#talk")).to_contain_text("We pay you by hand tonight.")


def test_resolve_waits_for_the_expert_and_then_for_the_manager(sign_in, begun, call):
    room = begun("begin-communication", "begin-resolution")
    number = room.split("/")[2]
    call("manager", f"escalations/{number}/plan/", tasks=[{"title": "Pay"}])
    call("manager", f"escalations/{number}/task-force/", members=["ilya@meridiano.example"], experts=[ANNA])
    call("manager", f"escalations/{number}/technical-plan/", body="A file of its own for the three.")
    mona, anna = sign_in("manager"), sign_in("agent")

    mona.goto(room)
    press(mona, "Declare resolved")
    expect(mona.locator("main .checks li.no b")).to_contain_text(["The experts accept the technical plan"])

    anna.goto(room)
    anna.locator("#force summary", has_text="Review the technical plan").click()
    anna.locator("#force select[name=verdict]").select_option("accept")
    press(anna, "Save the review")
    mona.get_by_role("link", name="Back to the room").click()
    press(mona, "Done: Pay")
    expect(mona.locator("#conditions li.no")).to_have_count(0)
    press(mona, "Declare resolved")
    is_at(mona, "Close")
    is_at(anna, "Close")


def test_close_goes_back_to_resolve_when_the_customer_says_no(sign_in, begun, ticket):
    room = begun("begin-communication", "begin-resolution", "resolve")
    cora, mona = sign_in("customer"), sign_in("manager")
    mona.goto(room)
    mona.locator("#verify_customers").fill("It works again.")
    mona.locator("#verify_stakeholders").fill("Paid by hand.")
    press(mona, "Verify and send the notices")
    expect(mona.locator("#verify")).to_contain_text("verified by Mona Farias")

    cora.goto(f"/help/{ticket}/")
    cora.locator("#restored textarea").fill("One store still waits.")
    press(cora, "No, not yet")

    is_at(mona, "Resolve")
    expect(mona.locator("#room-side")).to_contain_text("One store still waits.")
    expect(cora.locator("#restored")).to_have_count(0)
