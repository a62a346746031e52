"""Planned questions are asked by mail when their moment comes; campaigns go on to their next customers.

A round of its own, driven by beat and, where that is silent, by the watchdog. One question that fails stops no other.
The mail is a row of the outbox, written with the question's own in one transaction: it is asked once, or not yet.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common import clock, heartbeat
from common.identity import desk_name
from common.rows import insert
from notifications.actions import ring_on_commit
from notifications.hosts import host_of
from notifications.models import Delivery
from surveys import campaigns
from surveys.enums import About, Spared, Standing
from surveys.links import url_of
from surveys.models import Question, SurveyTerms
from surveys.planning import is_overtaken, terms

logger = logging.getLogger(__name__)

HEARTBEAT = "surveys"
BATCH = 200
# What failed makes room for the others.
AGAIN_AFTER = timedelta(minutes=10)


def run() -> int:
    """One round; how many were asked."""
    clock.synchronise()
    now = clock.now()
    campaigns.go_on(now)
    due = list(Question.objects.due(now).values_list("pk", flat=True)[:BATCH])
    rules = terms() if due else SurveyTerms()
    asked = sum(_try(key, rules, now) for key in due)
    heartbeat.beat(HEARTBEAT, now=now, asked=asked)
    return asked


def _try(key: int, rules: SurveyTerms, now: datetime) -> int:
    try:
        return int(_ask(key, rules, now))
    except Exception:
        logger.exception("Question %d could not be asked.", key)
    Question.objects.filter(pk=key, next_moment__lte=now).update(next_moment=now + AGAIN_AFTER)
    return 0


@transaction.atomic
def _ask(key: int, rules: SurveyTerms, now: datetime) -> bool:
    """Or spare the person, and say why. Of two rounds at once the second finds nothing due."""
    rows = Question.objects.select_for_update(of=("self",))
    question = rows.select_related("person", "ticket__rating", "escalation").filter(pk=key).first()
    if question is None or question.next_moment is None or question.next_moment > now:
        return False
    question.next_moment = None
    question.spared = _why_spared(question, rules, now)
    question.standing = Standing.SPARED if question.spared else Standing.ASKED
    question.asked_at = None if question.spared else now
    question.save(update_fields=["next_moment", "spared", "standing", "asked_at"])
    if question.spared:
        return False
    insert(Delivery, [_mail(question, now)], unless_there=True)
    ring_on_commit()
    return True


def _why_spared(question: Question, rules: SurveyTerms, now: datetime) -> str:
    person = question.person
    if question.about != About.CAMPAIGN and not rules.by_mail:
        return Spared.SWITCHED_OFF
    if not person.is_active or "@" not in person.email:
        return Spared.NO_ADDRESS
    if is_overtaken(question):
        return Spared.OVERTAKEN
    quiet_since = now - timedelta(days=rules.quiet_days)
    lately = Question.objects.filter(person=person).exclude(pk=question.pk).asked_since(quiet_since)
    return Spared.ASKED_LATELY if lately.exists() else ""


def _mail(question: Question, now: datetime) -> dict[str, Any]:
    person = question.person
    with translation.override(person.language):
        subject, body = _words(question)
    url = url_of(question)
    highest = range(11) if question.about == About.CAMPAIGN else range(1, 6)
    return {
        "recipient_id": person.pk,
        "address": person.email,
        "host": host_of(person.email),
        "subject": subject,
        "template": "survey",
        "context": {
            "desk_name": desk_name(),
            "language": person.language,
            "body": body,
            "author": desk_name(),
            "action_url": url,
            "scores": [[score, f"{url}?score={score}"] for score in highest],
        },
        "headers": {"Auto-Submitted": "auto-generated"},
        "dedupe_key": f"survey:{question.dedupe_key}",
        "next_try_at": now,
        "created_at": now,
    }


def _words(question: Question) -> tuple[str, str]:
    """Subject and text, in the language that is active."""
    if question.about == About.CAMPAIGN:
        name = {"name": desk_name()}
        return (
            _("One question about %(name)s") % name,
            _("How likely is it that you would recommend %(name)s to a colleague? 0 is not at all, 10 is certainly.")
            % name,
        )
    number = {"number": question.ticket_id}
    if question.about == About.ESCALATION:
        return (
            _("How did we handle it? (#%(number)d)") % number,
            _("What you had brought to our managers is settled. How did we handle it? 1 is bad, 5 is very good."),
        )
    return (
        _("How were you answered? (#%(number)d)") % number,
        _("Your request is solved, as far as we can see. How were you answered? 1 is bad, 5 is very good."),
    )
