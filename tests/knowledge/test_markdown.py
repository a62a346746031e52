import pytest

from common.errors import InvalidInput
from knowledge.actions import write_article
from knowledge.markdown import to_html
from knowledge.models import Article


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "<img src=x onerror=alert(1)>",
        "![a](https://tracker.example/x.png)",
        "[a](https://e.example 'x\" onclick=\"alert(1)')",
        "<a href='javascript:alert(1)'>x</a>",
    ],
)
def test_nothing_that_runs_or_loads_comes_out(text):
    html = to_html(text)

    for tag in ("<script", "<img", 'href="javascript', 'href="data', ' onclick="', "<a href='"):
        assert tag not in html


def test_headings_stand_below_the_pages_own():
    assert to_html("# One\n\n## Two\n\n### Three") == "<h2>One</h2>\n<h3>Two</h3>\n<h4>Three</h4>\n"


def test_a_second_writing_is_the_next_version(at, mona, db):
    write_article(slug="refunds", title="Refunds", body="Ask.", now=at)
    article = write_article(slug="refunds", title="Refunds", body="Ask Mona.", now=at, approved_by=mona)

    assert (article.version, article.body, article.approved_by) == (2, "Ask Mona.", mona)
    assert Article.objects.count() == 1


@pytest.mark.parametrize("given", [{"title": ""}, {"body": " "}, {"slug": ""}, {"title": "two\nlines"}])
def test_what_cannot_be_kept_is_refused(at, db, given):
    with pytest.raises(InvalidInput):
        write_article(**{"slug": "x", "title": "X", "body": "Text", "now": at, **given})

    assert not Article.objects.exists()


def test_the_maintenance_door_counts_versions_too(client, adam, at):
    article = write_article(slug="refunds", title="Refunds", body="Ask.", now=at)
    client.force_login(adam)

    client.post(
        f"/admin/knowledge/article/{article.pk}/change/",
        {"title": "Refunds", "slug": "refunds", "body": "Ask Mona.", "approved_by": adam.pk},
    )

    article.refresh_from_db()
    assert (article.version, article.body, article.updated_at) == (2, "Ask Mona.", at)
