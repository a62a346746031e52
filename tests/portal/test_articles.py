"""Help articles on the portal: read without a sign-in where that is allowed, judged, and offered while asking."""

import gzip
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from knowledge import services, settling
from knowledge.actions import Draft
from knowledge.judging import MOST_STRANGERS, judge
from knowledge.models import Article, Judgement
from tests.desk.helpers import NOWHERE, signed_in, words
from tests.factories.articles import make_article
from tickets.models import Ticket

pytestmark = pytest.mark.each
LIMIT = 60 * 1024
LONG = "# Before\n\nAsk.\n\n# During\n\nPress *Refund*.\n\n# After\n\n<script>alert(1)</script> Wait.\n"


@pytest.fixture
def refunds(db, at) -> Article:
    return make_article("refunds", at, title="Refund a payment", body=LONG)


def test_a_stranger_reads_what_is_for_everybody_and_nothing_else(refunds, cora, anna, at, client: Client):
    make_article("ours", at, title="For customers", readers="customers")
    make_article("inner", at, title="Among us", readers="colleagues")

    page = words(client.get("/help/articles/"))

    assert "Refund a payment" in page and "Sign in" in page
    assert "For customers" not in page and "Among us" not in page
    assert NOWHERE in words(client.get("/help/articles/ours/"))
    assert NOWHERE in words(client.post("/help/articles/ours/judge/", {"helped": "yes"}))
    assert "For customers" in words(signed_in(cora).get("/help/articles/ours/"))
    for reader in (client, signed_in(cora), signed_in(anna)):
        assert reader.get("/help/articles/inner/").status_code == 404


def test_an_article_shows_what_is_in_force_with_its_contents_and_runs_nothing(refunds, anna, at, client: Client):
    services.write(user=anna, slug="refunds", draft=Draft("Refunds", "SECRET", reason="New"), now=at)

    answer = client.get("/help/articles/refunds/")

    page = words(answer)
    assert 'href="#part-2"' in page and '<h2 id="part-2">' in page
    assert "SECRET" not in page and "<script>alert" not in page
    assert answer["Cache-Control"] == "private"
    assert Article.objects.get(slug="refunds").reads == 1


def test_the_reader_gets_his_language_and_may_take_another(refunds, at, client: Client):
    make_article("reembolsos", at, title="Reembolsar", language="pt-br", translates=refunds)

    theirs = words(client.get("/help/articles/refunds/", headers={"Accept-Language": "pt-br"}))
    english = words(client.get("/help/articles/refunds/?language=en", headers={"Accept-Language": "pt-br"}))

    assert 'lang="pt-br">Reembolsar</h1>' in theirs and 'hreflang="en"' in theirs
    assert 'lang="en">Refund a payment</h1>' in english and 'hreflang="pt-br"' in english


def test_words_are_looked_for_and_what_is_typed_cannot_run(refunds, client: Client):
    page = words(client.get("/help/articles/", {"q": "refund"}))
    odd = words(client.get("/help/articles/", {"q": "<img src=x onerror=alert(1)>", "page": "x"}))

    assert "Press <b>Refund</b>." in page
    assert "No article holds all these words" in odd and "<img src" not in odd.partition('id="main"')[2]


def test_no_with_words_is_read_by_colleagues_and_a_visit_judges_once(refunds, cora, anna, client: Client):
    for said in ("yes", "no"):
        client.post("/help/articles/refunds/judge/", {"helped": said, "language": "en", "words": "Where?"})
    signed_in(cora).post("/help/articles/refunds/judge/", {"helped": "no", "words": "No button."})

    assert "You said: it did not help" in words(client.get("/help/articles/refunds/"))
    assert "Did this help?" in words(Client().get("/help/articles/refunds/"))
    assert Judgement.objects.count() == 2
    page = words(signed_in(anna).get("/articles/refunds/"))
    assert "Yes 0, no 2; 0 requests spared" in page
    assert "No button." in page and cora.name in page and "Somebody without a sign-in" in page


@pytest.mark.parametrize("wrong", [{"helped": "perhaps"}, {}, {"helped": "no", "words": "x" * 501}])
def test_a_judgement_that_cannot_be_is_said_and_not_kept(refunds, client: Client, wrong):
    answer = client.post("/help/articles/refunds/judge/", wrong)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Judgement.objects.exists()


def test_a_program_that_judges_without_end_is_held_for_a_minute(refunds, cora, at, time):
    for n in range(MOST_STRANGERS):
        judge(article=refunds, helped=False, reader=None, visit=f"{n}", now=at)

    refused = Client().post("/help/articles/refunds/judge/", {"helped": "no", "words": "Spam"})
    signed_in(cora).post("/help/articles/refunds/judge/", {"helped": "yes"})
    time.move_to(at + timedelta(seconds=61))
    Client().post("/help/articles/refunds/judge/", {"helped": "yes"})

    assert refused.status_code == 422
    assert "That was much within a minute." in words(refused)
    assert refunds.judgements.counted() == {"helped": 2, "not_helped": MOST_STRANGERS, "spared": 0}


def test_what_is_typed_as_a_subject_finds_an_answer_that_spares_the_request(refunds, cora, payments):
    browser = signed_in(cora)
    found = words(browser.get("/help/new/answers/", {"subject": "How do I refund?"}, headers={"HX-Request": "true"}))
    assert "Refund a payment" in found and "This answered it" in found and "<html" not in found

    answer = browser.post("/help/articles/refunds/judge/", {"helped": "spared"}, follow=True)

    assert "Nothing was sent" in words(answer)
    assert not Ticket.objects.exists()
    assert Judgement.objects.get().spared


def test_without_a_script_a_button_looks_and_nothing_typed_is_lost(refunds, cora, payments):
    browser = signed_in(cora)
    typed = {"subject": "Refund", "body": "Since <b>then</b>.", "look": "1"}

    page = browser.post("/help/new/", typed)
    none = browser.post("/help/new/", {**typed, "subject": "Hello"})

    assert page.status_code == 200
    assert "Refund a payment" in words(page) and "Since &lt;b&gt;then&lt;/b&gt;." in page.content.decode()
    assert "No article answers that yet." in words(none)
    assert not Ticket.objects.exists()


def test_pages_are_small_and_ask_as_often_for_fifty_as_for_one(refunds, at, client: Client):
    counted = []
    for many in (1, 3, 50):
        for n in range(Article.objects.count(), many):
            make_article(f"a{n}", at, title=f"Refund {n}", body="Press refund. " * 40)
        paths = ("/help/articles/", "/help/articles/?q=refund", "/help/articles/refunds/")
        sizes, asked = [], []
        for path in paths:
            with CaptureQueriesContext(connection) as caught:
                sizes.append(len(gzip.compress(client.get(path).content)))
            asked.append(len(caught))
        counted.append(asked)
        assert max(sizes) < LIMIT

    assert counted[1][:2] == counted[2][:2]
    assert max(counted[2]) <= 8


def test_who_has_signed_in_keeps_the_way_to_his_requests(refunds, cora, anna):
    assert "My requests" in words(signed_in(cora).get("/help/articles/"))
    assert "My requests" not in words(signed_in(anna).get("/help/articles/"))
    assert "My requests" not in words(Client().get("/help/articles/"))


def test_what_is_archived_is_gone(refunds, client: Client, at):
    settling.archive(slug="refunds", is_archived=True, by=None, now=at)

    assert client.get("/help/articles/refunds/").status_code == 404
