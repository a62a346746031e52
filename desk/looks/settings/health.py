"""How the desk is doing: one set of figures for the page, for Prometheus and for the probe."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import setbacks
from common.doorbell import unheard
from common.models import Heartbeat
from desk.templatetags.desk_time import clock_text, words
from escalation.coverage.reports import HEARTBEAT
from escalation.models import Deadline, LadderReport, Rung
from mailroom.enums import Way
from mailroom.models import Mailbox, RawMessage
from notifications.delivery import oldest_waiting
from notifications.models import OutsideWatch
from notifications.ways import standings
from people.models import User
from sla.models import Breach, Clock, Crossing

ENGINE_LATE = timedelta(seconds=30)
LAG_LATE = timedelta(seconds=30)
OUTBOX_LATE = timedelta(minutes=5)
# A server that rings is looked into every half an hour at least.
FETCH_LATE = timedelta(minutes=45)
QUEUE_LONG = 200
PROOF_OLD = timedelta(hours=3)
# A message may wait long for a server that is down; that nothing leaves any more is another matter.
OUTBOX_DEAD = timedelta(hours=1)
# The round in which the desk looks at itself, and notes what takes asking others.
LOOK = "look"


@dataclass(frozen=True, slots=True)
class Fetching:
    """A mailbox that is fetched from a server, and when that was last done."""

    address: str
    fetched_at: datetime | None
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Vitals:
    """`due_since`: the oldest moment that the engine should have seen to by now. `queue` None: the broker is silent."""

    rounds: dict[str, datetime]
    due_since: datetime | None
    oldest_unsent: datetime | None
    mailboxes: list[Fetching]
    quarantined: int
    set_aside: dict[str, int]
    holes: dict[str, int]
    queue: int | None = None
    unreached: int = 0
    outside: OutsideWatch | None = None

    @property
    def swept_at(self) -> datetime | None:
        return self.rounds.get("sweep")


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of the page: what it is, how it stands, what follows, and where to see to it."""

    title: str
    stands: str
    tone: str
    means: str
    url: str = ""


def read_vitals(now: datetime, *, brief: bool = False) -> Vitals:
    """A dozen queries, whatever the size of the desk; `brief` asks neither the broker nor about each person, but
    tells what the last look around found (`desk.vigil`)."""
    mailboxes = Mailbox.objects.filter(is_paused=False).exclude(way=Way.DOOR).order_by("address")
    people = [] if brief else list(User.objects.active().staff())
    beats = {row.name: row for row in Heartbeat.objects.order_by("name")}
    noted = beats[LOOK].detail if LOOK in beats else {}
    return Vitals(
        rounds={name: row.beat_at for name, row in beats.items()},
        due_since=_due_since(now),
        oldest_unsent=oldest_waiting(),
        mailboxes=[Fetching(*row) for row in mailboxes.values_list("address", "fetched_at", "failing_since")],
        quarantined=0 if brief else RawMessage.objects.quarantined().count(),
        set_aside={} if brief else _set_aside(),
        holes=dict(LadderReport.objects.order_by("ladder__name").values_list("ladder__name", "count")),
        queue=noted.get("queue") if brief else unheard(),
        unreached=noted.get("unreached", 0) if brief else sum(not one.is_reached for one in standings(people)),
        outside=OutsideWatch.objects.first(),
    )


def lag(vitals: Vitals, now: datetime) -> timedelta:
    """How late the engine is with what is due."""
    return max(now - vitals.due_since, timedelta()) if vitals.due_since else timedelta()


def ailments(vitals: Vitals, now: datetime) -> list[str]:
    """What keeps the desk from its promises, by name; empty for a desk that does its work."""
    dead = {
        "engine": vitals.swept_at is None or now - vitals.swept_at > ENGINE_LATE,
        "lag": lag(vitals, now) > LAG_LATE,
        "outbox": vitals.oldest_unsent is not None and now - vitals.oldest_unsent > OUTBOX_DEAD,
    }
    return [name for name, is_so in dead.items() if is_so]


