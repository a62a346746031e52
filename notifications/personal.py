"""What this floor holds of a person: what was sent to him, or is still to be sent, and how he is reached."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from notifications.enums import UNSENT, DeliveryState
from notifications.models import Alert, Delivery, Preferences, Way
from people.enums import STAFF_ROLES
from people.erasing.parts import Leaving, Part
from people.models import User

# Of what a mail was made: what tells nothing of the matter.
_WITHOUT_WORDS = ("language", "page_url", "desk_name")


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
    """What colleagues were told about these tickets: that they were stays on the page, the words go; mails go.

    What colleagues are still to be told goes out all the same, without the words: an alert is never lost.
    """
    mails = Delivery.objects.filter(ticket_number__in=numbers)
    waiting = Q(state__in=UNSENT) | Q(state=DeliveryState.MERGED, digest__state__in=UNSENT)
    owed = mails.filter(waiting, recipient__role__in=STAFF_ROLES).select_for_update(of=("self",), no_key=True)
    kept = list(owed.order_by("pk"))
    for row in kept:
        row.context = {name: row.context[name] for name in _WITHOUT_WORDS if name in row.context}
        row.subject, row.template = _("About an erased person"), ""
        row.text = str(row.context.get("page_url", settings.BASE_URL))
        row.save(update_fields=["context", "subject", "template", "text"])
    mails.exclude(pk__in=[row.pk for row in kept]).delete()
    Alert.objects.filter(ticket_number__in=numbers).update(title=_("About an erased person"), body="")


def _to(person: User, addresses: tuple[str, ...]) -> Q:
    return Q(recipient=person) | Q(address__in=addresses)


PART = Part(goes, stays, erase)
