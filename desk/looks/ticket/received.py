"""What a message's mail tells besides its words: who vouches for it, who else got it, how it looked."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

from common.dates import said
from desk.pages.attachments import SHOWN_INLINE
from mailroom import html
from mailroom.models import ReceivedMail
from mailroom.verdicts import Nature, Trust
from tickets.models import Attachment, Message

# A picture stands in the frame as part of it, since the frame has no way to the desk.
PICTURE_LIMIT = 2 * 1024 * 1024
PICTURES_LIMIT = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class InvitationLook:
    title: str
    when: str
    where: str
    note: str


@dataclass(frozen=True, slots=True)
class MailLook:
    """`warning`: why the sender is not to be believed; `notice`: what it is, where no person wrote it."""

    sender: str
    warning: str = ""
    is_denied: bool = False
    notice: str = ""
    people: list[tuple[str, str]] = field(default_factory=list)
    add_url: str = ""
    frame_url: str = ""
    remote: int = 0
    invitations: list[InvitationLook] = field(default_factory=list)

    @property
    def tone(self) -> str:
        return "breach" if self.is_denied else "warn"


_NOTICES: dict[str, Callable[[ReceivedMail], str]] = {
    Nature.AWAY: lambda mail: _("Automatic answer, written by nobody"),
    Nature.NOTICE: lambda mail: _("Notice of a program"),
    Nature.REPORT: lambda mail: _reported(mail.report),
}


def fetched_with() -> "Prefetch[str, Any, str]":
    """The mails of messages, without the pages that they hold."""
    mails = ReceivedMail.objects.defer("html").annotate(formatted=~Q(html=""))
    return Prefetch("mail", queryset=mails)


def mail_look(message: Message) -> MailLook | None:
    """None where it was no mail, or where the message was fetched without it."""
    mail: ReceivedMail | None = message._state.fields_cache.get("mail")
    if mail is None:
        return None
    is_letter = mail.nature == Nature.LETTER
    return MailLook(
        sender=mail.sender_name or mail.sender,
        warning=_warning(mail) if is_letter else "",
        is_denied=mail.trust == Trust.FAILED,
        notice="" if is_letter else _NOTICES[mail.nature](mail),
        people=[(one["name"] or one["address"], one["address"]) for one in mail.people] if is_letter else [],
        add_url=reverse("desk:add_watcher", args=[message.pk]),
        frame_url=reverse("desk:as_sent", args=[message.pk]) if mail.formatted and is_letter else "",  # type: ignore[attr-defined] # annotated by the query
        remote=mail.remote_images,
        invitations=[_invitation(one) for one in mail.invitations],
    )


def _warning(mail: ReceivedMail) -> str:
    if mail.trust == Trust.FAILED:
        words = _("The domain of %(sender)s denies having sent this. Answer nothing that only its customer may know.")
        return words % {"sender": mail.sender}
    if mail.trust == Trust.NONE:
        words = _("Nothing proves that %(sender)s sent this. Ask another way before you act on it.")
        return words % {"sender": mail.sender}
    return ""


def _reported(report: dict[str, Any]) -> str:
    known = {"address": report.get("recipient") or _("the customer"), "status": report.get("status", "")}
    if report.get("action") == "failed":
        return (_("Not delivered to %(address)s, %(status)s") % known).rstrip(", ")
    if report.get("action") == "delayed":
        return _("Not delivered to %(address)s yet; the server goes on trying") % known
    if report.get("action") in {"delivered", "relayed", "expanded"}:
        return _("Delivered to %(address)s") % known
    return _("A mail server's report")


def _invitation(given: dict[str, Any]) -> InvitationLook:
    notes = [
        _("The meeting is cancelled.") if given["method"] == "cancel" else "",
        _("It repeats.") if given["repeats"] else "",
        _("Invited by %(name)s.") % {"name": given["by"]} if given["by"] else "",
        _("Its zone is not known here: %(zone)s.") % {"zone": given["zone"]} if given["zone"] else "",
    ]
    return InvitationLook(
        title=given["title"] or _("An invitation"),
        when=_when(given["starts"], given["ends"]),
        where=given["where"],
        note=" ".join(note for note in notes if note),
    )


def _when(starts: str, ends: str) -> str:
    """In the reader's zone; a day is a day everywhere (RFC 5545, 3.3.4)."""
    first, last = _moment(starts), _moment(ends)
    if first is None:
        return ""
    if not isinstance(first, datetime):
        return said(first, "D j M Y")
    begun = said(first, "D j M Y, H:i")
    if not isinstance(last, datetime):
        return begun
    return f"{begun}–{said(last, 'H:i' if last.date() == first.date() else 'D j M, H:i')}"


def _moment(text: str) -> datetime | date | None:
    moment = parse_datetime(text) if "T" in text else parse_date(text)
    return localtime(moment) if isinstance(moment, datetime) and is_aware(moment) else moment


def framed(mail: ReceivedMail, *, with_remote: bool) -> str:
    """The mail's HTML for its frame: pictures inside it as part of the text, those elsewhere only when asked for."""
    left = PICTURES_LIMIT

    def picture(address: str) -> str:
        nonlocal left
        if address.startswith("cid:"):
            found = _picture(mail, address.removeprefix("cid:"), min(left, PICTURE_LIMIT))
            left -= len(found)
            return found
        return address if with_remote and address.startswith(("https:", "http:")) else ""

    return html.to_show(mail.html, picture=picture)


def _picture(mail: ReceivedMail, name: str, limit: int) -> str:
    """As an address that holds the bytes; nothing for what is no raster image, is too large or is gone."""
    file = Attachment.objects.filter(pk=mail.inline.get(name), message=mail.message_id).first()
    if file is None or file.content_type not in SHOWN_INLINE or file.size > limit:
        return ""
    try:
        content = file.stored.open("rb").read()
    except FileNotFoundError:
        return ""
    return f"data:{file.content_type};base64,{base64.b64encode(content).decode()}"