def _due_since(now: datetime) -> datetime | None:
    due = (Clock.objects.filter(quarantined_at=None), Rung.objects.all(), Deadline.objects.all())
    found = (rows.filter(next_moment__lte=now).aggregate(at=Min("next_moment"))["at"] for rows in due)
    return min((at for at in found if at is not None), default=None)


def _set_aside() -> dict[str, int]:
    """Rows with which rounds fail again and again, by the names of the rounds."""
    letters = (Breach.objects.filter(answered_at=None), Crossing.objects.filter(answered_at=None))
    tables = (Clock.every.filter(next_moment__isnull=False), *letters)
    swept = sum(rows.filter(quarantined_at__isnull=False).count() for rows in tables)
    return {**({"sweep": swept} if swept else {}), **setbacks.many()}


def signs(vitals: Vitals, now: datetime) -> list[Sign]:
    """What is wrong stands first."""
    found = [
        _engine(vitals, now),
        _lag(vitals, now),
        _outbox(vitals, now),
        *_mail(vitals, now),
        *_bad_rows(vitals),
        _queue(vitals),
        _people(vitals),
        _ladders(vitals, now),
        _outside(vitals, now),
    ]
    order = {"breach": 0, "warn": 1, "ok": 2, "": 3}
    return sorted(found, key=lambda one: order[one.tone])


def rounds(vitals: Vitals, now: datetime) -> list[tuple[str, str]]:
    """When each periodic job was last done."""
    return [(name, _ago(at, now)) for name, at in vitals.rounds.items()]


def _engine(vitals: Vitals, now: datetime) -> Sign:
    title, means = _("Clock engine"), _("Looks for what is due; a watchdog does it where the worker does not.")
    if vitals.swept_at is None:
        return Sign(title, _("never ran"), "breach", _("Due times are right, nobody is alerted: start the engine."))
    late = now - vitals.swept_at > ENGINE_LATE
    if late:
        means = _("Due times are right, alerts are late: see whether worker, beat and watchdog run.")
    return Sign(title, _("ran %(ago)s") % {"ago": _ago(vitals.swept_at, now)}, "breach" if late else "ok", means)


def _lag(vitals: Vitals, now: datetime) -> Sign:
    behind = lag(vitals, now)
    if behind <= LAG_LATE:
        return Sign(_("Sweep lag"), _("nothing is late"), "ok", _("Every clock that is due has been seen to."))
    stands = _("%(time)s behind") % {"time": words(behind)}
    return Sign(_("Sweep lag"), stands, "breach", _("Something was due so long ago and has not been seen to."))


def _outbox(vitals: Vitals, now: datetime) -> Sign:
    title, url = _("Oldest message that waits"), reverse("desk:outbox")
    if vitals.oldest_unsent is None:
        return Sign(title, _("none waits"), "ok", _("Everything that was to leave has left."), url)
    late = now - vitals.oldest_unsent > OUTBOX_LATE
    means = _("Nothing is given up: the outbox says why it waits.")
    return Sign(
        title, _("written %(ago)s") % {"ago": _ago(vitals.oldest_unsent, now)}, "warn" if late else "ok", means, url
    )


def _mail(vitals: Vitals, now: datetime) -> Iterator[Sign]:
    url = reverse("desk:mailboxes")
    for one in vitals.mailboxes:
        title = _("Mail of %(address)s") % {"address": one.address}
        at = one.fetched_at
        stands = _("looked into %(ago)s") % {"ago": _ago(at, now)} if at else _("never looked into")
        late = one.failing_since is not None or at is None or now - at > FETCH_LATE
        means = _("Its server cannot be reached, or refuses us: the mailbox says why.") if late else _("Mail comes in.")
        yield Sign(title, stands, "breach" if late else "ok", means, url)
    if vitals.quarantined:
        count = ngettext("%(n)d mail", "%(n)d mails", vitals.quarantined) % {"n": vitals.quarantined}
        means = _("They could not be read; somebody has to look.")
        yield Sign(_("Quarantine"), count, "warn", means, reverse("desk:quarantine"))


