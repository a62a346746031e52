"""The settings of chats on websites."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import ConfigurationChange
from tests.desk.helpers import signed_in
from tests.factories.visits import make_widget
from visits.models import Widget

TERMS = {"name": "Shop", "corner": "end", "sites": "https://Shop.example/path https://*.shop.example"}


def save(adam, path: str = "new/", **terms: Any) -> Any:
    return signed_in(adam).post(f"/settings/widgets/{path}", {**TERMS, **terms})


def test_a_widget_is_off_until_it_is_switched_on_and_its_changes_are_told(adam):
    assert save(adam).status_code == 302

    widget = Widget.objects.get()
    assert (widget.is_enabled, widget.sites) == (False, ["https://shop.example", "https://*.shop.example"])
    save(adam, f"{widget.pk}/", is_enabled="on")
    assert ConfigurationChange.objects.latest("pk").after == {"is_enabled": True}


def test_a_new_one_begins_with_no_site_at_all(adam):
    assert signed_in(adam).get("/settings/widgets/new/").context["form"]["sites"].value() == ""


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"sites": "shop"}, "“shop” is no site"),
        ({"sites": "http://shop.example"}, "is no site"),
        ({"sites": "https://shop.example;"}, "is no site"),
        ({"sites": "https://x.example' *"}, "is no site"),
        ({"sites": "", "is_enabled": "on"}, "Name the sites"),
        ({"sites": " ".join(f"https://s{n}.example" for n in range(31))}, "is no site"),
        ({"languages": ["xx"]}, "xx"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_is_no_widget_is_refused_beside_its_field(adam, terms, sentence):
    answer = save(adam, **terms)

    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert not Widget.objects.exists()


def test_the_page_says_what_goes_into_the_site(adam):
    widget = make_widget()

    page = signed_in(adam).get(f"/settings/widgets/{widget.pk}/").content.decode()

    assert f"/help/chat/{widget.key}/widget.js&quot; async&gt;" in page
    assert "frame-src http://127.0.0.1:8000" in page


def test_one_in_use_is_seen_on_a_page_that_has_its_line_and_one_that_is_not_is_nowhere(adam):
    widget, off = make_widget(), make_widget(name="Off", is_enabled=False)
    browser = signed_in(adam)

    listed = browser.get("/settings/widgets/").content.decode()
    page = browser.get(f"/settings/widgets/{widget.pk}/look/")
    frame = browser.get(f"/help/chat/{widget.key}/")

    assert f"/settings/widgets/{widget.pk}/look/" in listed and f"/settings/widgets/{off.pk}/look/" not in listed
    assert f'<script src="/help/chat/{widget.key}/widget.js" async>' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert browser.get(f"/settings/widgets/{off.pk}/look/").status_code == 404


def test_one_that_is_taken_away_is_gone_and_told(adam):
    widget = make_widget()

    signed_in(adam).post(f"/settings/widgets/{widget.pk}/remove/")

    assert not Widget.objects.exists()
    assert ConfigurationChange.objects.latest("pk").after == {}


@pytest.mark.each
def test_a_list_of_many_asks_no_more_than_a_list_of_one(adam, payments):
    browser, asked = signed_in(adam), []
    for number in (1, 3, 50):
        while Widget.objects.count() < number:
            make_widget(name=f"Shop {Widget.objects.count()}", team=payments)
        with CaptureQueriesContext(connection) as counted:
            browser.get("/settings/widgets/")
        asked.append(len(counted))

    assert len(set(asked)) == 1
