"""The composer: drafts that stay, replies that wait a moment, and who else is there."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.desk.helpers import fragment, get, post, signed_in, words
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets import sending
from tickets.enums import Status
from tickets.models import Draft, DraftFile, Mention, Presence, QuickReply

SECOND = timedelta(seconds=1)


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket()


@pytest.fixture
def ilya(db, payments):
    return make_user("Ilya Voronin")


@pytest.fixture
def pass_by(time):
    """Time passes, and the round comes by."""

    def wait(seconds):
        time.move_to(time.now + seconds * SECOND)
        sending.run()

    return wait


def test_what_is_typed_is_there_again_after_others_have_changed_the_ticket(ticket, anna, mona, at):
    saved = post(anna, "desk:ticket_draft", ticket.number, kind="reply", body="Cora, the batch", seen="1")
    tickets.set_priority(ticket=ticket, priority="urgent", now=at, by=mona)
    tickets.note(ticket=ticket, author=mona, body="Careful.", now=at)

    page = words(get(anna, "desk:ticket", ticket.number))

    assert saved.json() == {"saved": "10:00:00"}
    assert ">Cora, the batch</textarea>" in page
    assert "Draft saved 10:00:00" in page
    assert "Cora, the batch" not in words(get(mona, "desk:ticket", ticket.number))


def test_a_reply_and_a_note_are_two_drafts(ticket, anna):
    post(anna, "desk:ticket_draft", ticket.number, kind="reply", body="Dear Cora")
    post(anna, "desk:ticket_draft", ticket.number, kind="note", body="Ask the bank")
    post(anna, "desk:ticket_draft", ticket.number, kind="note", body="Ask the bank again")

    assert sorted(Draft.objects.values_list("kind", "body")) == [("note", "Ask the bank again"), ("reply", "Dear Cora")]
    assert ">Ask the bank again</textarea>" in words(get(anna, "desk:ticket", ticket.number, kind="note"))


def test_an_emptied_box_leaves_no_draft(ticket, anna):
    post(anna, "desk:ticket_draft", ticket.number, kind="reply", body="Dear Cora")

    assert post(anna, "desk:ticket_draft", ticket.number, kind="reply", body=" ").json() == {"saved": ""}
    assert not Draft.objects.exists()


def test_a_draft_of_no_known_kind_gets_a_sentence(ticket, anna):
    answer = post(anna, "desk:ticket_draft", ticket.number, kind="poem", body="Dear Cora")

    assert (answer.status_code, answer.json()) == (422, {"error": "A message is a reply or a note."})


def test_a_reply_waits_and_can_be_taken_back_into_the_composer(ticket, anna, pass_by):
    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="It goes out at noon.", then="wait")
    page = words(get(anna, "desk:ticket", ticket.number))
    pending = Draft.objects.get()

    assert answer["Location"] == f"/tickets/{ticket.number}/#pending-{pending.pk}"
    assert "Sends at 10:00:10" in page
    assert 'data-key="z"' in page

    undone = post(anna, "desk:ticket_unsend", ticket.number, draft=pending.pk)
    pass_by(60)

    assert undone.status_code == 302
    assert ticket.messages.count() == 1
    assert ">It goes out at noon.</textarea>" in words(get(anna, "desk:ticket", ticket.number))


def test_a_reply_leaves_when_its_time_has_come(ticket, anna, pass_by, at):
    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="It goes out at noon.", then="wait")

    pass_by(9)
    assert ticket.messages.count() == 1
    pass_by(1)

    message = ticket.messages.last()
    ticket.refresh_from_db()
    assert (message.body, message.created_at, ticket.status) == ("It goes out at noon.", at, Status.WAITING)
    assert not Draft.objects.exists()
    assert "Sends at" not in words(get(anna, "desk:ticket", ticket.number))


def test_only_its_author_may_take_a_reply_back_and_only_before_it_left(ticket, anna, mona, pass_by):
    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="It goes out at noon.")
    pending = Draft.objects.get()
    seen = words(get(mona, "desk:ticket", ticket.number))

    assert "Sends at 10:00:10" in seen
    assert 'data-key="z"' not in seen
    assert post(mona, "desk:ticket_unsend", ticket.number, draft=pending.pk).status_code == 409
    pass_by(10)
    late = post(anna, "desk:ticket_unsend", ticket.number, draft=pending.pk)
    assert late.status_code == 409
    assert "It has been sent already" in words(late)


def test_a_reply_to_a_ticket_solved_before_it_left_comes_back_with_a_way_out(ticket, anna, mona, pass_by, time):
    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="One more thing, Cora.")
    tickets.change_status(ticket=ticket, verb="solve", now=time.now + SECOND, by=mona)

    pass_by(10)

    page = words(get(anna, "desk:ticket", ticket.number))
    assert ticket.messages.count() == 1
    assert "This ticket is Solved: reopen it to reply." in page
    assert ">One more thing, Cora.</textarea>" in page
    assert "Reopen and send" in page
    assert anna.alerts.get().title == f"Your reply on #{ticket.number} was not sent"


def test_the_page_says_who_writes_and_who_looks(ticket, anna, ilya, mona):
    post(ilya, "desk:ticket_presence", ticket.number, writing="note")
    post(mona, "desk:ticket_presence", ticket.number)

    answer = post(anna, "desk:ticket_presence", ticket.number)

    assert "Ilya is writing a note, Mona is viewing" in words(answer)
    assert "Ilya is writing a note" in words(fragment(anna, "desk:ticket", ticket.number, part="presence"))


def test_nobody_is_there_who_has_left_or_kept_silent_for_half_a_minute(ticket, anna, ilya, mona, time):
    post(ilya, "desk:ticket_presence", ticket.number)
    post(mona, "desk:ticket_presence", ticket.number)
    post(mona, "desk:ticket_presence", ticket.number, left="1")

    assert "Ilya is viewing" in words(post(anna, "desk:ticket_presence", ticket.number))
    time.move_to(time.now + 30 * SECOND)
    assert words(post(anna, "desk:ticket_presence", ticket.number)).strip() == ""


def test_presence_knows_no_other_words(ticket, anna):
    assert post(anna, "desk:ticket_presence", ticket.number, writing="poem").status_code == 422
    assert not Presence.objects.exists()


def test_a_customer_sees_neither_drafts_nor_replies_on_their_way_nor_who_is_there(ticket, anna, cora):
    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="Half a reply on its way")
    post(anna, "desk:ticket_draft", ticket.number, kind="reply", body="Half a draft")
    post(anna, "desk:ticket_presence", ticket.number, writing="reply")

    page = words(signed_in(cora).get(reverse("portal:request", args=[ticket.number])))

    assert "Half a" not in page
    assert "writing" not in page


def test_a_quick_reply_is_put_below_what_is_written_without_any_script(ticket, anna, payments):
    chosen = QuickReply.objects.create(title="Hello", body="Hello {customer.first_name}", team=payments)

    shown = words(get(anna, "desk:ticket_quick_replies", ticket.number))
    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="One moment.", quick=chosen.pk)
    post(anna, "desk:ticket_write", ticket.number, kind="reply", quick=chosen.pk)

    assert 'data-quick="Hello Cora"' in shown
    assert answer["Location"] == f"/tickets/{ticket.number}/?kind=reply#composer"
    assert Draft.objects.get().body == "One moment.\n\nHello Cora\n\nHello Cora"


def test_quick_replies_are_searched_without_any_script_and_what_is_not_found_is_said(ticket, anna):
    QuickReply.objects.create(title="Hello", body="Hello {customer.first_name}")
    QuickReply.objects.create(title="Delayed", body="The payout is late.")

    found = words(get(anna, "desk:ticket_quick_replies", ticket.number, q="PAYOUT late"))
    none = words(get(anna, "desk:ticket_quick_replies", ticket.number, q="unicorn"))

    assert "Delayed" in found
    assert 'data-quick="Hello Cora"' not in found
    assert "No prepared text has “unicorn” in it." in none
    assert "Show all" in none


def test_a_quick_reply_of_another_team_is_not_there(ticket, anna):
    foreign = QuickReply.objects.create(title="Hello", body="Hello", team=make_team("Risk"))

    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="One moment.", quick=foreign.pk)

    assert answer.status_code == 404
    assert 'data-quick="Hello"' not in words(get(anna, "desk:ticket_quick_replies", ticket.number))


def test_a_refused_placeholder_keeps_the_text(ticket, anna):
    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="Hello {custmer.name}")

    assert answer.status_code == 422
    assert "Fill in {custmer.name} before you send it, or take it out." in words(answer)
    assert ">Hello {custmer.name}</textarea>" in words(answer)


def test_a_note_may_hold_any_braces(ticket, anna):
    assert post(anna, "desk:ticket_write", ticket.number, kind="note", body="{x}").status_code == 302


def test_opening_the_ticket_reads_its_mentions(ticket, anna, mona, at):
    tickets.note(ticket=ticket, author=mona, body="@Anna, look.", now=at)
    get(mona, "desk:ticket", ticket.number)
    assert Mention.objects.get().read_at is None

    get(anna, "desk:ticket", ticket.number)

    assert Mention.objects.get().read_at == at


def test_watching_begins_and_ends_in_the_sidebar(ticket, anna):
    post(anna, "desk:ticket_change", ticket.number, "watch", watch="on")
    assert "Stop watching" in words(fragment(anna, "desk:ticket", ticket.number, part="side"))

    post(anna, "desk:ticket_change", ticket.number, "watch", watch="off")
    assert not ticket.watchers.exists()


def test_a_reply_is_markdown_and_a_customer_s_words_are_not(ticket, anna, cora, at):
    tickets.reply(ticket=ticket, author=anna, body="**Noon**\nat the latest <b>not</b>", now=at)
    tickets.customer_wrote(ticket=ticket, author=cora, body="**Really**", now=at)

    page = words(get(anna, "desk:ticket", ticket.number))
    theirs = words(signed_in(cora).get(reverse("portal:request", args=[ticket.number])))

    assert "<strong>Noon</strong><br>" in page
    assert "&lt;b&gt;not&lt;/b&gt;" in page
    assert "<p>**Really**</p>" in page
    assert "<strong>Noon</strong><br>" in theirs


def test_a_name_in_a_note_is_marked_but_not_in_code(ticket, anna, mona, at):
    tickets.note(ticket=ticket, author=mona, body="@Anna, run `@Anna` for **@Anna**", now=at)

    page = words(get(anna, "desk:ticket", ticket.number))

    assert page.count('<b class="ment">@Anna</b>') == 2
    assert "<code>@Anna</code>" in page


def test_what_is_quoted_is_folded(ticket, anna, cora, at):
    body = "It is there now.\n\nOn 1 May 2026, Anna wrote:\n> Is it there?\n> Please look."
    tickets.customer_wrote(ticket=ticket, author=cora, body=body, now=at)

    page = words(get(anna, "desk:ticket", ticket.number))

    assert '<p>It is there now.</p><details class="quoted"><summary>Quoted text</summary><p>On 1 May' in page


def test_the_preview_is_what_the_customer_will_see(ticket, anna):
    url = reverse("desk:ticket_preview", args=[ticket.number])
    body = "**Noon** <script>alert(1)</script>"

    part = signed_in(anna).post(url, {"body": body}, headers={"HX-Request": "true"})
    page = signed_in(anna).post(url, {"kind": "reply", "body": body})

    assert "<strong>Noon</strong> &lt;script&gt;" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "<strong>Noon</strong>" in page.content.decode()
    assert ">**Noon** &lt;script&gt;" in page.content.decode()


def test_the_preview_fills_in_signs_and_marks_as_the_sending_will(ticket, anna):
    anna.signature = "Anna, Payments"
    anna.save(update_fields=["signature"])

    reply = words(post(anna, "desk:ticket_preview", ticket.number, kind="reply", body="Dear {customer.first_name}"))
    note = words(post(anna, "desk:ticket_preview", ticket.number, kind="note", body="{x} @Anna"))
    nothing = words(post(anna, "desk:ticket_preview", ticket.number, kind="reply", body=" "))

    assert "<p>Dear Cora</p><p>Anna, Payments</p>" in reply
    assert '<p>{x} <b class="ment">@Anna</b></p>' in note
    assert "Nothing is written yet." in nothing
    assert "Nothing is written yet." not in words(get(anna, "desk:ticket", ticket.number))


def test_the_limit_of_a_file_is_said_before_one_is_chosen(ticket, anna):
    page = words(get(anna, "desk:ticket", ticket.number))

    assert "up to 20 MB" in page
    assert "At most 10 files of 20 MB each." in page


def dropped(user, ticket, name, content, **data):
    file = SimpleUploadedFile(name, content)
    url = reverse("desk:ticket_files", args=[ticket.number])
    return signed_in(user).post(url, {"kind": "reply", "file": file, **data}, headers={"HX-Request": "true"})


def test_a_dropped_file_waits_on_the_draft_with_its_true_type_and_goes_with_the_reply(ticket, anna, pass_by):
    answer = dropped(anna, ticket, "photo.png", b"MZ\x90\x00\x03\x00")
    page = words(get(anna, "desk:ticket", ticket.number))
    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="See the file.")
    pass_by(10)

    attachment = ticket.messages.last().attachments.get()
    assert "photo.png" in words(answer)
    assert "application/octet-stream" in words(answer)
    assert "photo.png" in page
    assert (attachment.name, attachment.content_type) == ("photo.png", "application/octet-stream")


def test_a_program_that_is_named_like_a_picture_is_told_apart_before_it_is_sent_and_after(ticket, anna, pass_by):
    program = words(dropped(anna, ticket, "photo.png", b"MZ\x90\x00\x03\x00"))
    text = words(dropped(anna, ticket, "notes.txt", b"Two words"))

    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="See the file.")
    pass_by(10)
    page = words(get(anna, "desk:ticket", ticket.number))

    assert "“photo.png” is not what its name says" in program
    assert "“notes.txt” is not" not in text
    assert page.count("not what its name says") == 1


def test_a_dropped_file_can_be_taken_off_again_with_and_without_script(ticket, anna):
    dropped(anna, ticket, "a.txt", b"a")
    dropped(anna, ticket, "b.txt", b"b")
    first, second = DraftFile.objects.order_by("pk")
    url = reverse("desk:ticket_files", args=[ticket.number])

    gone = signed_in(anna).post(url, {"kind": "reply", "remove": first.pk}, headers={"HX-Request": "true"})
    plain = signed_in(anna).post(url, {"kind": "reply", "remove": second.pk, "body": "Half a word"})

    assert "a.txt" not in words(gone)
    assert "b.txt" in words(gone)
    assert plain["Location"] == f"/tickets/{ticket.number}/?kind=reply#composer"
    assert not DraftFile.objects.exists()
    assert Draft.objects.get().body == "Half a word"


def test_a_file_that_is_too_large_or_one_too_many_gets_a_sentence(ticket, anna, monkeypatch):
    monkeypatch.setattr("desk.uploads.SIZE_LIMIT", 10)
    large = dropped(anna, ticket, "large.bin", b"x" * 11)
    for number in range(10):
        dropped(anna, ticket, f"{number}.txt", b"x")
    many = dropped(anna, ticket, "eleven.txt", b"x")

    assert (large.status_code, many.status_code) == (422, 422)
    assert "“large.bin” is larger than 0 MB." in words(large)
    assert "At most 10 files go with one message." in words(many)
    assert DraftFile.objects.count() == 10


def test_nobody_takes_a_file_off_another_s_draft(ticket, anna, mona):
    dropped(anna, ticket, "a.txt", b"a")

    post(mona, "desk:ticket_files", ticket.number, kind="reply", remove=DraftFile.objects.get().pk)

    assert DraftFile.objects.count() == 1
