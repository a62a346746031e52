"""The mailboxes with how they are doing. For administrators."""

from dataclasses import dataclass

from mailroom.enums import MailboxState, Way
from mailroom.models import Mailbox

_TONES = {
    MailboxState.WELL: "ok",
    MailboxState.DOOR: "ok",
    MailboxState.FAILING: "breach",
    MailboxState.PAUSED: "",
    MailboxState.NEW: "",
}


@dataclass(frozen=True, slots=True)
class MailboxLook:
    mailbox: Mailbox
    state: MailboxState
    tone: str


def mailbox_look(mailbox: Mailbox) -> MailboxLook:
    state = state_of(mailbox)
    return MailboxLook(mailbox, state, _TONES[state])


def list_look() -> list[MailboxLook]:
    return [mailbox_look(mailbox) for mailbox in Mailbox.objects.select_related("team")]


def state_of(mailbox: Mailbox) -> MailboxState:
    if mailbox.is_paused:
        return MailboxState.PAUSED
    if mailbox.way == Way.DOOR:
        return MailboxState.DOOR
    if mailbox.last_error:
        return MailboxState.FAILING
    return MailboxState.WELL if mailbox.fetched_at else MailboxState.NEW
