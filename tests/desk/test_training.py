"""What to read against the causes of escalations, and who has read it (R93)."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse

from common.errors import InvalidInput, Refused
from common.models import ConfigurationChange
from desk.looks.reports.frame import beside
from desk.personal_data.contents import fill
from escalation.models import Escalation, OwnCause, Training, TrainingDone
from escalation.services import training
from knowledge import services as knowledge
from knowledge import settling
from knowledge.actions import Draft
from knowledge.models import ArticleVersion
from people.erasing.actions import erase_person
from people.models import User
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.articles import make_article
from tests.factories.people import make_team, make_user

READ = {"version": "1"}


@pytest.fixture
def calm(adam, at):
    """An article against “load”."""
    make_article("calm", at, title="Stay calm", readers="colleagues")
    return training.link(user=adam, article="calm", cause="load")


@pytest.fixture
def overloaded(anna, escalate, open_ticket):
    """Escalations of tickets that were Anna's when she handed them over, with their cause."""

    def make(n=1, cause="load"):
        for _ in range(n):
            ticket = open_ticket()
            ticket.assignee = anna
            ticket.save(update_fields=["assignee"])
            made = escalate(ticket)
            Escalation.objects.filter(pk=made.pk).update(cause=cause)

    return make


def test_r93_what_came_from_ones_own_tickets_is_suggested_with_its_reason_until_it_is_read(calm, overloaded, anna):
    overloaded(3)
    shown = words(get(anna, "desk:training"))
    assert "For you" in shown
    assert "3 escalations with the cause “Too much load” came from your tickets." in shown

    said = post(anna, "desk:training_done", "calm", **READ)

    assert said["Location"] == reverse("desk:training")
    shown = words(get(anna, "desk:training"))
    assert "came from your tickets." not in shown and "I have read it" not in shown and "Stay calm" in shown
    post(anna, "desk:training_done", "calm", **READ)
    assert TrainingDone.objects.get().person == anna


def test_r93_a_newer_version_is_to_be_read_again_and_the_old_one_counts_no_more(calm, overloaded, anna, rosa, mona, at):
    overloaded()
    post(anna, "desk:training_done", "calm", **READ)
    knowledge.write(user=rosa, slug="calm", draft=Draft("Stay calm", "And breathe.", reason="More is known"), now=at)
    assert "came from your tickets." not in words(get(anna, "desk:training"))
    knowledge.approve(user=mona, slug="calm", number=2, now=at)

    refused = signed_in(anna).post(reverse("desk:training_done", args=["calm"]), READ, follow=True)

    assert "“Stay calm” has changed meanwhile: read it once more." in words(refused)
    assert "1 escalation with the cause “Too much load” came from your tickets." in words(refused)
    assert TrainingDone.objects.get().version.number == 1
    post(anna, "desk:training_done", "calm", version="2")
    assert TrainingDone.objects.count() == 2


def test_only_the_readers_own_escalations_of_the_last_ninety_days_suggest_something(calm, overloaded, rosa, anna, at):
    overloaded()
    assert "came from your tickets." not in words(get(rosa, "desk:training"))

    Escalation.objects.update(opened_at=at - timedelta(days=91))

    assert "came from your tickets." not in words(get(anna, "desk:training"))


def test_an_article_against_two_causes_is_suggested_once_and_the_more_frequent_first(calm, overloaded, adam, anna, at):
    make_article("codes", at, title="Bank codes")
    training.link(user=adam, article="codes", cause="product")
    training.link(user=adam, article="calm", cause="product")
    overloaded(1)
    overloaded(2, cause="product")

    suggested = get(anna, "desk:training").context["look"].suggested

    assert [one.article.slug for one in suggested] == ["codes", "calm"]
    assert len(suggested[1].whys) == 2


def test_who_answers_for_a_team_sees_who_of_it_has_read_and_an_agent_sees_herself_alone(
    calm, payments, anna, rosa, mona, adam
):
    make_team("Elsewhere", members=[make_user("Otto Other")])
    post(User.objects.get(name="Otto Other"), "desk:training_done", "calm", **READ)
    post(anna, "desk:training_done", "calm", **READ)

    hers, leads, managers, admins = (words(get(one, "desk:training")) for one in (anna, rosa, mona, adam))

    assert "have read it" not in hers and "has read it" not in hers and "Otto" not in hers
    for shown in (leads, managers):
        assert f"1 of {payments.members.count()} has read it: Anna Lindqvist" in shown and "Otto" not in shown
    assert "2 of 5 have read it: Anna Lindqvist, Otto Other" in admins


