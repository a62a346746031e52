"""The inbox's own views: how each is called, and what it means when it is empty (what it shows: `tickets.bases`)."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models import User
from tickets.bases import NARROW
from tickets.bases import need_me as need_me
from tickets.bases import teams_of as teams_of


class View(NamedTuple):
    """`empty`: good news is told as such."""

    words: Promise
    empty: Promise
    narrow: Callable[[User, datetime], Q]


_WORDS = {
    "": (_("Inbox"), _("Nothing is open")),
    "do-next": (_("Do next"), _("Nothing waits for you or your teams")),
    "past-due": (_("Past due"), _("Nothing is past due")),
    "due-hour": (_("Due within the hour"), _("Nothing is due within the hour")),
    "urgent-unowned": (_("Urgent and unowned"), _("Nobody urgent is without an owner")),
    "mentions": (_("Mentions me"), _("Nobody has asked for you")),
    "snoozed": (_("Snoozed"), _("Nothing sleeps")),
    "waiting": (_("Waiting on customer"), _("Nobody keeps us waiting")),
}
VIEWS = {name: View(words, empty, NARROW[name]) for name, (words, empty) in _WORDS.items()}
