import re
from dataclasses import replace

import pytest

from mailroom.parse import ParsedMail, parse
from mailroom.threads import Thread, reply_address, thread_of, ticket_of, token_for
from tests.mailroom.mails import CORA, compose

STAN = "Stan Strange <stan@elsewhere.example>"


def mail(**given) -> ParsedMail:
    return parse(compose(**given))


def identifier(token: str) -> str:
    return f"<77.{token}@escala.localhost>"


@pytest.fixture
def ticket(open_ticket):
    return open_ticket()


@pytest.fixture
def token(ticket, cora):
    return token_for(ticket.number, cora.email)


def test_a_token_fits_into_an_address_and_survives_a_change_of_case(token):
    local, _at, domain = reply_address(token).partition("@")

    assert re.fullmatch(r"support\+\d+-[a-z2-7]{26}", local)
    assert len(local) <= 64
    assert domain == "escala.localhost"


def test_a_token_is_bound_to_its_ticket_and_its_reader(ticket, cora, token):
    assert token_for(ticket.number, cora.email.upper()) == token
    assert token_for(ticket.number + 1, cora.email)[-26:] != token[-26:]
    assert token_for(ticket.number, "stan@elsewhere.example") != token


@pytest.mark.parametrize(
    "place",
    [
        lambda token: {"In_Reply_To": identifier(token)},
        lambda token: {"References": f"<first@livraria-aurora.example> {identifier(token)} <other@x.example>"},
        lambda token: {"to": reply_address(token)},
        lambda token: {"Cc": f"Desk <{reply_address(token).upper()}>"},
        lambda token: {"Delivered_To": reply_address(token)},
    ],
)
def test_the_customers_answer_finds_its_ticket(ticket, token, place):
    assert ticket_of(mail(**place(token))) == ticket.number


def test_of_several_tickets_the_nearest_reference_decides(ticket, token, open_ticket, cora):
    second = open_ticket(subject="Another matter")
    later = token_for(second.number, cora.email)

    found = ticket_of(mail(References=f"{identifier(token)} {identifier(later)}", to=reply_address(token)))

    assert found == second.number


def test_a_subject_alone_leads_nowhere(ticket):
    assert thread_of(mail(subject=f"Re: {ticket.subject} [#{ticket.number}]")) == Thread()


def test_our_message_id_without_a_token_leads_nowhere(ticket):
    assert thread_of(mail(In_Reply_To=f"<{ticket.number}@escala.localhost>")) == Thread()


def test_a_guessed_token_leads_nowhere(ticket):
    assert thread_of(mail(In_Reply_To=identifier(f"{ticket.number}-{'a' * 26}"))) == Thread()


def test_a_token_of_a_ticket_that_is_gone_leads_nowhere(db, cora):
    assert thread_of(mail(to=reply_address(token_for(999, cora.email)))) == Thread()


def test_somebody_elses_token_does_not_open_the_ticket_and_is_named(ticket, token, stan):
    assert thread_of(mail(sender=STAN, to=reply_address(token))) == Thread(foreign=ticket.number)


def test_a_token_made_for_a_stranger_does_not_open_the_ticket(ticket, stan):
    stolen = token_for(ticket.number, stan.email)

    assert thread_of(mail(sender=STAN, to=reply_address(stolen))) == Thread()


def test_a_reader_in_copy_does_not_become_a_participant(ticket, token, stan):
    assert ticket_of(mail(sender=STAN, Cc=CORA, In_Reply_To=identifier(token))) is None


def test_tokens_made_with_the_previous_secret_still_hold(ticket, token, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of at least thirty-two characters"

    assert ticket_of(mail(to=reply_address(token))) == ticket.number


def test_an_absurd_number_is_no_ticket(db):
    parsed = replace(mail(), references=(f"<1.{'9' * 18}-{'a' * 26}@escala.localhost>",))

    assert ticket_of(parsed) is None
