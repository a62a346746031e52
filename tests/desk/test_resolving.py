"""Resolve and Close in the browser: the room's cards, the analysis, and what the customer has of it."""

import pytest
from django.urls import reverse

from escalation import services
from escalation.models import Analysis, CustomerAnalysis, Escalation
from tests.desk.helpers import get, post, words
from tests.factories.people import make_user
from tickets import linking

REASON = "Mona follows up by telephone at noon."


@pytest.fixture
def resolved(breached, mona, time) -> Escalation:
    escalation = breached(priority="urgent")[1]
    common = {"user": mona, "number": escalation.number, "now": time.now, "override_reason": REASON}
    for verb in (services.begin_communication, services.begin_resolution):
        verb(**common)
    return Escalation.objects.get()


def act(user, escalation, verb, **data):
    return post(user, "desk:escalation_verb", escalation.number, verb, **data)


def room(user, escalation) -> str:
    return words(get(user, "desk:escalation", escalation.number))


def test_r27_r28_a_task_force_is_formed_plans_and_is_reviewed(resolved, mona, anna, rosa):
    assert "Nobody named: the escalation manager" in room(mona, resolved)
    act(mona, resolved, "task-force", members=[anna.email], experts=[rosa.email])
    act(anna, resolved, "technical-plan", body="Rebuild the file.")
    wrong = act(rosa, resolved, "review-plan", version=1, verdict="change", comment=" ")
    assert wrong.status_code == 422
    act(rosa, resolved, "review-plan", version=1, verdict="change", comment="Keep the old file.")

    page = room(mona, resolved)

    for line in ("Active", "Technical plan v1", "Rosa Quiroga, v1: Wants a change", "Keep the old file."):
        assert line in page
    said = post(anna, "desk:chat_force", resolved.number, body="Here we are.")
    assert said.status_code == 302
    services.resolve(user=mona, number=resolved.number, now=resolved.opened_at, override_reason=REASON)
    closed = words(get(anna, "desk:chat_force", resolved.number))
    assert "Here we are." in closed
    assert "This room is closed" in closed
    assert post(anna, "desk:chat_force", resolved.number, body="Still?").status_code == 422
    assert "Suspended" in room(mona, resolved)


def test_r24_r47_the_architect_verifies_and_both_audiences_are_told(resolved, mona, rosa, anna, time):
    act(mona, resolved, "responsible", role="architect", email=anna.email)
    act(mona, resolved, "resolve", override_reason=REASON)
    assert "Verify and send the notices" not in room(mona, resolved)
    assert "Verify and send the notices" in room(anna, resolved)

    act(anna, resolved, "verify", customers="You can pay out again.", stakeholders="Batch resent.")

    page = room(mona, resolved)
    assert "You can pay out again." in page
    assert "Batch resent." in page


def test_r49_linked_tickets_are_ticked_and_resolved(resolved, open_ticket, mona, time):
    also = open_ticket(subject="Payouts, too")
    linking.link(source=also, target=resolved.ticket, relation="related", now=time.now, by=mona)
    act(mona, resolved, "resolve", override_reason=REASON)
    assert f"#{also.number} Payouts, too" in room(mona, resolved)

    act(mona, resolved, "resolve-related", tickets=[also.number], body="It works again.")

    also.refresh_from_db()
    assert also.is_done


