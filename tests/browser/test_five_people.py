"""A major matter from the first word to the last, with five people signed in at once.

Each does his part by clicking on his own pages, and sees on them without a reload what the others did. Whom nobody
told to look again has his page still open from the step before.
"""

import re
from itertools import zip_longest
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SUMMARY = "The batch of the night was refused, somebody has to read its file"
TRIED = "Sent once more at six, and refused with the same code"
IMPACT = "Three stores cannot pay whoever delivers to them"
PLAN = ("Renew the expired certificate", "Send the refused batch again")
WORD_INSIDE = "The bank refuses our certificate, its night desk is on the phone"
LAST_WORD_INSIDE = "The new certificate is in place and the batch went through"
WHYS = ("Nobody saw the certificate expire", "It stands on no list of ours", "The list has no owner")
CONTRIBUTING = "The one who knew of it has left the team"
INSIDE = (SUMMARY, TRIED, IMPACT, *PLAN, WORD_INSIDE, LAST_WORD_INSIDE, *WHYS, CONTRIBUTING)

WORD = "We know why your payouts are held, and we are putting it right."
LAST_WORD = "Your payouts are on their way again, look at your accounts."
QUESTION = "Will this come again next month?"
LESSON = "A key between us and the bank had run out."


class Five(NamedTuple):
    """The customer, the agent, the manager, the lead of the other team, and an engineer who knows such matters."""

    cora: Page
    anna: Page
    mona: Page
    dang: Page
    kofi: Page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def sees(page: Page, place: str, words: str) -> None:
    expect(page.locator(place)).to_contain_text(words)


def at_step(name: str, *rooms: Page) -> None:
    for room in rooms:
        sees(room, ".esteps [aria-current=step]", name)


def is_met(room: Page, condition: str) -> None:
    expect(room.locator("#conditions li.yes", has_text=condition)).to_be_visible()


def all_is_met(room: Page) -> None:
    expect(room.locator("#conditions li.yes")).not_to_have_count(0)
    expect(room.locator("#conditions li.no")).to_have_count(0)


def sees_nothing_internal(cora: Page, room: str) -> None:
    escalation = f"E-{room.rstrip('/').rpartition('/')[2]}"
    page = cora.content()
    assert [words for words in (escalation, *INSIDE) if words in page] == []


def asks_for_help(cora: Page) -> str:
    """Returns the number of the request."""
    cora.goto("/help/new/?type=")
    cora.locator("input[name=subject]").fill("The payouts of all our stores are held")
    cora.locator("textarea[name=body]").fill("Since last night nothing has come in.")
    press(cora, "Send the request")
    cora.wait_for_url(re.compile(r"/help/\d+/"))
    return re.search(r"/help/(\d+)/", cora.url)[1]


def hands_over(anna: Page, number: str) -> str:
    """Escalates it to the other team in the dialog over its ticket; returns the address of the room."""
    anna.goto(f"/tickets/{number}/")
    anna.get_by_role("link", name=re.compile(r"^Escalate\b")).click()
    dialog = anna.locator("#dialog")
    dialog.locator("input[name=team][value=settlement]").check()
    dialog.locator("input[name=severity][value='2']").check()
    dialog.locator("select[name=reason]").select_option("technical")
    dialog.locator("textarea[name=summary]").fill(SUMMARY)
    dialog.locator("textarea[name=tried]").fill(TRIED)
    expect(dialog.locator("#procedure")).to_contain_text("severity 1 and 2")
    dialog.get_by_role("button", name="Hand over to Settlement").click()
    anna.wait_for_url(re.compile(r"/escalations/\d+/"))
    return re.search(r"/escalations/\d+/", anna.url)[0]


def is_refused_with_the_list_of_what_is_open(mona: Page) -> None:
    press(mona, "Move to Communicate")
    sees(mona, "main h1.ask", "cannot move to Communicate yet")
    missing = ("The receiving team has accepted it", "Somebody has acknowledged it", "Its impact is on record")
    expect(mona.locator("main .checks li.no b")).to_have_text(missing)
    mona.get_by_role("link", name="Back to the room").click()
    at_step("Initiate", mona)


