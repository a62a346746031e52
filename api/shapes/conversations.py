"""A conversation with a bot, as the API shows it."""

from typing import Annotated, TypedDict

from api.ask import instant
from api.shapes.basic import Moment
from visits.enums import Speaker
from visits.models import Transcript


class TurnShape(TypedDict):
    who: Annotated[str, Speaker]
    at: Moment
    text: str


class TranscriptShape(TypedDict):
    """What was said before the bot handed over; the customer's own words are the ticket's first message, too."""

    bot: str
    handed_at: Moment
    turns: list[TurnShape]


def transcript_shape(transcript: Transcript) -> TranscriptShape:
    return {
        "bot": transcript.bot,
        "handed_at": instant(transcript.handed_at),
        "turns": [{"who": one["who"], "at": one["at"], "text": one["text"]} for one in transcript.turns],
    }
