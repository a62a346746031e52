from django.conf import settings
from django.db import models


class PersonalArchive(models.Model):
    """What the desk holds of a person, asked for by an administrator and made by a worker; kept for some days.

    A worker holds it until `claimed_until`, and says how far it has come: `done` of about `of` rows and files.
    Finished without a file it has failed.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    of = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    stored = models.FileField(blank=True, max_length=120)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(finished_at=None), name="personal_archive_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.asked_at}"
