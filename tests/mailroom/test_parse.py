import time as stopwatch
from contextlib import suppress

import pytest

from mailroom.parse import PARTS_LIMIT, SIZE_LIMIT, ParseError, parse
from tests.mailroom.mails import CORA, compose, kept


def test_a_plain_mail_is_read_whole():
    mail = parse(kept("plain"))

    assert mail.sender == "cora@livraria-aurora.example"
    assert mail.sender_name == "Cora Menezes"
    assert mail.to == ("support@escala.localhost",)
    assert mail.message_id == "<plain-1@livraria-aurora.example>"
    assert mail.subject == "Payouts are stuck"
    assert mail.text == "Good morning,\n\nsince 07:30 no payout has left São Paulo. 214 orders wait.\n\nCora"
    assert mail.attachments == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("koi8-r", "Деньги списаны дважды."),
        ("iso-2022-jp", "支払いが止まっています。"),
        ("gb2312-that-is-gb18030", "付款失败，金额 100€ 镕"),
        ("latin-1-that-is-windows-1252", "It says “declined” – why? It costs 5 €."),
        ("eight-bit-undeclared", "Não recebi o código."),
        ("unknown-character-set", "Ação pendente"),
    ],
)
def test_every_character_set_of_the_real_world_is_read(name, text):
    assert parse(kept(name)).text == text


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("koi8-r", "Платёж не прошёл"),
        ("iso-2022-jp", "支払い"),
        ("eight-bit-undeclared", "Não recebi"),
        ("empty-subject", ""),
    ],
)
def test_a_subject_is_read_in_any_encoding(name, subject):
    assert parse(kept(name)).subject == subject


def test_a_name_in_another_script_is_read():
    assert parse(kept("koi8-r")).sender_name == "Пётр Ильин"


@pytest.mark.parametrize("label", ["utf8", "UTF-8", '"utf-8"', "us-ascii", "cp-850", "punycode", "base64", "zip", ""])
def test_no_declared_character_set_stops_the_reading(label):
    raw = compose("Ação").replace(b"charset=utf-8", b"charset=" + label.encode())

    assert "o" in parse(raw).text


def test_a_mail_with_html_alone_becomes_plain_text():
    mail = parse(kept("html-only"))

    assert mail.text == (
        "Guten Tag,\n\ndie Rechnung ist doppelt:\n\n- Posten eins\n- Posten zwei & drei\n\n"
        "Siehe die Rechnung (https://shop.example/r/4711) oder hier."
    )


def test_of_two_forms_of_a_text_the_plain_one_is_taken_once_and_the_file_is_kept():
    mail = parse(kept("alternative-with-picture"))

    assert mail.text == "The plain words."
    assert [(upload.name, upload.content[:4]) for upload in mail.attachments] == [("ecrã.png", b"\x89PNG")]


def test_a_forwarded_mail_is_kept_as_a_file():
    mail = parse(kept("forwarded"))

    assert mail.text == "What is this?"
    assert mail.sender == "cora@livraria-aurora.example"
    assert [upload.name for upload in mail.attachments] == ["attachment-1.eml"]
    assert b"Pay now." in mail.attachments[0].content


def test_a_file_name_is_never_a_path_and_never_in_disguise():
    names = [upload.name for upload in parse(kept("path-in-file-name")).attachments]

    assert names == ["x", "y.txt", "a b gpj.exe"]


def test_line_breaks_hidden_in_encoded_words_do_not_survive():
    mail = parse(kept("header-injection"))

    for value in (mail.subject, mail.sender_name):
        assert not set(value) & set("\r\n\x00\u2028")
        assert "Bcc:" in value


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-boundary", "no boundary"),
        ("boundary-never-found", "never found"),
        ("truncated", "in the middle of a part"),
        ("not-base64", "base64"),
        ("nul-bytes", "NUL"),
        ("no-header-at-all", "no sender"),
        ("no-sender", "no sender"),
        ("two-senders", "more than one sender"),
    ],
)
def test_a_malformed_mail_is_refused_with_its_reason(name, reason):
    with pytest.raises(ParseError, match=reason):
        parse(kept(name))


