"""Links, splitting, merging back, hands, rest, trash, tags and watchers by API."""

from datetime import timedelta

import pytest

from notifications.models import Alert
from tests.factories.people import make_team
from tickets import actions
from tickets import services as tickets
from tickets.enums import EventKind
from tickets.models import Link, Ticket


@pytest.fixture
def ticket(open_ticket) -> Ticket:
    return open_ticket()


@pytest.fixture
def post(ticket, anna, calling):
    """Anna's program does something with the ticket."""
    caller = calling(anna)

    def call(verb, body=None, number=None, **headers):
        return caller.post(f"tickets/{number or ticket.number}/{verb}/", body, **headers)

    return call


def links_of(caller, number):
    return [
        (link["words"], link["ticket"], link["back"])
        for link in caller.get(f"tickets/{number}/links/").json()["results"]
    ]


def test_a_link_is_made_seen_from_both_sides_and_taken_away(ticket, open_ticket, anna, calling, post):
    other, caller = open_ticket(subject="The outage"), calling(anna)

    made = post("link", {"to": other.number, "relation": "caused_by"})

    assert (made.status_code, made.json()["subject"], made.json()["by"]) == (201, "The outage", anna.email)
    assert links_of(caller, ticket.number) == [("caused by", other.number, False)]
    assert links_of(caller, other.number) == [("causes", ticket.number, True)]
    assert post("link", {"to": other.number, "relation": "caused_by"}).status_code == 409
    assert post("unlink", {"link": made.json()["id"]}).status_code == 200
    assert links_of(caller, other.number) == []


def test_the_other_way_round_and_no_relation_that_only_splitting_makes(ticket, open_ticket, anna, calling, post):
    other = open_ticket()

    post("link", {"to": other.number, "relation": "blocks", "back": True})

    assert links_of(calling(anna), ticket.number) == [("blocked by", other.number, True)]
    refused = post("link", {"to": other.number, "relation": "split_from"})
    assert refused.status_code == 400
    assert "relation" in refused.json()["errors"]


def test_a_link_to_what_one_may_not_see_is_neither_shown_nor_taken_away(ticket, open_ticket, mona, anna, calling, post):
    secret = open_ticket(team=make_team("Legal", managers=[mona], restricted=True))
    made = calling(mona).post(f"tickets/{ticket.number}/link/", {"to": secret.number}).json()

    assert links_of(calling(anna), ticket.number) == []
    assert post("unlink", {"link": made["id"]}).status_code == 404
    assert post("link", {"to": secret.number}).status_code == 404
    assert Link.objects.count() == 1


def test_a_link_of_another_ticket_is_not_taken_away_through_this_one(ticket, open_ticket, anna, at, post):
    one, other = open_ticket(), open_ticket()
    link = tickets.link(user=anna, number=one.number, other=other.number, relation="related", now=at)

    assert post("unlink", {"link": link.pk}).status_code == 404


def test_a_message_becomes_a_ticket_of_its_own(ticket, cora, at, post):
    word = actions.customer_wrote(ticket=ticket, author=cora, body="And the invoice is wrong.", now=at)

    made = post("split", {"message": word.pk, "subject": "Wrong invoice", "team": "payments"})

    assert (made.status_code, made.json()["subject"], made.json()["team"]) == (201, "Wrong invoice", "payments")
    assert [message["body"] for message in made.json()["messages"]] == ["And the invoice is wrong."]
    assert post("split", {"message": word.pk, "subject": "x"}).status_code == 400
    assert post("split", {"message": ticket.messages.get().pk, "subject": "x"}).status_code == 409


def test_a_merge_is_taken_apart_by_its_source(ticket, open_ticket, post):
    target = open_ticket()
    post("merge", {"into": target.number})

    back = post("unmerge")

    assert (back.json()["merged_into"], back.json()["status"]) == (None, "new")
    again = post("unmerge")
    assert again.status_code == 409
    assert again.json()["detail"] == f"#{ticket.number} is not merged into another one."


def test_tags_come_and_go(post):
    assert post("tag", {"tag": "VIP"}).json()["tags"] == ["vip"]
    assert post("untag", {"tag": "VIP"}).json()["tags"] == []
    assert post("untag", {"tag": "never"}).status_code == 200
    assert "tag" in post("tag", {"tag": " "}).json()["errors"]


