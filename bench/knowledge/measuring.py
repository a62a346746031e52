"""A desk with very many articles, read by a customer and by an agent. Import it once the environment is prepared."""

import time
from collections.abc import Iterator, Sequence
from random import Random
from statistics import median
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models can be imported from here on
from django.db import connection  # noqa: E402 - the same
from django.db.models import F  # noqa: E402 - the same
from django.test import Client  # noqa: E402 - the same
from django.test.utils import CaptureQueriesContext  # noqa: E402 - the same

from common import clock  # noqa: E402 - the same
from common.words import BREAK, document  # noqa: E402 - the same
from desk.starter import install  # noqa: E402 - the same
from knowledge.models import Article, ArticleVersion, ArticleWord  # noqa: E402 - the same
from people.enums import Role  # noqa: E402 - the same
from people.models import Organisation, User  # noqa: E402 - the same
from tickets.actions import open_ticket  # noqa: E402 - the same

PASSWORD = "climb-the-ladder"  # noqa: S105 - of a desk that lives for a minute
ROUNDS, LOOKS = 15, 9
FEW = 50
LENGTH, TITLE = 300, 6
VOCABULARY = 20_000
# Spoken languages have few words that are everywhere and very many that are rare (Zipf).
WORDS = [f"word{number}" for number in range(VOCABULARY)]
WEIGHTS = [1 / (rank + 10) for rank in range(VOCABULARY)]
SUBJECT = "word30 of our word700 store is word4000 since word2 and word900 says word12000"
BODY = "Good day, " + " ".join(f"word{number}" for number in range(5, 900, 9))


def figures(size: int) -> Iterator[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    cora, anna, number = _desk()
    pages = {
        "list": (cora, "/help/articles/"),
        "search, rare word": (cora, "/help/articles/?q=word12000"),
        "search, common word": (cora, "/help/articles/?q=word1"),
        "search, three words": (cora, "/help/articles/?q=word1+word30+word200"),
        "suggested while asking": (cora, f"/help/new/answers/?subject={SUBJECT.replace(' ', '+')}"),
        "one article": (cora, "/help/articles/article-1/"),
        "near a ticket": (anna, f"/tickets/{number}/articles/?part=near"),
        "searched beside a ticket": (anna, f"/tickets/{number}/articles/?q=word1+word30"),
    }
    _fill(range(1, FEW + 1))
    few = {name: _look(who, path)["queries"] for name, (who, path) in pages.items()}
    _fill(range(FEW + 1, size + 1))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    for name, (who, path) in pages.items():
        figure = _look(who, path)
        if figure["queries"] > few[name]:
            raise SystemExit(f"bench: {name} asks {figure['queries']} times, and asked {few[name]} times of few")
        yield {"figure": name, "articles": size, **figure}


def _desk() -> tuple[User, User, int]:
    now = clock.now()
    adam = User.objects.create_user("adam@bench.example", name="Adam Berg", role=Role.ADMIN, password=PASSWORD)
    anna = User.objects.create_user("anna@bench.example", name="Anna Lindqvist", role=Role.AGENT, password=PASSWORD)
    install(now, by=adam)
    Article.objects.update(current=None)
    company = Organisation.objects.create(name="Company", slug="company")
    cora = User.objects.create_user(
        "cora@bench.example", name="Cora Menezes", role=Role.CUSTOMER, organisation=company, password=PASSWORD
    )
    opened = open_ticket(subject=SUBJECT, body=BODY, requester=cora, now=now)
    return cora, anna, opened.number


def _fill(numbers: Sequence[int]) -> None:
    """In force, every second one for customers."""
    chance, now = Random(numbers[0]), clock.now()
    articles, versions = [], []
    for number in numbers:
        title = " ".join(chance.choices(WORDS, WEIGHTS, k=TITLE))
        body = " ".join(chance.choices(WORDS, WEIGHTS, k=LENGTH))
        if number == 1:
            # Whatever is asked for is there among few as well.
            body = f"{SUBJECT} word1 word200 {body}"
        made = Article(
            title=title,
            slug=f"article-{number}",
            updated_at=now,
            readers="everybody" if number % 2 else "colleagues",
            title_words=f" {document(title)} ",
            words=f" {document(title, body)} ",
        )
        articles.append(made)
        versions.append(ArticleVersion(article=made, number=1, title=title, body=body, written_at=now, approved_at=now))
    Article.objects.bulk_create(articles, batch_size=200)
    ArticleVersion.objects.bulk_create(versions, batch_size=200)
    for version in versions:
        version.article.current = version
    Article.objects.bulk_update([version.article for version in versions], ["current"], batch_size=200)
    Article.objects.update(reads=F("pk") % 100)
    ArticleWord.objects.bulk_create(
        [
            ArticleWord(article=article, word=word, in_title=f" {word} " in article.title_words)
            for article in articles
            for word in sorted(set(article.words.split()) - {BREAK})
        ],
        batch_size=5000,
    )


def _look(who: User, path: str) -> dict[str, Any]:
    browser = Client(headers={"host": "localhost", "hx-request": "true"} if "part=" in path else {"host": "localhost"})
    browser.post("/accounts/login/", {"login": who.email, "password": PASSWORD})
    browser.get(path)
    asked, size = _asked(browser, path)
    took, worked = [], []
    for _round in range(ROUNDS):
        began, idle = time.perf_counter(), time.process_time()
        browser.get(path)
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - idle)
    return {
        "ms": round(1000 * median(took), 1),
        "cpu_ms": round(1000 * median(worked), 1),
        "queries": len(asked),
        "in_database_ms": round(1000 * sum(asked), 1),
        "bytes": size,
    }


def _asked(browser: Client, path: str) -> tuple[list[float], int]:
    """The seconds of each query, and the bytes, of the look in the middle of those that asked least.

    What a process keeps for a second or less (the rail's figures, the desk's colours) is asked for now and then.
    """
    looks = []
    for _round in range(LOOKS):
        with CaptureQueriesContext(connection) as caught:
            answer = browser.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"bench: {path} answered {answer.status_code}")
        looks.append(([float(query["time"]) for query in caught], len(answer.content)))
    least = min(len(asked) for asked, _size in looks)
    alike = sorted((look for look in looks if len(look[0]) == least), key=lambda look: sum(look[0]))
    return alike[len(alike) // 2]
