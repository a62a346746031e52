"""The caller's alerts, and how he wants them."""

from django.utils.translation import gettext as _

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.inputs.alerts import PreferencesInput
from api.pagination import PageParameters, page
from api.shapes.alerts import AlertPage, AlertShape, PreferencesShape, UnreadShape, alert_shape, preferences_shape
from calendars.models import Calendar
from common.errors import InvalidInput, NotFound
from notifications.actions import mark_all_read, mark_read
from notifications.models import Alert
from notifications.preferring import preferences_of, set_preferences
from people.enums import Role


def list_notifications(ask: Ask) -> AlertPage:
    """The caller's alerts, the newest first."""
    results, next_ = page(Alert.objects.for_person(ask.user), ask, alert_shape)
    return {"results": list(results), "next": next_}


def read_notification(ask: Ask, pk: int) -> AlertShape:
    """Mark an alert as read; a second time changes nothing."""
    mark_read(user=ask.user, pk=pk, now=ask.now)
    alert = Alert.objects.for_person(ask.user).filter(pk=pk).first()
    if alert is None:
        raise NotFound
    return alert_shape(alert)


def read_all_notifications(ask: Ask) -> UnreadShape:
    """Mark every alert of the caller as read."""
    mark_all_read(user=ask.user, now=ask.now)
    return {"unread": Alert.objects.for_person(ask.user).unread().count()}


def show_preferences(ask: Ask) -> PreferencesShape:
    """How the caller is alerted."""
    return preferences_shape(preferences_of(ask.user))


def change_preferences(ask: Ask) -> PreferencesShape:
    """Whatever is named is changed, the rest stays."""
    given = dict(ask.given)
    if "calendar" in given:
        given["calendar"] = _calendar(given["calendar"])
    return preferences_shape(set_preferences(person=ask.user, **given))


def _calendar(pk: int | None) -> Calendar | None:
    calendar = Calendar.objects.active().filter(pk=pk).first() if pk is not None else None
    if pk is not None and calendar is None:
        raise InvalidInput.of("calendar", _("There is no such calendar."))
    return calendar


notifications = endpoint(GET=Call(list_notifications, Role.CUSTOMER, AlertPage, parameters=PageParameters))
reading_all = endpoint(POST=Call(read_all_notifications, Role.CUSTOMER, UnreadShape))
preferences = endpoint(
    GET=Call(show_preferences, Role.AGENT, PreferencesShape),
    PATCH=Call(change_preferences, Role.AGENT, PreferencesShape, body=PreferencesInput),
)
reading = endpoint(POST=Call(read_notification, Role.CUSTOMER, AlertShape))