def initiate(five: Five) -> tuple[str, str]:
    """From the customer's form until the other team has it; returns the number of the request and the room."""
    cora, anna, mona, dang, kofi = five
    mona.goto("/escalations/")
    dang.goto("/alerts/")
    kofi.goto("/alerts/")
    number = asks_for_help(cora)
    room = hands_over(anna, number)

    # The customer learns who sees to it; the manager has a new card, and the other team's lead an alert.
    sees(cora, "#where [aria-current=step]", "Taken up")
    sees(cora, "#where", "Settlement team")
    mona.locator(".ecard").get_by_role("link", name=SUMMARY).click()
    is_refused_with_the_list_of_what_is_open(mona)
    mona.locator("#conditions").get_by_role("button", name="Acknowledge").click()
    is_met(mona, "Somebody has acknowledged it")
    mona.locator("#conditions").get_by_role("link", name="Say it").click()
    mona.locator("#dialog textarea[name=impact]").fill(IMPACT)
    press(mona, "Keep these details")
    is_met(mona, "Its impact is on record")

    dang.get_by_role("link", name="comes to Settlement").first.click()
    sees(dang, "#room-blocks", IMPACT)
    press(dang, "Accept")
    for page in (dang, anna, mona):
        sees(page, "#hand-off", "Accepted")
    return number, room


def tells(mona: Page, audience: str, words: str) -> None:
    mona.locator("#conditions").get_by_role("link", name=f"Write to {audience}").click()
    mona.wait_for_url(re.compile(f"audience={audience}"))
    mona.locator("#update textarea[name=body]").fill(words)
    press(mona, "Send the update")
    sees(mona, "#update-lines", words)


def plans(dang: Page) -> None:
    """What is filled in makes way for two tasks of his own, the second of them the manager's."""
    dang.locator("#plan summary").click()
    for line, title in zip_longest(dang.locator("#plan input[name$='-title']").all(), PLAN, fillvalue=""):
        line.fill(title)
    dang.locator("#plan select[name='plan-1-owner']").select_option(label="Mona Farias")
    press(dang, "Save the plan")
    sees(dang, "#plan-lines", PLAN[1])


def communicate(five: Five) -> None:
    """Until everybody knows, and somebody answers for everything that is to be done."""
    cora, anna, mona, dang, _kofi = five
    all_is_met(mona)
    press(mona, "Move to Communicate")
    at_step("Communicate", mona, dang, anna)
    sees(mona, "#affected", "Cora Menezes")

    tells(mona, "stakeholders", WORD_INSIDE)
    for page in (dang, anna):
        sees(page, "#update-lines", WORD_INSIDE)
    tells(mona, "customers", WORD)
    sees(cora, "#talk", WORD)
    sees(cora, "#talk", "Next update by")
    sees(cora, "#where [aria-current=step]", "Everybody informed")

    plans(dang)
    for page in (mona, anna):
        sees(page, "#plan-lines", PLAN[0])
    all_is_met(mona)


def names(mona: Page, duty: str, person: str) -> None:
    mona.locator("#duties summary", has_text="Name them").click()
    box = mona.locator(f"#duty_{duty}_email")
    box.select_option(label=person)
    mona.locator("#duties form", has=box).get_by_role("button", name="Name").click()
    sees(mona, "#duties > ul", person)


def has_done(page: Page, task: str) -> None:
    press(page, f"Done: {task}")
    expect(page.get_by_role("button", name=f"Take back: {task}")).to_be_visible()


def resolve(five: Five, number: str, room: str) -> None:
    """Until the plan is done and the manager says so; who verifies and who looks after the customer is named."""
    cora, anna, mona, dang, kofi = five
    press(mona, "Move to Resolve")
    at_step("Resolve", mona, dang, anna)
    names(mona, "architect", "Kofi Mensah")
    names(mona, "engagement_executive", "Anna Lindqvist")
    sees(kofi, "#alerts", "you are named De-escalation architect")

    dang.goto(f"/tickets/{number}/")
    dang.locator("summary.pick", has_text="Owner").click()
    press(dang, "Take it")
    sees(cora, "#where", "Đặng Hà")
    sees(cora, "#where [aria-current=step]", "Being solved")
    dang.goto(room)
    has_done(dang, PLAN[0])
    expect(mona.locator("#plan-lines s")).to_have_text([PLAN[0]])
    has_done(mona, PLAN[1])
    expect(dang.locator("#plan-lines s")).to_have_text(PLAN)
    press(mona, "Declare resolved")
    at_step("Close", mona, dang, anna)


