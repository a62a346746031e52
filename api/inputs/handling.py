"""What the calls about links, hands, rest, trash and tags take."""

from django.conf import settings

from api.fields import AwareTime, Choice, Email, Input, LongText, Text, WholeNumber, YesNo
from api.inputs.tickets import TAG_LIMIT
from tickets.enums import Relation, Trash
from tickets.linking import BY_HAND
from tickets.satisfaction import COMMENT_LIMIT

HIGHEST = 10**18


class NoInput(Input):
    """Takes nothing."""


class RatingInput(Input):
    """From 1, very dissatisfied, to 5, very satisfied."""

    score = WholeNumber(min_value=1, max_value=5)
    comment = LongText(required=False, max_length=COMMENT_LIMIT)


class LinkInput(Input):
    """The ticket stands in the relation `to` the other one; with `back`, the other one to it."""

    to = WholeNumber(min_value=1, max_value=HIGHEST)
    relation = Choice([(relation.value, relation.label) for relation in BY_HAND], default=Relation.RELATED)
    back = YesNo(default=False)


class UnlinkInput(Input):
    link = WholeNumber(min_value=1, max_value=HIGHEST)


class SplitInput(Input):
    """The rules place the new ticket unless a team is given."""

    message = WholeNumber(min_value=1, max_value=HIGHEST)
    subject = Text(max_length=200)
    team = Text(required=False, max_length=40)


class MacroInput(Input):
    """`macro` by its id; with `seen`, the last message that was read, a reply crosses no other."""

    macro = WholeNumber(min_value=1, max_value=2**62)
    seen = WholeNumber(required=False, min_value=0, max_value=2**62)


class TagInput(Input):
    tag = Text(max_length=TAG_LIMIT)


class HandOverInput(Input):
    """With a word to whoever gets it; to a team, a person, or both."""

    note = LongText()
    team = Text(required=False, max_length=40)
    assignee = Email(required=False)


class SnoozeInput(Input):
    """With `hold` it is put on hold too, and work goes on at that moment."""

    until = AwareTime()
    reason = Text(required=False, allow_blank=True, max_length=200)
    hold = YesNo(default=False)


class TrashInput(Input):
    what = Choice(Trash.choices, default=Trash.TRASH)


class QuickReplyChange(Input):
    """Placeholders stand in braces in `body`; what is not given stays."""

    title = Text(required=False, max_length=80)
    body = LongText(required=False)
    language = Choice(settings.LANGUAGES, required=False)
    team = Text(required=False, allow_null=True, max_length=40)


class QuickReplyInput(QuickReplyChange):
    """Without `team` it is for all teams, or with `own` the caller's alone. In English where no `language` is given."""

    title = Text(max_length=80)
    body = LongText()
    own = YesNo(required=False)
