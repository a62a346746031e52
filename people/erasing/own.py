"""What this floor, and the sign-in below it, hold of a person."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.models import ConfigurationChange
from people import sign_ins
from people.entrance import AddressChange
from people.erasing.emptying import change_leaves
from people.erasing.parts import Leaving, Part
from people.merging.relations import ends, links_to
from people.models import Alias, Distinct, Invitation, SignIn, User, UserSkill

# Where failed and successful sign-ins are counted, by the address that was typed.
SIGN_IN_LOGS = ("AccessAttempt", "AccessFailureLog", "AccessLog")


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Sessions and sign-in"): SignIn.objects.filter(user=person),
        _("Former addresses"): Alias.objects.filter(person=person),
    }


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {_("Lines of the audit about this account, without its values"): _changes(person)}


def erase(leaving: Leaving) -> None:
    person = leaving.person
    sign_ins.end_all(person)
    for link in links_to(User):
        if ends(link.model):
            link.model._base_manager.filter(**{link.name: person}).delete()
    for name in SIGN_IN_LOGS:
        apps.get_model("axes", name)._default_manager.filter(username__in=leaving.addresses).delete()
    Alias.objects.filter(person=person).delete()
    AddressChange.objects.filter(person=person).delete()
    Distinct.objects.filter(Q(one=person) | Q(other=person)).delete()
    Invitation.objects.filter(email__in=leaving.addresses).delete()
    UserSkill.objects.filter(user=person).delete()
    person.absences.all().delete()
    for change in _changes(person):
        change.before, change.after = (change_leaves(one, lambda *_: "") for one in (change.before, change.after))
        change.subject = _("an erased person")
        change.save(update_fields=["before", "after", "subject"])
    kind = ContentType.objects.get_for_model(User)
    entries = apps.get_model("admin", "LogEntry")._default_manager.filter(content_type=kind, object_id=str(person.pk))
    entries.update(object_repr="", change_message="")


def _changes(person: User) -> "QuerySet[ConfigurationChange]":
    return ConfigurationChange.objects.filter(model=User._meta.label_lower, key=str(person.pk))


PART = Part(goes, stays, erase)
