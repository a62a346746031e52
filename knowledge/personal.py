"""What this floor holds of a person: what he said of articles; whether they helped stays, as a figure."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from knowledge.models import Judgement
from people.erasing.emptying import empty
from people.erasing.parts import Leaving, Part
from people.models import User


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {_("Words about articles"): Judgement.objects.filter(reader=person).exclude(words="")}


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {_("Whether articles helped, as figures"): Judgement.objects.filter(reader=person)}


def erase(leaving: Leaving) -> None:
    empty(Judgement.objects.filter(reader=leaving.person), "words")


PART = Part(goes, stays, erase)
