import re

import pytest
from django.urls import reverse

from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_team
from tickets import problems, services
from tickets.enums import Kind, Status
from tickets.models import CustomField, Link, Ticket


@pytest.fixture
def pair(open_ticket):
    return open_ticket(subject="One"), open_ticket(subject="Other")


@pytest.mark.parametrize(
    ("relation", "here", "there"),
    [("blocks", "blocks", "blocked by"), ("back:caused_by", "causes", "caused by"), ("related", "related to", "")],
)
def test_a_link_reads_right_from_both_sides(pair, anna, relation, here, there):
    one, other = pair

    answer = post(anna, "desk:link", one.number, relation=relation, other=f"#{other.number}")

    assert answer.status_code == 302
    assert f"<small>{here}</small>" in words(get(anna, "desk:ticket", one.number))
    assert f"<small>{there or here}</small>" in words(get(anna, "desk:ticket", other.number))


def test_a_reader_sees_only_links_to_what_he_may_see(pair, anna, mona, rosa, at):
    one, other = pair
    services.link(user=anna, number=one.number, other=other.number, relation="related", now=at)
    services.assign(
        user=mona, number=other.number, team_slug=make_team("Risk", lead=rosa, restricted=True).slug, now=at
    )

    page = words(get(anna, "desk:ticket", one.number))

    assert f"#{other.number} Other" not in page


def test_a_wrong_number_is_pointed_at(pair, anna):
    answer = post(anna, "desk:link", pair[0].number, relation="related", other="987654")

    assert answer.status_code == 422
    assert "no ticket of this number that you may see" in words(answer)


@pytest.fixture
def removed(pair, anna, at):
    """The browser in which the cross beside a link was pressed, on the page of its far end, and the way to undo it."""
    one, other = pair
    made = services.link(user=anna, number=one.number, other=other.number, relation="blocks", now=at)
    browser = signed_in(anna)
    answer = browser.post(reverse("desk:unlink", args=[made.pk]), {"here": other.number})
    page = words(browser.get(answer["Location"]))
    return browser, page, re.search(r"/links/removed/\d+/undo/", page)[0]


def test_the_cross_takes_a_link_away_stays_on_the_page_and_is_undone(pair, removed):
    one, other = pair
    browser, page, undo = removed
    assert f"#{other.number} and #{one.number} are no longer linked." in page and not Link.objects.exists()

    answer = browser.post(undo)

    assert answer["Location"] == reverse("desk:ticket", args=[other.number])
    page = words(browser.get(answer["Location"]))
    assert f"Linked to #{one.number} again." in page and "<small>blocked by</small>" in page
    assert "linked it: blocked by" in page


def test_undoing_what_was_linked_anew_merged_or_put_away_meanwhile_says_so_in_one_sentence(pair, removed, anna, at):
    one, other = pair
    browser, _page, undo = removed
    given = {"user": anna, "now": at}
    said = []

    anew = services.link(number=one.number, other=other.number, relation="blocks", **given)
    said.append(browser.post(undo))
    services.unlink(link=anew.pk, **given)
    merged = services.merge(source=one.number, target=other.number, **given)
    said.append(browser.post(undo))
    services.unmerge(merge=merged.pk, **given)
    services.put_away(number=one.number, what="trash", **given)
    said.append(browser.post(undo))

    assert [answer.status_code for answer in said] == [409] * 3 and not Link.objects.exists()
    sentences = [
        "They are linked like that already.",
        f"#{one.number} was merged into #{other.number} already.",
        f"#{one.number} was put away: bring it back first.",
    ]
    assert all(sentence in words(answer) for sentence, answer in zip(sentences, said, strict=True))


def test_links_cost_the_same_for_one_and_for_many(open_ticket, anna, at):
    ticket = open_ticket()
    browser, url = signed_in(anna), reverse("desk:ticket", args=[ticket.number])
    found = []
    for count in (1, 4):
        for _ in range(count):
            services.link(user=anna, number=ticket.number, other=open_ticket().number, relation="blocks", now=at)
        found.append(queries(browser, url))

    assert found[0] == found[1]


def test_splitting_leads_to_the_new_ticket(open_ticket, cora, anna, at):
    ticket = open_ticket()
    second = services.reply(user=cora, number=ticket.number, body="And my invoice.", now=at)

    assert "And my invoice." in words(get(anna, "desk:split", ticket.number))
    answer = post(anna, "desk:split", ticket.number, message=second.pk, subject="Invoice")

    made = Ticket.objects.latest("number")
    assert (answer["Location"], made.subject) == (reverse("desk:ticket", args=[made.number]), "Invoice")


def test_the_only_message_is_kept_with_a_sentence_and_the_words(open_ticket, anna):
    ticket = open_ticket()

    answer = post(anna, "desk:split", ticket.number, message=ticket.messages.get().pk, subject="My words")

    assert answer.status_code == 409
    assert "only message" in words(answer)
    assert "My words" in words(answer)


def test_a_solved_problem_offers_to_answer_and_solve_its_incidents(open_ticket, anna, at):
    problem, incident = open_ticket(), open_ticket(subject="Down here too")
    services.set_kind(user=anna, number=problem.number, kind=Kind.PROBLEM, now=at)
    services.link(user=anna, number=incident.number, other=problem.number, relation="caused_by", now=at)
    services.change_status(user=anna, number=problem.number, verb="solve", now=at)

    assert "This problem is solved." in words(get(anna, "desk:ticket", problem.number))
    assert "Down here too" in words(get(anna, "desk:incidents", problem.number))
    post(anna, "desk:incidents", problem.number, incidents=[incident.number], body="Dear {customer.name}, done.")

    incident.refresh_from_db()
    assert incident.status == Status.SOLVED
    assert incident.messages.last().body == "Dear Cora Menezes, done."
    assert "This problem is solved." not in words(get(anna, "desk:ticket", problem.number))


