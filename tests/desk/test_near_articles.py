"""Articles beside the composer: suggested, searched, put in as a link or with their words; no secret by accident."""

import pytest
from django.urls import reverse

from common.text import BODY_LIMIT
from desk.looks.ticket.near_articles import AT_HAND, FOUND
from knowledge import judging, services, settling
from knowledge.actions import Draft
from knowledge.models import Article
from tests.desk.helpers import fragment, get, post, queries, signed_in, words
from tests.factories.articles import make_article
from tickets.models import Draft as ReplyDraft
from tickets.models import Message

SECRET = "Ask the bank for code 4711 before the payout."


@pytest.fixture
def ticket(open_ticket):
    return open_ticket(subject="The payout of our Moema store is late")


@pytest.fixture
def known(db, at):
    make_article("late-payouts", at, title="Late [payouts]", body="A payout is *late* for a day.", readers="customers")
    make_article("bank-codes", at, title="Payouts: codes of the bank", body=SECRET, readers="colleagues")
    make_article("opening-hours", at, title="Opening hours", body="From nine to five.")


def insert(person, ticket, article: str, kind: str = "reply", **given):
    return post(person, "desk:ticket_write", ticket.number, kind=kind, article=article, **given)


def test_what_is_near_the_question_stands_beside_the_composer_and_says_for_whom_it_is(ticket, known, anna):
    page = words(get(anna, "desk:ticket", ticket.number))
    near = words(fragment(anna, "desk:ticket_articles", ticket.number, part="near"))

    assert f"/tickets/{ticket.number}/articles/?part=near" in page
    assert "Late [payouts]" in near and "Payouts: codes of the bank" in near and "Opening hours" not in near
    assert near.count("Colleagues only") == 1
    assert 'data-quick="A payout is *late* for a day."' in near
    assert r"[Late \[payouts\]](" in near and "/help/articles/late-payouts/)" in near
    assert SECRET not in near and "bank-codes/)" not in near


def test_articles_are_searched_on_a_page_without_any_script(ticket, known, anna):
    found = words(get(anna, "desk:ticket_articles", ticket.number, q="opening"))
    none = words(get(anna, "desk:ticket_articles", ticket.number, q="unicorn"))

    assert "Opening hours" in found and "Late [payouts]" not in found
    assert "No article has “unicorn” in it." in none


@pytest.mark.parametrize(
    ("article", "put"),
    [
        ("text:late-payouts", "A payout is *late* for a day."),
        ("link:late-payouts", r"[Late \[payouts\]](http://testserver/help/articles/late-payouts/)"),
    ],
)
def test_it_is_put_below_what_is_written_without_any_script(ticket, known, anna, settings, article, put):
    settings.BASE_URL = "http://testserver"

    answer = insert(anna, ticket, article, body="Hello Cora.")

    assert answer["Location"] == f"/tickets/{ticket.number}/?kind=reply#composer"
    assert ReplyDraft.objects.get().body == f"Hello Cora.\n\n{put}"


@pytest.mark.parametrize("what", ["text", "link"])
def test_what_is_for_colleagues_goes_into_a_reply_only_after_a_warning(ticket, known, anna, what):
    asked = insert(anna, ticket, f"{what}:bank-codes", body="Hello Cora.")

    assert asked.status_code == 200
    assert "For colleagues only: Payouts: codes of the bank." in words(asked)
    assert ReplyDraft.objects.get().body == "Hello Cora."
    insert(anna, ticket, f"{what}:bank-codes", sure="1")
    assert ReplyDraft.objects.get().body != "Hello Cora."
    assert (SECRET in ReplyDraft.objects.get().body) is (what == "text")
    assert not Message.objects.filter(body__contains="4711").exists()


def test_in_a_note_it_stands_at_once_with_a_link_for_colleagues(ticket, known, anna):
    insert(anna, ticket, "text:bank-codes", kind="note", body="")
    insert(anna, ticket, "link:late-payouts", kind="note")

    draft = ReplyDraft.objects.get(kind="note")
    assert draft.body.startswith(SECRET) and "/articles/late-payouts/)" in draft.body
    assert "/help/" not in draft.body


