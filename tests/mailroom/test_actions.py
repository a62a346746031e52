import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail as outbox
from django.urls import resolve

from common.errors import NotFound
from mailroom import actions, intake, links
from mailroom.models import Letterhead
from mailroom.threads import reply_address, token_for
from notifications import delivery
from notifications.models import Delivery
from tests.mailroom.mails import answer, compose
from tickets import actions as tickets
from tickets.enums import Channel
from tickets.files import Upload


@pytest.fixture
def ticket(open_ticket):
    made = open_ticket(channel=Channel.PHONE)
    assert not Delivery.objects.exists()
    return made


def sent():
    """The last mail as it goes over the wire, read again."""
    delivery.run()
    return message_from_bytes(outbox.outbox[-1].message().as_bytes(), policy=policy.default)


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content()


def html_of(message) -> str:
    return message.get_body(("html",)).get_content()


def test_an_agents_answer_goes_to_the_customer_in_both_forms(ticket, anna, cora, at):
    tickets.reply(ticket=ticket, author=anna, body="Which bank <Ipê> & when?\n\nAnna", now=at)

    message = sent()
    assert message["To"] == cora.email
    assert message["Subject"] == f"Re: Payouts are stuck [#{ticket.number}]"
    assert "Which bank <Ipê> & when?" in text_of(message)
    assert "Which bank &lt;Ipê&gt; &amp; when?" in html_of(message)
    for form in (text_of(message), html_of(message)):
        assert "Anna Lindqvist" in form
        assert f"http://127.0.0.1:8000/help/{ticket.number}/" in form


def test_an_answer_can_be_answered(ticket, anna, cora, at):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)

    message = sent()
    token = token_for(ticket.number, cora.email)
    assert message["Reply-To"] == reply_address(token)
    assert message["Message-ID"] == f"<{Delivery.objects.get().pk}.{token}@escala.localhost>"
    assert message["Auto-Submitted"] is None


def test_the_mails_of_a_ticket_hang_together(payments, anna, at):
    intake.accept(compose(identifier="<first@x.example>"), now=at)
    receipt = Delivery.objects.get()
    ticket = tickets.Ticket.objects.get()
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at + timedelta(minutes=1))
    first = Delivery.objects.get(dedupe_key__startswith="reply:")
    intake.accept(answer(first, "Ipê."), now=at + timedelta(minutes=2))
    tickets.reply(ticket=ticket, author=anna, body="Thank you.", now=at + timedelta(minutes=3))

    last = Delivery.objects.order_by("pk").last()
    ours = [delivery.message_id(letter) for letter in (receipt, first)]
    assert (
        last.headers["References"]
        == f"<first@x.example> {ours[0]} {ours[1]} <answer-to-{first.pk}@livraria-aurora.example>"
    )
    assert last.headers["In-Reply-To"] == f"<answer-to-{first.pk}@livraria-aurora.example>"


def test_a_long_thread_keeps_its_root(ticket, anna, at):
    for minute in range(20):
        tickets.reply(ticket=ticket, author=anna, body=f"Word {minute}.", now=at + timedelta(minutes=minute))

    letters = Delivery.objects.order_by("pk")
    references = letters.last().headers["References"].split()
    assert len(references) == actions.REFERENCES_LIMIT + 1
    assert references[0] == delivery.message_id(letters[0])
    assert references[-1] == delivery.message_id(letters[18])


def test_an_internal_note_never_leaves(ticket, anna, at):
    tickets.note(ticket=ticket, author=anna, body="CANARY: she pays late", now=at)

    assert not Delivery.objects.exists()


def test_an_internal_note_is_not_sent_even_when_asked_for(ticket, anna, at):
    note = tickets.note(ticket=ticket, author=anna, body="CANARY: she pays late", now=at)

    actions.send_reply(note)

    assert not Delivery.objects.exists()


def test_the_customers_own_words_are_not_sent_back(ticket, cora, at):
    tickets.customer_wrote(ticket=ticket, author=cora, body="Hello?", now=at)

    assert not Delivery.objects.exists()


def test_the_files_of_an_answer_go_along(ticket, anna, at):
    tickets.reply(
        ticket=ticket, author=anna, body="See there.", now=at, attachments=[Upload("../../proof.txt", b"a\r\nb\xc3")]
    )

    (file,) = sent().iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("proof.txt", b"a\r\nb\xc3")


