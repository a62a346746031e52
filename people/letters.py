"""What a person is told of his own sign-in, in his language and by his clock, by the outbox like all mail."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.dates import said
from common.identity import desk_name
from people.models import User
from people.zones import zone_of

Letter = tuple[object, object]


def tell(user: User, letter: Letter, *, now: datetime, what: object = "") -> None:
    """Subject and sentence of the letter; the sentence may name `what`, `desk` and `at`."""
    subject, sentence = letter
    with translation.override(user.language), timezone.override(zone_of(user.time_zone)):
        at = said(timezone.localtime(now), "j F Y, H:i")
        words = str(sentence) % {"what": what, "desk": desk_name(), "at": at}
        safe = _("If that was not you, tell an administrator at once, and set a new password.")
        text = "\n\n".join([words, safe, settings.BASE_URL])
        EmailMessage(f"{desk_name()}: {subject}", text, to=[user.email]).send()
