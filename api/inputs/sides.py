"""What the calls about third parties take."""

from api.fields import Email, Input, LongText, Text
from common.text import SUBJECT_LIMIT


class SideInput(Input):
    """The first letter to a third party: never to the ticket's customer, nor to the desk itself."""

    address = Email()
    name = Text(required=False, allow_blank=True, max_length=120, default="")
    subject = Text(max_length=SUBJECT_LIMIT)
    body = LongText()


class SideLetterInput(Input):
    body = LongText()
