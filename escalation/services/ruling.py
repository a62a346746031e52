"""What an escalation manager says of the whole (R30): through which channels is escalated, and what is to be better."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput
from common.languages import as_kept
from common.text import many_lines, one_line
from escalation import permissions as may
from escalation.alerting import recommendation_letters
from escalation.duties import call_colleague
from escalation.enums import RecommendationState, RecommendedFor
from escalation.models import EscalationChannel, Recommendation
from notifications.actions import notify
from people.models import User
from tickets.enums import Channel

TITLE_LIMIT, WHY_LIMIT = 200, 5000


@transaction.atomic
def set_channel(*, user: User, channel: str, is_open: bool) -> EscalationChannel:
    """Whether tickets that came by this channel are escalated, by hand and by criteria."""
    _check(user)
    if channel not in Channel.values:
        raise InvalidInput.of("channel", _("A channel is one of %(known)s.") % {"known": ", ".join(Channel.values)})
    row, is_new = EscalationChannel.objects.select_for_update().get_or_create(channel=channel)
    before = {} if is_new else audit.snapshot(row)
    row.is_open = is_open
    row.save(update_fields=["is_open"])
    audit.record_change(
        by=user, subject=f"{as_kept(row._meta.verbose_name)} {row}", before=before, after=audit.snapshot(row), of=row
    )
    return row


@transaction.atomic
def recommend(
    *, user: User, title: str, why: str, about: str, now: datetime, owner: str = "", learned_from: int | None = None
) -> Recommendation:
    """To team and management; `owner` is the address of whoever is to see to it, and hears of it.

    `learned_from` is the number of the escalation that taught it.
    """
    _check(user)
    escalation = may.access_escalation(user, learned_from) if learned_from is not None else None
    if about not in RecommendedFor.values:
        known = ", ".join(RecommendedFor.values)
        raise InvalidInput.of("about", _("A recommendation is about one of %(known)s.") % {"known": known})
    made = Recommendation.objects.create(
        title=one_line(title, field="title", limit=TITLE_LIMIT),
        why=many_lines(why, field="why", limit=WHY_LIMIT),
        about=about,
        escalation=escalation,
        owner=call_colleague(owner, "owner") if owner else None,
        made_by=user,
        made_at=now,
    )
    if made.owner is not None and made.owner != user:
        notify(
            recipients=[made.owner],
            compose=partial(recommendation_letters.yours, made),
            dedupe=f"recommendation:{made.pk}",
            now=now,
        )
    return made


@transaction.atomic
def settle(*, user: User, pk: int, state: str, now: datetime, reason: str = "") -> Recommendation:
    """What became of it, and why; by its owner, too. What is said again changes nothing. NotFound where unseen.

    A suggested training is declined with a reason: whoever suggested it reads why nobody is trained (R93).
    """
    row = may.access_to_settle(user, pk)
    if state not in RecommendationState.values:
        known = ", ".join(RecommendationState.values)
        raise InvalidInput.of("state", _("A state is one of %(known)s.") % {"known": known})
    why = many_lines(reason, field="reason", limit=WHY_LIMIT) if reason.strip() else ""
    if state == row.state:
        return row
    if state == RecommendationState.DECLINED and row.about == RecommendedFor.TRAINING and not why:
        raise InvalidInput.of("reason", _("Say why; it stays on record."))
    is_settled = state in (RecommendationState.DONE, RecommendationState.DECLINED)
    row.state, row.settled_at, row.settled_by = state, now if is_settled else None, user if is_settled else None
    row.settled_why = why if is_settled else ""
    row.save(update_fields=["state", "settled_at", "settled_by", "settled_why"])
    return row


def _check(user: User) -> None:
    may.check(user.sets_rules, _("Only an escalation manager may do this."))
