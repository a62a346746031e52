"""The front doors' way to reviews and to what was decided in them (R92): sight, then the right, then the action."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.configuring import configure
from common.errors import InvalidInput, NotAllowedNow, NotFound
from escalation import permissions as may
from escalation.close import reviews
from escalation.deadlines.reviews import terms
from escalation.enums import RecommendedFor
from escalation.models import Escalation, Recommendation, Review, ReviewTerms, TrackedAction
from people.models import User

TITLE_LIMIT = 200


def set_terms(*, user: User, **given: Any) -> ReviewTerms:
    """Which escalations call for a review, and by when; what is called for already stays as it is."""
    may.check(user.sets_rules, _("Only an escalation manager may do this."))
    return configure(terms(), by=user, **given)


def call_for_review(*, user: User, number: int, now: datetime) -> Review:
    may.access_to_run(user, number)
    return reviews.call_for_review(number=number, by=user, now=now)


def write_review(*, user: User, number: int, now: datetime, **given: Any) -> Review:
    _access_to_write(user, number)
    return reviews.write_review(number=number, by=user, given=given, now=now)


def finish_review(*, user: User, number: int, now: datetime) -> Review:
    _access_to_write(user, number)
    return reviews.finish_review(number=number, by=user, now=now)


def waive_review(*, user: User, number: int, reason: str, now: datetime) -> Review:
    """Whoever runs the escalation, as he sets a condition aside; to have it back he calls for it again."""
    may.access_to_run(user, number)
    return reviews.waive_review(number=number, by=user, reason=reason, now=now)


def give_review(*, user: User, number: int, owner: str, now: datetime) -> Review:
    _access_to_write(user, number)
    return reviews.give_review(number=number, by=user, to=owner, now=now)


def add_action(*, user: User, number: int, title: str, owner: str, due_at: datetime, now: datetime) -> TrackedAction:
    _access_to_write(user, number)
    return reviews.add_action(number=number, by=user, title=title, owner=owner, due_at=due_at, now=now)


def change_action(*, user: User, pk: int, owner: str, due_at: datetime | None, now: datetime) -> TrackedAction:
    _access_action(user, pk)
    return reviews.change_action(pk=pk, by=user, owner=owner, due_at=due_at, now=now)


def finish_action(*, user: User, pk: int, done: bool, now: datetime) -> TrackedAction:
    _access_action(user, pk)
    return reviews.finish_action(pk=pk, by=user, done=done, now=now)


@transaction.atomic
def recommend_lesson(*, user: User, number: int, about: str, now: datetime) -> Recommendation:
    """What the review says of the next contact, into the register of recommendations; once for each thing it is about.

    By whoever writes the review, who need not set the rules.
    """
    escalation = _access_to_write(user, number)
    if about not in RecommendedFor.values:
        known = ", ".join(RecommendedFor.values)
        raise InvalidInput.of("about", _("A recommendation is about one of %(known)s.") % {"known": known})
    review = Review.objects.select_for_update(of=("self",)).filter(escalation=escalation).first()
    if review is None or not review.next_contact:
        raise NotAllowedNow(_("The review does not say yet what is done at the next contact."))
    title = review.next_contact.splitlines()[0][:TITLE_LIMIT]
    if escalation.recommendations.filter(title=title, about=about).exists():
        raise NotAllowedNow(_("It is in the register of recommendations already."))
    why = [review.went_badly, review.next_contact]
    return Recommendation.objects.create(
        title=title,
        why="\n\n".join(text for text in why if text),
        about=about,
        escalation=escalation,
        made_by=user,
        made_at=now,
    )


def _access_to_write(user: User, number: int) -> Escalation:
    escalation = may.access_escalation(user, number)
    may.check(
        may.writes_review(user, escalation), _("Only the owner of the review, or the escalation manager, may do this.")
    )
    return escalation


def _access_action(user: User, pk: int) -> TrackedAction:
    action = may.actions_for(user).filter(pk=pk).first()
    if action is None:
        raise NotFound(_("There is nothing here for you."))
    may.check(may.tracks(user, action), _("Only its owner, or those who work on the escalation, may do this."))
    return action
