"""A hand-off to another team in the browser: sent with evidence, accepted, returned, sent again (R1, R42)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from escalation import services
from escalation.models import Escalation, HandOff
from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words
from tests.factories.people import make_team
from tickets import files

HALF = timedelta(minutes=30)
ASKED = {
    "kind": "functional",
    "team": "terminals",
    "severity": "3",
    "reason": "technical",
    "summary": "Check the kernel",
}


@pytest.fixture
def sent(open_ticket, policy, escalate, time):
    """After half an hour with Payments."""
    ticket = open_ticket(now=time.now)
    time.move_to(time.now + HALF)
    return escalate(ticket, now=time.now)


def room(user, escalation, **query) -> str:
    return words(get(user, "desk:escalation", escalation.number, **query))


def test_r42_the_receiver_accepts_in_the_room_and_nobody_else(sent, terminals, anna):
    assert "Terminals has not said yet whether it takes it. Accept by 10:45." in room(anna, sent)
    assert "Accept it</button>" not in room(anna, sent)
    assert "Accept it</button>" in room(terminals.lead, sent)

    answer = post(terminals.lead, "desk:escalation_verb", sent.number, "accept")

    assert answer.status_code == 302
    assert "Accepted 10:30 by Inger Ravn." in room(anna, sent)
    assert "Inger Ravn accepted" in room(anna, sent)
    assert post(terminals.lead, "desk:escalation_verb", sent.number, "accept").status_code == 409


def test_r42_it_is_accepted_on_the_ticket_too(sent, terminals, anna):
    assert "Accept it</button>" in words(get(terminals.lead, "desk:ticket", sent.ticket_id))
    assert "Accept it</button>" not in words(get(anna, "desk:ticket", sent.ticket_id))


def test_r42_who_held_it_stands_beside_the_customers_clock(sent, terminals, anna, time):
    time.move_to(time.now + 3 * HALF)

    page = room(anna, sent)

    table = page[page.index("Who held it for how long") : page.index("The customer’s clock, Resolve")]
    for row in ("Payments", "30m", "Terminals", "1h 30m", "1h 30m of it not accepted", "Sum", "2h 00m"):
        assert row in table
    assert "2h 00m" in page[page.index("The customer’s clock, Resolve") :]


def test_the_returner_finds_the_reason_field_open(sent, terminals):
    assert '<details class="pop" open>' in room(terminals.lead, sent, **{"return": "1"})


def test_r1_the_sender_sees_it_returned_and_sends_it_again_with_one_click(sent, terminals, anna, time):
    post(
        terminals.lead,
        "desk:escalation_verb",
        sent.number,
        "return",
        reason="The reader is not ours.",
        cause="ownership",
    )
    assert Escalation.objects.get(pk=sent.pk).cause == "ownership"

    page = words(get(anna, "desk:ticket", sent.ticket_id))
    again = f"{reverse('desk:escalate', args=[sent.ticket_id])}?again={sent.number}"
    assert "Terminals returned it 10:30." in page
    assert "The reader is not ours." in page
    assert again in page
    assert again in room(anna, sent)
    dialog = words(fragment(anna, "desk:escalate", sent.ticket_id, again=sent.number))
    assert "Say what is different now." in dialog
    assert "Check the contactless kernel</textarea>" in dialog
    assert 'value="terminals" checked' in dialog

    post(anna, "desk:escalate", sent.ticket_id, **ASKED)

    assert HandOff.objects.waiting().count() == 1
    assert "It came back" not in words(get(anna, "desk:ticket", sent.ticket_id))


def test_nothing_is_filled_in_from_a_number_that_is_no_returned_one(sent, anna, open_ticket):
    for number in (sent.number, 987_654, "x", "²", "9" * 30):
        assert "Say what is different now." not in words(get(anna, "desk:escalate", sent.ticket_id, again=number))


def test_r1_evidence_is_ticked_in_the_dialog_and_linked_in_the_room(open_ticket, terminals, anna, time):
    ticket = open_ticket(now=time.now, attachments=[files.Upload("log.txt", b"51R")])
    message = ticket.messages.get()
    keys = [f"m{message.pk}", f"f{message.attachments.get().pk}"]
    dialog = words(get(anna, "desk:escalate", ticket.number))
    assert "Cora Menezes: Since yesterday." in dialog
    assert "File: log.txt" in dialog

    wrong = post(anna, "desk:escalate", ticket.number, **ASKED | {"summary": ""}, evidence=keys)
    assert words(wrong).count(" checked") >= 3 + len(keys)
    post(anna, "desk:escalate", ticket.number, **ASKED, evidence=keys)

    page = room(anna, ticket.escalations.get())
    assert f'{reverse("desk:ticket", args=[ticket.number])}#message-{message.pk}">Since yesterday.' in page
    assert "log.txt" in page
    assert post(anna, "desk:escalate", ticket.number, **ASKED, evidence=["m987654"]).status_code == 422


def test_handed_to_a_restricted_team_its_sender_is_told_where_it_is(open_ticket, anna, rosa, mona):
    make_team("Fraud", restricted=True, lead=mona, members=[rosa])
    ticket, browser = open_ticket(), signed_in(anna)

    answer = browser.post(reverse("desk:escalate", args=[ticket.number]), ASKED | {"team": "fraud"}, follow=True)

    made = ticket.escalations.get()
    assert (answer.status_code, answer.redirect_chain) == (200, [(reverse("desk:inbox"), 302)])
    assert f"#{ticket.number} is with Fraud now, and only its people see it." in words(answer)
    asked = words(browser.get(reverse("desk:escalation", args=[made.number]), follow=True))
    assert "Fraud keeps its tickets to itself" in asked
    assert "Accept it" not in asked

    services.return_to_sender(user=mona, number=made.number, reason="Not ours.", now=made.opened_at)

    assert "Send it again" in words(browser.get(reverse("desk:ticket", args=[ticket.number])))


@pytest.mark.once
def test_the_room_asks_as_often_however_often_it_went_to_and_fro(sent, escalate, terminals, anna, time):
    client, counted = signed_in(anna), []
    for more in (1, 2, 6):
        for _ in range(more):
            last = HandOff.objects.waiting().get().escalation_id
            services.return_to_sender(user=terminals.lead, number=last, reason="Not ours.", now=time.now)
            sent = escalate(sent.ticket, now=time.now)
        counted.append(queries(client, reverse("desk:escalation", args=[sent.number])))

    assert len(set(counted)) == 1


def test_a_stranger_to_the_ticket_accepts_nothing(sent, terminals, anna):
    terminals.restricted = True
    terminals.save()

    assert NOWHERE in words(post(anna, "desk:escalation_verb", sent.number, "accept"))
