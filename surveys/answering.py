"""An answer, taken once: that of a request is its rating at once; a low one is followed up (R88, R89)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound
from common.text import many_lines
from people.models import User
from surveys.enums import About, Standing
from surveys.links import question_behind
from surveys.models import Question
from tickets import actions, follow_ups, satisfaction, timeline
from tickets.enums import Score
from tickets.models import Ticket

WORDS_LIMIT = satisfaction.COMMENT_LIMIT
RATED = "survey.escalation_rated"


@transaction.atomic
def answer(*, token: str, reader: User | None, score: int, now: datetime, words: str = "") -> Question:
    """By the link of the mail, signed in or not: whoever holds it answers for the one to whom it was sent, once.

    NotFound where nothing is asked (any more); InvalidInput outside of the scale; NotAllowedNow where the request was
    taken up again meanwhile.
    """
    found = question_behind(token, reader)
    if score not in scale(found):
        raise InvalidInput.of("score", _("Choose one of the scores."))
    said = many_lines(words, field="words", limit=WORDS_LIMIT) if words.strip() else ""
    ticket = actions.lock_workable(found.ticket_id) if found.ticket_id else None
    question = Question.objects.select_for_update(of=("self",)).select_related("person").get(pk=found.pk)
    if question.standing != Standing.ASKED:
        raise NotFound(_("It serves once, and has been answered. Thank you."))
    question.standing, question.answered_at, question.score, question.words = Standing.ANSWERED, now, score, said
    question.save(update_fields=["standing", "answered_at", "score", "words"])
    if ticket is not None:
        _on_the_ticket(ticket, question, now)
    return question


def scale(question: Question) -> range:
    return range(11) if question.about == About.CAMPAIGN else range(1, 6)


def _on_the_ticket(ticket: Ticket, question: Question, now: datetime) -> None:
    score, words, person = question.score or 0, question.words, question.person
    if question.about == About.TICKET:
        satisfaction.rate(ticket=ticket, by=person, score=score, comment=words, now=now)
        return
    timeline.record(
        ticket, RATED, now=now, actor=person, reference=f"E-{question.escalation_id}", score=score, comment=words
    )
    if score <= Score.DISSATISFIED:
        follow_ups.open_for(ticket, score, now)
