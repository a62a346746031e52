"""What this floor holds of a person: why the clocks of his tickets stood still, in words. Their sums stay."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people.erasing.emptying import empty
from people.erasing.parts import Leaving, Part
from people.models import User
from sla.models import Breach, Clock, LedgerEntry


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {}


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Clocks with their ledgers"): Clock.objects.filter(ticket__requester=person),
        _("Missed promises"): Breach.objects.filter(clock__ticket__requester=person),
    }


def erase(leaving: Leaving) -> None:
    empty(LedgerEntry._base_manager.filter(clock__ticket__requester=leaving.person), "reason")


PART = Part(goes, stays, erase)