@pytest.fixture
def problem(open_ticket, anna, stan, at):
    """With two incidents, of which one is solved while the form stands open."""
    made = open_ticket(subject="The bank is down")
    services.set_kind(user=anna, number=made.number, kind=Kind.PROBLEM, now=at)
    for requester in (made.requester, stan):
        incident = open_ticket(requester=requester)
        services.link(user=anna, number=incident.number, other=made.number, relation="caused_by", now=at)
    return made


def test_an_incident_that_was_solved_meanwhile_is_listed_and_the_rest_is_done(problem, anna, at):
    first, second = problems.incidents_of(problem, anna)
    services.change_status(user=anna, number=first.number, verb="solve", now=at)

    answer = post(anna, "desk:incidents", problem.number, incidents=[first.number, second.number], body="It works.")

    assert "1 incident is answered and solved" in words(answer)
    assert "It is solved already: nothing was sent." in words(answer)
    assert first.messages.count() == 1
    assert second.messages.last().body == "It works."


def test_one_incident_is_told_of_as_one(problem, anna):
    first, _second = problems.incidents_of(problem, anna)
    browser = signed_in(anna)

    browser.post(reverse("desk:incidents", args=[problem.number]), {"incidents": [first.number], "body": "Done."})

    page = words(browser.get(reverse("desk:ticket", args=[problem.number])))
    assert "1 incident is answered and solved." in page


def test_a_problem_without_open_incidents_asks_for_no_answer(open_ticket, anna, at):
    problem = open_ticket()
    services.set_kind(user=anna, number=problem.number, kind=Kind.PROBLEM, now=at)

    page = words(get(anna, "desk:incidents", problem.number))

    assert "None of its incidents is open." in page
    assert 'name="body"' not in page


@pytest.mark.parametrize(
    ("kind", "first", "asks"),
    [
        (Kind.PROBLEM, "back:caused_by", "Link an incident…"),
        (Kind.INCIDENT, "caused_by", "Link its problem…"),
        (Kind.QUESTION, "related", ""),
    ],
)
def test_what_a_type_is_likely_linked_by_is_offered_first(open_ticket, anna, at, kind, first, asks):
    ticket = open_ticket()
    services.set_kind(user=anna, number=ticket.number, kind=kind, now=at)

    form = words(get(anna, "desk:link", ticket.number))
    page = words(get(anna, "desk:ticket", ticket.number))

    assert form.partition("<option value=")[2].startswith(f'"{first}"')
    assert asks in page and ("Link an" in page) == (kind == Kind.PROBLEM)


def test_a_message_is_split_out_where_it_stands_unless_it_is_the_only_one(open_ticket, cora, anna, at):
    ticket = open_ticket()
    alone = words(get(anna, "desk:ticket", ticket.number))
    nothing_left = words(get(anna, "desk:split", ticket.number))
    second = services.reply(user=cora, number=ticket.number, body="And my invoice.", now=at)

    page = words(get(anna, "desk:ticket", ticket.number))

    address = f"{reverse('desk:split', args=[ticket.number])}?message={second.pk}"
    assert address in page and "Split out" not in alone
    assert "It is the only message" in nothing_left and "Make it a ticket" not in nothing_left
    assert f'value="{second.pk}" checked' in words(signed_in(anna).get(address))


def test_the_type_is_changed_on_the_page_and_told(open_ticket, anna):
    ticket = open_ticket()

    post(anna, "desk:ticket_change", ticket.number, "kind", kind="incident")

    assert "changed the type: Question → Incident" in words(get(anna, "desk:ticket", ticket.number))


def test_own_fields_are_changed_and_a_wrong_one_keeps_every_word(open_ticket, anna):
    CustomField.objects.create(key="contract", label="Contract", type="text")
    CustomField.objects.create(key="amount", label="Amount", type="number")
    ticket = open_ticket()

    wrong = post(anna, "desk:fields", ticket.number, **{"fields.contract": "A-17", "fields.amount": "much"})
    right = post(anna, "desk:fields", ticket.number, **{"fields.contract": "A-17", "fields.amount": "12.5"})

    assert wrong.status_code == 422
    assert "This is not a number" in words(wrong)
    assert 'value="A-17"' in words(wrong)
    assert right.status_code == 302
    page = words(get(anna, "desk:ticket", ticket.number))
    assert "<dd>12.5</dd>" in page
    assert "changed Contract: – → A-17" in page


def test_a_callers_ticket_gets_its_fields_and_type_at_once(payments, anna):
    CustomField.objects.create(key="plan", label="Plan", type="choice", choices=["Basic", "Gold"])
    given = {"name": "Cora", "email": "cora@x.example", "subject": "Stuck", "body": "Help", "kind": "incident"}
    given |= {"priority": "normal", "channel": "phone"}

    wrong = post(anna, "desk:new_ticket", **given, **{"fields.plan": "Silver"})
    post(anna, "desk:new_ticket", **given, **{"fields.plan": "Gold"})

    assert "Choose one of Basic, Gold." in words(wrong)
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.fields) == ("incident", {"plan": "Gold"})
