"""Macros by programs: listed with what they do, applied whole or refused (R69)."""

from tickets.models import Macro

TAG = {"do": "tag", "value": "refund"}


def test_macros_are_listed_with_what_they_do_and_applied(anna, payments, open_ticket, calling):
    ticket = open_ticket()
    Macro.objects.create(name="Elsewhere", actions=[TAG], is_enabled=False)
    one = Macro.objects.create(name="Refund", actions=[TAG], team=payments)
    said = {"actions": [TAG], "does": ["Tag refund"], "missing": []}
    shape = {"id": one.pk, "name": "Refund", "team": "payments", **said}

    assert calling(anna).get("macros/").json()["results"] == [shape]
    assert calling(anna).get(f"tickets/{ticket.number}/macros/").json()["results"] == [shape]
    answer = calling(anna).post(f"tickets/{ticket.number}/macro/", {"macro": one.pk})

    assert (answer.status_code, answer.json()["tags"]) == (200, ["refund"])


def test_what_cannot_be_done_is_one_sentence_and_nothing_is_half_done(anna, open_ticket, calling):
    ticket = open_ticket()
    one = Macro.objects.create(name="Wrong", actions=[TAG, {"do": "status", "value": "reopen"}])

    answer = calling(anna).post(f"tickets/{ticket.number}/macro/", {"macro": one.pk})

    assert answer.status_code == 409 and "Nothing of “Wrong” was done." in answer.json()["detail"]
    assert not ticket.tags.exists()
