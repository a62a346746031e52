from datetime import timedelta

import pytest
from django.urls import reverse

from chat import actions as chat
from escalation import services
from escalation.models import Escalation, Procedure
from escalation.procedures.plan_templates import install_plan_templates
from escalation.procedures.procedures import install_procedures
from knowledge import services as knowledge
from knowledge.actions import Draft
from notifications.models import Alert
from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words
from tests.factories.people import make_team
from tickets import actions as tickets

LONG_REASON = "Mona follows up by telephone at noon."


@pytest.fixture
def major(breached):
    """Severity 1: the whole procedure."""
    return breached(priority="urgent")[1]


@pytest.fixture
def small(breached):
    return breached()[1]


def act(user, escalation, verb, **data):
    return post(user, "desk:escalation_verb", escalation.number, verb, **data)


def state(escalation) -> str:
    return Escalation.objects.get(pk=escalation.pk).state


def test_it_shows_the_step_the_ladder_and_what_opened_it(major, mona):
    page = words(get(mona, "desk:escalation", major.number))

    assert "To enter Communicate" in page
    assert "Somebody has acknowledged it" in page
    assert "Nobody has yet." in page
    assert "Automatic, missed: First reply" in page
    assert "left to inform everybody" in page
    assert "Mona Farias" in page
    assert f"{major.reference} opened at severity 1 by a missed promise" in page


def test_acknowledging_stops_the_ladder(major, mona):
    assert act(mona, major, "acknowledge").status_code == 302

    page = words(get(mona, "desk:escalation", major.number))
    assert "by Mona Farias" in page
    assert "not needed" in page


def test_a_step_that_cannot_be_entered_is_a_checklist(major, mona):
    answer = act(mona, major, "begin-communication")

    page = words(answer)
    assert answer.status_code == 409
    assert f"{major.reference} cannot move to Communicate yet" in page
    assert "2 of 2 conditions are open" in page
    assert "Somebody has acknowledged it" in page
    assert f"/escalations/{major.number}/acknowledge/" in page
    assert "Move on anyway" in page
    assert state(major) == "initiated"


def test_an_override_needs_a_reason_of_some_length(major, mona):
    short = act(mona, major, "begin-communication", override_reason="because <b>")
    assert short.status_code == 422
    assert "because &lt;b&gt;" in short.content.decode()
    assert "at least 20 characters" in words(short)

    act(mona, major, "begin-communication", override_reason=LONG_REASON)
    assert state(major) == "communicating"
    assert "set the condition “Somebody has acknowledged it” aside" in words(get(mona, "desk:escalation", major.number))


def test_whoever_may_not_override_is_not_offered_it(major, anna):
    page = words(get(anna, "desk:escalation", major.number))
    answer = act(anna, major, "begin-communication")

    assert "Move to Communicate" not in page
    assert answer.status_code == 403
    assert "Only the escalation manager may do this." in words(answer)