@pytest.mark.parametrize("name", ["no-boundary", "boundary-never-found", "truncated", "not-base64", "nul-bytes"])
def test_a_malformed_mail_is_read_as_far_as_it_goes_for_somebody_who_has_seen_it(name):
    assert parse(kept(name), lenient=True).sender == "cora@livraria-aurora.example"


def test_an_empty_mail_is_refused():
    with pytest.raises(ParseError, match="empty"):
        parse(b"\r\n")


def test_a_mail_above_the_limit_is_refused():
    with pytest.raises(ParseError, match="larger than 30 MB"):
        parse(compose() + b"x" * SIZE_LIMIT)


def test_a_mail_of_too_many_parts_is_refused():
    parts = "--b\n\nx\n" * (PARTS_LIMIT + 1)
    raw = compose(parts + "--b--").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")

    with pytest.raises(ParseError, match="more than 200 parts"):
        parse(raw)


def test_a_mail_nested_too_deeply_is_refused():
    body = "".join(f"--b{depth}\nContent-Type: multipart/mixed; boundary=b{depth + 1}\n\n" for depth in range(60))
    raw = compose(body).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b0")

    with pytest.raises(ParseError, match="nested too deeply"):
        parse(raw)


def test_a_mail_of_too_many_headers_is_refused():
    with pytest.raises(ParseError, match="headers"):
        parse(b"X-A: 1\n" * 10_000 + compose())


def test_a_subject_of_a_megabyte_is_cut():
    assert len(parse(compose(subject="x" * 1_000_000)).subject) == 200


def test_files_beyond_the_limit_are_left_out_and_named():
    parts = "".join(f'--b\nContent-Disposition: attachment; filename="f{n}.txt"\n\nfile {n}\n' for n in range(12))
    raw = compose(f"--b\n\nSee the files.\n{parts}--b--").replace(
        b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b"
    )

    mail = parse(raw)

    assert [upload.name for upload in mail.attachments] == [f"f{n}.txt" for n in range(10)]
    assert mail.left_out == ("f10.txt", "f11.txt")


@pytest.mark.parametrize(
    "sender",
    [
        '"cora@livraria-aurora.example" <stan@elsewhere.example>',
        "=?utf-8?q?cora=40livraria-aurora.example=2C?= <stan@elsewhere.example>",
    ],
)
def test_an_address_in_the_name_is_not_the_sender(sender):
    assert parse(compose(sender=sender)).sender == "stan@elsewhere.example"


def test_two_different_from_headers_are_refused():
    with pytest.raises(ParseError, match="more than one sender"):
        parse(b"From: stan@elsewhere.example\n" + compose(sender=CORA))


@pytest.mark.parametrize(
    "raw",
    [
        compose("On " * 100_000),
        compose("\n" * 200_000),
        compose("> " * 100_000),
        compose("From: a\n" * 30_000),
        compose("a" + "\u0301\u0323" * 100_000),
        compose(subject="=?a?q?" * 150_000),
        compose(subject="a" + "\u0301\u0323" * 100_000),
        compose(sender="(" * 200_000 + CORA),
        compose(References="<" * 300_000),
        compose(Content_Disposition='attachment; a="' + ';"' * 100_000),
        compose("<div>" * 100_000).replace(b"text/plain", b"text/html"),
        compose("<p><b>" * 80_000).replace(b"text/plain", b"text/html"),
        compose("<" * 400_000).replace(b"text/plain", b"text/html"),
    ],
    ids=lambda raw: raw[-30:].decode(errors="replace").strip()[:12] or "blank",
)
def test_no_mail_holds_the_intake_up(raw):
    begun = stopwatch.process_time()

    with suppress(ParseError):
        parse(raw)

    assert stopwatch.process_time() - begun < 4
