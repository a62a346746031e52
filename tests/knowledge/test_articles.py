"""How something is done, in versions that are kept and that somebody else approves (R70)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from knowledge import services, steps
from knowledge.actions import Draft
from knowledge.models import Article, ArticleVersion

REFUNDS = Draft("Refunds above the limit", "Ask *first*.", (("Say the sum", True), ("Say until when", False)))
LATER = Draft("Refunds", "Ask.", (("Say the sum", True),), "Nobody read the second step")


def test_r70_a_version_is_in_force_once_somebody_else_has_approved_it(anna, rosa, payments, at):
    services.write(user=anna, slug="refunds", draft=REFUNDS, now=at)
    assert Article.objects.get().current is None

    agreed = services.approve(user=rosa, slug="refunds", number=1, now=at + timedelta(hours=1))

    assert Article.objects.get().current == agreed
    assert (agreed.author, agreed.approved_by, agreed.approved_at) == (anna, rosa, at + timedelta(hours=1))
    assert [tuple(step) for step in agreed.guide] == [(1, "Say the sum", True), (2, "Say until when", False)]


def test_r70_nobody_approves_what_he_has_written_himself(mona, at):
    services.write(user=mona, slug="refunds", draft=REFUNDS, now=at)

    with pytest.raises(Refused, match="himself"):
        services.approve(user=mona, slug="refunds", number=1, now=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleVersion.objects.update(approved_by=mona, approved_at=at)


def test_r70_only_veterans_approve_and_only_colleagues_read(anna, rosa, cora, payments, at):
    services.write(user=rosa, slug="refunds", draft=REFUNDS, now=at)

    with pytest.raises(Refused, match="lead"):
        services.approve(user=anna, slug="refunds", number=1, now=at)
    with pytest.raises(NotFound):
        services.access_article(cora, "refunds")


def test_r70_the_version_before_is_kept_and_holds_until_the_next_is_approved(anna, rosa, payments, at):
    services.write(user=anna, slug="refunds", draft=REFUNDS, now=at)
    services.approve(user=rosa, slug="refunds", number=1, now=at)

    services.write(user=anna, slug="refunds", draft=LATER, now=at, based_on=1)

    assert Article.objects.get().current.number == 1
    assert list(ArticleVersion.objects.waiting().values_list("number", flat=True)) == [2]
    services.approve(user=rosa, slug="refunds", number=2, now=at)
    assert Article.objects.get().title == "Refunds"
    assert [version.title for version in Article.objects.get().versions.all()] == ["Refunds", REFUNDS.title]
    assert not ArticleVersion.objects.waiting().exists()


def test_r70_no_version_is_ever_deleted(anna, at):
    version = services.write(user=anna, slug="refunds", draft=REFUNDS, now=at)

    for gone in (version.delete, ArticleVersion.objects.all().delete):
        with pytest.raises(TypeError, match="never deleted"):
            gone()
    with pytest.raises(Exception, match="protected"):
        version.article.delete()


def test_r70_a_later_version_says_why_and_is_not_written_over_an_unseen_one(anna, rosa, at):
    services.write(user=anna, slug="refunds", draft=REFUNDS, now=at)
    with pytest.raises(InvalidInput) as refused:
        services.write(user=anna, slug="refunds", draft=REFUNDS, now=at)
    assert refused.value.errors == {"reason": ["Say what changed, and why."]}

    services.write(user=rosa, slug="refunds", draft=LATER, now=at, based_on=1)

    with pytest.raises(NotAllowedNow, match="Rosa Quiroga has written version 2 meanwhile"):
        services.write(user=anna, slug="refunds", draft=LATER, now=at, based_on=1)


def test_r70_what_is_older_than_what_holds_is_not_approved_any_more(anna, rosa, payments, at):
    services.write(user=anna, slug="refunds", draft=REFUNDS, now=at)
    services.write(user=anna, slug="refunds", draft=LATER, now=at)
    services.approve(user=rosa, slug="refunds", number=2, now=at)

    with pytest.raises(NotAllowedNow, match="Version 2 is in force already"):
        services.approve(user=rosa, slug="refunds", number=1, now=at)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("Ask\n\n! Ask", "“Ask” stands there twice."),
        ("\n".join(str(n) for n in range(31)), "A guide has at most 30 steps."),
        ("x" * 201, "too long"),
        ("!", "must not be empty"),
    ],
)
def test_steps_that_cannot_be_meant_get_one_sentence(lines, sentence):
    with pytest.raises(InvalidInput) as refused:
        steps.kept(steps.read(lines))

    assert sentence in refused.value.errors["steps"][0]


def test_steps_are_written_as_they_are_read():
    text = "! Say the sum\nSay until when"

    assert steps.written(steps.steps_of(steps.kept(steps.read(text)))) == text


@pytest.mark.parametrize(
    ("slug", "given"), [("x", {"title": ""}), ("x", {"body": " "}), ("", {}), ("x", {"title": "two\nlines"})]
)
def test_what_cannot_be_kept_is_refused(slug, given, anna, at):
    with pytest.raises(InvalidInput):
        services.write(user=anna, slug=slug, draft=Draft(**{"title": "X", "body": "Text", **given}), now=at)

    assert not Article.objects.exists()


def test_r70_the_maintenance_door_changes_no_article(client, adam, anna, at):
    article = services.write(user=anna, slug="refunds", draft=REFUNDS, now=at).article
    client.force_login(adam)

    answer = client.post(f"/admin/knowledge/article/{article.pk}/change/", {"title": "No", "slug": "no"})

    assert answer.status_code == 403
    assert Article.objects.get().slug == "refunds"
