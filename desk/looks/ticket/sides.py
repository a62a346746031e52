"""The letters of a side conversation, as the message component reads them."""

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.looks.ticket.conversation import FileLook, MessageLook, Part
from desk.looks.ticket.received import MailLook
from knowledge.markdown import letter_to_html
from mailroom import quotes
from mailroom.models import SideConversation, SideMessage
from mailroom.verdicts import Nature, Trust


def side_look(side: SideConversation) -> list[MessageLook]:
    """Oldest first; two queries, however many there are."""
    letters = side.messages.select_related("author").prefetch_related("files").order_by("created_at", "pk")
    return [_letter(letter, side) for letter in letters]


def _letter(letter: SideMessage, side: SideConversation) -> MessageLook:
    runs = quotes.parts(letter.body)
    parts = [Part(text, "" if letter.by_them else letter_to_html(text), quoted) for quoted, text in runs]
    by_us = letter.author.name if letter.author else _("Somebody who is gone")
    return MessageLook(
        pk=letter.pk,
        kind="customer" if letter.by_them else "agent",
        author=side.who if letter.by_them else by_us,
        origin=side.address if letter.by_them else _("to %(name)s") % {"name": side.who},
        at=letter.created_at,
        text=letter.body,
        parts=parts,
        attachments=[
            FileLook(file.name, reverse("desk:side_file", args=[file.pk]), filesizeformat(file.size))
            for file in letter.files.all()
        ],
        undelivered=_("Not delivered: %(why)s") % {"why": letter.undelivered} if letter.undelivered else "",
        mail=MailLook(sender=side.who, warning=_warning(letter, side), notice=_notice(letter))
        if letter.by_them
        else None,
    )


def _warning(letter: SideMessage, side: SideConversation) -> str:
    if letter.trust != Trust.NONE or letter.nature != Nature.LETTER:
        return ""
    return _("Nothing proves that %(sender)s sent this. Ask another way before you act on it.") % {
        "sender": side.address
    }


def _notice(letter: SideMessage) -> str:
    return "" if letter.nature == Nature.LETTER else _("Automatic answer, written by nobody")
