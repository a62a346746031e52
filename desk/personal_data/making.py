"""An archive of a person's data: asked for by an administrator, made by a worker, kept privately for some days.

What is asked for is a row: a worker that dies is followed by another, which begins anew when the claim has run out.
"""

import logging
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit, clock, doorbell
from common.errors import NotFound, Refused
from desk.personal_data.contents import fill, size_of
from people.models import User
from tickets.models import PersonalArchive

logger = logging.getLogger(__name__)

TASK = "config.tasks.make_archives"
KEPT = timedelta(days=3)
CLAIM = timedelta(minutes=2)
MOST_ATTEMPTS = 3
# In seconds: so often the row says how far it has come.
TELLS_EVERY = 1
IN_MEMORY, PART = 8 << 20, 1 << 16


@transaction.atomic
def ask(*, by: User, person: User, now: datetime) -> PersonalArchive:
    """One that a worker takes within seconds, or the one that is being made for him; the trail tells of it."""
    if not by.is_admin:
        raise Refused(_("Only an administrator may do this."))
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    waiting = PersonalArchive.objects.filter(person=person, asked_by=by, finished_at=None).first()
    if waiting is not None:
        return waiting
    audit.record_change(
        by=by, subject=gettext_noop("A person's data was exported"), before={}, after={"exported": True}, of=person
    )
    transaction.on_commit(partial(doorbell.ring, TASK))
    return PersonalArchive.objects.create(person=person, asked_by=by, asked_at=now)


def latest(*, by: User, person: User, now: datetime) -> PersonalArchive | None:
    """The last one that he asked for and that is still kept."""
    return _kept(by, now).filter(person=person).order_by("-asked_at", "-pk").first()


def access_archive(*, by: User, pk: int, now: datetime) -> PersonalArchive:
    """A finished one, for who asked for it, while he is an administrator and it is kept; NotFound for all else."""
    found = _kept(by, now).exclude(stored="").filter(pk=pk, finished_at__isnull=False).first()
    if found is None or not by.is_admin:
        raise NotFound(_("There is nothing here for you."))
    return found


def _kept(by: User, now: datetime) -> "QuerySet[PersonalArchive]":
    return PersonalArchive.objects.filter(asked_by=by, asked_at__gt=now - KEPT)


def parts_of(archive: PersonalArchive) -> Iterator[bytes]:
    with archive.stored.open("rb") as file:
        while part := file.read(PART):
            yield part


def run() -> int:
    """Those that wait, one after the other; how many were finished. What has been kept long enough goes."""
    _remove_old(clock.now())
    finished = 0
    while (row := _claimed(clock.now())) is not None:
        try:
            with translation.override(row.asked_by.language):
                _make(row)
        except Exception:
            logger.exception("The archive %d failed", row.pk)
            PersonalArchive.objects.filter(pk=row.pk, attempts__gte=MOST_ATTEMPTS).update(finished_at=clock.now())
            return finished
        finished += 1
    return finished


def _claimed(now: datetime) -> PersonalArchive | None:
    """One that killed whatever took it, as often as one may fail, has failed: it is taken no more."""
    free = PersonalArchive.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), finished_at=None)
    free.filter(attempts__gte=MOST_ATTEMPTS).update(finished_at=now)
    for pk in free.order_by("asked_at", "pk").values_list("pk", flat=True):
        if free.filter(pk=pk).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1):
            return PersonalArchive.objects.select_related("person", "asked_by").get(pk=pk)
    return None


def _make(row: PersonalArchive) -> None:
    mine = PersonalArchive.objects.filter(pk=row.pk, attempts=row.attempts, finished_at=None)
    mine.update(of=size_of(row.person), done=0)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as out:
        told = monotonic()
        for done in fill(out, row.person):
            if monotonic() - told < TELLS_EVERY:
                continue
            told = monotonic()
            # Taken over by another worker meanwhile, or the person is erased.
            if not mine.update(done=done, claimed_until=clock.now() + CLAIM):
                return
        size = out.tell()
        out.seek(0)
        name = default_storage.save(f"archives/{row.pk}.zip", File(out))
    if not mine.update(done=F("of"), stored=name, size=size, finished_at=clock.now()):
        default_storage.delete(name)


def _remove_old(now: datetime) -> None:
    for row in PersonalArchive.objects.filter(asked_at__lte=now - KEPT):
        row.delete()
        if row.stored.name:
            default_storage.delete(row.stored.name)