def test_from_the_note_the_dialog_puts_it_into_the_note_without_asking(ticket, known, anna):
    page = words(get(anna, "desk:ticket", ticket.number))
    dialog = words(get(anna, "desk:ticket_articles", ticket.number, q="codes", kind="note"))
    reply = words(get(anna, "desk:ticket_articles", ticket.number, q="codes"))

    assert f'for-note" href="/tickets/{ticket.number}/articles/?kind=note"' in page
    assert 'name="kind" value="note"' in dialog and 'name="kind" value="reply"' not in dialog
    assert f'data-quick="{SECRET}"' in dialog and "/articles/bank-codes/)" in dialog
    assert 'name="kind" value="reply"' in reply and "data-quick" not in reply


@pytest.mark.parametrize("article", ["text:nowhere", "text:draft", "text:old", "code:late-payouts", "", "text:", "😀"])
def test_what_does_not_hold_is_not_there(ticket, known, anna, rosa, payments, at, article):
    services.write(user=rosa, slug="draft", draft=Draft("Draft", "Not yet."), now=at)
    make_article("old", at)
    settling.archive(slug="old", is_archived=True, by=rosa, now=at)

    assert insert(anna, ticket, article, body="Hello.").status_code == 404
    assert not ReplyDraft.objects.exists()


def test_what_would_be_too_long_is_said_and_what_is_written_stays(ticket, anna, at):
    make_article("endless", at, body="word " * 20_000)

    answer = insert(anna, ticket, "text:endless", body="x" * (BODY_LIMIT - 10))

    assert answer.status_code == 422 and "This is too long" in words(answer)
    assert ReplyDraft.objects.get().body == "x" * (BODY_LIMIT - 10)
    assert 'data-quick="word' not in words(get(anna, "desk:ticket_articles", ticket.number, q="word"))


def test_the_customers_language_goes_before(ticket, anna, cora, at):
    first = make_article("late", at, title="Late payouts")
    make_article("atraso", at, title="Payouts atrasados", language="pt-br", translates=first)
    type(cora).objects.filter(pk=cora.pk).update(language="pt-br")

    found = words(get(anna, "desk:ticket_articles", ticket.number, q="payouts"))

    assert "Payouts atrasados" in found and "Late payouts" not in found


def test_scripts_in_every_field_of_an_article_run_nowhere(ticket, anna, mona, cora, at):
    evil = "<img src=x onerror=alert(1)>"
    draft = Draft(f"Payout {evil}", f"The payout {evil} <script>alert(1)</script>", ((evil, True),), reason=evil)
    services.write(user=anna, slug="evil", draft=draft, now=at)
    services.approve(user=mona, slug="evil", number=1, now=at)
    settling.settle(slug="evil", terms={"readers": "everybody"}, by=mona)
    judging.judge(article=Article.objects.get(), helped=False, spared=False, words=evil, reader=cora, visit="", now=at)

    pages = [
        fragment(anna, "desk:ticket_articles", ticket.number, part="near"),
        get(anna, "desk:ticket_articles", ticket.number, q="payout"),
        insert(anna, ticket, "text:evil"),
        get(anna, "desk:ticket", ticket.number),
        *(get(anna, f"desk:{page}") for page in ("articles", "article_new")),
        *(get(mona, f"desk:{page}", "evil") for page in ("article", "article_edit", "article_settings")),
        get(mona, "desk:article_version", "evil", 1),
        *(get(cora, f"portal:{page}", *slug) for page, slug in (("articles", ()), ("article", ("evil",)))),
    ]

    assert sum("alert(1)" in page.content.decode() for page in pages) >= 8
    for page in pages:
        assert "<img src=x" not in page.content.decode() and "<script>alert" not in page.content.decode()


def test_many_articles_cost_as_many_queries_as_one(ticket, anna, at):
    make_article("payout-0", at, title="Payout 0")
    client, url = signed_in(anna), reverse("desk:ticket_articles", args=[ticket.number]) + "?q=payout"
    few = queries(client, url)
    for number in range(1, FOUND + 10):
        make_article(f"payout-{number}", at, title=f"Payout {number}", body="x " * AT_HAND)

    many = queries(client, url)

    assert many == few
    assert words(client.get(url)).count("Insert a link to") == FOUND
