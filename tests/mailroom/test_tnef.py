import struct
from base64 import b64encode

import pytest

from mailroom.parse import parse
from mailroom.tnef import SIGNATURE, unpack
from tests.mailroom.mails import compose


def attribute(name: int, value: bytes) -> bytes:
    return struct.pack("<BII", 2, name, len(value)) + value + struct.pack("<H", sum(value) % 65536)


def long_name(text: str) -> bytes:
    value = text.encode("utf-16-le") + b"\0\0"
    fixed = struct.pack("<HHI", 0x0003, 0x0E20, 7)
    named = struct.pack("<HHII", 0x001F, 0x3707, 1, len(value)) + value
    return struct.pack("<I", 2) + fixed + named


def winmail(*files: tuple[str, bytes], names: bool = True) -> bytes:
    parts = [SIGNATURE, struct.pack("<H", 1), attribute(0x00089006, b"\0\0\1\0")]
    for title, content in files:
        parts += [
            attribute(0x00069002, b"\1\0"),
            attribute(0x00018010, b"REPORT~1.TXT\0"),
            attribute(0x0006800F, content),
        ]
        parts += [attribute(0x00069005, long_name(title))] if names else []
    return b"".join(parts)


def test_the_files_inside_are_taken_out_under_their_whole_names():
    found = unpack(winmail(("Relatório de março.txt", b"one"), ("../../x.bin", b"two")))

    assert [(file.name, file.content) for file in found] == [("Relatório de março.txt", b"one"), ("x.bin", b"two")]


def test_without_properties_the_short_title_stands():
    assert [file.name for file in unpack(winmail(("x", b"one"), names=False))] == ["REPORT~1.TXT"]


def test_a_stream_that_breaks_off_gives_nothing():
    whole = winmail(("a.txt", b"one"))

    assert all(not [file for file in unpack(whole[:end]) if file.content not in {b"one"}] for end in range(len(whole)))


@pytest.mark.parametrize(
    ("content", "name"), [(winmail(("a.txt", b"one")), "a.txt"), (SIGNATURE + b"\1\0broken", "winmail.dat")]
)
def test_in_a_mail_the_wrapping_is_gone_and_what_cannot_be_read_stays_whole(content, name):
    head = 'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\n'
    body = f"--b\n\nSee.\n--b\n{head}{b64encode(content).decode()}\n--b--"
    raw = compose(body).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")

    assert [file.name for file in parse(raw).attachments] == [name]