def test_an_update_goes_to_its_audience_and_promises_the_next(major, mona, anna, time):
    act(mona, major, "acknowledge")
    act(mona, major, "begin-communication", override_reason=LONG_REASON)
    promised = (time.now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")

    answer = act(mona, major, "communicate", audience="customers", body="We know the cause.", next_update_by=promised)

    assert answer["Location"].endswith("#update")
    assert major.ticket.messages.last().body == "We know the cause."
    page = words(get(mona, "desk:escalation", major.number))
    assert "Next update is promised" in page
    assert "Stakeholders have no update yet." in page
    assert "Customers have no update yet." not in page


def test_an_hour_that_was_missed_and_made_good_says_how_late(major, mona, time):
    time.move_to(time.now + timedelta(minutes=70))
    for audience in ("customers", "stakeholders"):
        act(mona, major, "communicate", audience=audience, body="We know the cause.")
    time.move_to(time.now + timedelta(minutes=30))

    page = words(get(mona, "desk:escalation", major.number))

    assert "10 min late" in page
    assert "everybody is informed" in page


def test_a_wrong_update_is_kept_word_for_word(major, mona):
    answer = act(mona, major, "communicate", audience="customers", body="Soon.", next_update_by="2020-01-01T00:00")

    assert answer.status_code == 422
    assert "Soon.</textarea>" in words(answer)
    assert "The next update lies in the past." in words(answer)
    assert not major.communications.exists()


def test_an_update_on_a_solved_ticket_is_kept_too(major, mona, time):
    tickets.change_status(ticket=major.ticket, verb="solve", now=time.now, by=mona)

    answer = act(mona, major, "communicate", audience="customers", body="It is over.")

    assert answer.status_code == 409
    assert "It is over.</textarea>" in words(answer)
    assert "reopen it to reply" in words(answer)


def plan_data(*lines):
    data = {"plan-TOTAL_FORMS": len(lines), "plan-INITIAL_FORMS": 0}
    for number, (title, owner, due_at) in enumerate(lines):
        data |= {f"plan-{number}-title": title, f"plan-{number}-owner": owner, f"plan-{number}-due_at": due_at}
    return data


def test_a_plan_is_made_ticked_and_revised(major, mona, anna):
    lines = plan_data(("Rebuild the file", anna.email, "2026-11-18T18:00"), ("", "", ""), ("Call the bank", "", ""))
    post(mona, "desk:escalation_plan", major.number, **lines)
    first, second = major.plan_tasks.all()
    assert (first.title, first.owner, second.title, second.owner) == ("Rebuild the file", anna, "Call the bank", None)

    act(anna, major, "task", task_id=first.pk, done="1")
    first.refresh_from_db()
    assert first.done_at is not None

    page = words(get(mona, "desk:escalation", major.number))
    assert "<s>Rebuild the file</s>" in page
    assert 'value="Call the bank"' in page
    assert 'value="2026-11-18T18:00"' in page

    act(anna, major, "task", task_id=first.pk)
    first.refresh_from_db()
    assert first.done_at is None


def test_a_wrong_plan_is_kept(major, mona):
    answer = post(mona, "desk:escalation_plan", major.number, **plan_data(("Call the bank", "", "tomorrow")))

    assert answer.status_code == 422
    assert 'value="Call the bank"' in words(answer)
    assert "Enter a valid date/time." in words(answer)


def test_r41_the_first_plan_is_filled_in_and_not_saved_before_it_is_looked_at(major, mona):
    install_plan_templates()

    page = words(get(mona, "desk:escalation", major.number))

    assert "Filled in from its severity, services and reason." in page
    assert 'value="Find the cause"' in page
    assert not major.plan_tasks.exists()
    act(mona, major, "create-plan")
    assert major.plan_tasks.count() == 5


def test_r44_a_revision_says_why_and_the_versions_show_what_changed(major, mona, rosa):
    post(mona, "desk:escalation_plan", major.number, **plan_data(("Call the bank", "", "")))
    given = plan_data(("Call the bank", rosa.email, ""), ("Tell Finance", "", ""))

    unsaid = post(rosa, "desk:escalation_plan", major.number, **given, **{"why-based_on": 1})
    assert unsaid.status_code == 422
    assert "Say why the plan changes" in words(unsaid)
    assert 'value="Tell Finance"' in words(unsaid)
    post(rosa, "desk:escalation_plan", major.number, **given, **{"why-based_on": 1, "why-reason": "The bank asks."})

    page = words(get(mona, "desk:escalation_plan_versions", major.number))
    for line in ("Version 2", "Rosa Quiroga", "The bank asks.", "“Call the bank”: nobody → Rosa Quiroga"):
        assert line in page
    assert "Added: “Tell Finance”, nobody, without a time" in page
    stale = post(mona, "desk:escalation_plan", major.number, **given, **{"why-based_on": 1, "why-reason": "I too."})
    assert stale.status_code == 409
    assert "Rosa Quiroga has made version 2 meanwhile" in words(stale)


@pytest.mark.parametrize("data", [plan_data(), plan_data(("", "", "")), {}])
def test_an_empty_plan_is_refused_in_words(major, mona, data):
    answer = post(mona, "desk:escalation_plan", major.number, **data)

    assert answer.status_code == 422
    assert not major.plan_tasks.exists()


def test_the_four_steps_can_be_walked(small, mona, anna, time):
    act(mona, small, "acknowledge")
    act(mona, small, "begin-communication")
    act(mona, small, "begin-resolution")
    refused = act(mona, small, "resolve")
    assert refused.status_code == 409
    assert "The customer has an answer" in words(refused)
    tickets.reply(ticket=small.ticket, author=anna, body="It is paid out.", now=time.now)
    act(mona, small, "resolve")
    act(mona, small, "verify")
    act(mona, small, "confirm-access")
    act(mona, small, "cause", cause="load")
    assert act(mona, small, "close").status_code == 302

    page = words(get(mona, "desk:escalation", small.number))
    assert state(small) == "closed"
    assert "Too much load" in page
    assert "Reopen it" in page


@pytest.mark.parametrize(("verb", "after"), [("deescalate", "withdrawn"), ("withdraw", "withdrawn")])
def test_ending_it_needs_a_reason_that_is_shown(small, mona, verb, after):
    blank = act(mona, small, verb, reason=" ")
    assert blank.status_code == 422
    assert "Say why; it stays on record." in words(blank)

    act(mona, small, verb, reason="The bank was late, all is well.")

    assert state(small) == after
    assert "The bank was late, all is well." in words(get(mona, "desk:escalation", small.number))


def test_a_verb_that_does_not_fit_the_state_is_a_conflict_and_keeps_the_reason(small, mona):
    answer = act(mona, small, "reopen", reason="It came back.")

    assert answer.status_code == 409
    assert "It came back." in words(answer)


def test_the_receiving_team_returns_it(open_ticket, escalate, terminals, payments, anna):
    ticket = open_ticket()
    escalation = escalate(ticket)
    marta = terminals.members.get(name="Marta Kowal")

    assert "Return it" in words(get(marta, "desk:escalation", escalation.number))
    act(marta, escalation, "return", reason="It is the bank's network.")

    ticket.refresh_from_db()
    assert ticket.team == payments
    assert state(escalation) == "withdrawn"


def test_colleagues_talk_in_the_room(small, anna):
    assert act(anna, small, "chat", body="Who has the file <i>?").status_code == 302

    assert "Who has the file &lt;i&gt;?" in get(anna, "desk:escalation", small.number).content.decode()
    empty = act(anna, small, "chat", body="")
    assert empty.status_code == 422


def test_a_refused_line_is_kept(small, anna):
    answer = act(anna, small, "chat", body="Half a line\x01")

    assert answer.status_code == 422
    assert "Half a line" in words(answer)


def test_what_moves_is_fetched_again_and_what_is_typed_is_not(small, mona):
    live = words(fragment(mona, "desk:escalation", small.number))

    assert "<html" not in live
    assert 'id="room-blocks" hx-swap-oob="true" data-hold' in live
    assert "<textarea" not in live


@pytest.mark.once
def test_the_queries_do_not_grow(major, mona, anna, time):
    client, counted = signed_in(mona), []
    url = reverse("desk:escalation", args=[major.number])
    for more in (1, 2, 20):
        for number in range(more):
            chat.say(subject=major.reference, author=anna, body=f"Line {number}", now=time.now)
            services.communicate(
                user=mona, number=major.number, audience="stakeholders", body="Still on it.", now=time.now
            )
            services.plan(
                user=mona,
                number=major.number,
                tasks=[{"title": f"Task {number}"}] * (number + 1),
                reason="One more.",
                now=time.now,
            )
        counted.append(queries(client, url))

    assert len(set(counted)) == 1
    assert counted[0] <= 46


def test_rooms_are_for_those_who_may_see_the_ticket(small, anna, cora, client, open_ticket, payments):
    payments.restricted = True
    payments.save()
    outsider = make_team("Else").members.create(name="Otto Else", email="otto@meridiano.example", role="agent")
    answers = [
        get(outsider, "desk:escalation", small.number),
        act(outsider, small, "acknowledge"),
        post(outsider, "desk:escalation_plan", small.number),
        get(cora, "desk:escalation", small.number),
        act(cora, small, "acknowledge"),
        get(anna, "desk:escalation", 10**25),
        act(anna, small, "no-such-verb"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert all(NOWHERE in words(answer) for answer in answers)
    assert client.get(reverse("desk:escalation", args=[small.number])).status_code == 302
    assert Alert.objects.filter(recipient=outsider).count() == 0


def test_an_agent_beside_it_sees_but_is_told_why_he_may_not(small, terminals):
    marta = terminals.members.get(name="Marta Kowal")

    answer = act(marta, small, "communicate", audience="customers", body="I could say something.")

    assert answer.status_code == 403
    assert "Only those who work on it may do this." in words(answer)


def test_r70_the_guide_is_ticked_in_the_room(breached, rosa, mona, anna, at):
    install_procedures()
    Procedure.objects.update(guide="missed", conditions={"initiated": ["guide_followed"]})
    knowledge.write(user=rosa, slug="missed", draft=Draft("Missed", "So.", (("Answer first", True),)), now=at)
    knowledge.approve(user=mona, slug="missed", number=1, now=at)
    escalation = breached()[1]
    page = words(get(mona, "desk:escalation", escalation.number))
    assert "Missed (v1)" in page and "0 of 1 ticked" in page and "Show the guide" in page
    assert reverse("desk:article_version", args=["missed", 1]) in page

    act(anna, escalation, "guide-step", step="1", done="1")

    page = words(get(mona, "desk:escalation", escalation.number))
    assert "1 of 1 ticked" in page and "Take back: Answer first" in page and "Missed (v1)" in page
    assert "Anna Lindqvist took the step “Answer first”" in page
    assert act(mona, escalation, "guide-step", step="7", done="1").status_code == 422
    act(anna, escalation, "guide-step", step="1")
    assert "0 of 1 ticked" in words(get(mona, "desk:escalation", escalation.number))
