"""What this floor holds of a person: what was sent to him, or is still to be sent, and how he is reached."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from notifications.models import Alert, Delivery, Preferences, Way
from people.erasing.parts import Leaving, Part
from people.models import User


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Mails to this person, sent or waiting"): Delivery.objects.filter(_to(person, (person.email.lower(),))),
        _("Other ways to be told"): Way.objects.filter(person=person),
    }


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {}


def erase(leaving: Leaving) -> None:
    person = leaving.person
    Delivery.objects.filter(_to(person, leaving.addresses)).delete()
    for model in (Way, Preferences):
        model._base_manager.filter(person=person).delete()
    Alert.objects.filter(recipient=person).delete()


def erase_about(numbers: "QuerySet[Any]") -> None:
    """What colleagues were told about these tickets: that they were stays on the page, the words go; mails go."""
    Delivery.objects.filter(ticket_number__in=numbers).delete()
    Alert.objects.filter(ticket_number__in=numbers).update(title=_("About an erased person"), body="")


def _to(person: User, addresses: tuple[str, ...]) -> Q:
    return Q(recipient=person) | Q(address__in=addresses)


PART = Part(goes, stays, erase)