def test_r50_to_r54_from_the_customers_question_to_his_answer(resolved, mona, anna, rosa, cora, stan, time):
    number = resolved.number
    act(mona, resolved, "resolve", override_reason=REASON)
    act(mona, resolved, "cause", cause="product")
    assert "Ask what went wrong" in words(get(cora, "portal:request", resolved.ticket_id))
    post(cora, "portal:ask_analysis", resolved.ticket_id, why="Our board asks.")
    assert "Our board asks." in words(get(mona, "desk:analysis", number))
    waiting = words(get(cora, "portal:request", resolved.ticket_id))
    assert "You hear from us by" in waiting and "Ask what went wrong" not in waiting
    lines = {"actions-TOTAL_FORMS": 1, "actions-INITIAL_FORMS": 0, "actions-0-title": "Check codes"}
    whys = {f"why{n}": f"Because of reason {n}" for n in (1, 2, 3)}
    given = {"contributing": "The night shift was alone again", "for_customers": "A code was wrong.", **lines, **whys}
    post(anna, "desk:analysis_write", number)
    post(mona, "desk:analysis_write", number, **given, submit="1")
    leaking = "We know that the night shift was alone again."
    post(anna, "desk:analysis_compose", number, person=cora.pk, body=leaking)
    document = Escalation.objects.get().analysis.documents.get()

    refused = post(mona, "desk:analysis_check", number, document=document.pk)
    assert refused.status_code == 422
    assert "“the night shift was alone”" in words(refused)
    post(anna, "desk:analysis_compose", number, person=cora.pk, body="")
    post(mona, "desk:analysis_check", number, document=document.pk)
    post(rosa, "desk:analysis_send", number, document=document.pk)

    assert "not read yet" in words(get(mona, "desk:analysis", number))
    assert get(stan, "portal:analysis", document.pk).status_code == 404
    page = words(get(cora, "portal:analysis", document.pk))
    assert "A code was wrong." in page
    for inside in ("night shift", "Because of", "E-"):
        assert inside not in page.partition('id="main"')[2]
    assert reverse("portal:analysis", args=[document.pk]) in words(get(cora, "portal:request", resolved.ticket_id))
    assert "not read yet" not in words(get(mona, "desk:analysis", number))


def asked_of(resolved, mona, cora):
    act(mona, resolved, "resolve", override_reason=REASON)
    act(mona, resolved, "cause", cause="product")
    return post(cora, "portal:ask_analysis", resolved.ticket_id, why="Our board asks.")


def test_r50_whoever_asks_twice_or_too_early_reads_why_and_keeps_his_words(resolved, mona, cora):
    ask = "portal:ask_analysis", resolved.ticket_id
    asked_of(resolved, mona, cora)

    again = post(cora, *ask, why="And who pays?")

    assert again.status_code == 409
    page = words(again)
    assert "It cannot be asked for now" in page
    assert "And who pays?" in page
    assert "You hear from us by" in page


def test_r50_the_words_of_whoever_asks_after_another_are_read(resolved, mona, cora):
    act(mona, resolved, "resolve", override_reason=REASON)
    act(mona, resolved, "request-analysis", why="")

    answer = post(cora, "portal:ask_analysis", resolved.ticket_id, why="Our board asks.")

    assert answer.status_code == 302
    assert resolved.ticket.messages.public().filter(author=cora, body="Our board asks.").exists()
    assert Analysis.objects.get().requested_by == mona


def test_r50_a_character_that_cannot_be_kept_is_said_beside_the_words(resolved, mona, cora):
    act(mona, resolved, "resolve", override_reason=REASON)

    answer = post(cora, "portal:ask_analysis", resolved.ticket_id, why="Our board\x01asks")

    assert answer.status_code == 422
    assert "asks</textarea>" in words(answer)
    assert not Analysis.objects.exists()


def test_r52_what_is_typed_is_saved_with_the_submission_and_what_it_lacks_is_said(resolved, mona, cora):
    asked_of(resolved, mona, cora)
    lines = {"actions-TOTAL_FORMS": 1, "actions-INITIAL_FORMS": 0, "actions-0-title": "Check codes"}

    answer = post(mona, "desk:analysis_write", resolved.number, why1="Because of the code", submit="1", **lines)

    assert answer.status_code == 409
    assert "three whys at least" in words(answer)
    assert Analysis.objects.get().whys == ["Because of the code"]
    assert 'value="Because of the code"' in words(answer)


