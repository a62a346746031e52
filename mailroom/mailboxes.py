"""The mailboxes as administrators set them up: made, changed, paused, tried, taken away. All is audited."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit, clock, heartbeat
from common.errors import InvalidInput, NotFound
from common.text import one_line
from mailroom import returns
from mailroom.enums import Afterwards, Way
from mailroom.fetching.connection import MailboxError, opened
from mailroom.fetching.following import beat_of
from mailroom.models import Mailbox
from people.models import User

# As the trail keeps it.
MAILBOX = gettext_noop("Mailbox %(address)s")
TERMS = (
    "address", "way", "team", "host", "port", "security", "username", "proof", "secret_name", "folder", "afterwards",
    "move_to",
)  # fmt: skip
# What makes it another mailbox: the numbers that were read in the one before say nothing about it.
_PLACE = ("host", "port", "username", "folder")

_SECRET_NAME = re.compile(r"[A-Z0-9][A-Z0-9_]{0,39}")


def access_mailbox(pk: int) -> Mailbox:
    found = Mailbox.objects.select_related("team").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


@transaction.atomic
def add_mailbox(*, by: User | None, **terms: Any) -> Mailbox:
    """A new address. Raises InvalidInput with a sentence for each term that is wrong."""
    mailbox = Mailbox(changed_at=clock.now())
    _set(mailbox, terms)
    _save(mailbox)
    audit.record_change(by=by, subject=_subject(mailbox), before={}, after=audit.snapshot(mailbox), of=mailbox)
    return mailbox


@transaction.atomic
def change_mailbox(*, pk: int, by: User | None, **terms: Any) -> Mailbox:
    """Other terms. Another server, user or folder is looked into as if for the first time."""
    mailbox = _lock(pk)
    before = audit.snapshot(mailbox)
    _set(mailbox, terms)
    if any(before[name] != getattr(mailbox, name) for name in _PLACE):
        mailbox.uidvalidity, mailbox.last_uid, mailbox.fetched_at = None, 0, None
    if before["address"] != mailbox.address:
        mailbox.returns_asked_at = mailbox.returns_since = None
    mailbox.failing_since, mailbox.last_error = None, ""
    mailbox.changed_at = clock.now()
    _save(mailbox)
    returns.write_down()
    audit.record_change(by=by, subject=_subject(mailbox), before=before, after=audit.snapshot(mailbox), of=mailbox)
    return mailbox


@transaction.atomic
def switch_mailbox(*, pk: int, on: bool, by: User | None) -> Mailbox:
    """Pause it, or go on: what came meanwhile is taken then."""
    mailbox = _lock(pk)
    if mailbox.is_paused == (not on):
        return mailbox
    mailbox.is_paused, mailbox.changed_at = not on, clock.now()
    mailbox.save(update_fields=["is_paused", "changed_at"])
    if not on:
        heartbeat.silence(beat_of(mailbox))
    audit.record_change(
        by=by, subject=_subject(mailbox), before={"is_paused": on}, after={"is_paused": not on}, of=mailbox
    )
    return mailbox


@transaction.atomic
def remove_mailbox(*, pk: int, by: User | None) -> str:
    """Its mail is neither fetched nor taken any more; what came of it stays. The address."""
    mailbox = _lock(pk)
    audit.record_change(by=by, subject=_subject(mailbox), before=audit.snapshot(mailbox), after={}, of=mailbox)
    heartbeat.silence(beat_of(mailbox))
    mailbox.delete()
    returns.write_down()
    return mailbox.address


def try_mailbox(mailbox: Mailbox) -> tuple[bool, str]:
    """Sign in as the fetcher does and look; nothing is taken or changed. Whether it went well, and a sentence."""
    try:
        with opened(mailbox) as folder:
            unread = len(folder.box.uids("UNSEEN", charset=None))
            every = len(folder.box.uids("ALL", charset=None))
    except MailboxError as error:
        return False, str(error)
    return True, _("Signed in. The folder “%(folder)s” holds %(every)d mails, %(unread)d of them unread.") % {
        "folder": mailbox.folder,
        "every": every,
        "unread": unread,
    }


def _set(mailbox: Mailbox, terms: dict[str, Any]) -> None:
    for name in TERMS:
        if name in terms:
            value = terms[name]
            setattr(mailbox, name, value.strip() if isinstance(value, str) else value)
    mailbox.address = mailbox.address.lower()
    errors = {name: [sentence] for name, check in CHECKS.items() if (sentence := check(mailbox))}
    if errors:
        raise InvalidInput(errors)


def _save(mailbox: Mailbox) -> None:
    try:
        with transaction.atomic():
            mailbox.save()
    except IntegrityError:
        raise InvalidInput.of("address", _("There is a mailbox of this address already.")) from None


def _lock(pk: int) -> Mailbox:
    found = Mailbox.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def _subject(mailbox: Mailbox) -> str:
    return MAILBOX % {"address": mailbox.address}


def _address(mailbox: Mailbox) -> str:
    try:
        validate_email(mailbox.address)
    except ValidationError:
        return _("This is not an e-mail address.")
    return _("Leave out what stands behind the plus.") if "+" in mailbox.address else ""


def _line(name: str, words: Any) -> Any:
    """A check that a mailbox which is fetched has this, on one line."""

    def check(mailbox: Mailbox) -> str:
        value = getattr(mailbox, name)
        if mailbox.way != Way.IMAP and not value:
            return ""
        try:
            one_line(value, field=name, limit=254)
        except InvalidInput as error:
            return str(error) if value else str(words)
        return ""

    return check


def _host(mailbox: Mailbox) -> str:
    given = mailbox.host
    if mailbox.way == Way.IMAP and (not given or not re.fullmatch(r"[A-Za-z0-9._:-]{1,253}", given)):
        return _("Give the server's name, like imap.example.com.")
    return ""


def _port(mailbox: Mailbox) -> str:
    return "" if 1 <= mailbox.port <= 65535 else _("From 1 to 65535.")


def _secret(mailbox: Mailbox) -> str:
    if mailbox.way == Way.IMAP and not _SECRET_NAME.fullmatch(mailbox.secret_name):
        return _("Capital letters, digits and underscores, like SUPPORT.")
    return ""


def _move_to(mailbox: Mailbox) -> str:
    if mailbox.afterwards != Afterwards.MOVE:
        return ""
    if not mailbox.move_to or not mailbox.move_to.isprintable():
        return _("Say to which folder.")
    return _("That is the folder that the mail comes from.") if mailbox.move_to == mailbox.folder else ""


CHECKS = {
    "address": _address,
    "host": _host,
    "port": _port,
    "username": _line("username", _("Say whose mailbox it is.")),
    "secret_name": _secret,
    "folder": _line("folder", _("Say which folder, like INBOX.")),
    "move_to": _move_to,
}
