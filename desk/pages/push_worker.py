"""The service worker of pushed alerts: at the root, since a worker serves what lies beneath its own address."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@cache
def _source() -> bytes:
    return Path(settings.BASE_DIR, "static", "workers", "push.js").read_bytes()


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_source(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})
