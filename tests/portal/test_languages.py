"""The reader chooses his language: on the page, without a sign-in too; what a mail asks is asked in the mail's."""

import pytest
from django.test import Client

from people.models import User
from surveys import links
from surveys.models import Campaign, Question


def choose(browser: Client, language: str, **where: str):
    return browser.post("/help/language/", {"language": language, **where})


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Help articles"), ("pt-br", "Artigos"), ("es", "Artículos"), ("ru", "Статьи")]
)
def test_a_visitor_reads_the_language_that_he_has_chosen(client, db, language, word):
    answer = choose(client, language, next="/help/articles/?q=x")

    assert answer["Location"] == "/help/articles/?q=x"
    page = client.get("/help/articles/", headers={"accept-language": "de"}).content.decode()
    assert f'<html lang="{language}"' in page and word in page
    assert page.count('aria-current="true"') == 2


def test_of_whoever_has_signed_in_it_is_kept_in_the_profile(client, cora):
    client.force_login(cora)

    choose(client, "ru")

    assert User.objects.get(pk=cora.pk).language == "ru"
    assert '<html lang="ru"' in client.get("/help/").content.decode()


@pytest.mark.parametrize("language", ["", "xx", "../en"])
def test_one_that_the_desk_does_not_speak_changes_nothing(client, cora, language):
    client.force_login(cora)

    answer = choose(client, language)

    assert answer.status_code == 404
    assert User.objects.get(pk=cora.pk).language == cora.language


def test_nobody_is_sent_to_another_site(client, db):
    assert choose(client, "es", next="https://evil.example/")["Location"] == "/help/articles/"


def test_what_a_mail_asks_is_asked_in_the_language_of_the_mail(client, cora, at):
    User.objects.filter(pk=cora.pk).update(language="es")
    campaign = Campaign.objects.create(name="Autumn", started_at=at)
    made = {"about": "campaign", "campaign": campaign, "dedupe_key": "x", "standing": "asked", "asked_at": at}
    question = Question.objects.create(person=cora, **made)
    path = links.url_of(question).partition("/help/")[2]

    page = client.get(f"/help/{path}", headers={"accept-language": "ru"}).content.decode()

    assert '<html lang="es"' in page and "nos recomiende" in page
