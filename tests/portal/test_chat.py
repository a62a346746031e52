"""The chat's frame on a website: who sees it, what it lets be said, and that it is nobody else's."""

import asyncio
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import AsyncRequestFactory, Client

from desk import hub as hub_module
from desk import live as live_module
from desk.hub import in_thread
from desk.portal.chat import pages
from people.models import Alias
from tests.desk.helpers import signed_in
from tests.desk.test_live import Listener
from tests.factories.calendars import make_calendar
from tests.factories.visits import SAID, SITE, make_visit, make_widget
from tickets import actions as tickets
from tickets.files import Upload
from tickets.models import Attachment, Message, Ticket
from visits import actions
from visits.models import Visit, Widget

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def widget(payments) -> Widget:
    return make_widget()


@pytest.fixture
def visitor() -> Client:
    """A browser that has signed in nowhere, and whose forms the desk's own cookies do not come with."""
    return Client(enforce_csrf_checks=True)


def begin(visitor: Client, widget: Widget, **given: Any) -> Any:
    return visitor.post(f"/help/chat/{widget.key}/", {**SAID, **given})


@pytest.fixture
def frame(visitor, widget, cora) -> str:
    """The address of a chat that has begun."""
    return begin(visitor, widget)["Location"]


def test_the_script_of_a_site_is_one_file_that_needs_no_other(visitor, widget):
    answer = visitor.get(f"/help/chat/{widget.key}/widget.js")
    again = visitor.get(f"/help/chat/{widget.key}/widget.js", headers={"If-None-Match": answer["ETag"]})

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "public" in answer["Cache-Control"] and not answer.cookies
    assert f"http://127.0.0.1:8000/help/chat/{widget.key}/" in answer.content.decode()
    assert again.status_code == 304


def test_a_name_cannot_break_out_of_the_script(visitor, widget):
    Widget.objects.update(name='</script><img src=x>"\u2028')

    script = visitor.get(f"/help/chat/{widget.key}/widget.js").content.decode()

    assert "</script>" not in script and "\u2028" not in script


def test_a_widget_that_is_not_in_use_is_not_there(visitor, widget, frame):
    Widget.objects.update(is_enabled=False)

    for path in (f"/help/chat/{widget.key}/", f"/help/chat/{widget.key}/widget.js", frame):
        assert visitor.get(path).status_code == 404


def test_the_frame_shows_itself_on_its_own_sites_and_the_desk_s_other_pages_nowhere(visitor, widget, frame):
    for path in (f"/help/chat/{widget.key}/", frame, f"/help/chat/{widget.key}/wrong/"):
        answer = visitor.get(path)
        policy = answer["Content-Security-Policy"]
        assert f"frame-ancestors 'self' {SITE}" in policy and "default-src 'none'" in policy, path
        assert "X-Frame-Options" not in answer
        assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "private, no-store")
    assert "frame-ancestors 'none'" in visitor.get("/accounts/login/")["Content-Security-Policy"]


def test_a_visitor_begins_by_a_plain_form_and_comes_back_by_his_cookie(visitor, widget):
    answer = begin(visitor, widget)

    cookie = answer.cookies[f"chat-{widget.key}"]
    assert cookie["httponly"] and cookie.value in answer["Location"]
    page = visitor.get(f"/help/chat/{widget.key}/", follow=True)
    assert page.redirect_chain[-1][0] == answer["Location"]
    assert "The payout is stuck" in page.content.decode()
    assert visitor.get(f"/help/chat/{make_widget(name='Other').key}/").status_code == 200


