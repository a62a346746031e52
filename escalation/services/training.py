"""Which articles train for which cause, what became of a suggestion, and that somebody has read one (R93)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.configuring import configure, remove
from common.errors import InvalidInput, NotAllowedNow, NotFound
from escalation import permissions as may
from escalation.close import causes
from escalation.enums import TO_DO, RecommendationState, RecommendedFor
from escalation.models import Recommendation, Training, TrainingDone
from escalation.services import ruling
from knowledge.models import Article
from people.models import User


@transaction.atomic
def link(*, user: User, article: str, cause: str) -> Training:
    """By the article's short name and the cause's key. Only what holds can be read: a draft trains nobody."""
    _check(user)
    causes.name_of(cause)
    found = Article.objects.in_use().filter(slug=article, current__isnull=False).first()
    if found is None:
        raise InvalidInput.of("article", _("There is no article in force with this short name."))
    return configure(Training(), by=user, article=found, cause=cause)


@transaction.atomic
def take_up(*, user: User, pk: int, article: str, cause: str, now: datetime) -> Training:
    """What a colleague suggested to train becomes this article against this cause, and the suggestion is done.

    An article that is linked to the cause already answers it as well.
    """
    _check(user)
    suggestion = _access_suggestion(user, pk)
    made = Training.objects.in_force().filter(article__slug=article, cause=cause).first()
    made = made or link(user=user, article=article, cause=cause)
    if made.suggestion_id is None:
        made.suggestion = suggestion
        made.save(update_fields=["suggestion"])
    ruling.settle(user=user, pk=pk, state=RecommendationState.DONE, now=now)
    return made


@transaction.atomic
def decline(*, user: User, pk: int, reason: str, now: datetime) -> Recommendation:
    """Nobody is trained in it, for a reason that stays in the register; by its owner, too."""
    _access_suggestion(user, pk)
    return ruling.settle(user=user, pk=pk, state=RecommendationState.DECLINED, reason=reason, now=now)


@transaction.atomic
def unlink(*, user: User, pk: int) -> Training:
    """It is suggested no more. Who has read it stays on record."""
    _check(user)
    row = Training.objects.select_for_update(of=("self",)).select_related("article").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    remove(row, by=user)
    return row


@transaction.atomic
def complete(*, user: User, slug: str, version: int, now: datetime) -> TrainingDone:
    """He has read the article in this version, which is still the one that holds. Said twice, it counts once."""
    trained = Training.objects.in_force() if user.is_active and user.is_agent else Training.objects.none()
    article = Article.objects.filter(slug=slug, pk__in=trained.values("article")).select_related("current").first()
    if article is None or article.current is None:
        raise NotFound(_("There is nothing here for you."))
    if article.current.number != version:
        raise NotAllowedNow(_("“%(title)s” has changed meanwhile: read it once more.") % {"title": article.title})
    done, _is_new = TrainingDone.objects.get_or_create(person=user, version=article.current, defaults={"at": now})
    return done


def _access_suggestion(user: User, pk: int) -> Recommendation:
    """Held; NotFound for a recommendation about something else."""
    row = may.access_to_settle(user, pk)
    if row.about != RecommendedFor.TRAINING:
        raise NotFound(_("There is nothing here for you."))
    if row.state not in TO_DO:
        raise NotAllowedNow(_("“%(title)s” is settled already.") % {"title": row.title})
    return row


def _check(user: User) -> None:
    may.check(user.sets_rules, _("Only an escalation manager may do this."))
