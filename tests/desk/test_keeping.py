import re
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from desk.looks.walk import newest_first
from mailroom import services as mailroom
from mailroom.models import BlockedSender
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_team
from tickets import services
from tickets.models import Ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket()


def test_handing_over_to_a_closed_team_leads_back_to_the_inbox(ticket, anna, rosa, mona):
    anna.role = "manager"
    anna.save()
    risk = make_team("Risk", lead=rosa, restricted=True)
    assert "Risk" in words(get(anna, "desk:hand_over", ticket.number))
    anna.role = "agent"
    anna.save()
    cards = make_team("Cards", lead=mona)

    answer = post(anna, "desk:hand_over", ticket.number, team=cards.pk, note="Yours.")
    refused = post(anna, "desk:hand_over", ticket.number, team=risk.pk, note="Keep these words")

    assert answer["Location"] == reverse("desk:ticket", args=[ticket.number])
    assert refused.status_code == 422
    assert "Keep these words" in words(refused)


def test_a_rest_is_said_on_the_page_with_a_way_to_wake_it(ticket, anna, at):
    page = words(get(anna, "desk:snooze", ticket.number))
    assert "No clock stops for it." in page
    assert 'value="2026-11-19T09:00"' in page

    browser = signed_in(anna)
    browser.post(reverse("desk:snooze", args=[ticket.number]), {"until": "2026-11-19T09:00", "reason": "Batch"})

    page = words(browser.get(reverse("desk:ticket", args=[ticket.number])))
    assert f"#{ticket.number} is snoozed until Thu 09:00." in page
    assert "<b>Snoozed until " in page
    assert f'action="{reverse("desk:wake", args=[ticket.number])}"' in page
    browser.post(reverse("desk:wake", args=[ticket.number]))
    assert Ticket.objects.get(number=ticket.number).snoozed_until is None


def test_a_rest_in_the_past_is_refused_and_kept(ticket, anna):
    answer = post(anna, "desk:snooze", ticket.number, until="2026-11-17T09:00", reason="My reason")

    assert answer.status_code == 422
    assert "still to come" in words(answer)
    assert "My reason" in words(answer)


def test_spam_is_put_away_its_sender_blocked_and_undone_from_the_toast(ticket, anna, cora):
    browser = signed_in(anna)

    browser.post(reverse("desk:put_away", args=[ticket.number]), {"what": "spam", "block": "on"})
    page = words(browser.get(reverse("desk:inbox")))

    undo = reverse("desk:bring_back", args=[ticket.number])
    assert f'action="{undo}"' in page
    assert BlockedSender.objects.get().pattern == cora.email
    assert browser.get(reverse("desk:ticket", args=[ticket.number])).status_code == 404
    assert signed_in(cora).get(reverse("portal:request", args=[ticket.number])).status_code == 404
    browser.post(undo)
    assert browser.get(reverse("desk:ticket", args=[ticket.number])).status_code == 200


def test_who_brings_spam_back_reads_its_sender_again(ticket, anna, mona, cora):
    browser, url = signed_in(anna), reverse("desk:put_away", args=[ticket.number])
    undo, inbox = reverse("desk:bring_back", args=[ticket.number]), reverse("desk:inbox")

    browser.post(url, {"what": "spam", "block": "on"})
    browser.post(undo)

    assert not BlockedSender.objects.exists()
    assert f"Mail from {cora.email} is read again." in words(browser.get(inbox))
    browser.post(undo)
    assert f"#{ticket.number} is back already." in words(browser.get(inbox))


def test_a_sender_whom_somebody_else_has_blocked_stays_so_and_that_is_said(ticket, anna, mona, cora, at):
    mailroom.block(user=mona, pattern=cora.email, now=at)
    services.put_away(user=anna, number=ticket.number, what="spam", now=at)
    browser = signed_in(anna)

    browser.post(reverse("desk:bring_back", args=[ticket.number]))

    assert BlockedSender.objects.exists()
    assert "is still dropped: a manager may unblock it." in words(browser.get(reverse("desk:inbox")))


def test_what_was_no_spam_comes_back_and_its_sender_stays_blocked(ticket, mona, cora, at):
    mailroom.block(user=mona, pattern=cora.email, now=at)
    services.put_away(user=mona, number=ticket.number, what="trash", now=at)

    post(mona, "desk:bring_back", ticket.number)

    assert BlockedSender.objects.exists()


def test_only_the_sender_of_spam_is_blocked(ticket, anna):
    answer = post(anna, "desk:put_away", ticket.number, what="trash", block="on")

    assert answer.status_code == 422
    assert "Only of spam the sender is blocked" in words(answer)
    assert Ticket.objects.get(number=ticket.number).trashed_at is None


