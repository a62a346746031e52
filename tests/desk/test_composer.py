"""The composer: drafts that stay, replies that wait a moment, replies that cross another, and who else is there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.desk.helpers import fragment, get, post, signed_in, words
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets import sending
from tickets.enums import Status
from tickets.models import Draft, Mention, Presence, QuickReply

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


def test_a_reply_that_crosses_another_is_held_back_once(ticket, anna, ilya, at, time):
    opened = get(anna, "desk:ticket", ticket.number).context["composer"].seen
    time.move_to(at + timedelta(minutes=24))
    tickets.note(ticket=ticket, author=ilya, body="Do not promise a time.", now=time.now)

    held = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="At noon, Cora.", seen=opened, then="wait")

    page = words(held)
    assert held.status_code == 409
    assert "Ilya Voronin wrote at 10:24, while you were writing." in page
    assert page.count("Do not promise a time.") == 2
    assert ">At noon, Cora.</textarea>" in page
    assert "Send anyway" in page
    assert "Keep writing" in page
    assert not Draft.objects.on_their_way().exists()

    seen = held.context["composer"].seen
    again = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="At noon.", seen=seen, then="wait")
    assert again.status_code == 302
    assert Draft.objects.on_their_way().get().then == "wait"


def test_her_own_words_and_notes_of_hers_cross_nothing(ticket, anna, at):
    opened = get(anna, "desk:ticket", ticket.number).context["composer"].seen
    tickets.note(ticket=ticket, author=anna, body="The bank says noon.", now=at)

    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="At noon, Cora.", seen=opened)

    assert answer.status_code == 302


def test_a_draft_remembers_what_had_been_read_when_it_was_begun(ticket, anna, ilya, at):
    opened = get(anna, "desk:ticket", ticket.number).context["composer"].seen
    post(anna, "desk:ticket_draft", ticket.number, kind="reply", body="At noon", seen=opened)
    tickets.note(ticket=ticket, author=ilya, body="Do not promise a time.", now=at)

    assert get(anna, "desk:ticket", ticket.number).context["composer"].seen == opened


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
