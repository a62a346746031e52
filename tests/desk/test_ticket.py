from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words
from tests.factories.people import make_organisation, make_team
from tickets import actions as tickets
from tickets.enums import Status


@pytest.fixture
def anna(anna):
    """She takes nothing back: what she sends leaves at once."""
    anna.undo_seconds = 0
    anna.save(update_fields=["undo_seconds"])
    return anna


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket()


def test_it_shows_the_conversation_the_clocks_and_the_customer(ticket, anna, at):
    tickets.note(ticket=ticket, author=anna, body="The bank says <script>no</script>", now=at)

    page = words(get(anna, "desk:ticket", ticket.number))

    assert "Payouts are stuck" in page
    assert "Since yesterday." in page
    assert "Internal note, never sent to the customer" in page
    assert "<script>no" not in page
    assert "6h 00m left" in page
    assert "Livraria Aurora" in page
    assert "Routed to Payments" in page


def test_the_ledger_adds_up_to_the_due_time(ticket, anna, time, at):
    time.move_to(at + timedelta(hours=1))
    tickets.change_status(ticket=ticket, verb="wait", now=time.now, by=anna)
    time.move_to(at + timedelta(hours=3))
    tickets.change_status(ticket=ticket, verb="resume", now=time.now, by=anna)
    time.move_to(at + timedelta(hours=4))

    page = words(get(anna, "desk:ticket", ticket.number))

    assert "Why 18:00" in page
    assert "not counted" in page
    assert "2h 00m" in page
    assert "14:00 + 4h 00m left" in page
    assert "due 18:00" in page


def test_a_reply_is_sent_and_stands_in_the_conversation(ticket, anna):
    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="It goes out at noon.")

    message = ticket.messages.last()
    assert answer.status_code == 302
    assert answer["Location"] == f"/tickets/{ticket.number}/#message-{message.pk}"
    assert (message.body, message.is_public, message.author) == ("It goes out at noon.", True, anna)


def test_send_and_wait_does_both(ticket, anna):
    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="Which store?", then="wait")

    ticket.refresh_from_db()
    assert ticket.status == Status.WAITING


def test_a_second_word_to_a_waiting_customer_is_sent_and_it_goes_on_waiting(ticket, anna):
    for body in ("Which store?", "And which terminal?"):
        answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body=body, then="wait")
        assert answer.status_code == 302

    ticket.refresh_from_db()
    assert ticket.status == Status.WAITING
    assert ticket.messages.count() == 3


def test_a_note_stays_inside(ticket, anna, cora):
    post(anna, "desk:ticket_write", ticket.number, kind="note", body="Do not promise a time.")

    assert ticket.messages.last().is_public is False
    assert "Do not promise" not in words(signed_in(cora).get(reverse("portal:request", args=[ticket.number])))


def test_files_go_with_a_reply(ticket, anna):
    file = SimpleUploadedFile("batch.csv", b"a,b\n1,2\n")

    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="See the file.", attachments=[file])

    attachment = ticket.messages.last().attachments.get()
    assert attachment.name == "batch.csv"
    assert f"/attachments/{attachment.pk}/" in words(get(anna, "desk:ticket", ticket.number))


def test_an_empty_reply_gets_a_sentence_and_keeps_its_kind(ticket, anna):
    answer = post(anna, "desk:ticket_write", ticket.number, kind="note", body="  ")

    assert answer.status_code == 422
    assert "Write something first." in words(answer)
    assert ticket.messages.count() == 1


def test_a_reply_with_control_characters_is_refused_and_kept(ticket, anna):
    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="Good morning\x01 Cora")

    assert answer.status_code == 422
    assert "Good morning" in words(answer)
    assert ticket.messages.count() == 1


def test_a_reply_to_a_ticket_solved_meanwhile_is_kept_with_a_way_out(ticket, anna, mona, at):
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=mona)

    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="One more thing, Cora.")

    assert answer.status_code == 409
    assert "One more thing, Cora." in words(answer)
    assert "Reopen and send" in words(answer)
    assert ticket.messages.count() == 1


def test_reopen_and_send_is_one_deed(ticket, anna, at):
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)

    refused = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="\x01", then="reopen")
    ticket.refresh_from_db()
    assert (refused.status_code, ticket.status) == (422, Status.SOLVED)

    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="One more thing.", then="reopen")

    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.messages.last().body == "One more thing."


