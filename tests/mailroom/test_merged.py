"""Mail about a ticket that went into another."""

import pytest

from mailroom import intake
from mailroom.models import IntakeState
from mailroom.threads import reply_address, token_for
from tests.mailroom.mails import compose
from tickets.services import merge

pytestmark = pytest.mark.usefixtures("payments")

STAN = "Stan Strange <stan@elsewhere.example>"


def test_an_answer_to_a_merged_ticket_is_filed_where_the_matter_goes_on(open_ticket, anna, cora, at):
    ticket, target = open_ticket(), open_ticket(subject="The first one")
    merge(user=anna, source=ticket.number, target=target.number, now=at)

    row = intake.accept(compose("Any news?", to=reply_address(token_for(ticket.number, cora.email))), now=at)

    assert (row.state, row.ticket_number) == (IntakeState.FILED, target.number)
    assert target.messages.latest("pk").body == "Any news?"


def test_an_answer_about_what_was_merged_into_anothers_is_heard_and_stays_his_own(open_ticket, mona, stan, at):
    theirs, target = open_ticket(requester=stan), open_ticket()
    merge(user=mona, source=theirs.number, target=target.number, now=at)

    to_his = reply_address(token_for(theirs.number, stan.email))
    intake.accept(compose("Any news?", to=to_his, sender=STAN), now=at)

    message = target.messages.latest("pk")
    assert (message.author, message.body, message.is_public) == (stan, "Any news?", False)
