"""Articles as pages: what holds, what waits for approval, and the next version (R70)."""

import pytest
from django.urls import reverse

from knowledge import services
from knowledge.actions import Draft
from knowledge.models import Article, ArticleVersion
from tests.desk.helpers import NOWHERE, get, post, queries, signed_in, words
from tests.factories.people import make_team
from tickets import services as tickets

TYPED = {"title": "Refunds", "slug": "refunds", "body": "# Steps\n\n1. Ask *Mona*", "steps": "! Say the sum\nAsk"}


@pytest.fixture
def written(rosa, mona, payments, at):
    """By Rosa, approved by Mona."""
    draft = Draft("Refunds", "# Steps\n\n1. Ask *Mona*", (("Say the sum", True), ("Ask", False)))
    services.write(user=rosa, slug="refunds", draft=draft, now=at)
    return services.approve(user=mona, slug="refunds", number=1, now=at)


def test_an_article_is_read_as_a_page(written, anna):
    page = words(get(anna, "desk:article", "refunds"))

    assert "<h2>Steps</h2>" in page and "<em>Mona</em>" in page
    assert "Version 1" in page and "by Rosa Quiroga" in page and "approved by Mona Farias" in page
    assert "Say the sum" in page and "required" in page
    assert "not in force" not in page


def test_r70_a_new_procedure_waits_for_somebody_else_and_then_holds(payments, anna, rosa):
    answer = post(anna, "desk:article_new", **TYPED)
    place = reverse("desk:article_version", args=["refunds", 1])
    assert answer["Location"] == place
    mine, hers = (words(signed_in(person).get(place)) for person in (anna, rosa))
    assert "It is not in force yet." in mine and "Approve version 1" not in mine
    assert "Approve version 1" in hers
    assert "Waiting for approval" in words(get(rosa, "desk:articles"))

    answer = post(rosa, "desk:article_approve", "refunds", 1)

    assert answer["Location"] == reverse("desk:article", args=["refunds"])
    assert Article.objects.get().current.approved_by == rosa
    assert "Waiting for approval" not in words(get(rosa, "desk:articles"))


def test_r70_the_next_version_begins_with_the_last_and_needs_a_reason(written, anna):
    form = words(get(anna, "desk:article_edit", "refunds"))
    assert "! Say the sum\nAsk</textarea>" in form

    changed = {**TYPED, "steps": "! Say the sum\n! Ask Mona", "based_on": "1"}
    refused = post(anna, "desk:article_edit", "refunds", **changed)
    assert refused.status_code == 422
    assert "Say what changed, and why." in words(refused) and "! Ask Mona" in words(refused)
    post(anna, "desk:article_edit", "refunds", **changed, reason="Ask by name")

    assert [(one.number, one.reason) for one in ArticleVersion.objects.all()] == [(2, "Ask by name"), (1, "")]
    page = words(get(anna, "desk:article", "refunds"))
    assert "Version 2: Ask by name" in page and "waits for approval" in page
    assert "Ask Mona</span>" not in page


def test_a_version_that_another_wrote_meanwhile_is_said_and_no_word_is_lost(written, anna, mona, at):
    services.write(user=mona, slug="refunds", draft=Draft("Refunds", "No.", reason="Stop"), now=at)

    refused = post(anna, "desk:article_edit", "refunds", **TYPED, reason="Ask by name", based_on="1")

    assert refused.status_code == 409
    assert "Mona Farias has written version 2 meanwhile" in words(refused) and "Ask by name" in words(refused)


@pytest.mark.parametrize("slug", ["new", "refunds", "two words"])
def test_a_short_name_that_cannot_be_is_refused(written, anna, slug):
    refused = post(anna, "desk:article_new", **{**TYPED, "slug": slug})

    assert refused.status_code == 422
    assert ArticleVersion.objects.count() == 1


def test_what_an_article_holds_cannot_run(anna, at):
    body = "<script>alert(1)</script> [a](javascript:alert(1))"
    services.write(user=anna, slug="x", draft=Draft("X", body), now=at)

    page = get(anna, "desk:article", "x").content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_articles_are_for_the_desk(written, anna, cora):
    assert NOWHERE in words(get(cora, "desk:article", "refunds"))
    assert NOWHERE in words(get(anna, "desk:article", "y"))


