from knowledge.actions import write_article
from tests.desk.helpers import NOWHERE, get, words


def test_an_article_is_read_as_a_page(anna, at, mona):
    write_article(slug="refunds", title="Refunds", body="# Steps\n\n1. Ask", now=at, approved_by=mona)
    write_article(
        slug="refunds", title="Refunds above the limit", body="# Steps\n\n1. Ask *Mona*", now=at, approved_by=mona
    )

    page = words(get(anna, "desk:article", "refunds"))

    assert "Refunds above the limit" in page
    assert "<h2>Steps</h2>" in page
    assert "<em>Mona</em>" in page
    assert "Version 2" in page
    assert "approved by Mona Farias" in page


def test_what_an_article_holds_cannot_run(anna, at):
    write_article(slug="x", title="X", body="<script>alert(1)</script> [a](javascript:alert(1))", now=at)

    page = get(anna, "desk:article", "x").content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_articles_are_for_the_desk(anna, cora, at):
    write_article(slug="x", title="X", body="Text", now=at)

    assert NOWHERE in words(get(cora, "desk:article", "x"))
    assert NOWHERE in words(get(anna, "desk:article", "y"))
