"""What one can jump to: tickets, escalations, customers, people, places.

However much there is, the queries are as many.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import InvalidInput
from common.numbers import whole
from desk.looks.customers.customers import says
from desk.looks.inbox.finder import as_begun
from desk.looks.inbox.views import VIEWS
from desk.looks.settings.rail import settings_pages
from desk.looks.ticket.links import status_words
from escalation.enums import LIVE_STATES
from escalation.models import Escalation
from people.models import Organisation, Team, User
from tickets.saved import visible_views
from tickets.search import find

MOST_TICKETS, MOST_ESCALATIONS, MOST_CUSTOMERS, MOST_PEOPLE, MOST_PLACES = 7, 4, 4, 6, 9


@dataclass(frozen=True, slots=True)
class Goal:
    """`press` is a button of this page that is pressed instead of going somewhere."""

    words: str
    icon: str
    url: str = ""
    note: str = ""
    press: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    words: str
    goals: list[Goal]


_PLACES: tuple[tuple[Promise, str, str], ...] = (
    (gettext_lazy("Inbox"), "inbox", "desk:inbox"),
    (gettext_lazy("Next in line"), "arrow-right", "desk:next_in_line"),
    (gettext_lazy("New ticket"), "plus", "desk:new_ticket"),
    (gettext_lazy("Escalations"), "stairs-up", "desk:escalations"),
    (gettext_lazy("Decisions"), "gavel", "desk:decisions"),
    (gettext_lazy("Alerts"), "bell", "desk:alerts"),
    (gettext_lazy("Rooms"), "message-circle", "desk:chat"),
    (gettext_lazy("Customers"), "building-store", "desk:customers"),
    (gettext_lazy("Reports"), "chart-line", "desk:reports"),
    (gettext_lazy("Procedures"), "book", "desk:articles"),
    (gettext_lazy("Reviews"), "clipboard-check", "desk:reviews"),
    (gettext_lazy("Actions"), "checklist", "desk:tracked"),
    (gettext_lazy("Trash"), "trash", "desk:trash"),
    (gettext_lazy("Profile and sign-ins"), "user", "desk:profile"),
)
_SWITCHES: tuple[tuple[Promise, str, str], ...] = (
    (gettext_lazy("Light theme"), "sun", ".me-b button[value=light]"),
    (gettext_lazy("Dark theme"), "moon", ".me-b button[value=dark]"),
    (gettext_lazy("Theme as the system"), "device-desktop", ".me-b button[value=system]"),
)


def goals(user: User, text: str) -> list[Section]:
    """Sections that have something, in the order in which they are most often meant. Six queries at most."""
    wanted = text.strip()
    found = []
    if wanted:
        found = [
            Section(_("Tickets"), _tickets(user, wanted)),
            Section(_("Escalations"), _escalations(user, wanted)),
            Section(_("Customers"), _organisations(wanted)),
            Section(_("People"), _people(wanted)),
        ]
    return [section for section in [*found, Section(_("Go to"), _places(user, wanted))] if section.goals]


def _tickets(user: User, text: str) -> list[Goal]:
    number = text.removeprefix("#")
    try:
        rows = list(find(user, as_begun(text)).select_related("requester").order_by("-number")[:MOST_TICKETS])
    except InvalidInput:
        return []
    rows.sort(key=lambda ticket: str(ticket.number) != number)
    found = [
        Goal(
            ticket.subject,
            "ticket",
            reverse("desk:ticket", args=[ticket.number]),
            f"#{ticket.number} · {ticket.requester.name} · {status_words(ticket)}",
        )
        for ticket in rows
    ]
    if len(rows) == MOST_TICKETS:
        inbox = f"{reverse('desk:inbox')}?{urlencode({'q': text})}"
        found.append(Goal(_("All tickets with “%(text)s”") % {"text": text}, "search", inbox))
    return found


def _escalations(user: User, text: str) -> list[Goal]:
    """By number, “E-207”, or by the words of what is asked; live ones before those that are over."""
    number = whole(text.upper().removeprefix("E-"))
    wanted = Q(pk=number) if number is not None else says("summary", text)
    is_over = Case(When(state__in=LIVE_STATES, then=0), default=1)
    rows = Escalation.objects.visible_to(user).filter(wanted).order_by(is_over, "-number")[:MOST_ESCALATIONS]
    return [
        Goal(
            escalation.summary,
            "stairs-up",
            reverse("desk:escalation", args=[escalation.number]),
            f"{escalation.reference} · S{escalation.severity} · {escalation.get_state_display()}",
        )
        for escalation in rows
    ]


def _organisations(text: str) -> list[Goal]:
    rows = Organisation.objects.filter(says("name", text)).order_by("name")[:MOST_CUSTOMERS]
    return [
        Goal(one.name, "building-store", reverse("desk:customer", args=[one.pk]), one.get_tier_display())
        for one in rows
    ]


def _people(text: str) -> list[Goal]:
    known = User.objects.active().filter(says("name", text) | Q(email__istartswith=text))
    return [_person(person) for person in known.select_related("organisation").order_by("name")[:MOST_PEOPLE]]


def _person(person: User) -> Goal:
    """A colleague leads to what he owns, a customer to his own page."""
    if not person.is_agent:
        note = str(person.organisation or person.email)
        return Goal(person.name, "user", reverse("desk:customer_person", args=[person.pk]), note)
    query = urlencode({"q": f"is:open assignee:{person.email}"})
    return Goal(person.name, "user", f"{reverse('desk:inbox')}?{query}", person.get_role_display())


def _places(user: User, text: str) -> list[Goal]:
    inbox = reverse("desk:inbox")
    teams = Team.objects.open_to(user).order_by("name")
    known = [
        *(Goal(str(words), icon, reverse(name)) for words, icon, name in _PLACES),
        *(
            Goal(str(view.words), "list-check", f"{inbox}?view={name}", _("View"))
            for name, view in VIEWS.items()
            if name
        ),
        *(Goal(view.name, "bookmark", f"{inbox}?saved={view.pk}", _("Saved view")) for view in visible_views(user)),
        *(Goal(team.name, team.icon, f"{inbox}?team={team.slug}", _("Team")) for team in teams),
        *(Goal(words, icon, url, _("Settings")) for words, icon, url in settings_pages(user)),
        *(Goal(str(words), icon, press=press) for words, icon, press in _SWITCHES),
    ]
    parts = text.casefold().split()
    return [goal for goal in known if all(part in goal.words.casefold() for part in parts)][:MOST_PLACES]
