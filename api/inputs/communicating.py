"""What is said between the levels."""

from api.fields import Email, Input, ListOf, LongText


class SummaryInput(Input):
    """`to` are addresses of the chain of command above the escalation, or of administrators."""

    to = ListOf(child=Email(), allow_empty=False, max_length=50)
    body = LongText()


class HandEscalationInput(Input):
    to = Email()
    note = LongText(help_text="How it stands and what comes next, in at least three words.")
