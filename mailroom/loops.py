"""Who must not be answered, and what must not be filed, lest two programs write to each other (RFC 3834). Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _

HOPS_LIMIT = 30

# `<row.token@…>` as the outbox makes it.
_OWN_IDENTIFIER = re.compile(r"<\d+(\.[a-z0-9-]+)?@(?P<domain>[^>]+)>")
_PROGRAMS = frozenset({"mailer-daemon", "postmaster", "no-reply-daemon", "double-bounce"})


class Nature(Enum):
    """What a mail is to the intake."""

    LETTER = "letter"  # a person's: filed and confirmed
    NOTICE = "notice"  # a program's: may open a ticket, is never answered, never speaks on a ticket
    ECHO = "echo"  # an answer of a program, or our own mail: kept aside


@dataclass(frozen=True, slots=True)
class Signs:
    """What the head of a mail tells about programs; texts are in lower case."""

    auto_submitted: str = ""
    precedence: str = ""
    suppress: str = ""
    auto_reply: bool = False
    is_list: bool = False
    return_path: str | None = None
    is_report: bool = False
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    nature: Nature
    reason: str = ""


def judge(signs: Signs, *, sender: str, message_id: str, own_address: str, own_domain: str) -> Verdict:
    """The nature of a mail; for an echo with the reason, in one sentence."""
    if _is_own(sender, message_id, own_address, own_domain):
        return Verdict(Nature.ECHO, str(_("It is a mail of this desk that came back.")))
    if sender.split("@")[0] in _PROGRAMS:
        return Verdict(Nature.ECHO, str(_("It is a report of a mail server.")))
    for is_so, reason in ECHOES:
        if is_so(signs):
            return Verdict(Nature.ECHO, str(reason))
    if signs.auto_submitted not in {"", "no"}:
        return Verdict(Nature.NOTICE)
    return Verdict(Nature.LETTER)


def may_be_answered(signs: Signs) -> bool:
    """False where the sender asks for no automatic answer, even to a letter."""
    return not (set(re.split(r"[,\s]+", signs.suppress)) & {"all", "autoreply", "oof"})


ECHOES: tuple[tuple[Callable[[Signs], bool], object], ...] = (
    (lambda signs: signs.is_report, _("It is a report about the delivery of a mail.")),
    (
        lambda signs: signs.return_path is not None and signs.return_path.strip() in {"", "<>"},
        _("It has no return path: an automatic answer or a report about a delivery."),
    ),
    (
        lambda signs: signs.auto_reply or signs.auto_submitted == "auto-replied",
        _("It is an automatic answer."),
    ),
    (
        lambda signs: signs.precedence in {"bulk", "list", "junk", "auto_reply"},
        _("It is bulk mail or an automatic answer (Precedence)."),
    ),
    (lambda signs: signs.is_list, _("It came by a mailing list.")),
    (lambda signs: signs.hops > HOPS_LIMIT, _("It has gone round in circles: too many servers have passed it on.")),
)


def is_address_of_desk(address: str, own_address: str) -> bool:
    """The desk's own address, with or without a token after the plus."""
    local, _at, domain = address.rpartition("@")
    return f"{local.split('+')[0]}@{domain}" == own_address


def _is_own(sender: str, message_id: str, own_address: str, own_domain: str) -> bool:
    found = _OWN_IDENTIFIER.fullmatch(message_id)
    has_own_identifier = found is not None and found["domain"].lower() == own_domain
    return has_own_identifier or is_address_of_desk(sender, own_address)
