"""The honest clock in words: what each pause was held against, and the figure without those that look unjustified."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.ticket.waits import wait_words
from desk.templatetags.desk_time import clock_text, exact, words
from sla.honest import Judged, Pause, Sign
from sla.ledger import Account

_SIGNS: dict[Sign, Promise] = {
    Sign.JUST_BEFORE_DUE: gettext_lazy("less than a tenth of the target was left"),
    Sign.END_OF_DAY: gettext_lazy("set at the end of the day and kept overnight"),
    Sign.LONGER_THAN_PROMISE: gettext_lazy("took longer than the whole promise"),
}


_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PauseLook:
    span: str
    said: str
    took: str
    signs: list[str]
    unjustified: bool


@dataclass(frozen=True, slots=True)
class HonestLook:
    """`figures`: what the clock says, and what it would say without the pauses that look unjustified."""

    pauses: list[PauseLook]
    reported: str
    without: str
    count: int
    turns: bool


def honest(judged: Judged, now: datetime) -> HonestLook:
    return HonestLook(
        pauses=[pause_look(pause, now) for pause in judged.pauses],
        reported=figure(judged.reported, now),
        without=figure(judged.honest, now),
        count=len(judged.unjustified),
        turns=judged.turns,
    )


def pause_look(pause: Pause, now: datetime) -> PauseLook:
    said = wait_words(pause.waits_for, pause.reason)
    return PauseLook(
        span=f"{clock_text(pause.at, now)}–{clock_text(pause.to, pause.at)}",
        said=_("%(reason)s, by %(name)s") % {"reason": said, "name": pause.by} if pause.by else said,
        took=_length(pause.worked),
        signs=[sign_words(sign, pause) for sign in pause.signs],
        unjustified=pause.looks_unjustified,
    )


def figure(account: Account, now: datetime) -> str:
    values = {"used": _length(account.used), "target": exact(account.target), "at": clock_text(account.missed_at, now)}
    if account.missed_at is not None:
        return _("%(used)s of %(target)s, missed %(at)s") % values
    return _("%(used)s of %(target)s") % values


def _length(length: timedelta) -> str:
    """Without the seconds, which tell nothing here, where there are minutes."""
    return exact(length - length % _MINUTE if length > _MINUTE else length)


def sign_words(sign: Sign, pause: Pause) -> str:
    if sign == Sign.CUSTOMER_WAITED and pause.word_at is not None:
        gone = words(pause.at - pause.word_at)
        return _("set %(time)s after the customer wrote, without an answer") % {"time": gone}
    if sign == Sign.NOTHING_ASKED:
        return _("the last message asked nothing") if pause.word_at else _("nobody had asked anything")
    return str(_SIGNS[sign])