def test_r53_a_text_that_was_changed_while_it_was_read_is_not_called_checked(
    submitted_page, resolved, mona, anna, cora
):
    document = submitted_page(cora)
    post(anna, "desk:analysis_compose", resolved.number, person=cora.pk, body="A code was wrong.\r\n\r\nIt is mended.")

    changed = post(
        mona, "desk:analysis_check", resolved.number, document=document().pk, person=cora.pk, body="Other words."
    )

    assert changed.status_code == 409
    assert "This is not the text that was composed" in words(changed)
    assert "Other words.</textarea>" in words(changed)
    assert document().checked_at is None
    same = "A code was wrong.\r\n\r\nIt is mended.\r\n"
    post(mona, "desk:analysis_check", resolved.number, document=document().pk, person=cora.pk, body=same)
    assert document().checked_by == mona
    unsent = post(mona, "desk:analysis_send", resolved.number, document=document().pk, person=cora.pk, body="And this.")
    assert unsent.status_code == 409
    assert document().sent_at is None


@pytest.fixture
def submitted_page(resolved, mona, cora):
    """Makes the internal analysis, and finds a customer's document."""

    def make(reader):
        asked_of(resolved, mona, cora)
        lines = {"actions-TOTAL_FORMS": 1, "actions-INITIAL_FORMS": 0, "actions-0-title": "Check codes"}
        whys = {f"why{n}": f"Because of reason {n}" for n in (1, 2, 3)}
        given = {"contributing": "The night shift was alone again", **lines, **whys}
        post(mona, "desk:analysis_write", resolved.number, **given, submit="1")
        return lambda: CustomerAnalysis.objects.get(person=reader)

    return make


def test_r26_a_coordinator_of_another_team_writes_what_he_submits(resolved, mona, cora):
    outside = make_user("Olga Out", email="olga@desk.example")
    asked_of(resolved, mona, cora)
    act(mona, resolved, "responsible", role="problem_coordinator", email=outside.email)

    page = words(get(outside, "desk:analysis", resolved.number))
    answer = post(
        outside,
        "desk:analysis_write",
        resolved.number,
        **{"why1": "The code", "actions-TOTAL_FORMS": 0, "actions-INITIAL_FORMS": 0},
    )

    assert "Submit the analysis" in page
    assert answer.status_code == 302
    assert Analysis.objects.get().whys == ["The code"]


def test_enter_in_a_field_saves_the_analysis_and_does_not_submit_it(resolved, mona):
    act(mona, resolved, "request-analysis", why="It came twice.")

    page = words(get(mona, "desk:analysis", resolved.number))

    # A browser presses the first button of the form, wherever on the page it stands.
    assert page.index("Save the analysis") < page.index("Submit the analysis")


def test_a_wrong_analysis_is_kept_word_for_word(resolved, mona, time):
    act(mona, resolved, "request-analysis", why="It came twice.")
    lines = {"actions-TOTAL_FORMS": 1, "actions-INITIAL_FORMS": 0}

    answer = post(mona, "desk:analysis_write", resolved.number, timeline="At nine.", problem=987654, **lines)

    assert answer.status_code == 422
    assert "At nine.</textarea>" in words(answer)
    assert "no problem record" in words(answer)


def test_r94_thanks_stand_in_the_room(resolved, mona, anna, time):
    act(mona, resolved, "resolve", override_reason=REASON)

    act(mona, resolved, "kudos", to=anna.email, words="Calm and quick.")

    assert "Calm and quick." in room(anna, resolved)


def test_what_the_desk_refuses_is_said_beside_what_was_typed(resolved, mona):
    act(mona, resolved, "resolve", override_reason=REASON)

    answer = act(mona, resolved, "request-analysis", why="It came twice.", due_at="2020-01-01T10:00")

    assert answer.status_code == 422
    page = words(answer)
    assert "It came twice.</textarea>" in page
    assert page.count("<span>This lies in the past. </span>") == 1


def test_a_form_of_a_step_that_is_over_and_a_cause_that_is_none_are_not_refused_in_silence(resolved, mona):
    stale = act(mona, resolved, "kudos", to="nobody@meridiano.example", words="")
    assert stale.status_code == 422
    assert '<div class="note-line breach">' in words(stale)

    wrong = act(mona, resolved, "cause", cause="weather")
    assert wrong.status_code == 422
    assert '<div class="note-line breach">' in words(wrong)
