"""How much one customer writes within a minute: enough for anybody, and too little to bury a desk."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from people.models import User
from tickets.models import Message

SPAN = timedelta(minutes=1)
MOST = 20


def check_pace(user: User, now: datetime) -> None:
    """Raises NotAllowedNow. Requests and replies count alike; who works at the desk is not counted."""
    if not user.is_customer:
        return
    lately = Message.objects.filter(author=user, by_customer=True, created_at__gt=now - SPAN, created_at__lte=now)
    if lately.order_by()[:MOST].count() >= MOST:
        raise NotAllowedNow(_("That was much within a minute. Wait a minute, and send it again."))