def is_verified_and_confirmed(five: Five) -> None:
    """By the engineer, whose alert leads to it, and by the agent who knows the customer."""
    cora, anna, mona, _dang, kofi = five
    kofi.get_by_role("link", name="is declared resolved: verify it").first.click()
    kofi.locator("#verify_customers").fill(LAST_WORD)
    kofi.locator("#verify_stakeholders").fill(LAST_WORD_INSIDE)
    press(kofi, "Verify and send the notices")
    sees(cora, "#talk", LAST_WORD)
    is_met(mona, "The resolution is verified")
    is_met(mona, "Customers and stakeholders have the notice of the resolution")
    press(anna, "Confirm the access of Cora Menezes")
    is_met(mona, "Every affected customer has access again")


def asks_what_went_wrong(cora: Page, dang: Page, number: str) -> None:
    """The request is solved while she writes: her page says so, and takes no word from her."""
    asked = cora.get_by_label("What you want to know")
    asked.fill(QUESTION)
    dang.goto(f"/tickets/{number}/")
    press(dang, "Solve")
    sees(cora, "#where", "Solved")
    expect(asked).to_have_value(QUESTION)
    press(cora, "Ask what went wrong")


def analyses(dang: Page, room: str) -> None:
    dang.goto(room)
    dang.get_by_role("link", name="Open the analysis").click()
    sees(dang, "main", QUESTION)
    for number, why in enumerate(WHYS, start=1):
        dang.locator(f"input[name=why{number}]").fill(why)
    dang.locator("textarea[name=contributing]").fill(CONTRIBUTING)
    dang.locator("textarea[name=for_customers]").fill(LESSON)
    dang.locator("input[name='actions-0-title']").fill("Each key is renewed a month before its end")
    dang.locator("input[name='actions-0-for_customers']").check()
    press(dang, "Save the analysis")
    sees(dang, "body", "The analysis is saved.")
    press(dang, "Submit the analysis")
    sees(dang, "main", "submitted by Đặng Hà")


def close(five: Five, number: str, room: str) -> None:
    """Until it is verified, confirmed, solved and understood."""
    cora, anna, mona, dang, kofi = five
    is_verified_and_confirmed(five)
    asks_what_went_wrong(cora, dang, number)
    is_met(mona, "The customer's ticket is solved")
    is_met(mona, "A root cause analysis is asked for")

    cause = mona.get_by_label("What was at the root", exact=True)
    cause.focus()
    cause.select_option("ownership")
    press(mona, "Choose")
    is_met(mona, "The cause is chosen")
    analyses(dang, room)
    all_is_met(mona)
    mona.get_by_role("button", name=re.compile("^Close( M)?$")).click()
    for page in (mona, anna, kofi):
        expect(page.locator(".esteps li.past")).to_have_count(4)


def tell_what_went_wrong(five: Five, number: str, room: str) -> None:
    """One writes it, another looks through it, the third sends it, and the customer reads it."""
    cora, anna, mona, dang, _kofi = five
    press(dang, "Compose")
    sees(dang, "main", "composed by Đặng Hà")
    mona.goto(f"{room}analysis/")
    press(mona, "I have checked it")
    sees(mona, "main", "checked by Mona Farias")
    anna.goto(f"{room}analysis/")
    press(anna, "Send it to Cora Menezes")
    sees(anna, "main", "sent by Anna Lindqvist")
    cora.goto(f"/help/{number}/")
    sees_nothing_internal(cora, room)
    cora.get_by_role("link", name="What went wrong, and what we do about it").click()
    sees(cora, "main", LESSON)


def test_five_people_walk_a_major_matter_through_the_four_steps(sign_in):
    people = ("customer", "agent", "manager", "dang@meridiano.example", "kofi@meridiano.example")
    five = Five(*(sign_in(person) for person in people))

    number, room = initiate(five)
    sees_nothing_internal(five.cora, room)
    communicate(five)
    sees_nothing_internal(five.cora, room)
    resolve(five, number, room)
    sees_nothing_internal(five.cora, room)
    close(five, number, room)
    sees_nothing_internal(five.cora, room)
    tell_what_went_wrong(five, number, room)
    sees_nothing_internal(five.cora, room)
    assert five.cora.goto(room).status == 404
