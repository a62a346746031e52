"""What colleagues know: how something is done, in versions that somebody else approves (R70)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, NotAllowedNow
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, blaming, desk_page, say, show
from desk.forms.article_settings import ArticleSettingsForm
from desk.forms.articles import ArticleForm, NewArticleForm
from desk.looks.ticket.drafted import drafted
from escalation.enums import RecommendedFor
from escalation.permissions import recommendations_for
from knowledge import services
from knowledge.enums import OUTSIDE
from knowledge.links import complaints
from knowledge.markdown import to_html
from knowledge.models import Article, ArticleVersion
from knowledge.permissions import is_veteran, may_approve
from tickets.models import Message
from tickets.permissions import access_ticket

ONE = "desk/articles/one.html"
EDIT = "desk/articles/edit.html"
PAGE = 50
# So many words of readers whom it did not help are shown.
WORDS = 20


@require_safe
@desk_page
def articles(request: DeskRequest) -> HttpResponse:
    """By title, with what holds; what waits for somebody's approval stands first, and what is archived apart."""
    shown = "archived" if request.GET.get("show") == "archived" else ""
    waiting = ArticleVersion.objects.waiting().select_related("article__current", "author").order_by("written_at")
    known = Article.objects.archived() if shown else Article.objects.in_use()
    page = Paginator(known.select_related("current__approved_by", "owner"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "waiting": [] if shown else list(waiting.filter(article__archived_at=None)[:PAGE]),
        "shown": shown,
        "today": clock.now().date(),
    }
    return show(request, "desk/articles/list.html", context)


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
    form = NewArticleForm(request.POST or None, initial=_begun(request))
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


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def article_settings(request: DeskRequest, slug: str) -> HttpResponse:
    """For whom it is: said by a manager or the lead of a team, and told in the audit trail."""
    found = services.access_article(request.user, slug)
    services.check_veteran(request.user, slug)
    form = ArticleSettingsForm(request.POST or None, found)
    if form.is_bound and form.is_valid():
        with blaming(form):
            services.settle(user=request.user, slug=slug, terms=form.terms)
            say(request, _("The settings of the article are kept."))
            return redirect("desk:article", slug)
    context = {"form": form, "article": found}
    return show(request, "desk/articles/settings.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@desk_page
def archive(request: DeskRequest, slug: str) -> HttpResponse:
    """Out of use, or back; nothing is lost either way."""
    away = request.POST.get("back") is None
    services.archive(user=request.user, slug=slug, is_archived=away, now=clock.now())
    say(request, _("The article is archived: no customer finds it any more.") if away else _("The article is back."))
    return redirect("desk:article", slug)


@require_POST
@desk_page
def approve(request: DeskRequest, slug: str, number: int) -> HttpResponse:
    try:
        agreed = services.approve(user=request.user, slug=slug, number=number, now=clock.now())
    except NotAllowedNow as error:
        return show(request, "desk/ticket/refused.html", {"refused": str(error)}, status=CONFLICT)
    say(request, _("Version %(n)d is in force from now on.") % {"n": agreed.number})
    return redirect("desk:article", slug)


def _begun(request: DeskRequest) -> dict[str, str]:
    """With `from` the reply that is made an article, with `suggestion` what is to be trained, if he may see it."""
    if (suggested := whole(request.GET.get("suggestion", ""))) is not None:
        row = recommendations_for(request.user).filter(pk=suggested, about=RecommendedFor.TRAINING).first()
        return {"title": row.title, "body": row.why} if row is not None else {}
    key = whole(request.GET.get("from", ""))
    replies = Message.objects.filter(is_public=True, by_customer=False).select_related("ticket__requester", "author")
    message = replies.filter(pk=key).first() if key is not None else None
    if message is None:
        return {}
    access_ticket(request.user, message.ticket_id)
    return drafted(message)


def _write(request: DeskRequest, form: ArticleForm, slug: str, found: Article | None) -> HttpResponse:
    based_on = form.cleaned_data["based_on"]
    try:
        made = services.write(user=request.user, slug=slug, draft=form.draft, based_on=based_on, now=clock.now())
    except DomainError as error:
        blame(form, error)
        status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        return show(request, EDIT, {"form": form, "article": found}, status=status)
    for complaint in complaints(made.article, made.body):
        messages.warning(request, complaint)
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
        "may_settle": is_veteran(request.user),
        "family": list(Article.objects.family_of(found).exclude(pk=found.pk)),
        "counts": found.judgements.counted(),
        "missed": list(found.judgements.filter(helped=False).exclude(words="").select_related("reader")[:WORDS]),
        "review_is_due": found.review_on is not None and found.review_on <= clock.now().date(),
        "is_outside": found.readers in OUTSIDE and found.current is not None and found.archived_at is None,
    }
    return show(request, ONE, context)