@pytest.mark.parametrize(
    ("what", "data", "field", "expected"),
    [
        ("status", {"verb": "solve", "status": "It is paid out"}, "status", "solved"),
        ("priority", {"priority": "urgent"}, "priority", "urgent"),
        ("team", {"team": "terminals"}, "team.slug", "terminals"),
        ("assignee", {"assignee": "anna@meridiano.example"}, "assignee.name", "Anna Lindqvist"),
    ],
)
def test_each_picker_changes_its_thing(ticket, anna, terminals, what, data, field, expected):
    answer = post(anna, "desk:ticket_change", ticket.number, what, **data)

    value = tickets.Ticket.objects.get(pk=ticket.pk)
    for part in field.split("."):
        value = getattr(value, part)
    assert answer.status_code == 302
    assert value == expected


def test_tags_come_and_go(ticket, anna):
    post(anna, "desk:ticket_change", ticket.number, "tag", tag="São-Paulo")
    assert [tag.name for tag in ticket.tags.all()] == ["são-paulo"]

    post(anna, "desk:ticket_change", ticket.number, "untag", untag="são-paulo")
    assert not ticket.tags.exists()


@pytest.mark.parametrize(
    ("what", "data", "status", "sentence"),
    [
        ("status", {"verb": "explode"}, 422, "There is no such step."),
        ("status", {"verb": "reopen", "status": "Why not"}, 409, "cannot be done while the ticket is New"),
        ("priority", {"priority": "sky-high"}, 422, "There is no priority “sky-high”"),
        ("assignee", {"assignee": "nobody@x.example"}, 422, "Nobody at the desk has the address"),
        ("team", {"team": "nowhere"}, 422, "There is no team “nowhere”"),
        ("tag", {"tag": "two\nlines"}, 422, "one line"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(ticket, anna, what, data, status, sentence):
    answer = post(anna, "desk:ticket_change", ticket.number, what, **data)

    assert answer.status_code == status
    assert sentence in words(answer)


def test_a_refusal_stays_when_the_head_is_fetched_anew(ticket, anna):
    page = words(post(anna, "desk:ticket_change", ticket.number, "status", verb="reopen"))

    before, head, after = page.partition('id="ticket-head"')
    assert head and 'id="refused" role="alert"' in before
    assert "note-line breach" not in after


def test_a_refused_reason_is_kept(ticket, anna):
    answer = post(anna, "desk:ticket_change", ticket.number, "status", verb="reopen", status="She called again")

    assert 'value="She called again"' in words(answer)


def test_its_parts_are_fetched_by_themselves(ticket, anna):
    assert "Why 16:00" in words(fragment(anna, "desk:ticket", ticket.number, part="side"))
    assert "Since yesterday." in words(fragment(anna, "desk:ticket", ticket.number, part="conversation"))
    assert "<html" not in words(fragment(anna, "desk:ticket", ticket.number, part="head"))


@pytest.mark.once
@pytest.mark.parametrize("part", ["", "head", "conversation", "side"])
def test_the_queries_do_not_grow_with_the_messages(ticket, anna, at, part):
    client, counted = signed_in(anna), []
    url = reverse("desk:ticket", args=[ticket.number])

    for more in (1, 2, 47):
        for number in range(more):
            file = tickets.files.Upload(f"{number}.txt", b"text")
            tickets.note(ticket=ticket, author=anna, body=f"Note {number}", now=at, attachments=[file])
        client.defaults["HTTP_HX_REQUEST"] = "true" if part else "false"
        counted.append(queries(client, f"{url}?part={part}"))

    assert len(set(counted)) == 1
    assert counted[0] <= 35


def test_a_long_conversation_begins_with_its_newest_hundred(ticket, anna, at):
    for number in range(105):
        tickets.note(ticket=ticket, author=anna, body=f"Note number {number}.", now=at + timedelta(seconds=number))

    page = words(get(anna, "desk:ticket", ticket.number))
    assert "Note number 104." in page
    assert "Note number 3." not in page
    assert "6 earlier messages" in page
    assert "Note number 3." in words(get(anna, "desk:ticket", ticket.number, shown="300"))


def test_where_a_conversation_opens_at_its_oldest_message_one_step_leads_to_the_newest(ticket, anna, at):
    tickets.note(ticket=ticket, author=anna, body="The last of the words.", now=at + timedelta(seconds=1))

    page = words(get(anna, "desk:ticket", ticket.number))

    newest = f"message-{ticket.messages.latest('pk').pk}"
    assert f'href="#{newest}"' in page
    assert f'id="{newest}"' in page
    assert page.index('class="to-newest"') < page.index('<article class="msg')


def test_absent_foreign_and_restricted_tickets_look_the_same(ticket, anna, stan, cora, open_ticket):
    secret = open_ticket(team=make_team("Fraud", restricted=True))
    answers = [
        get(anna, "desk:ticket", 999_999),
        get(anna, "desk:ticket", 10**30),
        get(anna, "desk:ticket", secret.number),
        post(anna, "desk:ticket_write", secret.number, kind="reply", body="Hello"),
        post(anna, "desk:ticket_change", secret.number, "priority", priority="low"),
        post(anna, "desk:ticket_change", ticket.number, "nonsense"),
        get(stan, "desk:ticket", ticket.number),
        get(cora, "desk:ticket", ticket.number),
        post(cora, "desk:ticket_write", ticket.number, kind="note", body="Hello"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert all(NOWHERE in words(answer) for answer in answers)


def test_changes_are_posts_only(ticket, anna):
    assert get(anna, "desk:ticket_write", ticket.number).status_code == 405
    assert get(anna, "desk:ticket_change", ticket.number, "priority").status_code == 405


def test_an_escalated_ticket_shows_its_ladder(breached, anna, mona):
    ticket, escalation = breached()

    page = words(get(anna, "desk:ticket", ticket.number))

    assert f"{escalation.reference}</b> Initiate" in page
    assert mona.name in page
    assert "First reply is past due" in page
    assert "1h 00m over" in page


def test_a_caller_gets_a_ticket_and_becomes_a_customer(anna, payments):
    given = {
        "name": "Dona Rosa",
        "email": "rosa@padaria.example",
        "subject": "Terminal is dead",
        "body": "It does not start.",
        "priority": "high",
        "channel": "phone",
    }

    answer = post(anna, "desk:new_ticket", **given)

    ticket = tickets.Ticket.objects.get()
    assert answer["Location"] == f"/tickets/{ticket.number}/"
    assert (ticket.requester.email, ticket.channel, ticket.team) == ("rosa@padaria.example", "phone", payments)


def test_a_wrong_new_ticket_keeps_what_was_typed(anna, payments):
    answer = post(anna, "desk:new_ticket", name="Dona Rosa", email="no address", subject="", body="It does not start.")

    page = words(answer)
    assert answer.status_code == 422
    assert "Dona Rosa" in page
    assert "It does not start." in page
    assert "Enter a valid email address." in page
    assert not tickets.Ticket.objects.exists()


def test_a_customer_of_no_company_is_shown_by_name(open_ticket, anna, stan, policy):
    assert make_organisation("Other") is not None
    ticket = open_ticket(requester=stan)

    assert "Stan Strange" in words(get(anna, "desk:ticket", ticket.number))


def test_a_ticket_is_put_on_hold_for_something_and_says_so(policy, open_ticket, anna, at):
    ticket = open_ticket()
    client = signed_in(anna)
    address = f"/tickets/{ticket.number}/"

    offered = words(client.get(address))
    held = words(
        client.post(
            f"{address}status/",
            {"verb": "hold", "waits-hold": "planned_work", "waits-wait": "agreed_date", "status": "Sunday night"},
            follow=True,
        )
    )
    wrong = client.post(f"{address}status/", {"verb": "resume", "waits-resume": "supplier", "status": "Go on"})

    ticket.refresh_from_db()
    assert '<select class="form-select" name="waits-hold"' in offered
    assert '<option value="planned_work">Planned work</option>' in offered
    assert (ticket.status, ticket.waits_for) == ("on_hold", "planned_work")
    assert "<small>planned work</small>" in held
    assert "planned work: Sunday night" in held
    assert wrong.status_code == 422
    assert 'value="Go on"' in words(wrong)


def test_a_colleague_is_added_to_the_watchers_and_taken_off(open_ticket, anna, rosa, mona):
    ticket = open_ticket()
    browser, page = signed_in(anna), reverse("desk:ticket", args=[ticket.number])
    form = reverse("desk:watcher_new", args=[ticket.number])

    nobody = browser.post(form, {"person": ""})
    browser.post(form, {"person": rosa.pk})
    offered = words(browser.get(form))
    added = words(browser.get(page))
    browser.post(reverse("desk:ticket_change", args=[ticket.number, "spare"]), {"spare": rosa.email})

    assert nobody.status_code == 422 and "Choose a colleague." in words(nobody)
    assert "Mona Farias" in offered and f">{rosa.name}</option>" not in offered
    assert f"{rosa.name} no longer watches it" in added
    assert "Nobody watches it." in words(browser.get(page))