def test_whoever_asks_for_what_lies_in_the_trash_is_told_so(ticket, open_ticket, anna, rosa, mona, cora, at):
    hidden = open_ticket(team=make_team("Risk", lead=rosa, restricted=True))
    for number in (ticket.number, hidden.number):
        services.put_away(user=mona, number=number, what="trash", now=at)

    page, other = get(anna, "desk:ticket", ticket.number), get(anna, "desk:ticket", hidden.number)

    assert (page.status_code, other.status_code) == (404, 404)
    assert f"#{ticket.number} is in the trash" in words(page)
    assert "Mona Farias put it away" in words(page)
    assert reverse("desk:bring_back", args=[ticket.number]) in words(page)
    assert "There is nothing here for you" in words(other)


def test_the_trash_lists_what_the_reader_would_see_at_one_price(open_ticket, anna, rosa, mona, at):
    hidden = open_ticket(subject="Secret", team=make_team("Risk", lead=rosa, restricted=True))
    services.put_away(user=mona, number=hidden.number, what="trash", now=at)
    browser, found = signed_in(anna), []
    for count in (1, 3):
        for _ in range(count):
            services.put_away(user=anna, number=open_ticket().number, what="spam", now=at)
        found.append(queries(browser, reverse("desk:trash")))

    page = words(get(anna, "desk:trash"))
    assert "Payouts are stuck" in page
    assert "Secret" not in page
    assert "Delete it all" not in page
    assert found[0] == found[1]


@pytest.mark.each
def test_the_trash_is_walked_to_its_end_the_last_put_away_first(payments, open_ticket, anna, at, monkeypatch):
    monkeypatch.setattr("desk.pages.keeping.newest_first", partial(newest_first, size=2))
    numbers = [open_ticket().number for _ in range(5)]
    # Three of them in one moment, as by a deed on many.
    for number, minute in zip(numbers, (0, 1, 1, 1, 2), strict=True):
        services.put_away(user=anna, number=number, what="trash", now=at + timedelta(minutes=minute))
    browser, pages, url = signed_in(anna), [], reverse("desk:trash")

    while url:
        page = words(browser.get(url))
        pages.append([int(number) for number in re.findall(r"Bring #(\d+) back", page)])
        onward = re.search(r'href="(\?after=[^"]+)"', page)
        url = onward and reverse("desk:trash") + onward[1]

    assert pages == [numbers[:2:-1], numbers[2:0:-1], numbers[:1]]
    assert "First page" in page
    last = words(browser.get(reverse("desk:trash"), {"after": f"{at.isoformat()}_{numbers[0]}"}))
    nonsense = words(browser.get(reverse("desk:trash"), {"after": "yesterday_²"}))
    assert all(f"Bring #{numbers[4]} back" in one for one in (last, nonsense))


def test_a_manager_empties_it(ticket, anna, mona, at, time):
    services.put_away(user=anna, number=ticket.number, what="trash", now=at)
    time.move_to(at + HOUR)

    assert "Delete it all" in words(get(mona, "desk:trash"))
    browser = signed_in(mona)
    browser.post(reverse("desk:empty_trash"))

    assert not Ticket.objects.exists()
    assert "1 ticket is deleted with all that was in it." in words(browser.get(reverse("desk:trash")))


def test_senders_are_blocked_and_unblocked_on_a_page(payments, mona):
    wrong = post(mona, "desk:blocked", pattern="shop")
    post(mona, "desk:blocked", pattern="@shop.example")

    assert wrong.status_code == 422
    assert "Give an address" in words(wrong)
    assert "@shop.example" in words(get(mona, "desk:blocked"))
    post(mona, "desk:unblock", BlockedSender.objects.get().pk)
    assert not BlockedSender.objects.exists()


@pytest.mark.each
def test_blocked_senders_are_walked_in_their_order_and_unblocking_stays_on_the_page(payments, mona, at):
    patterns = [f"{n:03}@spam.example" for n in range(60)]
    BlockedSender.objects.bulk_create(BlockedSender(pattern=pattern, blocked_at=at) for pattern in reversed(patterns))
    browser = signed_in(mona)
    first = words(browser.get(reverse("desk:blocked")))
    here = reverse("desk:blocked") + re.search(r'href="(\?after=[^"]+)"', first)[1]
    gone = BlockedSender.objects.get(pattern=patterns[55])

    answer = browser.post(reverse("desk:unblock", args=[gone.pk]), {"next": here})

    second = words(browser.get(here))
    assert re.findall(r"Unblock (\S+@[a-z.]+)", first) == patterns[:50]
    assert (answer["Location"], "First page" in second) == (here, True)
    assert re.findall(r"Unblock (\S+@[a-z.]+)", second) == patterns[50:55] + patterns[56:]
    assert f'name="next" value="{here}"' in second
    BlockedSender.objects.filter(pattern__gt=patterns[49]).delete()
    assert f"Unblock {patterns[0]}" in words(browser.get(here))


def test_a_ticket_tells_how_long_it_was_nobodys(ticket, anna, time, at):
    services.take(user=anna, number=ticket.number, now=at + 2 * HOUR)
    time.move_to(at + 3 * HOUR)

    assert "it was nobody's for 2 h" in words(get(anna, "desk:ticket", ticket.number)).replace("hours", "h")
