"""A campaign asks the customers one after another, as long as it has not ended: a batch in each round.

It remembers how far it has come, so that a process that dies in between costs nothing and asks nobody twice.
"""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from common import audit
from common.configuring import check, subject_of
from common.errors import NotAllowedNow
from common.rows import insert
from common.setbacks import Round
from people.enums import Role, Tier
from people.models import User
from surveys.enums import About
from surveys.models import Campaign, Question

ROUND = "campaigns"
BATCH = 500
_TIERS = [Tier.STANDARD, Tier.BUSINESS, Tier.ENTERPRISE]


@transaction.atomic
def start(*, by: User, name: str, lowest_tier: str, now: datetime) -> Campaign:
    """InvalidInput where the name is taken."""
    campaign = Campaign(name=name, lowest_tier=lowest_tier, started_by=by, started_at=now, next_moment=now)
    check(campaign)
    campaign.save()
    audit.record_change(by=by, subject=subject_of(campaign), before={}, after=audit.snapshot(campaign), of=campaign)
    return campaign


@transaction.atomic
def end(*, by: User, pk: int, now: datetime) -> Campaign:
    """Nobody more is asked; who has been asked may answer. NotAllowedNow where it has ended."""
    campaign = Campaign.objects.select_for_update().get(pk=pk)
    if campaign.ended_at is not None:
        raise NotAllowedNow(_("It has ended already."))
    before = audit.snapshot(campaign)
    campaign.ended_at, campaign.next_moment = now, None
    campaign.save(update_fields=["ended_at", "next_moment"])
    Question.objects.filter(campaign=campaign, next_moment__isnull=False).delete()
    audit.record_change(by=by, subject=subject_of(campaign), before=before, after=audit.snapshot(campaign), of=campaign)
    return campaign


def go_on(now: datetime) -> None:
    """One batch of each that has customers left; one that fails stops no other."""
    due = Campaign.objects.filter(next_moment__lte=now).values_list("pk", flat=True)
    Round(ROUND, now).each(list(due), lambda pk: _next_batch(pk, now))


@transaction.atomic
def _next_batch(pk: int, now: datetime) -> None:
    campaign = Campaign.objects.select_for_update().get(pk=pk)
    if campaign.next_moment is None or campaign.looked_to is None:
        return
    keys = list(_audience(campaign).filter(pk__gt=campaign.looked_to).values_list("pk", flat=True)[:BATCH])
    rows = [
        {
            "person_id": key,
            "about": About.CAMPAIGN,
            "campaign_id": campaign.pk,
            "dedupe_key": f"campaign:{campaign.pk}:{key}",
            "next_moment": now,
        }
        for key in keys
    ]
    insert(Question, rows, unless_there=True)
    campaign.looked_to = keys[-1] if len(keys) == BATCH else None
    campaign.next_moment = now if len(keys) == BATCH else None
    campaign.save(update_fields=["looked_to", "next_moment"])


def _audience(campaign: Campaign) -> "models.QuerySet[User]":
    customers = User.objects.active().filter(role=Role.CUSTOMER).order_by("pk")
    if campaign.lowest_tier in ("", Tier.STANDARD):
        return customers
    return customers.filter(organisation__tier__in=_TIERS[_TIERS.index(Tier(campaign.lowest_tier)) :])