def test_whoever_sets_the_rules_links_an_article_and_takes_it_away_and_both_are_on_record(adam, anna, at):
    OwnCause.objects.create(key="weather", name="Storms")
    make_article("storm", at, title="In a storm")
    post(adam, "desk:training_new", article="storm", cause="weather")
    post(anna, "desk:training_done", "storm", **READ)
    OwnCause.objects.update(is_active=False)
    shown = words(get(adam, "desk:training"))
    assert "Storms" in shown and "In a storm" in shown

    answer = post(adam, "desk:training_remove", Training.objects.get().pk)

    assert answer["Location"] == reverse("desk:training")
    assert "No article is linked to a cause yet" in words(get(adam, "desk:training"))
    changes = ConfigurationChange.objects.filter(model="escalation.training").order_by("pk")
    assert [(one.by, one.after.get("cause")) for one in changes] == [(adam, "weather"), (adam, None)]
    assert TrainingDone.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"article": "calm", "cause": "load"}, "This article is linked to this cause already."),
        ({"article": "draft", "cause": "load"}, "Select a valid choice"),
        ({"article": "calm", "cause": "fate"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_linked_is_said(calm, adam, anna, at, given, sentence):
    knowledge.write(user=anna, slug="draft", draft=Draft("Draft", "Soon."), now=at)

    refused = post(adam, "desk:training_new", **given)

    assert refused.status_code == 422
    assert sentence in words(refused)
    assert Training.objects.count() == 1


@pytest.mark.parametrize("given", [{"article": "draft", "cause": "load"}, {"article": "calm", "cause": "fate"}])
def test_the_service_refuses_what_the_form_would_not_offer(calm, adam, mona, anna, at, given):
    knowledge.write(user=anna, slug="draft", draft=Draft("Draft", "Soon."), now=at)

    with pytest.raises(InvalidInput):
        training.link(user=adam, **given)
    with pytest.raises(Refused):
        training.link(user=mona, article="calm", cause="product")
    with pytest.raises(Refused):
        training.unlink(user=mona, pk=calm.pk)


@pytest.mark.parametrize("said", ["", "x", "9" * 30])
def test_no_version_that_is_none_is_recorded(calm, anna, said):
    assert post(anna, "desk:training_done", "calm", version=said).status_code == 302

    assert not TrainingDone.objects.exists()


def test_what_is_archived_or_linked_to_nothing_is_nobodys_training(calm, adam, anna, at):
    make_article("other", at)
    assert post(anna, "desk:training_done", "other", **READ).status_code == 404
    settling.archive(slug="calm", is_archived=True, by=adam, now=at)

    assert post(anna, "desk:training_done", "calm", **READ).status_code == 404
    assert "Stay calm" not in words(get(anna, "desk:training"))


@pytest.mark.each
def test_the_page_asks_as_often_for_one_as_for_fifty_and_is_paged(calm, overloaded, payments, mona, anna, at):
    overloaded()
    Escalation.objects.update(from_assignee=mona)
    browser, url = signed_in(mona), reverse("desk:training")
    browser.get(url)
    at_one = queries(browser, url)

    articles = [make_article(f"a-{n}", at, title=f"Article {n:02}") for n in range(50)]
    Training.objects.bulk_create(Training(article=one, cause="load") for one in articles)
    versions = ArticleVersion.objects.filter(article__in=articles)
    TrainingDone.objects.bulk_create(TrainingDone(person=anna, version=one, at=at) for one in versions)

    assert queries(browser, url) == at_one
    assert "Article 00" in words(browser.get(url)) and "Stay calm" in words(browser.get(url, {"page": "3"}))


def test_it_is_among_the_reports_and_the_procedures(calm, anna):
    assert f'href="{reverse("desk:training")}"' in words(get(anna, "desk:articles"))
    assert reverse("desk:training") in {way.url for way in beside(anna, "").more}


def test_what_somebody_has_read_is_in_what_is_held_of_him_and_goes_with_him(calm, anna, adam, at):
    post(anna, "desk:training_done", "calm", **READ)
    archive = BytesIO()
    list(fill(archive, anna))
    [told] = json.loads(zipfile.ZipFile(archive).read("trainings.json"))
    assert (told["article"], told["version"]) == ("calm", 1)
    User.objects.filter(pk=anna.pk).update(is_active=False)

    erase_person(by=adam, pk=anna.pk, typed=anna.email, now=at)

    assert not TrainingDone.objects.exists()
