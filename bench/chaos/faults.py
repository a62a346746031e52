"""The test of the test: faults are made in the throw-away database, and the oracle has to see each."""

from collections.abc import Mapping, Sequence

from django.db import connection, models

from bench.chaos.oracle import Expectation, breaches, judge
from bench.chaos.sink import Mail
from common import clock
from escalation.initiate.opening import answer_breaches
from escalation.models import Escalation
from notifications.models import Alert
from sla.models import Breach

SAMPLE = 5


def unseen(expected: Mapping[int, Expectation], mails: Sequence[Mail]) -> list[str]:
    """The names of the faults that the oracle does not see. Leaves a database that nothing can be asked of."""
    told = breaches(mails)
    first = told[0]
    tampered = {
        "mails lost": [mail for mail in told if (mail.subject, mail.recipient) != (first.subject, first.recipient)],
        "mails doubled under another id": [*told, first._replace(message_id="<another>")],
        "mails astray": [*told, first._replace(recipient="stan@elsewhere.example")],
    }
    before = judge(expected, told).faults
    missed = [name for name, tampering in tampered.items() if not _sees(name, before, expected, tampering)]
    for name, spoil in _SPOILING.items():
        before = judge(expected, told).faults
        spoil()
        if not _sees(name, before, expected, told):
            missed.append(name)
    return missed


def _sees(
    name: str, before: Mapping[str, Sequence[object]], expected: Mapping[int, Expectation], mails: Sequence[Mail]
) -> bool:
    return len(judge(expected, mails).faults[name]) > len(before[name])


def _silence_a_manager() -> None:
    Alert.objects.filter(pk=Alert.objects.filter(kind="breach").order_by("pk").values_list("pk", flat=True)[0]).delete()


def _lose_an_escalation() -> None:
    Escalation.objects.filter(pk=Escalation.objects.order_by("pk").values_list("pk", flat=True)[0]).delete()


def _answer_twice() -> None:
    """Without the constraint, a sweep that read before another one wrote opens a second escalation for each."""
    plain = models.ForeignKey(Breach, null=True, on_delete=models.PROTECT, related_name="+")
    plain.set_attributes_from_name("breach")
    with connection.schema_editor() as editor:
        editor.alter_field(Escalation, Escalation._meta.get_field("breach"), plain)
    stale = Breach.objects.select_related("ticket__requester", "ticket__organisation", "responsible_team")
    answer_breaches(list(stale.order_by("-pk")[:SAMPLE]), now=clock.now())


_SPOILING = {"told wrongly": _silence_a_manager, "lost": _lose_an_escalation, "doubled": _answer_twice}
