"""What every door does with a mail: writes on top from whom and for whom it came, and commits it."""

from collections.abc import Sequence
from datetime import timedelta

from common import clock
from mailroom import intake, recipients
from mailroom.intake import Origin
from mailroom.models import RawMessage


def keep(
    content: bytes, sender: str | None, addresses: Sequence[str], *, lease: timedelta = intake.LEASE
) -> RawMessage:
    """Commit a mail as it was handed over. Raises what the database raises: then nobody may be told that it is safe."""
    raw = stamped(content, sender, addresses)
    return intake.keep(raw, now=clock.now(), origin=Origin(recipients.mailbox_of(addresses)), lease=lease)


def stamped(content: bytes, sender: str | None, addresses: Sequence[str]) -> bytes:
    """With the lines that the last server on the way writes on top (RFC 5321, 4.4)."""
    lines = [f"Delivered-To: {_clean(one)}" for one in addresses]
    if sender is not None:
        lines.insert(0, f"Return-Path: <{_clean(sender)}>")
    return "".join(f"{line}\r\n" for line in lines).encode() + content


def _clean(address: str) -> str:
    """Nothing in an address may begin a line of its own."""
    return "".join(character for character in address if character.isprintable() and character not in "<> ")[:320]
