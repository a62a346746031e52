"""How a mail server hands mail over: one message on standard input, one line and a status back (sysexits.h)."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _

from common import clock
from mailroom import intake
from mailroom.enums import IntakeState
from mailroom.models import RawMessage

# Far above what is read; beyond it the server tells the sender, so that the mail is not lost in silence.
ACCEPTED_LIMIT = 100 * 1024 * 1024


class Command(BaseCommand):
    help = (
        "Take in one mail from standard input. Status 0: it is kept (filed or quarantined); "
        f"{os.EX_TEMPFAIL}: the database is away, try again; {os.EX_DATAERR}: it is too large to be kept."
    )
    # A mail server starts this for every mail; the checks have run when the desk was started.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--pending",
            action="store_true",
            help="File what an earlier run kept and did not come to file; reads no mail.",
        )

    def handle(self, *args: Any, pending: bool, **options: Any) -> None:
        try:
            clock.synchronise()
            line = self._file_pending() if pending else self._take_in()
        except (DatabaseError, InterfaceError) as error:
            self.stderr.write(f"accept_mail: the mail could not be kept: {error}".splitlines()[0])
            sys.exit(os.EX_TEMPFAIL)
        self.stdout.write(line)

    def _take_in(self) -> str:
        raw = sys.stdin.buffer.read(ACCEPTED_LIMIT + 1)
        if len(raw) > ACCEPTED_LIMIT:
            self.stderr.write(f"accept_mail: larger than {ACCEPTED_LIMIT // 1024 // 1024} MB, not kept.")
            sys.exit(os.EX_DATAERR)
        return outcome(intake.accept(raw, now=clock.now()))

    def _file_pending(self) -> str:
        done = intake.file_pending(now=clock.now(), at_once=True)
        left = RawMessage.objects.pending().count()
        return _("%(done)d done, %(left)d still pending.") % {"done": done, "left": left}


def outcome(row: RawMessage) -> str:
    """What became of a mail, in one line."""
    lines = {
        IntakeState.FILED: _("Filed on ticket #%(number)s."),
        IntakeState.QUARANTINED: _("Quarantined: %(reason)s"),
        IntakeState.DROPPED: _("Known, and dropped by an administrator."),
        IntakeState.RECEIVED: _("Kept; it will be filed shortly."),
    }
    return lines[IntakeState(row.state)] % {"number": row.ticket_number, "reason": row.reason}