def test_the_list_asks_as_often_for_one_as_for_fifty(anna, mona, at):
    client, counted = signed_in(anna), []
    for n in range(3):
        services.write(user=anna, slug=f"a{n}", draft=Draft("X", "x"), now=at)
        services.approve(user=mona, slug=f"a{n}", number=1, now=at)
        services.write(user=anna, slug=f"a{n}", draft=Draft("X", "x", reason="y"), now=at)
        counted.append(queries(client, reverse("desk:articles")))

    assert len(set(counted)) == 1


def test_a_veteran_says_for_whom_it_is_and_archives_it(written, anna, mona, at):
    typed = {"readers": "everybody", "language": "en", "translates": "", "owner": anna.pk, "review_on": "2026-11-01"}
    assert "Settings</a>" not in words(get(anna, "desk:article", "refunds"))

    post(mona, "desk:article_settings", "refunds", **typed)

    page = words(get(anna, "desk:article", "refunds"))
    assert "Everybody who can reach the portal" in page and "Review due" in page and "as they see it" in page
    assert "Review due" in words(get(anna, "desk:articles"))
    post(mona, "desk:article_archive", "refunds")
    assert "Refunds</a>" not in words(get(anna, "desk:articles"))
    assert "Refunds</a>" in words(get(anna, "desk:articles", show="archived"))
    post(mona, "desk:article_archive", "refunds", back="1")
    assert Article.objects.get().archived_at is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"readers": "x"}, "Select a valid choice"),
        ({"review_on": "soon"}, "valid date"),
        ({"translates": "9"}, "valid"),
    ],
)
def test_settings_that_cannot_be_are_said(written, mona, wrong, sentence):
    typed = {"readers": "everybody", "language": "en", **wrong}

    refused = post(mona, "desk:article_settings", "refunds", **typed)

    assert refused.status_code == 422
    assert sentence in words(refused)
    assert Article.objects.get().readers == "colleagues"


def test_links_that_lead_nowhere_are_said_at_saving(payments, anna, rosa):
    answer = signed_in(anna).post(
        reverse("desk:article_new"), {**TYPED, "body": "[a](/articles/refunds/) [b](/articles/gone/)"}, follow=True
    )

    page = words(answer)
    assert "The article links to itself." in page and "“gone”, which is not there" in page


def test_a_reply_is_made_an_article_in_two_clicks_without_its_customers_name(open_ticket, anna, cora, stan, at):
    ticket = open_ticket(subject="Where is the receipt?")
    body = f"Dear {cora.name},\n\nIt is under *Reports*.\nLook there.\n\n{anna.name}"
    reply = tickets.reply(user=anna, number=ticket.number, body=body, now=at)
    link = f"{reverse('desk:article_new')}?from={reply.pk}"
    assert link in words(get(anna, "desk:ticket", ticket.number))

    form = words(signed_in(anna).get(link))

    assert 'value="Where is the receipt?"' in form and 'value="where-is-the-receipt"' in form
    assert "It is under *Reports*.\nLook there.</textarea>" in form and f"Dear {cora.name}" not in form
    made = {"title": "Where is the receipt?", "slug": "where-is-the-receipt", "body": "It is under *Reports*."}
    assert post(anna, "desk:article_new", **made).status_code == 302
    for odd in ("x", "0", "9" * 40):
        assert signed_in(anna).get(reverse("desk:article_new"), {"from": odd}).status_code == 200


def test_a_greeting_in_the_first_sentence_goes_and_a_title_in_any_letters_has_a_short_name(open_ticket, anna, cora, at):
    ticket = open_ticket(subject="Где квитанция?")
    reply = tickets.reply(user=anna, number=ticket.number, body=f"{cora.name}, it is there.", now=at)

    form = words(signed_in(anna).get(reverse("desk:article_new"), {"from": reply.pk}))

    assert "it is there.</textarea>" in form and f"{cora.name}, it" not in form
    assert f'value="reply-{reply.pk}"' in form


def test_a_reply_of_a_closed_team_is_nobody_elses_article(open_ticket, anna, rosa, mona, at):
    ticket = open_ticket(team=make_team("Risk", lead=rosa, managers=[mona], members=[rosa], restricted=True))
    reply = tickets.reply(user=rosa, number=ticket.number, body="A secret.", now=at)

    page = signed_in(anna).get(reverse("desk:article_new"), {"from": reply.pk})

    assert page.status_code == 404
