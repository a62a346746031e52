"""One question to many customers, each asked once; what it brought is counted (Net Promoter Score)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.models import ConfigurationChange
from notifications.models import Delivery
from people.enums import Role
from surveys import asking, campaigns, figures, links
from surveys.models import Campaign, Question
from tests.desk.helpers import words
from tests.factories.people import make_organisation, make_user


def customers(many: int, organisation=None) -> list:
    return [
        make_user(f"Customer {n}", Role.CUSTOMER, email=f"c{n}@shop.example", organisation=organisation)
        for n in range(many)
    ]


def answered(scores: list[int]) -> Campaign:
    """A campaign whose customers have said so much each."""
    campaign = Campaign.objects.create(name="Autumn", started_at="2026-11-18T10:00Z")
    for person, score in zip(customers(len(scores)), scores, strict=True):
        Question.objects.create(
            person=person, about="campaign", campaign=campaign, dedupe_key=f"campaign:{campaign.pk}:{person.pk}",
            standing="answered", asked_at="2026-11-18T10:00Z", answered_at="2026-11-18T11:00Z", score=score,
        )  # fmt: skip
    return campaign


def test_each_customer_is_asked_once_however_often_a_round_dies(db, adam, at, monkeypatch):
    people = customers(5)
    monkeypatch.setattr(campaigns, "BATCH", 2)
    campaigns.start(by=adam, name="Autumn", lowest_tier="", now=at)

    asked = [asking.run() for _ in range(6)]

    assert sum(asked) == 5
    assert sorted(Delivery.objects.values_list("address", flat=True)) == sorted(one.email for one in people)


def test_a_campaign_that_fails_stops_no_other_and_no_question(db, adam, at, monkeypatch):
    customers(1)
    first, second = (campaigns.start(by=adam, name=name, lowest_tier="", now=at) for name in ("First", "Second"))
    real = campaigns._next_batch

    def broken(pk, now):
        if pk == first.pk:
            raise ValueError
        real(pk, now)

    monkeypatch.setattr(campaigns, "_next_batch", broken)

    assert asking.run() == 1

    assert Question.objects.get().campaign == second


def test_only_those_of_the_tier_are_asked(db, adam, at):
    small = make_user(
        "Small", Role.CUSTOMER, email="s@shop.example", organisation=make_organisation("Small", tier="standard")
    )
    large = make_user(
        "Large", Role.CUSTOMER, email="l@bank.example", organisation=make_organisation("Bank", tier="enterprise")
    )
    campaigns.start(by=adam, name="Autumn", lowest_tier="business", now=at)

    asking.run()

    assert set(Question.objects.values_list("person", flat=True)) == {large.pk}
    assert small.is_active


def test_one_that_ends_asks_nobody_more(db, adam, at):
    customers(3)
    campaign = campaigns.start(by=adam, name="Autumn", lowest_tier="", now=at)
    campaigns.end(by=adam, pk=campaign.pk, now=at)

    assert asking.run() == 0
    assert ConfigurationChange.objects.filter(subject__contains="Autumn").count() == 2


def test_an_answer_from_0_to_10_is_taken(db, adam, cora, at):
    campaigns.start(by=adam, name="Autumn", lowest_tier="", now=at)
    asking.run()
    address = "/" + links.url_of(Question.objects.get()).split("/", 3)[3]

    assert Client().post(address, {"score": "11"}).status_code == 422
    answer = Client().post(address, {"score": "0", "words": "Never answered."})

    assert "Thank you" in words(answer)
    assert (Question.objects.get().score, Question.objects.get().words) == (0, "Never answered.")


@pytest.mark.parametrize(("scores", "nps"), [([], None), ([10], 100), ([9, 8, 7, 6], 0), ([0, 6, 10], -33)])
def test_the_score_is_the_share_of_promoters_less_that_of_detractors(db, scores, nps):
    campaign = answered(scores)

    result = figures.results([campaign])[campaign.pk]

    assert (result.answered, result.score) == (len(scores), nps)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_list_asks_as_often_for_many_campaigns_as_for_one(db, client, adam, at, many):
    for n in range(many):
        Campaign.objects.create(name=f"No. {n}", started_at=at)
    client.force_login(adam)

    with CaptureQueriesContext(connection) as seen:
        page = client.get("/settings/surveys/")

    assert page.status_code == 200
    assert sum("surveys_" in query["sql"] for query in seen) == 5


def test_an_administrator_starts_reads_and_ends_one(client, adam, cora):
    client.force_login(adam)
    client.post(
        "/settings/surveys/", {"by_mail": "on", "after_minutes": "5", "after_escalations": "on", "quiet_days": "7"}
    )

    begun = client.post("/settings/surveys/new/", {"name": "Autumn", "lowest_tier": ""}, follow=True)
    again = client.post("/settings/surveys/new/", {"name": "Autumn", "lowest_tier": ""})
    ended = client.post(f"/settings/surveys/{Campaign.objects.get().pk}/end/", follow=True)

    assert "has begun" in words(begun)
    assert again.status_code == 422
    assert "has ended" in words(ended)
    assert "no answer yet" in words(ended)


def test_terms_out_of_range_are_refused_and_nothing_is_kept(client, adam):
    client.force_login(adam)

    answer = client.post("/settings/surveys/", {"after_minutes": "-1", "quiet_days": "9999"})

    assert answer.status_code == 422
    assert not Question.objects.exists()
    assert "less than or equal to 365" in words(answer)
