"""Training by programs (R93)."""

import pytest

from escalation.models import Training, TrainingDone
from escalation.services import training
from people.enums import Role
from tests.factories.articles import make_article
from tests.factories.people import make_user


@pytest.fixture
def stella(db):
    return make_user("Stella Steward", Role.STEWARD)


@pytest.fixture
def calm(stella, at):
    make_article("calm", at, title="Stay calm")
    return training.link(user=stella, article="calm", cause="load")


def test_r93_a_program_links_an_article_lists_reads_and_takes_it_away(calling, stella, anna, at):
    make_article("calm", at, title="Stay calm")

    made = calling(stella).post("trainings/", {"article": "calm", "cause": "load"})

    assert made.status_code == 201
    told = {"article": "calm", "title": "Stay calm", "version": 1, "cause": "load", "read_at": None, "suggestion": None}
    assert made.json() == {"id": Training.objects.get().pk, **told}
    read = [calling(anna).post("trainings/calm/done/", {"version": 1}).json()["results"][0] for _ in range(2)]
    assert read[0]["read_at"] is not None and read[0] == read[1]
    assert calling(anna).get("trainings/?cause=load").json()["results"] == [read[0]]
    assert calling(stella).get("trainings/").json()["results"] == [made.json()]
    assert calling(anna).get("trainings/?cause=product").json()["results"] == []
    assert calling(stella).call("DELETE", f"trainings/{made.json()['id']}/").json() == made.json()
    assert not Training.objects.exists() and TrainingDone.objects.get().person == anna


def test_r93_a_program_finds_what_is_suggested_takes_it_up_or_declines_it_with_a_reason(calling, stella, anna, at):
    make_article("calm", at, title="Stay calm")
    given = {"title": "Calm", "why": "They shout", "about": "training"}
    first, second = (calling(stella).post("recommendations/", given).json()["id"] for _ in range(2))
    calling(stella).post("recommendations/", {**given, "about": "process"})
    asked = "recommendations/?about=training&state=open"
    assert [one["id"] for one in calling(anna).get(asked).json()["results"]] == [second, first]

    taken = calling(stella).post("trainings/", {"article": "calm", "cause": "load", "suggestion": first})
    declined = calling(stella).post(
        f"recommendations/{second}/settle/", {"state": "declined", "reason": "Once is enough"}
    )

    assert (taken.status_code, taken.json()["suggestion"]) == (201, first)
    assert (declined.json()["state"], declined.json()["settled_why"]) == ("declined", "Once is enough")
    assert calling(anna).get(asked).json()["results"] == []
    again = calling(stella).post("trainings/", {"article": "calm", "cause": "product", "suggestion": first})
    assert again.status_code == 409 and Training.objects.count() == 1
    nowhere = calling(stella).post("trainings/", {"article": "calm", "cause": "product", "suggestion": 999_998})
    assert nowhere.status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"article": "calm", "cause": "fate"}, "cause"),
        ({"article": "none", "cause": "load"}, "article"),
        ({"article": "calm"}, "cause"),
    ],
)
def test_a_wrong_link_names_its_field_and_stores_nothing(calling, calm, stella, given, field):
    refused = calling(stella).post("trainings/", given)

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert Training.objects.count() == 1


def test_a_version_that_does_not_hold_is_refused(calling, calm, anna):
    assert calling(anna).post("trainings/calm/done/", {"version": 2}).status_code == 409
    assert not TrainingDone.objects.exists()


@pytest.mark.once
def test_the_list_asks_as_often_for_fifty_as_for_one(calling, calm, anna, at, django_assert_max_num_queries):
    anna_calls = calling(anna)
    anna_calls.get("trainings/")
    with django_assert_max_num_queries(60) as one:
        anna_calls.get("trainings/")
    articles = [make_article(f"a-{n}", at) for n in range(50)]
    Training.objects.bulk_create(Training(article=article, cause="load") for article in articles)

    with django_assert_max_num_queries(len(one)):
        assert len(anna_calls.get("trainings/?limit=50").json()["results"]) == 50
