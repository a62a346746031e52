"""What this floor holds of a person: the reports that he has saved, and those that are sent to him."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people.erasing.parts import Leaving, Part
from people.models import User
from reports.models import SavedReport


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {_("Saved reports"): SavedReport.objects.filter(owner=person)}


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {}


def erase(leaving: Leaving) -> None:
    SavedReport.objects.filter(owner=leaving.person).delete()
    SavedReport.recipients.through._base_manager.filter(user=leaving.person).delete()


PART = Part(goes, stays, erase)
