"""What should be there, reckoned without the engine's books: from due times that the scenario chose, from what the
clients say they did and when, and from the mails that the mail server took.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection
from django.db.models import Max

from bench.chaos.clients import Act
from bench.chaos.crowd import Due
from bench.chaos.sink import Mail
from escalation.models import Escalation
from notifications.models import Alert
from people.models import Team

# In the subject of the mail that tells a manager of a breach, in the words of people.
BREACH = re.compile(r"#(\d+) is past due")


class Verdict(Enum):
    MUST = "must"
    MUST_NOT = "must not"
    # Done just when it fell due: begun before, ended after. Either is right, but not two, and not half of one.
    EITHER = "either"


@dataclass(frozen=True)
class Expectation:
    """Of one ticket: whether it escalates, and whose managers are then told."""

    due_at: datetime
    verdict: Verdict
    teams: frozenset[str]


def expect(due: Iterable[Due], answered: Iterable[Due], acts: Iterable[Act]) -> dict[int, Expectation]:
    """By ticket number."""
    by_number = {act.number: act for act in acts}
    found = {each.number: _expect(each, by_number.get(each.number)) for each in due}
    return found | {each.number: Expectation(each.at, Verdict.MUST_NOT, frozenset()) for each in answered}


def _expect(due: Due, act: Act | None) -> Expectation:
    """An act before the due time keeps the promise, one after it changes nothing (DESIGN §3.2)."""
    ours = due.team.slug
    if act is None:
        return Expectation(due.at, Verdict.MUST, frozenset({ours}))
    began, ended = datetime.fromisoformat(act.began_at), datetime.fromisoformat(act.ended_at)
    in_time = Verdict.MUST if began >= due.at else Verdict.MUST_NOT if ended < due.at else Verdict.EITHER
    if act.verb != "reassign":
        return Expectation(due.at, in_time, frozenset({ours}))
    told = {Verdict.MUST: {ours}, Verdict.MUST_NOT: {act.team}, Verdict.EITHER: {ours, act.team}}
    return Expectation(due.at, Verdict.MUST, frozenset(told[in_time]))


@dataclass(frozen=True)
class Findings:
    """What is there, held against what should be. Each list but `seconds` is empty when all is well."""

    expected: int
    in_the_instant: int
    escalations: int
    mails: int
    duplicate_mails: int
    seconds: list[float]
    faults: dict[str, list[Any]]

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())

    def report(self) -> dict[str, Any]:
        return {
            "expected": self.expected,
            "done in the instant, either way right": self.in_the_instant,
            "escalations": self.escalations,
            **{name: len(found) for name, found in self.faults.items()},
            "examples": {name: found[:5] for name, found in self.faults.items() if found},
            "mails taken": self.mails,
            "duplicate mails, same Message-ID": self.duplicate_mails,
            "due to alert, seconds": spread(self.seconds),
        }


def judge(expected: Mapping[int, Expectation], mails: Sequence[Mail], waiting: Sequence[Mail] = ()) -> Findings:
    """`waiting`: what nobody has sent yet, where that is no fault."""
    opened = Counter(Escalation.objects.filter(ticket__in=expected).values_list("ticket", flat=True))
    sent, queued = _by_pair(mails), _by_pair(waiting)
    told = Counter(Alert.objects.filter(kind="breach").values_list("ticket_number", "recipient__email"))
    must = {number for number, each in expected.items() if each.verdict is Verdict.MUST}
    never = {number for number, each in expected.items() if each.verdict is Verdict.MUST_NOT}
    pairs = {pair for pair in told if pair[0] in expected}
    faults = {
        "lost": sorted(must - opened.keys()),
        "doubled": sorted(number for number, count in opened.items() if count > 1),
        "unexpected": sorted(never & opened.keys()),
        "told wrongly": _told_wrongly(expected, opened, pairs),
        "alerts doubled": sorted(pair for pair in pairs if told[pair] > 1),
        "mails lost": sorted(pair for pair in pairs if pair not in sent and pair not in queued),
        "mails doubled under another id": sorted(pair for pair in pairs if len(sent[pair].keys() | queued[pair]) > 1),
        "mails astray": sorted(pair for pair in sent if pair not in pairs),
    }
    return Findings(
        expected=len(must),
        in_the_instant=len(expected) - len(must) - len(never),
        escalations=sum(opened.values()),
        mails=len(mails),
        duplicate_mails=sum(count - 1 for ids in sent.values() for count in ids.values()),
        seconds=sorted((at - expected[number].due_at).total_seconds() for number, at in alerted(expected).items()),
        faults=faults,
    )


def alerted(expected: Mapping[int, Expectation]) -> dict[int, datetime]:
    """When the last manager's alert was there for everybody to see, by ticket.

    On PostgreSQL the time of the commit, by the database; on SQLite what the engine says, which is a little earlier.
    """
    if connection.vendor != "postgresql":
        rows = Alert.objects.filter(kind="breach").order_by().values_list("ticket_number").annotate(Max("created_at"))
        return {number: at for number, at in rows if number in expected}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticket_number, max(pg_xact_commit_timestamp(xmin)) FROM notifications_alert"
            " WHERE kind = 'breach' GROUP BY ticket_number"
        )
        return {number: at for number, at in cursor.fetchall() if number in expected}


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Of sorted values."""
    shares = {"p50": 0.50, "p99": 0.99, "max": 1.0}
    last = len(seconds) - 1
    return {name: round(seconds[min(last, int(len(seconds) * share))], 2) for name, share in shares.items() if seconds}


def breaches(mails: Iterable[Mail]) -> list[Mail]:
    """Those that tell of a breach."""
    return [mail for mail in mails if BREACH.search(mail.subject)]


def _told_wrongly(
    expected: Mapping[int, Expectation], opened: Mapping[int, int], pairs: Iterable[tuple[int, str]]
) -> list[int]:
    """Tickets whose alerts did not go to all managers of the team that answered for them, and to nobody else."""
    managers = {
        team.slug: {person.email for person in team.managers.all()}
        for team in Team.objects.prefetch_related("managers")
    }
    told: defaultdict[int, set[str]] = defaultdict(set)
    for number, email in pairs:
        told[number].add(email)
    return [
        number
        for number, each in expected.items()
        if (opened.get(number) or told[number]) and told[number] not in [managers[team] for team in each.teams]
    ]


def _by_pair(mails: Iterable[Mail]) -> defaultdict[tuple[int, str], Counter[str]]:
    """(Ticket, recipient): the ids under which it was told, each with how often."""
    found: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for mail in mails:
        if match := BREACH.search(mail.subject):
            found[int(match[1]), mail.recipient][mail.message_id] += 1
    return found
