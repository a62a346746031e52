"""What the API holds of a person: tokens of his programs, and answers that are kept for a day."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from api.models import ApiToken, IdempotentAnswer
from people.erasing.parts import Leaving, Part
from people.models import User
from tickets.models import Ticket


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {_("Tokens of programs"): ApiToken.objects.filter(user=person)}


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {}


def erase(leaving: Leaving) -> None:
    """With the answers that programs of others got about him: they are repeated for a day at most."""
    person = leaving.person
    ApiToken.objects.filter(user=person).delete()
    about = Q(user=person) | Q(body__number__in=list(_numbers(person)))
    for address in leaving.addresses:
        about |= Q(said__icontains=address)
    IdempotentAnswer.objects.alias(said=Cast("body", TextField())).filter(about).delete()


def _numbers(person: User) -> "QuerySet[Any]":
    return Ticket.objects.filter(requester=person).values_list("number", flat=True)


PART = Part(goes, stays, erase)
