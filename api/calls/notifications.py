"""The caller's alerts."""

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.pagination import PageParameters, page
from api.shapes.alerts import AlertPage, AlertShape, alert_shape
from common.errors import NotFound
from notifications.actions import mark_read
from notifications.models import Alert
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


notifications = endpoint(GET=Call(list_notifications, Role.CUSTOMER, AlertPage, parameters=PageParameters))
reading = endpoint(POST=Call(read_notification, Role.CUSTOMER, AlertShape))