def test_taking_and_handing_over_with_a_word(ticket, anna, rosa, post):
    assert post("take").json()["assignee"] == anna.email

    given = post("hand-over", {"note": "Please call them.", "assignee": rosa.email}).json()

    assert given["assignee"] == rosa.email
    assert given["messages"][-1]["public"] is False
    assert Alert.objects.filter(recipient=rosa, ticket_number=ticket.number).exists()
    assert "team" in post("hand-over", {"note": "To nobody"}).json()["errors"]
    assert "assignee" in post("hand-over", {"note": "x", "assignee": "no@example.com"}).json()["errors"]


def test_a_ticket_rests_until_a_moment_or_until_it_is_woken(at, post):
    until = (at + timedelta(days=2)).isoformat()

    resting = post("snooze", {"until": until, "reason": "The bank answers on Friday", "hold": True}).json()

    assert (resting["snoozed_until"], resting["status"]) == ("2026-11-20T10:00:00Z", "on_hold")
    assert post("wake").json()["snoozed_until"] is None
    for wrong in (at.isoformat(), "2028-01-01T00:00:00Z", "2026-11-20T10:00:00"):
        assert "until" in post("snooze", {"until": wrong}).json()["errors"]


def test_what_is_put_away_lies_in_the_trash_and_comes_back(ticket, anna, rosa, mona, calling, post):
    away = post("put-away", {"what": "spam"})

    assert (away.status_code, away.json()["put_away"]) == (200, "spam")
    assert calling(anna).get(f"tickets/{ticket.number}/").status_code == 404
    assert [one["number"] for one in calling(anna).get("trash/").json()["results"]] == [ticket.number]
    assert post("restore").json()["put_away"] is None
    assert post("restore").status_code == 404
    assert calling(anna).get("trash/").json()["results"] == []


def test_the_trash_of_a_restricted_team_is_for_those_inside(open_ticket, mona, anna, at, calling):
    secret = open_ticket(team=make_team("Legal", managers=[mona], restricted=True))
    tickets.put_away(user=mona, number=secret.number, what="trash", now=at)

    assert calling(anna).get("trash/").json()["results"] == []
    assert calling(anna).post(f"tickets/{secret.number}/restore/").status_code == 404


def test_watchers_are_seen_by_colleagues_and_not_by_the_customer(ticket, anna, cora, calling, post):
    assert post("watch").json()["watchers"] == [anna.email]
    assert calling(cora).get(f"tickets/{ticket.number}/").json()["watchers"] == []
    assert post("unwatch").json()["watchers"] == []


def test_a_repeated_key_does_it_once(ticket, open_ticket, cora, at, post):
    other = open_ticket()
    word = actions.customer_wrote(ticket=ticket, author=cora, body="Another matter.", now=at)
    calls = [
        ("link", {"to": other.number}),
        ("split", {"message": word.pk, "subject": "x"}),
        ("tag", {"tag": "a"}),
        ("hand-over", {"note": "x", "team": "payments"}),
    ]

    for verb, body in calls:
        first, second = (post(verb, body, **{"Idempotency-Key": verb}) for _ in range(2))
        assert first.json() == second.json(), verb

    assert Link.objects.filter(relation="related").count() == 1
    assert Ticket.objects.count() == 3
    assert ticket.events.filter(kind=EventKind.TAGGED).count() == 1


def test_the_customers_answer_goes_in_and_comes_out(ticket, anna, cora, calling, at):
    mine, hers = calling(cora), calling(anna)
    url = f"tickets/{ticket.number}/rating/"
    assert hers.get(url).json()["score"] is None
    actions.change_status(ticket=ticket, verb="solve", now=at, by=anna)

    assert mine.post(url, {"score": 4, "comment": "Quick."}).status_code == 200

    found = hers.get(url).json()
    assert (found["score"], found["comment"], found["by"]) == (4, "Quick.", cora.email)
    assert found["given_at"].startswith("2026-11-18T10:00:00")
    assert mine.post(url, {"score": 6}).status_code == 400
    assert mine.post(url, {}).status_code == 400
