"""The link of a question: a capability, signed (HMAC) and dated, for one question, which it answers once.

It opens a page that shows nothing of the matter, so a forwarded mail tells nobody anything; following it answers
nothing, whatever a mail scanner does.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from common.errors import NotFound
from people.models import User
from surveys.enums import Standing
from surveys.models import Question

SALT = "surveys.question"
VALID_FOR = timedelta(days=30)


def url_of(question: Question) -> str:
    return f"{settings.BASE_URL}/help/survey/{signing.dumps(question.pk, salt=SALT)}/"


def question_behind(token: str, reader: User | None) -> Question:
    """NotFound, in one sentence, where the link asks nothing (any more) of this reader."""
    try:
        key = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.SignatureExpired:
        raise NotFound(_("It was good for 30 days.")) from None
    except signing.BadSignature:
        raise NotFound(_("It is not whole: open it from the mail, not from a copy.")) from None
    found = Question.objects.select_related("person", "ticket", "escalation").filter(pk=key).first()
    if found is None or (reader is not None and reader.pk != found.person_id):
        raise NotFound(_("It was sent to somebody else."))
    if found.standing != Standing.ASKED:
        raise NotFound(_("It serves once, and has been answered. Thank you."))
    return found