def _bad_rows(vitals: Vitals) -> Iterator[Sign]:
    count = sum(vitals.set_aside.values())
    if count:
        stands = ngettext("%(n)d row", "%(n)d rows", count) % {"n": count}
        means = _(
            "An error of the program keeps them from being done, and nothing else: the log says which. In: %(rounds)s."
        )
        yield Sign(_("Set aside"), stands, "warn", means % {"rounds": ", ".join(vitals.set_aside)})


def _queue(vitals: Vitals) -> Sign:
    title = _("Queue of the broker")
    if vitals.queue is None:
        means = _("It is only a doorbell: everything goes on by the clock, a little later.")
        return Sign(title, _("no answer"), "warn", means)
    stands = ngettext("%(n)d task waits", "%(n)d tasks wait", vitals.queue) % {"n": vitals.queue}
    long = vitals.queue > QUEUE_LONG
    means = _("The workers do not keep up.") if long else _("The workers keep up.")
    return Sign(title, stands, "warn" if long else "ok", means)


def _people(vitals: Vitals) -> Sign:
    title, url = _("People whom nothing reaches"), reverse("desk:reach")
    if not vitals.unreached:
        return Sign(title, _("nobody"), "ok", _("Everybody who works here would hear of a missed promise."), url)
    stands = ngettext("%(n)d person", "%(n)d people", vitals.unreached) % {"n": vitals.unreached}
    return Sign(title, stands, "breach", _("They would not hear of a missed promise besides on the page."), url)


def _ladders(vitals: Vitals, now: datetime) -> Sign:
    title, url, proved_at = _("Holes in ladders"), reverse("desk:ladders"), vitals.rounds.get(HEARTBEAT)
    if proved_at is None:
        return Sign(title, _("not proved yet"), "", _("They are proved every hour, and when one is published."), url)
    if now - proved_at > PROOF_OLD:
        return Sign(
            title, _("proved %(ago)s") % {"ago": _ago(proved_at, now)}, "warn", _("It should be every hour."), url
        )
    count = sum(vitals.holes.values())
    if not count:
        return Sign(title, _("none"), "ok", _("In the next fourteen days somebody is reached at each level."), url)
    names = ", ".join(name for name, holes in vitals.holes.items() if holes)
    stands = ngettext("%(n)d hole", "%(n)d holes", count) % {"n": count}
    return Sign(title, stands, "warn", _("In the next fourteen days: %(names)s.") % {"names": names}, url)


def _outside(vitals: Vitals, now: datetime) -> Sign:
    title, row, url = _("Watch outside"), vitals.outside, "#outside"
    if row is None:
        means = _("Nobody else would notice if this machine stopped: give an address below.")
        return Sign(title, _("none"), "", means, url)
    if row.failing_since:
        known = {"error": row.last_error, "at": clock_text(row.failing_since, now)}
        return Sign(title, _("not taken"), "breach", _("Since %(at)s: %(error)s") % known, url)
    if row.called_at is None:
        return Sign(title, _("not called yet"), "", _("It is called within a minute, while the desk is well."), url)
    late = now - row.called_at > timedelta(minutes=2 * row.minutes)
    means = _("It is called while the engine runs and nothing is stuck; it has to raise the alarm when we are silent.")
    return Sign(title, _("called %(ago)s") % {"ago": _ago(row.called_at, now)}, "warn" if late else "ok", means, url)


def _ago(at: datetime, now: datetime) -> str:
    if now - at > timedelta(hours=20):
        return clock_text(at, now)
    return _("%(time)s ago") % {"time": words(max(now - at, timedelta()))}
