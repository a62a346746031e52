"""What the calls about third parties take."""

from api.fields import Email, Input, ListOf, LongText, Text
from api.inputs.tickets import AttachmentInput
from common.text import SUBJECT_LIMIT
from tickets.uploads import COUNT_LIMIT


class SideInput(Input):
    """The first letter to a third party: never to the ticket's customer, nor to the desk itself."""

    address = Email()
    name = Text(required=False, allow_blank=True, max_length=120, default="")
    subject = Text(max_length=SUBJECT_LIMIT)
    body = LongText()
    attachments = ListOf(child=AttachmentInput(), required=False, max_length=COUNT_LIMIT)


class SideLetterInput(Input):
    body = LongText()
    attachments = ListOf(child=AttachmentInput(), required=False, max_length=COUNT_LIMIT)