def test_what_is_too_much_for_a_mail_goes_as_a_link_that_is_signed(ticket, anna, cora, at, settings):
    settings.MAIL_ATTACH_LIMIT = 5
    files = [Upload("small.txt", b"1234"), Upload("large.txt", b"56")]
    message = tickets.reply(ticket=ticket, author=anna, body="See there.", now=at, attachments=files)

    letter = sent()
    assert [file.get_filename() for file in letter.iter_attachments()] == ["small.txt"]
    link = re.search(r"http://127\.0\.0\.1:8000/files/(\S+)/", text_of(letter))
    assert links.file_of(link[1], now=at) == message.attachments.get(name="large.txt")
    for broken in (link[1] + "x", link[1][1:]):
        with pytest.raises(NotFound):
            links.file_of(broken, now=at)
    with pytest.raises(NotFound):
        links.file_of(link[1], now=at + timedelta(days=31))
    message.is_public = False
    message.save()
    with pytest.raises(NotFound):
        links.file_of(link[1], now=at)


def test_a_team_writes_from_its_own_address_in_its_own_way(ticket, payments, anna, cora, at):
    Letterhead.objects.create(
        team=payments, address="pay@escala.localhost", name="Payments", signature="*Payments desk*", language="pt-br"
    )

    tickets.reply(ticket=ticket, author=anna, body="Qual banco?", now=at)

    message = sent()
    assert message["From"] == "Payments <pay@escala.localhost>"
    assert message["Reply-To"] == reply_address(token_for(ticket.number, cora.email), "pay@escala.localhost")
    assert "<em>Payments desk</em>" in html_of(message)
    assert Delivery.objects.get().context["language"] == "pt-br"


def test_a_customers_own_language_goes_before_the_teams(ticket, payments, anna, cora, at):
    Letterhead.objects.create(team=payments, language="pt-br")
    cora.language = "es"
    cora.save()

    tickets.reply(ticket=tickets.Ticket.objects.get(), author=anna, body="Hola.", now=at)

    assert Delivery.objects.get().context["language"] == "es"


def test_a_mail_from_a_teams_address_is_our_own(ticket, payments, at):
    Letterhead.objects.create(team=payments, address="pay@escala.localhost")

    row = intake.accept(compose(sender="pay+1-x@escala.localhost"), now=at)

    assert row.reason == "It bears the desk's own address."


def test_an_answer_is_framed_in_the_customers_language(ticket, cora, anna, at):
    cora.language = "pt-br"
    cora.save()

    tickets.reply(ticket=tickets.Ticket.objects.get(), author=anna, body="Qual banco?", now=at)

    assert Delivery.objects.get().context["language"] == "pt-br"
    assert '<html lang="pt-br">' in html_of(sent())


def test_nobody_writes_to_a_closed_account(ticket, cora, anna, at):
    cora.is_active = False
    cora.save()

    tickets.reply(ticket=tickets.Ticket.objects.get(), author=anna, body="Hello?", now=at)

    assert not Delivery.objects.exists()


def test_what_is_entered_as_history_is_not_mailed_again(ticket, anna, at):
    tickets.reply(ticket=ticket, author=anna, body="Done in summer.", now=at - timedelta(days=90))

    assert not Delivery.objects.exists()


def test_a_request_by_the_web_form_is_confirmed(open_ticket, cora):
    ticket = open_ticket(channel=Channel.WEB)

    receipt = Delivery.objects.get()
    assert receipt.address == cora.email
    assert receipt.subject == f"We have your request [#{ticket.number}]"
    assert receipt.headers["Auto-Submitted"] == "auto-replied"
    assert "stuck" not in str(receipt.context)


@pytest.mark.parametrize("channel", [Channel.API, Channel.PHONE, Channel.CHAT])
def test_a_request_by_another_way_is_not_confirmed_by_mail(open_ticket, channel):
    open_ticket(channel=channel)

    assert not Delivery.objects.exists()


def test_a_line_break_in_a_subject_cannot_become_a_header(ticket, anna, at):
    type(ticket).objects.filter(pk=ticket.pk).update(subject="Hello\r\nBcc: victim@example.com")

    tickets.reply(ticket=ticket, author=anna, body="Hello.", now=at)

    assert delivery.run() == 0
    assert outbox.outbox == []
    assert "newlines" in Delivery.objects.get().last_error


def test_the_link_in_a_mail_leads_to_the_request():
    assert resolve(actions.REQUEST_PATH.format(number=7)).view_name == "portal:request"
