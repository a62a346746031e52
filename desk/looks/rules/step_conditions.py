"""What each step asks for before it is left: a card for each procedure, a column for each of the four steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from escalation.enums import Kind, Stage, State
from escalation.gates import GATED
from escalation.models import Procedure
from escalation.procedures.conditions import ALWAYS, OF_ONE_KIND, RULES
from escalation.procedures.procedures import all_procedures

_STAGES = dict(zip(GATED, Stage, strict=True))


@dataclass(frozen=True, slots=True)
class Ask:
    """One condition and who meets it, or what is to be said of it."""

    sentence: str
    note: str


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    procedure: Procedure
    whose: str
    steps: Sequence[tuple[str, Sequence[Ask]]]


def procedure_lines() -> list[ProcedureLine]:
    """In the order in which they are tried. One query."""
    return [ProcedureLine(row, _whose(row), list(_steps(row.conditions))) for row in all_procedures()]


def _whose(row: Procedure) -> str:
    """“Automatic, severity 3 to 4”."""
    span = {
        "kind": Kind(row.kind).label if row.kind else _("Every kind"),
        "from": row.severity_from,
        "to": row.severity_to,
    }
    is_one = row.severity_from == row.severity_to
    said = (_("%(kind)s, severity %(from)d") if is_one else _("%(kind)s, severity %(from)d to %(to)d")) % span
    return _("%(said)s; chosen by hand, for what fits no other") % {"said": said} if row.is_exception else said


def _steps(conditions: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[Ask]]]:
    for state in GATED:
        names = list(conditions.get(state, ()))
        always = [name for name in ALWAYS if state == State.RESOLVED]
        yield str(_STAGES[state].label), [_ask(name, name in always) for name in dict.fromkeys([*names, *always])]


def _ask(name: str, is_always: bool) -> Ask:
    rule = RULES.get(name)
    if rule is None:
        return Ask(name, _("Nobody knows this condition: it is never met."))
    if is_always:
        return Ask(str(rule.sentence), _("always asked"))
    kind = OF_ONE_KIND.get(name)
    note = (
        _("%(who)s; of %(kind)s escalations only") % {"who": rule.by_role, "kind": kind.label.lower()} if kind else ""
    )
    return Ask(str(rule.sentence), note or str(rule.by_role))
