"""What may be read without asking: articles for customers, and those for everybody without a sign-in."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import InvalidInput, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, blame, nothing_here, show
from desk.portal.forms import JudgementForm
from knowledge import judging, services
from knowledge.finding import find, suggest
from knowledge.markdown import article_to_html
from knowledge.models import Article, Judgement
from knowledge.snippets import snippet
from people.models import User

PAGE, LONGEST_QUERY = 25, 200
# From so many headings on an article is long.
LONG = 3
RELATED = 3


def _open_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever comes; what is absent or not for him is not here. What it shows depends on who reads."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except NotFound:
            return nothing_here(request)
        patch_cache_control(response, private=True)
        return response

    return guarded


@require_safe
@_open_page
def articles(request: HttpRequest) -> HttpResponse:
    """By what is read most; by words the best first."""
    asked = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    known = services.outside(_reader(request), get_language() or "").select_related("current")
    found = find(known, asked) if asked else known.order_by("-reads", "title")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(one, snippet(one.current.body, asked)) for one in page.object_list if one.current]
    return show(request, "portal/articles.html", {"rows": rows, "page": page, "q": asked, "portal_active": "articles"})


@require_safe
@_open_page
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """What is in force, in the reader's language or in the one that was asked for."""
    found = services.access_outside(_reader(request), slug, _language(request))
    if request.method == "GET":
        judging.count_reading(found)
    return _one(request, found, JudgementForm())


@require_POST
@_open_page
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it helped. What was asked while it was found is not kept."""
    reader, form = _reader(request), JudgementForm(request.POST)
    found = services.access_outside(reader, slug, request.POST.get("language", ""))
    said = form.data.get("helped", "")
    if not form.is_valid():
        return _one(request, found, form)
    visit = "" if reader else _visit(request, is_begun=True)
    helped, spared = said != "no", said == "spared"
    try:
        judging.judge(
            article=found,
            helped=helped,
            spared=spared,
            words="" if spared else form.cleaned_data["words"],
            reader=reader,
            visit=visit,
            now=clock.now(),
        )
    except (InvalidInput, NotAllowedNow) as error:
        blame(form, error)
        return _one(request, found, form)
    if spared:
        messages.success(request, _("Good. Nothing was sent; if it comes back, write to us."))
        return redirect("portal:articles")
    return redirect(f"{request.path.removesuffix('judge/')}?language={found.language}#helped")


def _one(request: HttpRequest, found: Article, form: JudgementForm) -> HttpResponse:
    reader = _reader(request)
    assert found.current is not None  # noqa: S101 - what is outside is in force
    html, headings = article_to_html(found.current.body)
    others = services.outside(reader, found.language).exclude(pk=found.pk)
    languages = dict(settings.LANGUAGES)
    context = {
        "article": found,
        "said": found.current,
        "html": html,
        "headings": headings if len(headings) >= LONG else [],
        "also_in": [(one, languages[one.language]) for one in services.in_other_languages(reader, found)],
        "is_foreign": found.language != get_language(),
        "related": list(suggest(others, found.current.title, most=RELATED)),
        "judgement": _judged(request, found),
        "form": form,
        "portal_active": "articles",
    }
    return show(request, "portal/article.html", context, status=BAD_INPUT if form.is_bound else 200)


def _judged(request: HttpRequest, found: Article) -> Judgement | None:
    return found.judgements.of(_reader(request), _visit(request)).first()


def _reader(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _visit(request: HttpRequest, *, is_begun: bool = False) -> str:
    """A digest of the visit's key; with `is_begun` a visit without a sign-in gets one."""
    if is_begun and request.session.session_key is None:
        request.session["visits"] = True
        request.session.save()
    key = request.session.session_key
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or ""