def test_over_https_the_cookie_is_kept_apart_for_each_site(visitor, widget, settings):
    settings.SESSION_COOKIE_SECURE = True

    cookie = begin(visitor, widget).cookies[f"__Host-chat-{widget.key}"].OutputString()

    assert {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"body": "x" * 5001}, "at most 5000 characters"),
        ({"body": " "}, "This field is required"),
        ({"email": "cora@"}, "valid email address"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_bad_words_come_back_with_one_sentence_and_open_nothing(visitor, widget, given, sentence):
    answer = begin(visitor, widget, **given)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert given.get("body", SAID["body"]).strip() in page
    assert not Ticket.objects.exists()


def test_too_many_chats_are_refused_with_the_words_kept(visitor, widget):
    for number in range(5):
        assert begin(visitor, widget, email=f"{number}@x.example").status_code == 302

    answer = begin(visitor, widget)

    assert answer.status_code == 422
    assert "Too many chats" in answer.content.decode() and SAID["body"] in answer.content.decode()


def test_scripts_in_every_field_are_words(visitor, widget):
    frame = begin(visitor, widget, name=SCRIPT, body=SCRIPT)["Location"]
    visitor.post(f"{frame}draft/", {"body": SCRIPT})

    page = visitor.get(frame).content.decode()

    assert SCRIPT not in page and page.count("&lt;script&gt;") >= 2


def test_what_is_said_and_answered_is_there_and_no_note_ever(visitor, frame, anna, at):
    ticket = Ticket.objects.get()
    visitor.post(f"{frame}say/", {"body": "It is the third time"})
    tickets.reply(ticket=ticket, author=anna, body="Which **bank**?", now=at)
    tickets.note(ticket=ticket, author=anna, body="He is lying", now=at, attachments=[Upload("a.txt", b"x")])

    page = visitor.get(frame).content.decode()
    part = visitor.get(f"{frame}?part=log").content.decode()

    for shown in (page, part):
        assert "It is the third time" in shown and "<strong>bank</strong>" in shown
        assert "lying" not in shown
    assert visitor.get(f"{frame}files/{Attachment.objects.get().pk}/").status_code == 404
    assert "<html" not in part


def test_a_file_is_kept_by_the_rules_of_files_and_given_back_as_a_download(visitor, frame):
    visitor.post(f"{frame}say/", {"body": "Look", "attachments": [SimpleUploadedFile("log.txt", b"line")]})

    answer = visitor.get(f"{frame}files/{Attachment.objects.get().pk}/")

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_another_visitor_s_chat_and_its_files_are_not_there(visitor, widget, frame, stan, at):
    other, word = make_visit(widget, at, email=stan.email, attachments=[Upload("a.txt", b"x")])
    file = Attachment.objects.get()

    assert visitor.get(f"{frame}files/{file.pk}/").status_code == 404
    for path in (f"{frame[:-3]}xx/", f"/help/chat/{make_widget(name='Other').key}/{word}/"):
        assert visitor.get(path).status_code == 404
        for deed in ("say", "here", "draft", "end"):
            assert visitor.post(f"{path}{deed}/", {"body": "I am he"}).status_code == 404
    assert other.ticket.messages.count() == 1


def test_earlier_tickets_of_a_typed_address_are_never_seen(visitor, widget, open_ticket, cora):
    open_ticket(subject="My salary", body="It is 17")

    frame = begin(visitor, widget, email=cora.email)["Location"]

    assert "salary" not in visitor.get(frame).content.decode()
    assert visitor.get("/help/").status_code == 302


def test_an_earlier_address_of_somebody_does_not_tell_the_one_that_he_has_now(visitor, widget, cora, at):
    Alias.objects.create(person=cora, address="c.menezes@old.example", since=at)

    frame = begin(visitor, widget, email="c.menezes@old.example")["Location"]

    assert "answer comes by e-mail" in visitor.get(frame).content.decode()
    for answer in (visitor.get(frame), visitor.post(f"{frame}end/")):
        assert cora.email not in answer.content.decode()


def test_without_a_script_looking_for_answers_is_a_button(visitor, frame, anna, at):
    reply = tickets.reply(ticket=Ticket.objects.get(), author=anna, body="Which bank?", now=at)
    assert f'name="shown" value="{reply.pk}"' in visitor.get(frame).content.decode()

    answer = visitor.post(f"{frame}here/", {"shown": reply.pk})

    assert answer["Location"] == frame
    assert not Visit.objects.get().unread.exists()


def test_the_script_is_told_little_and_no_more_often_than_it_may(visitor, frame, monkeypatch):
    monkeypatch.setattr(pages, "_window", pages.Window(2))

    found = [visitor.post(f"{frame}here/", {"shown": "x", "quiet": "1"}).status_code for _ in range(3)]

    assert found == [204, 204, 429]


def test_a_quiet_answer_is_the_conversation_alone(visitor, frame):
    said = visitor.post(f"{frame}say/", {"body": "Quickly", "quiet": "1"})
    refused = visitor.post(f"{frame}say/", {"body": "x" * 5001, "quiet": "1"})

    assert "Quickly" in said.content.decode() and "<html" not in said.content.decode()
    assert (refused.status_code, "x" * 5001 in refused.content.decode()) == (422, True)


def test_an_ended_chat_is_over_and_forgotten(visitor, widget, frame):
    answer = visitor.post(f"{frame}end/")

    assert "The chat has ended" in answer.content.decode()
    assert answer.cookies[f"chat-{widget.key}"]["max-age"] == 0
    assert visitor.get(frame).status_code == 404
    assert "Your name" in visitor.get(f"/help/chat/{widget.key}/").content.decode()


def test_whoever_has_signed_in_is_not_asked_who_he_is_and_no_other_site_speaks_for_him(widget, cora):
    browser = signed_in(cora)
    page = browser.get(f"/help/chat/{widget.key}/").content.decode()
    proof = re.search(r'name="proof" value="([^"]+)"', page)
    assert proof and "Your e-mail" not in page

    forged = browser.post(f"/help/chat/{widget.key}/", {"body": "I close my account"})
    own = browser.post(f"/help/chat/{widget.key}/", {"body": "The payout is stuck", "proof": proof[1]})

    assert (forged.status_code, own.status_code) == (422, 302)
    assert Visit.objects.get().is_proved


def test_a_visitor_reads_his_own_language_where_the_widget_has_it(visitor, widget):
    Widget.objects.update(languages=["en", "pt-br"])

    def language(path: str, **headers: str) -> str:
        return (
            visitor.get(f"/help/chat/{widget.key}/{path}", headers=headers).content.decode().partition('lang="')[2][:5]
        )

    assert language("?lang=pt") == "pt-br"
    assert language("", **{"Accept-Language": "pt-BR"}) == "pt-br"
    assert language("?lang=ru").startswith("en")


def test_outside_of_its_hours_the_chat_says_when_somebody_is_there(visitor, widget, at, time):
    Widget.objects.update(calendar=make_calendar(at))
    shut = at.replace(hour=23)
    time.move_to(shut)

    assert "Nobody is there now." in visitor.get(f"/help/chat/{widget.key}/").content.decode()


def test_an_agent_sees_that_it_is_not_proved_who_is_there_and_what_is_typed(visitor, frame, anna, time):
    visitor.post(f"{frame}draft/", {"body": "I have tried eve", "quiet": "1"})
    browser, number = signed_in(anna), Ticket.objects.get().number

    here = browser.get(f"/tickets/{number}/").content.decode()
    time.move_to(time.now + timedelta(minutes=2))
    gone = browser.get(f"/tickets/{number}/?part=visit", headers={"HX-Request": "true"}).content.decode()

    assert "Nobody has proved that this is Cora Menezes." in here and "has the chat open" in here
    for shown in (here, gone):
        assert "Typed and not sent" in shown and "I have tried eve" in shown
    assert "left the chat" in gone and "<html" not in gone
    assert "I have tried eve" not in Message.objects.get().body


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(hub_module, "PAUSE", 0.02)
    monkeypatch.setattr(live_module, "HEARTBEAT", 0.05)


async def _stream(widget: Widget, word: str) -> Any:
    request = AsyncRequestFactory().get(f"/help/chat/{widget.key}/{word}/live/")
    return await pages.live(request, key=widget.key, word=word)


@pytest.mark.each
@pytest.mark.django_db(transaction=True)
def test_the_stream_tells_a_visitor_of_his_own_answer_and_of_no_note_and_no_other(
    widget, cora, stan, anna, time, hurried, monkeypatch
):
    monkeypatch.setattr(live_module, "CHECK_EVERY", 0.0)
    visit, word = make_visit(widget, time.now)
    other, _word = make_visit(widget, time.now, email=stan.email)
    time.move_to(time.now + timedelta(minutes=1))

    async def story() -> Any:
        answer = await _stream(widget, word)
        listener = Listener(aiter(answer.streaming_content))
        await listener.event("hello")
        await in_thread(lambda: tickets.note(ticket=visit.ticket, author=anna, body="Hm", now=time.now))
        await in_thread(lambda: tickets.reply(ticket=other.ticket, author=anna, body="To stan", now=time.now))
        await listener.event("beat")
        await in_thread(lambda: tickets.reply(ticket=visit.ticket, author=anna, body="Here", now=time.now))
        change = await listener.event("change")
        await in_thread(lambda: actions.end(visit=visit, now=time.now))
        return change, await listener.ends(), (await _stream(widget, "wrong")).status_code

    try:
        change, ended, stranger = asyncio.run(story())
    finally:
        connections.close_all()

    assert (change["tickets"], change["escalations"], change["alerts"]) == ([visit.ticket_id], [], False)
    assert "stan" not in json.dumps(change)
    assert (ended, stranger) == (True, 404)
