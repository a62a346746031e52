import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

TOKEN_PREFIX = "esc_"  # noqa: S105 - what every token begins with, and no token


class ApiToken(models.Model):
    """A program's key to one person's rights. Only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    can_write = models.BooleanField(_("may write"), default=True)
    # Of a bot, which the public talks to: what it could tell or change must not hang on whose token it has.
    hands_over_only = models.BooleanField(_("only hands over conversations"), default=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"


class IdempotentAnswer(models.Model):
    """What a write with an Idempotency-Key was answered, so that a repeat gets the same and does nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotentanswer_once")]

    def __str__(self) -> str:
        return self.key


def new_secret() -> str:
    """A fresh token, 192 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(24)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
