"""What comes back to the return address of a mail of ours (`notifications.returning`), and whether a mailbox can do it.

An address that only the servers on the way have seen says which mail it is about; so a report in no known form, in no
known language, is a report. Only what its reader himself wrote is a letter, and what says that he is away is that.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import NotAllowedNow
from mailroom import loops
from mailroom.loops import Verdict
from mailroom.models import Mailbox
from mailroom.parse import ParsedMail
from mailroom.verdicts import Nature
from notifications import returning
from notifications.actions import post
from notifications.models import Delivery
from people.models import User


def letter_of(parsed: ParsedMail) -> Delivery | None:
    """The mail of ours that this is about, by the address that it came to; asks nothing where there is no such one."""
    key = returning.key_in(returning.BOUNCE, parsed.to)
    return Delivery.objects.filter(pk=key).first() if key is not None else None


def judged(verdict: Verdict, parsed: ParsedMail, letter: Delivery) -> Verdict:
    """What it is, now that it is known where it came to."""
    if verdict.nature is Nature.LETTER and parsed.sender == letter.address.lower():
        return verdict
    is_refusal = parsed.report.status.startswith("5") and not loops.sounds_away(parsed.signs)
    if verdict.nature is Nature.AWAY and loops.says_away(parsed.signs) and not is_refusal:
        return verdict
    return Verdict(Nature.REPORT, str(_("It came back to the return address of a mail of this desk.")))


@transaction.atomic
def try_out(*, pk: int, by: User | None, now: datetime) -> Mailbox:
    """Send the mailbox a mail with something behind its plus. From its arrival on mails come back there."""
    mailbox = Mailbox.objects.select_for_update().get(pk=pk)
    if mailbox.is_paused:
        raise NotAllowedNow(_("A mailbox that is paused takes nothing."))
    before = audit.snapshot(mailbox)
    mailbox.returns_asked_at, mailbox.returns_since = now, None
    mailbox.save(update_fields=["returns_asked_at", "returns_since"])
    write_down()
    post(
        address=returning.address_for(returning.TRIAL, mailbox.pk, mailbox.address),
        subject=_("%(desk)s tries whether mail comes back to %(address)s")
        % {"desk": settings.DESK_NAME, "address": mailbox.address},
        text=_(
            "Nobody has to do anything. The desk takes this mail in, and sees that what stands behind the plus is kept."
        ),
        dedupe=f"returns:{mailbox.pk}:{now.isoformat()}",
        now=now,
    )
    audit.record_change(by=by, subject=str(mailbox), before=before, after=audit.snapshot(mailbox), of=mailbox)
    return mailbox


@transaction.atomic
def leave_off(*, pk: int, by: User | None) -> Mailbox:
    """Mails come back to their sender's address again; what is on its way to the others is still understood."""
    mailbox = Mailbox.objects.select_for_update().get(pk=pk)
    before = audit.snapshot(mailbox)
    mailbox.returns_asked_at = mailbox.returns_since = None
    mailbox.save(update_fields=["returns_asked_at", "returns_since"])
    write_down()
    audit.record_change(by=by, subject=str(mailbox), before=before, after=audit.snapshot(mailbox), of=mailbox)
    return mailbox


def arrived(parsed: ParsedMail, *, now: datetime) -> bool:
    """Whether this was the trial of a mailbox, which is passed by it."""
    key = returning.key_in(returning.TRIAL, parsed.to)
    if key is None:
        return False
    Mailbox.objects.filter(pk=key, returns_asked_at__isnull=False, returns_since=None).update(returns_since=now)
    write_down()
    return True


def write_down() -> None:
    """Onto the floor below, which sends the mail, and knows no mailbox."""
    tried = Mailbox.objects.filter(returns_since__isnull=False)
    returning.set_bases(address.lower() for address in tried.values_list("address", flat=True))
