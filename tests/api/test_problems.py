"""Bad input gets one clear sentence, in RFC 9457 form, and stores nothing."""

import base64

import pytest

from api.problems import flatten
from people.models import User
from tickets.models import Attachment, Message, Ticket

GOOD = {"subject": "Payout stuck", "body": "Since noon.", "requester": {"email": "new@somewhere.example"}}

BAD = {
    "no subject": ({"subject": None}, "subject"),
    "empty subject": ({"subject": "  "}, "subject"),
    "subject of a megabyte": ({"subject": "x" * 1_000_000}, "subject"),
    "NUL in the subject": ({"subject": "a\x00b"}, "subject"),
    "line break in the subject": ({"subject": "a\nBcc: all@somewhere.example"}, "subject"),
    "a number for the subject": ({"subject": 7}, "subject"),
    "a list for the body": ({"body": ["a"]}, "body"),
    "NUL in the body": ({"body": "a\x00b"}, "body"),
    "a body beyond the limit": ({"body": "x" * 100_001}, "body"),
    "unknown priority": ({"priority": "asap"}, "priority"),
    "priority of the wrong type": ({"priority": {"a": 1}}, "priority"),
    "unknown channel": ({"channel": "pigeon"}, "channel"),
    "unknown team": ({"team": "nowhere"}, "team"),
    "requester without an address": ({"requester": {"name": "X"}}, "requester.email"),
    "requester with a bad address": ({"requester": {"email": "x"}}, "requester.email"),
    "requester that is a text": ({"requester": "a@b.example"}, "requester"),
    "unknown field in the requester": ({"requester": {"email": "a@b.example", "role": "admin"}}, "requester.role"),
    "tags that are no list": ({"tags": "vip"}, "tags"),
    "a tag that is a number": ({"tags": ["vip", 3]}, "tags.1"),
    "mass assignment": ({"status": "solved"}, "status"),
    "file that is no base64": ({"attachments": [{"name": "a", "content": "%%"}]}, "attachments.0.content"),
    "file without a name": ({"attachments": [{"content": "YQ=="}]}, "attachments.0.name"),
    "too many files": ({"attachments": [{"name": "a", "content": "YQ=="}] * 11}, "attachments"),
    "control character in the requester's name": (
        {"requester": {"email": "a@b.example", "name": "\x00"}},
        "requester.name",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_ticket_that_cannot_be_kept_is_400_names_the_field_and_stores_nothing(case, anna, calling, payments):
    changes, field = BAD[case]
    before = User.objects.count()

    answer = calling(anna).post("tickets/", {**GOOD, **changes})

    problem = answer.json()
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["title"] == "Bad Request"
    assert list(problem["errors"]) == [field]
    assert len(problem["errors"][field]) == 1
    assert len(problem["detail"]) < 400
    assert (Ticket.objects.count(), Message.objects.count(), User.objects.count()) == (0, 0, before)


def test_a_customer_made_for_a_ticket_that_then_fails_is_not_kept(anna, calling, payments):
    answer = calling(anna).post("tickets/", {**GOOD, "tags": ["a\u2028b"]})

    assert answer.status_code == 400
    assert not User.objects.filter(email="new@somewhere.example").exists()


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"7",
        b'{"subject": NaN}',
        b"\xff\xfe",
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":1e999999}',
    ],
    ids=["cut", "list", "text", "null", "number", "nan", "bytes", "half pair", "deep", "infinite"],
)
def test_a_body_that_is_no_object_is_400(body, anna, calling):
    answer = calling(anna).call("POST", "tickets/", body)

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_forms_are_415_and_say_so(anna, calling):
    caller = calling(anna)

    answer = caller.client.post("/api/v1/tickets/", {"subject": "x"}, headers=caller.headers)

    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"


def test_a_method_that_an_address_has_not_is_405_and_names_those_it_has(anna, calling):
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = calling(anna).call(method, "tickets/", {})

        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"
        assert {name.strip() for name in answer["Allow"].split(",")} - {"HEAD"} == {"GET", "POST"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v2/tickets/",
        "nothing/",
        "tickets",
        "tickets/abc/",
        "tickets/1/delete/",
        f"tickets/{'9' * 40}/",
        "tickets/-1/",
    ],
)
def test_an_address_that_leads_nowhere_is_a_404_problem_for_everybody(path, nobody, anna, calling):
    answers = [caller.call(method, path) for caller in (nobody, calling(anna)) for method in ("GET", "POST", "DELETE")]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}
    assert len({answer.content for answer in answers}) == 1


def test_a_number_too_large_for_the_database_is_simply_not_there(anna, calling):
    assert calling(anna).get("tickets/999999999999999999/").status_code == 404
    assert calling(anna).get("escalations/999999999999999999/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    ["2026-11-18T10:00:00", "2026-11-18", "tomorrow", 5, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"],
)
def test_a_time_without_an_offset_or_without_sense_is_400(wrong, anna, calling, open_ticket):
    number = open_ticket().number
    asked = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "A refund beyond my limit"}

    answer = calling(anna).post(f"tickets/{number}/escalate/", {**asked, "wanted_by": wrong})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["wanted_by"]


@pytest.mark.parametrize("severity", [0, 5, "2", True, 2.5, None, 10**30])
def test_a_severity_is_a_whole_number_from_1_to_4(severity, anna, calling, open_ticket):
    number = open_ticket().number
    asked = {"kind": "hierarchical", "severity": severity, "reason": "funding", "summary": "A refund beyond my limit"}

    answer = calling(anna).post(f"tickets/{number}/escalate/", asked)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["severity"]


def test_an_unknown_parameter_is_400_and_not_passed_over(anna, calling):
    answer = calling(anna).get("tickets/?status=open")

    assert answer.status_code == 400
    assert "status" in answer.json()["errors"]


def test_a_file_beyond_the_limit_is_refused(anna, calling, monkeypatch, payments):
    monkeypatch.setattr("tickets.files.SIZE_LIMIT", 10)
    content = base64.b64encode(b"x" * 11).decode()

    answer = calling(anna).post("tickets/", {**GOOD, "attachments": [{"name": "big.bin", "content": content}]})

    assert answer.status_code == 400
    assert Attachment.objects.count() == 0


def test_a_body_beyond_the_limit_is_413(anna, calling, monkeypatch):
    monkeypatch.setattr("api.parsers.BODY_LIMIT", 100)

    answer = calling(anna).post("tickets/", {**GOOD, "body": "x" * 200})

    assert answer.status_code == 413


def test_a_body_in_chunks_is_refused_and_not_taken_for_none(anna, calling, open_ticket):
    number = open_ticket().number

    answer = calling(anna).post(f"tickets/{number}/solve/", {"reason": "x"}, **{"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411


def test_a_fault_of_ours_is_a_problem_without_the_details(anna, calling, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("tickets.search.find", break_down)
    caller = calling(anna)
    caller.client.raise_request_exception = False

    answer = caller.get("tickets/")

    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert b"secret" not in answer.content


def test_nested_errors_become_one_level_with_dots():
    nested = {"tasks": [{}, {"owner": ["Nobody."]}], "reason": ["Empty."], "who": {"non_field_errors": ["An object."]}}

    assert flatten(nested) == {"tasks.1.owner": ["Nobody."], "reason": ["Empty."], "who": ["An object."]}
