"""`manage.py reindex`: the words of all tickets made anew, while the desk runs."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from common.text import counted
from tickets import indexing
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Makes the search index of all tickets anew, in batches; the desk may run meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        done = last = 0
        while numbers := self._after(last):
            with transaction.atomic():
                # Held like any change, so that a message that comes meanwhile is not forgotten.
                held = Ticket.objects.select_for_update().filter(number__in=numbers)
                done += indexing.rebuild(held.values_list("number", flat=True))
            last = numbers[-1]
        self.stdout.write(f"{counted(done, 'ticket')} can be found again.")

    def _after(self, number: int) -> list[int]:
        following = Ticket.objects.filter(number__gt=number).order_by("number")
        return list(following.values_list("number", flat=True)[: indexing.BATCH])
