"""Articles for customers: for whom, in which language, found by which words, and what readers make of them."""

from datetime import date, timedelta

import pytest

from common.errors import InvalidInput, NotFound, Refused
from common.models import ConfigurationChange
from knowledge import judging, reviewing, services, settling
from knowledge.actions import Draft
from knowledge.finding import find, suggest, telling
from knowledge.links import complaints
from knowledge.markdown import article_to_html, plain
from knowledge.models import Article, Judgement
from knowledge.snippets import snippet
from notifications.models import Alert
from tests.factories.articles import make_article

pytestmark = [pytest.mark.each, pytest.mark.django_db]


def slugs(found) -> list[str]:
    return [one.slug for one in found]


def test_an_article_is_for_colleagues_until_a_veteran_says_otherwise(anna, rosa, payments, at):
    services.write(user=anna, slug="refunds", draft=Draft("Refunds", "Ask."), now=at)
    services.approve(user=rosa, slug="refunds", number=1, now=at)
    assert not Article.objects.outside_for(anna).exists()

    with pytest.raises(Refused, match="manager"):
        services.settle(user=anna, slug="refunds", terms={"readers": "everybody"})
    services.settle(user=rosa, slug="refunds", terms={"readers": "everybody"})

    assert slugs(Article.objects.outside_for(None)) == ["refunds"]
    told = ConfigurationChange.objects.latest("pk")
    assert (told.by, told.before["readers"], told.after["readers"]) == (rosa, "colleagues", "everybody")


def test_who_has_not_signed_in_finds_what_is_for_everybody_in_force_and_in_use(cora, anna, at):
    for slug, readers in (("all", "everybody"), ("ours", "customers"), ("inner", "colleagues"), ("old", "everybody")):
        make_article(slug, at, readers=readers)
    settling.archive(slug="old", is_archived=True, by=anna, now=at)
    services.write(user=anna, slug="draft", draft=Draft("Draft", "Not yet."), now=at)
    settling.settle(slug="draft", terms={"readers": "everybody"}, by=anna)

    assert slugs(Article.objects.outside_for(None)) == ["all"]
    assert slugs(Article.objects.outside_for(cora)) == ["all", "ours"]
    for slug in ("ours", "inner", "old", "draft", "nowhere"):
        with pytest.raises(NotFound):
            services.access_outside(None, slug, "en")


def test_each_text_is_listed_once_in_the_readers_language_where_there_is_one(at):
    original = make_article("refunds", at)
    make_article("reembolsos", at, language="pt-br", translates=original)
    make_article("fees", at)

    assert slugs(services.outside(None, "en")) == ["fees", "refunds"]
    assert slugs(services.outside(None, "pt-br")) == ["fees", "reembolsos"]
    assert slugs(services.outside(None, "ru")) == ["fees", "refunds"]
    assert services.access_outside(None, "refunds", "pt-br").slug == "reembolsos"
    assert services.access_outside(None, "refunds", "ru").slug == "refunds"
    assert slugs(services.in_other_languages(None, original)) == ["reembolsos"]
    settling.archive(slug="refunds", is_archived=True, by=None, now=at)
    assert slugs(services.outside(None, "en")) == ["fees", "reembolsos"]


def test_a_text_stands_in_a_language_once_and_a_translation_is_not_translated(at):
    original = make_article("refunds", at)
    translation = make_article("reembolsos", at, language="pt-br", translates=original)
    other = make_article("outros", at, language="pt-br")

    for slug, terms in (
        ("outros", {"translates": original}),
        ("outros", {"translates": translation}),
        ("refunds", {"translates": other}),
        ("refunds", {"translates": original}),
        ("refunds", {"language": "pt-br"}),
        ("refunds", {"language": "xx"}),
        ("refunds", {"readers": "nobody"}),
    ):
        with pytest.raises(InvalidInput):
            settling.settle(slug=slug, terms=terms, by=None)


def test_words_are_found_as_in_the_search_for_tickets_the_title_first(at):
    make_article("a", at, title="Fees", body="What a refund costs: see the reembolso.")
    make_article("b", at, title="Refund a payment", body="Press **Refund**, in São Paulo too.")
    make_article("c", at, title="Hours", body="We are here.")
    known = Article.objects.outside_for(None)

    assert slugs(find(known, "REFUND")) == ["b", "a"]
    assert slugs(find(known, "sao paulo refund")) == ["b"]
    assert slugs(find(known, "ref")) == slugs(find(known, "!?")) == slugs(find(known, "")) == []
    assert slugs(find(known, "100% _ '; --")) == []


def test_what_holds_is_found_and_what_held_before_is_not(anna, rosa, payments, at):
    make_article("refunds", at, title="Refunds", body="By the old form.")
    known = Article.objects.outside_for(None)
    services.write(user=anna, slug="refunds", draft=Draft("Refunds", "By the new page.", reason="Moved"), now=at)
    assert slugs(find(known, "form")) == ["refunds"] and slugs(find(known, "page")) == []

    services.approve(user=rosa, slug="refunds", number=2, now=at)

    assert slugs(find(known, "form")) == [] and slugs(find(known, "page")) == ["refunds"]


