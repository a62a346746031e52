"""What an escalation is linked to, by the API (R19)."""

import pytest

from escalation import services


@pytest.fixture
def pair(open_ticket, anna, at):
    given = {"kind": "hierarchical", "severity": 3, "reason": "funding", "summary": "A refund beyond my limit"}
    return [services.escalate(user=anna, ticket_number=open_ticket().number, now=at, **given) for _ in range(2)]


def seen(caller, escalation):
    rows = caller.get(f"escalations/{escalation.number}/links/").json()["results"]
    return [(row["relation"], row["words"], row["escalation"], row["ticket"]) for row in rows]


def test_r19_a_relation_is_made_seen_from_both_sides_and_taken_away(pair, open_ticket, anna, calling):
    (one, other), ticket, caller = pair, open_ticket(), calling(anna)

    made = caller.post(f"escalations/{one.number}/links/", {"to": other.reference, "relation": "child_of"})
    named = caller.post(f"escalations/{one.number}/links/", {"to": f"#{ticket.number}"})

    assert (made.status_code, named.status_code) == (201, 201)
    assert (named.json()["ticket"], named.json()["about"], named.json()["state"]) == (
        ticket.number,
        ticket.subject,
        ticket.status,
    )
    assert seen(caller, one) == [
        ("related", "related to", None, ticket.number),
        ("child_of", "child of", other.number, None),
    ]
    assert seen(caller, other) == [("parent_of", "parent of", one.number, None)]

    gone = caller.post(f"escalations/{other.number}/unlink/", {"link": made.json()["id"]})

    assert (gone.status_code, gone.json()["number"]) == (200, other.number)
    assert seen(caller, other) == []
    removed = caller.call("DELETE", f"escalations/{one.number}/links/{named.json()['id']}/")
    assert (removed.status_code, removed.json()["number"]) == (200, one.number)
    assert seen(caller, one) == []
    assert caller.call("DELETE", f"escalations/{one.number}/links/{named.json()['id']}/").status_code == 404


def test_r19_what_cannot_be_linked_is_refused_with_a_sentence(pair, anna, calling):
    (one, other), caller = pair, calling(anna)

    def link(source, to, relation="child_of"):
        answer = caller.post(f"escalations/{source.number}/links/", {"to": to, "relation": relation})
        return answer.status_code, list(answer.json().get("errors", []))

    assert link(one, other.reference)[0] == 201
    assert link(one, other.reference) == (409, [])
    assert link(other, one.reference) == (400, ["to"])
    assert link(one, "E-987654") == (400, ["to"])
    assert link(one, other.reference, "blocks") == (400, ["relation"])
