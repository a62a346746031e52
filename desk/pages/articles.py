"""What colleagues know: how something is done, in versions that somebody else approves (R70)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, NotAllowedNow
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show
from desk.forms.articles import ArticleForm, NewArticleForm
from knowledge import services
from knowledge.markdown import to_html
from knowledge.models import Article, ArticleVersion
from knowledge.permissions import may_approve

ONE = "desk/articles/one.html"
EDIT = "desk/articles/edit.html"


@require_safe
@desk_page
def articles(request: DeskRequest) -> HttpResponse:
    """By title, with what holds; what waits for somebody's approval stands first."""
    waiting = ArticleVersion.objects.waiting().select_related("article__current", "author").order_by("written_at")
    known = Article.objects.select_related("current__approved_by")
    return show(request, "desk/articles/list.html", {"articles": list(known), "waiting": list(waiting)})


@require_safe
@desk_page
def article(request: DeskRequest, slug: str) -> HttpResponse:
    """What holds; before the first approval what was written first."""
    found = services.access_article(request.user, slug)
    return _one(request, found, found.current or found.versions.select_related("author")[0])


@require_safe
@desk_page
def version(request: DeskRequest, slug: str, number: int) -> HttpResponse:
    found = services.access_version(request.user, slug, number)
    return _one(request, found.article, found)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_article(request: DeskRequest) -> HttpResponse:
    form = NewArticleForm(request.POST or None)
    if form.is_bound and form.is_valid():
        return _write(request, form, form.cleaned_data["slug"], None)
    return show(request, EDIT, {"form": form}, status=BAD_INPUT if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: DeskRequest, slug: str) -> HttpResponse:
    """The next version. What another wrote meanwhile is said, and nothing that was typed is lost."""
    found = services.access_article(request.user, slug)
    form = ArticleForm(request.POST or None, newest=found.versions.first())
    if form.is_bound and form.is_valid():
        return _write(request, form, slug, found)
    return show(request, EDIT, {"form": form, "article": found}, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@desk_page
def approve(request: DeskRequest, slug: str, number: int) -> HttpResponse:
    try:
        agreed = services.approve(user=request.user, slug=slug, number=number, now=clock.now())
    except NotAllowedNow as error:
        return show(request, "desk/ticket/refused.html", {"refused": str(error)}, status=CONFLICT)
    say(request, _("Version %(n)d is in force from now on.") % {"n": agreed.number})
    return redirect("desk:article", slug)


def _write(request: DeskRequest, form: ArticleForm, slug: str, found: Article | None) -> HttpResponse:
    based_on = form.cleaned_data["based_on"]
    try:
        made = services.write(user=request.user, slug=slug, draft=form.draft, based_on=based_on, now=clock.now())
    except DomainError as error:
        blame(form, error)
        status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        return show(request, EDIT, {"form": form, "article": found}, status=status)
    say(request, _("Version %(n)d is written. It is in force once somebody else approves it.") % {"n": made.number})
    return redirect("desk:article_version", slug, made.number)


def _one(request: DeskRequest, found: Article, shown: ArticleVersion) -> HttpResponse:
    in_force = found.current.number if found.current else 0
    context = {
        "article": found,
        "shown": shown,
        "html": to_html(shown.body),
        "versions": list(found.versions.select_related("author", "approved_by")),
        "holds": shown.number == in_force,
        "waits": shown.approved_at is None and shown.number > in_force,
        "may_approve": may_approve(request.user, shown),
    }
    return show(request, ONE, context)
