"""What this floor holds of a person: what he was asked, and his words; his scores stay, as figures."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people.erasing.emptying import empty
from people.erasing.parts import Leaving, Part
from people.models import User
from surveys.enums import Standing
from surveys.models import Question


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {_("Words of answers to surveys"): Question.objects.filter(person=person).exclude(words="")}


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {_("Scores given in surveys"): Question.objects.filter(person=person).exclude(score=None)}


def erase(leaving: Leaving) -> None:
    """What is planned is asked no more."""
    own = Question.objects.filter(person=leaving.person)
    empty(own, "words")
    own.filter(standing=Standing.PLANNED).delete()


PART = Part(goes, stays, erase)
