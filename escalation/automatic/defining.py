"""Criteria as an administrator sets them up (R9): made, changed, switched on and off. All is audited.

Switching one off opens no more and ends nothing: what it has proposed or opened stays as it is.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput
from common.text import one_line
from escalation.enums import REASONS_OF_PEOPLE, EscalateAs
from escalation.models import Criterion
from escalation.models.criteria import KIND_LIMIT
from people.models import Team, User
from tickets.conditions import renamed

NAME_LIMIT = 80
TERMS = ("name", "kind", "conditions", "severity", "reason", "escalate_as", "team", "mode", "order", "is_enabled")
_GAP = 10
_FIVE = dict(REASONS_OF_PEOPLE)


@transaction.atomic
def define_criterion(*, by: User, **terms: Any) -> Criterion:
    """A new one, the last in the order unless that is said. InvalidInput with a sentence for each wrong term."""
    last = Criterion.objects.order_by("-order").values_list("order", flat=True).first() or 0
    criterion = Criterion(order=last + _GAP)
    _set(criterion, terms)
    criterion.save()
    audit.record_change(by=by, subject=_subject(criterion), before={}, after=audit.snapshot(criterion), of=criterion)
    return criterion


@transaction.atomic
def redefine_criterion(*, pk: int, by: User, **terms: Any) -> Criterion:
    """Other terms, of which those that are not given stay. They hold for what happens from now on."""
    criterion = Criterion.objects.select_for_update(of=("self",)).select_related("team").get(pk=pk)
    before = audit.snapshot(criterion)
    _set(criterion, terms)
    after = audit.snapshot(criterion)
    if after != before:
        criterion.save()
        audit.record_change(by=by, subject=_subject(criterion), before=before, after=after, of=criterion)
    return criterion


@transaction.atomic
def rename_organisation(*, before: str, after: str, by: User) -> None:
    """Criteria that name the one that was merged name the one that it went into; else they stay as they are."""
    for criterion in Criterion.objects.select_for_update(of=("self",)).order_by("pk"):
        old = audit.snapshot(criterion)
        criterion.conditions = renamed(criterion.conditions, before, after)
        new = audit.snapshot(criterion)
        if new != old:
            criterion.save(update_fields=["conditions"])
            audit.record_change(by=by, subject=_subject(criterion), before=old, after=new, of=criterion)


def _set(criterion: Criterion, terms: dict[str, Any]) -> None:
    for name in TERMS:
        if name in terms:
            setattr(criterion, name, terms[name])
    criterion.name = one_line(criterion.name, field="name", limit=NAME_LIMIT)
    criterion.kind = one_line(criterion.kind, field="kind", limit=KIND_LIMIT)
    if not criterion.reason and criterion.kind in _FIVE:
        criterion.reason = criterion.kind
    try:
        criterion.full_clean()
    except ValidationError as error:
        found = error.message_dict
        raise InvalidInput({"" if name == "__all__" else name: list(said) for name, said in found.items()}) from error


def team_for(escalate_as: str, slug: str) -> Team | None:
    """Of a functional one, by its short name. InvalidInput where there is none."""
    if escalate_as != EscalateAs.FUNCTIONAL or not slug:
        return None
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise InvalidInput.of("team", _("There is no team “%(slug)s”.") % {"slug": slug[:40]})
    return team


def _subject(criterion: Criterion) -> str:
    return f"criterion {criterion.name}"
