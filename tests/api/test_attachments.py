import base64

import pytest

from tickets.models import Attachment

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def _file(name: str, content: bytes) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode()}


def test_files_come_with_a_ticket_a_reply_and_a_note_and_can_be_fetched(anna, calling, payments):
    agent = calling(anna)
    opened = agent.post(
        "tickets/",
        {
            "subject": "a",
            "body": "b",
            "requester": {"email": "new@somewhere.example"},
            "attachments": [_file("shot.png", PNG)],
        },
    ).json()
    number = opened["number"]
    reply = agent.post(f"tickets/{number}/reply/", {"body": "See", "attachments": [_file("a.txt", b"plain")]}).json()
    note = agent.post(f"tickets/{number}/note/", {"body": "See", "attachments": [_file("b.txt", b"inner")]}).json()

    files = [message["attachments"][0] for message in (opened["messages"][0], reply, note)]

    assert [(file["name"], file["content_type"], file["size"]) for file in files] == [
        ("shot.png", "image/png", len(PNG)),
        ("a.txt", "text/plain", 5),
        ("b.txt", "text/plain", 5),
    ]
    answers = [agent.get(file["url"]) for file in files]
    assert [b"".join(answer.streaming_content) for answer in answers] == [PNG, b"plain", b"inner"]


@pytest.mark.parametrize(("name", "content"), [("x.svg", SVG), ("x.html", b"<h1>hello"), ("x.png", SVG)])
def test_a_file_is_sent_so_that_no_browser_runs_it(name, content, anna, calling, open_ticket):
    number = open_ticket().number
    agent = calling(anna)
    file = agent.post(f"tickets/{number}/note/", {"body": "See", "attachments": [_file(name, content)]}).json()

    answer = agent.get(file["attachments"][0]["url"])

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\boot.ini", 'a"; filename="b.exe', "a\r\nX-Bad: 1", "é" * 150]
)
def test_a_files_name_harms_neither_the_disk_nor_the_header(name, anna, calling, open_ticket):
    number = open_ticket().number
    agent = calling(anna)

    answer = agent.post(f"tickets/{number}/note/", {"body": "See", "attachments": [_file(name, b"x")]})

    if answer.status_code == 201:
        fetched = agent.get(answer.json()["attachments"][0]["url"])
        kept = Attachment.objects.get()
        assert "/" not in kept.name
        assert "\\" not in kept.name
        assert "X-Bad" not in fetched.headers
        assert kept.stored.name.rsplit("/", 1)[-1].isalnum()
    else:
        assert answer.status_code == 400


def test_a_file_on_a_note_is_not_there_for_the_customer(anna, cora, calling, open_ticket):
    number = open_ticket().number
    file = calling(anna).post(f"tickets/{number}/note/", {"body": "See", "attachments": [_file("b.txt", b"x")]}).json()
    customer = calling(cora)

    there = customer.get(file["attachments"][0]["url"])
    missing = customer.get("attachments/999999/")

    assert there.status_code == missing.status_code == 404
    assert there.content == missing.content
