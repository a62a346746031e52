"""The calls about what colleagues know: how something is done, in versions that another approves (R70)."""

from typing import Any

from api.ask import Ask
from api.calls.escalations import on_one, shown
from api.endpoint import Call, endpoint
from api.fields import Input, ListOf, LongText, Text, WholeNumber, YesNo
from api.pagination import PageParameters, page
from api.shapes import articles as shapes
from api.shapes.escalations import EscalationShape
from escalation.services import tick_step
from knowledge import services
from knowledge.actions import REASON_LIMIT, TITLE_LIMIT, Draft
from knowledge.finding import find
from knowledge.models import Article
from knowledge.steps import MOST_STEPS, SENTENCE_LIMIT
from people.enums import Role

# So many are given for words; whoever wants more takes better words.
BEST = 50


class StepInput(Input):
    sentence = Text(max_length=SENTENCE_LIMIT)
    required = YesNo(default=False)  # type: ignore[assignment] # a field of this name, taken away by the metaclass


class VersionInput(Input):
    """From the second version on `reason` is asked for; with `based_on` a newer version is not overwritten unseen."""

    title = Text(max_length=TITLE_LIMIT)
    body = LongText()
    steps = ListOf(child=StepInput(), required=False, max_length=MOST_STEPS)
    reason = Text(required=False, allow_blank=True, max_length=REASON_LIMIT)
    based_on = WholeNumber(required=False, min_value=1, max_value=2**31 - 1)


class ArticleParameters(PageParameters):
    q = Text(required=False, allow_blank=True, max_length=200, help_text="Words, all of which it holds.")


class TickInput(Input):
    step = WholeNumber(min_value=1, max_value=MOST_STEPS)
    done = YesNo(default=True)


def list_articles(ask: Ask) -> shapes.ArticleList:
    """The oldest first: all that are in use for whoever works here, for a customer those that he may read.

    With `q` those that hold all its words, the best first, of which there is one page.
    """
    known = Article.objects.in_use() if ask.user.is_agent else Article.objects.outside_for(ask.user)
    known = known.select_related("current", "translates")
    shape = shapes.article_line if ask.user.is_agent else shapes.answer_line
    if q := ask.parameters.get("q", "").strip():
        return {"results": [shape(row) for row in find(known, q)[:BEST]], "next": None}
    results, next_ = page(known, ask, shape, newest_first=False)
    return {"results": list(results), "next": next_}


def show_article(ask: Ask, slug: str) -> shapes.ArticleShape:
    """An article with all its versions; for a customer with what is in force, in the language of its own address."""
    if ask.user.is_agent:
        return shapes.article_shape(services.access_article(ask.user, slug))
    return shapes.answer_shape(services.access_named(ask.user, slug))


def write_version(ask: Ask, slug: str) -> shapes.VersionShape:
    """A new article, or the next version of one. It holds once a manager or lead other than its author approves it."""
    given = dict(ask.given)
    based_on = given.pop("based_on", None)
    steps = [(line["sentence"], line["required"]) for line in given.pop("steps", [])]
    made = services.write(user=ask.user, slug=slug, draft=Draft(**given, steps=steps), based_on=based_on, now=ask.now)
    return shapes.version_shape(made)


def approve_version(ask: Ask, slug: str, number: int) -> shapes.VersionShape:
    """Agreed: from now on this version holds. Never by its author."""
    return shapes.version_shape(services.approve(user=ask.user, slug=slug, number=number, now=ask.now))


def take_step(ask: Ask, number: int) -> EscalationShape:
    """Tick a step of the guide that this escalation follows, or take the tick back."""
    return shown(tick_step(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def _call(act: Any, answer: Any, **more: Any) -> Call:
    return Call(act, Role.AGENT, answer, sees=Role.AGENT, **more)


articles = endpoint(GET=Call(list_articles, Role.CUSTOMER, shapes.ArticleList, parameters=ArticleParameters))
article = endpoint(
    GET=Call(show_article, Role.CUSTOMER, shapes.ArticleShape),
    POST=_call(write_version, shapes.VersionShape, body=VersionInput, status=201),
)
approval = endpoint(POST=_call(approve_version, shapes.VersionShape, body=Input))
verbs = {"take-step": endpoint(POST=on_one(take_step, TickInput))}
