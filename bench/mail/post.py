"""Mails of the shapes that a desk gets, as bytes, the same ones for the same seed."""

import base64
import random
from collections.abc import Callable, Iterator

WORDS = (
    *"payout terminal invoice refund card since yesterday cannot error settlement customer shop order bank".split(),  # noqa: SIM905 - a list of words
    *"transfer declined receipt urgent help missing balance account ação não пожалуйста платёж größe".split(),  # noqa: SIM905 - the same
)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 160


DESK = "support@escala.localhost"
PLAIN, MIXED, HTML = "text/plain; charset=utf-8", "multipart/mixed; boundary=b", "text/html; charset=utf-8"
BOTH, OPEN = "multipart/alternative; boundary=b", "multipart/mixed"
Replies = Callable[[random.Random], str]


def mails(count: int, *, seed: int, people: int, replies: Replies) -> Iterator[bytes]:
    """`replies` gives an address with a token, and whose it is: `cora3@shop.example support+…@desk`."""
    dice = random.Random(seed)
    for number in range(count):
        shape = dice.choices(list(SHAPES), weights=[weight for _make, weight in SHAPES.values()])[0]
        yield SHAPES[shape][0](number, dice, people, replies)


def text(dice: random.Random, least: int = 30, most: int = 160) -> str:
    words = [dice.choice(WORDS) for _word in range(dice.randint(least, most))]
    return "\r\n".join(" ".join(words[start : start + 12]) for start in range(0, len(words), 12))


def head(number: int, sender: str, subject: str, to: str = DESK, *, kind: str, **more: str) -> str:
    hops = "".join(
        f"Received: from mx{hop}.example (mx{hop}.example [192.0.2.{hop}])\r\n\tby in.example with ESMTPS"
        f" id {number:08d}\r\n\tfor <{to}>; Sun, 22 Nov 2026 10:0{hop}:00 +0000\r\n"
        for hop in range(1, 4)
    )
    lines = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Message-ID": f"<{number}.{number % 97}@shop.example>",
        "Date": "Sun, 22 Nov 2026 10:00:00 +0000",
        "MIME-Version": "1.0",
        "Content-Type": kind,
        **more,
    }
    return f"Return-Path: <{sender}>\r\n{hops}" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())


def person(dice: random.Random, people: int) -> str:
    return f"cora{dice.randrange(people)}@shop.example"


def plain(number: int, dice: random.Random, people: int, replies: Replies) -> bytes:
    top = head(number, person(dice, people), f"Payout {number} is stuck", kind=PLAIN)
    return f"{top}\r\n{text(dice)}\r\n".encode()


def alternative(number: int, dice: random.Random, people: int, replies: Replies) -> bytes:
    said = text(dice)
    html = "".join(f"<p style='margin:0'>{line}</p>" for line in said.split("\r\n"))
    top = head(number, person(dice, people), f"Terminal {number}", kind=BOTH)
    return (
        f"{top}\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{said}\r\n"
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{html * 4}</body></html>\r\n--b--\r\n"
    ).encode()


def html_only(number: int, dice: random.Random, people: int, replies: Replies) -> bytes:
    rows = "".join(f"<tr><td>{line}</td></tr>" for line in text(dice).split("\r\n"))
    top = head(number, person(dice, people), f"Statement {number}", kind=HTML)
    page = f"<html><head><style>td{{color:red}}</style></head><body><table>{rows * 6}</table></body></html>"
    return f"{top}\r\n{page}".encode()


def with_picture(number: int, dice: random.Random, people: int, replies: Replies) -> bytes:
    top = head(number, person(dice, people), f"Picture {number}", kind=MIXED)
    file = base64.encodebytes(PICTURE + str(number).encode()).decode().replace("\n", "\r\n")
    return (
        f"{top}\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text(dice)}\r\n"
        "--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=error.png\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{file}--b--\r\n"
    ).encode()


def answer(number: int, dice: random.Random, people: int, replies: Replies) -> bytes:
    sender, to = replies(dice).split()
    quoted = "\r\n".join(f"> {line}" for line in text(dice).split("\r\n"))
    top = head(number, sender, "Re: Payout", to, kind=PLAIN)
    return f"{top}\r\n{text(dice, 10, 40)}\r\n\r\nOn Sun, 22 Nov 2026, Anna wrote:\r\n{quoted}\r\n".encode()


def newsletter(number: int, dice: random.Random, people: int, replies: Replies) -> bytes:
    more = {"Precedence": "bulk", "List-Id": "<offers.example>"}
    return f"{head(number, 'offers@shop.example', 'Offers', kind=PLAIN, **more)}\r\n{text(dice)}\r\n".encode()


def broken(number: int, dice: random.Random, people: int, replies: Replies) -> bytes:
    top = head(number, person(dice, people), "Broken", kind=OPEN)
    return f"{top}\r\n--b\r\n\r\n{text(dice)}".encode()


# How to make it, and how many of a hundred are so.
SHAPES = {
    "plain": (plain, 35),
    "alternative": (alternative, 20),
    "html": (html_only, 10),
    "picture": (with_picture, 8),
    "answer": (answer, 20),
    "newsletter": (newsletter, 5),
    "broken": (broken, 2),
}
