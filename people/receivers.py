from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from calendars import usage
from common import clock
from people import factors, sign_ins, timetable
from people.erasing import own as personal
from people.erasing import parts
from people.models import User

usage.register(timetable.calendars_in_use)


@receiver(user_logged_in)
def a_session_has_begun(*, request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    if request is not None:
        sign_ins.begin(request, user, now=clock.now())
        factors.mark_due(request.session, user)


@receiver(user_logged_out)
def a_session_is_over(*, request: HttpRequest | None, **_kwargs: Any) -> None:
    if request is not None:
        sign_ins.end(request)


parts.register(personal.PART)
