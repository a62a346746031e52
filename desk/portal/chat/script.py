"""The one script tag of a site: a button, and behind it the frame. It fetches nothing, so it needs no CORS."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from common.colours import ACCENTS, WHITE, Theme
from common.errors import NotFound
from common.identity import current
from visits.models import Widget
from visits.permissions import access_widget

# A widget that was switched off is gone from its sites after so many seconds.
KEPT_FOR = 300


@require_safe
def widget_js(request: HttpRequest, key: str) -> HttpResponseBase:
    """Public, and the same for everybody: who looks is not asked."""
    try:
        widget = access_widget(key)
    except NotFound:
        return HttpResponse(status=404)
    script = f"({_code()})({_as_script(_look(widget))});\n"
    etag = f'"{hashlib.sha256(script.encode()).hexdigest()[:20]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        script, content_type="text/javascript; charset=utf-8"
    )
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    # A site that isolates itself (COEP) may have it, too.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _look(widget: Widget) -> dict[str, object]:
    words = {}
    for language in widget.spoken:
        with override(language):
            words[language] = {
                "title": widget.name,
                "open": _("Chat with us"),
                "close": _("Close the chat"),
                "news": _("Chat with us: there is an answer"),
            }
    return {
        "frame": settings.BASE_URL + reverse("portal:chat", args=[widget.key]),
        "key": widget.key,
        "corner": widget.corner,
        "ground": current().accent_light or ACCENTS[Theme.LIGHT],
        "ink": WHITE,
        "words": words,
    }


def _as_script(data: object) -> str:
    """JSON that is a literal of JavaScript wherever it stands."""
    text = json.dumps(data, ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@lru_cache(maxsize=1)
def _code() -> str:
    """A function that takes the look, as the static file has it below its comment."""
    path = finders.find("js/widget.js")
    if not isinstance(path, str):
        raise FileNotFoundError("js/widget.js")
    return Path(path).read_text(encoding="utf-8").strip().removesuffix(";")
