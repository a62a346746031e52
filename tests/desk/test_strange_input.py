"""What no browser sends: whatever is in an address, a cookie or a form, the page is there or says what is wrong."""

import json

import pytest
from django.conf import settings
from django.urls import reverse

from knowledge.links import complaints
from tests.desk.helpers import post, signed_in, words
from tests.factories.articles import make_article
from tests.factories.people import make_team
from tickets.models import Ticket

pytestmark = pytest.mark.each
BRACKET = "http://["


@pytest.mark.parametrize(
    "path",
    [
        "/inbox/?team=%00",
        "/inbox/?q=%00&tag=a%%0000b",
        "/escalations/?q=%00&person=%00&team=a%00",
        "/reports/obligations/?step=%00",
        "/outbox/?q=%00&state=%00",
        "/settings/people/?q=%00",
        "/customers/?q=a%00",
    ],
)
def test_nul_in_an_address_is_left_out(adam, path):
    assert signed_in(adam).get(path).status_code == 200


def test_nul_in_the_path_leads_nowhere(client, db):
    assert client.get("/look/%00/").status_code == 404


@pytest.mark.parametrize("value", ['"a\\000b"', '"\\000"'])
def test_a_session_with_nul_is_one_that_is_not_there(client, db, value):
    answer = client.get("/inbox/", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={value}"})

    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_nul_in_a_form_is_left_out(anna, open_ticket):
    make_team("Risk")
    number = open_ticket().number

    for what, typed in {
        "assignee": {"assignee": "anna\x00@meridiano.example"},
        "status": {"verb": "wait", "status": "asked\x00 which store"},
        "team": {"team": "ri\x00sk"},
    }.items():
        assert post(anna, "desk:ticket_change", number, what, **typed).status_code == 302

    ticket = Ticket.objects.get()
    assert (ticket.team.slug, ticket.status) == ("risk", "waiting")
    assert ticket.events.filter(data__reason="asked which store").exists()


def test_an_article_is_judged_in_its_own_language_where_another_is_none(client, db, at):
    make_article("refunds", at)

    answer = client.post(reverse("portal:judge_article", args=["refunds"]), {"language": "e\x00n", "helped": "yes"})

    assert answer.status_code == 302


def test_a_link_of_an_article_that_is_none_is_nobodys_complaint(db, at):
    article = make_article("refunds", at, body="[There](http://[) and [here](/articles/nowhere/)")

    assert complaints(article, article.current.body) == ["It links to “nowhere”, which is not there or was archived."]


def test_an_address_that_is_none_leads_nowhere(client, anna, open_ticket):
    number = open_ticket().number
    signing = client.post("/accounts/login/", {"login": "x@x.example", "password": "x", "next": BRACKET})
    tagging = signed_in(anna).post(
        reverse("desk:ticket_change", args=[number, "tag"]), {"tag": "x"}, headers={"Referer": BRACKET}
    )

    assert signing.status_code == 200
    assert tagging["Location"] == reverse("desk:ticket", args=[number])


@pytest.mark.parametrize("subscription", ["[" * 100_000, json.dumps({"endpoint": "https://[", "keys": {}}), "\ud800"])
def test_a_browser_whose_subscription_is_none_is_told_so(anna, subscription):
    answer = post(anna, "desk:way_browser", subscription=subscription.encode("utf-8", "replace").decode())

    assert answer.status_code == 422 and "cannot be used" in words(answer)


@pytest.mark.parametrize("key", [str(2**63), "9" * 5000, "-1", "²"])
def test_a_row_that_no_table_holds_is_no_choice_on_either_database(adam, key):
    team = make_team("Risk")

    answer = post(adam, "desk:team_settings", team.slug, name="Risk", members=[key])

    assert answer.status_code == 422 and "is not a valid value" in words(answer)