def test_words_that_no_blank_parts_are_found_side_by_side_alone(at):
    make_article("a", at, title="振込", body="銀行振込の手順")
    make_article("b", at, title="手順", body="行振 銀行 込")
    known = Article.objects.outside_for(None)

    assert slugs(find(known, "銀行振込")) == ["a"]
    assert slugs(find(known, "銀")) == ["b", "a"]


def test_many_articles_are_suggested_from_with_as_many_questions_as_few(at, django_assert_num_queries):
    for number in range(3):
        make_article(f"payout-{number}", at, title=f"Payout {number}", body=f"The moment{number} is late.")
    known = Article.objects.outside_for(None)
    with django_assert_num_queries(4):
        assert len(suggest(known, "Payout is late")) == 3
    for number in range(3, 30):
        make_article(f"other-{number}", at, title=f"Payout {number}", body=f"It is late{number}.")

    with django_assert_num_queries(4):
        assert slugs(suggest(known, "Payout in moment2 late"))[0] == "payout-2"


def test_what_is_suggested_shares_rare_words_and_no_common_ones(at):
    for slug, title in (("a", "The payout is late"), ("b", "The card is blocked"), ("c", "The fee is wrong")):
        make_article(slug, at, title=title, body=f"It is about the matter of our {slug * 4} bank.")
    make_article("d", at, title="Hours", body="We are here on the phone.")
    known = Article.objects.outside_for(None)

    assert slugs(suggest(known, "Where is the payout of our Moema store?"))[0] == "a"
    assert slugs(suggest(known, "the is of our")) == slugs(suggest(known, "")) == slugs(suggest(known, "Hello")) == []


def test_a_snippet_shows_the_words_and_nothing_of_the_markdown():
    body = f"# Refunds\n\n{'Nothing here. ' * 20}Press **São Paulo**, then [go](https://x.example). {'More. ' * 60}"

    pieces = snippet(body, "sao")

    assert [piece.text for piece in pieces if piece.is_found] == ["São"]
    said = "".join(piece.text for piece in pieces)
    assert said.startswith("… ") and said.endswith("…") and len(said) < 190 and "**" not in said and "[" not in said
    assert snippet("Short.", "") == [("Short.", False)]


def test_what_is_suggested_marks_the_words_by_which_it_was_found_and_no_common_ones(at):
    for slug, title in (("a", "The payout is late"), ("b", "The card is blocked"), ("c", "The fee is wrong")):
        make_article(slug, at, title=title, body=f"It is about the matter of our {slug * 4} bank. Come to us.")
    make_article("d", at, title="Hours", body="The payout to a phone.")
    known = Article.objects.outside_for(None)

    pieces = snippet("The payout of our bank is sent to you.", telling(known, "The payout to our shop"))

    assert [piece.text for piece in pieces if piece.is_found] == ["payout"]


def test_long_articles_have_contents_that_lead_to_their_headings():
    html, headings = article_to_html("# One *two*\n\n## Inner\n\n# Last <b>\n")

    assert headings == [("part-1", "One two", False), ("part-2", "Inner", True), ("part-3", "Last <b>", False)]
    assert '<h2 id="part-1">' in html and '<h3 id="part-2">' in html and "<b>" not in html
    assert plain("# A\n\nb *c*\nd") == "A b c d"


def test_a_link_to_itself_or_to_what_is_gone_is_said(at):
    article = make_article("refunds", at)
    make_article("inner", at, readers="colleagues")
    make_article("fees", at)
    body = "[a](/help/articles/refunds/) [b](/help/articles/gone/) [c](/articles/inner/) [d](/help/articles/fees/#x) [e](https://x.example/articles/y/)"

    said = complaints(article, body)

    assert [sentence[:24] for sentence in said] == [
        "The article links to its",
        "It links to “gone”, whic",
        "It links to “inner”, whi",
    ]


def test_a_reader_judges_once_and_his_last_word_holds(cora, stan, at):
    article = make_article("refunds", at)

    for helped, words in ((False, "Where is the button?"), (True, "")):
        judging.judge(article=article, helped=helped, words=words, reader=cora, visit="", now=at)
    judging.judge(article=article, helped=True, spared=True, reader=stan, visit="", now=at)
    for visit in ("a", "a", "b"):
        judging.judge(article=article, helped=False, reader=None, visit=visit, now=at)

    assert article.judgements.counted() == {"helped": 2, "not_helped": 2, "spared": 1}
    with pytest.raises(InvalidInput):
        judging.judge(article=article, helped=False, words="x" * 501, reader=cora, visit="", now=at)
    assert Judgement.objects.get(reader=cora).words == ""


def test_the_owner_is_alerted_once_about_each_date_of_review(anna, adam, time, at):
    article = make_article("refunds", at, owner=anna, review_on=at.date())
    make_article("later", at, owner=anna, review_on=at.date() + timedelta(days=1))
    make_article("nobodys", at, review_on=date(2026, 1, 1))

    assert (reviewing.run(), reviewing.run()) == (2, 0)
    told = Alert.objects.get(recipient=anna)
    assert "Refunds" in told.title and told.path == "/articles/refunds/"
    assert Alert.objects.get(recipient=adam).title.startswith("“Nobodys”")
    settling.settle(slug=article.slug, terms={"review_on": at.date() - timedelta(days=1)}, by=anna)
    assert reviewing.run() == 1
