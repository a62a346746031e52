"""By what was said before a bot handed over colleagues find the ticket (`tickets.indexing`)."""

from collections.abc import Collection, Iterator

from visits.enums import Speaker
from visits.models import Transcript


def words_of(numbers: Collection[int]) -> Iterator[tuple[int, str]]:
    """What the bot has said, and its name; what the customer has said is the ticket's first message."""
    for transcript in Transcript.objects.filter(ticket__in=numbers):
        yield transcript.ticket_id, transcript.bot
        for turn in transcript.turns:
            if turn["who"] != Speaker.CUSTOMER:
                yield transcript.ticket_id, turn["text"]
