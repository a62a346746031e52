"""Mails for tests: kept ones from files, and ones composed on the spot."""

from pathlib import Path

from notifications.delivery import message_id
from notifications.models import Delivery

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "mails"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))
CORA = "Cora Menezes <cora@livraria-aurora.example>"


def kept(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def compose(
    text: str = "Since yesterday.",
    *,
    sender: str = CORA,
    to: str = "support@escala.localhost",
    subject: str = "Payouts are stuck",
    identifier: str = "<first@livraria-aurora.example>",
    **headers: str,
) -> bytes:
    """A plain mail. Further headers are given with underscores: `Auto_Submitted="auto-replied"`."""
    head = {"From": sender, "To": to, "Subject": subject, "Message-ID": identifier}
    head |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return ("\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text]) + "\n").encode()


def answer(letter: Delivery, text: str, **given: str) -> bytes:
    """The mail of somebody who pressed “Reply” on a letter of the desk."""
    ours = message_id(letter)
    fields = {
        "subject": letter.subject,
        "to": letter.headers["Reply-To"],
        "identifier": f"<answer-to-{letter.pk}@livraria-aurora.example>",
        "In_Reply_To": ours,
        "References": f"{letter.headers.get('References', '')} {ours}".strip(),
        **given,
    }
    return compose(text, **fields)
