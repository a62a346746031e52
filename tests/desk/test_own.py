"""The desk's own name and look: set by an administrator, seen by customers, refused where it cannot be read."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from common import identity
from common.models import ConfigurationChange, Identity, Picture
from notifications.models import Delivery
from notifications.rendering import render
from people.models import User
from tests.desk.helpers import get, signed_in, words

URL = "/settings/desk/"
GIVEN = {
    "name": "Aurora Help",
    "time_zone": "Europe/Lisbon",
    "language": "pt-br",
    "accent_light": "#0b6e4f",
    "accent_dark": "#6fd0a8",
}


def a_png(width: int = 64, height: int = 32) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/svg+xml")


def test_customers_see_the_name_the_logo_and_the_colours_where_they_sign_in_and_where_they_ask(adam, cora):
    answer = signed_in(adam).post(URL, {**GIVEN, "logo": a_png()})

    assert answer.status_code == 302
    for page in (Client().get(reverse("account_login")), get(cora, "portal:requests")):
        html = page.content.decode()
        assert "Aurora Help" in html
        style = re.search(r'href="(/look/\w+\.css)"', html)[1]
        logo = re.search(r'src="(/look/\w+/)"', html)[1]
        sheet = Client().get(style)
        assert "--e-accent:light-dark(#0b6e4f,#6fd0a8)" in sheet.content.decode()
        assert (sheet["Content-Type"], "immutable" in sheet["Cache-Control"]) == ("text/css; charset=utf-8", True)
        picture = Client().get(logo)
        assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/png", "nosniff")
        assert picture["Content-Security-Policy"] == "sandbox"


def test_a_name_of_two_lines_is_refused_by_every_door(adam):
    answer = signed_in(adam).post(URL, {**GIVEN, "name": "Aurora\nHelp"})

    assert answer.status_code == 422 and "one line without control characters" in words(answer)
    with pytest.raises(ValidationError):
        Identity(name="Aurora\x1bHelp").full_clean()


def test_a_letter_carries_the_name_the_logo_and_the_colour_of_links(adam):
    signed_in(adam).post(URL, {**GIVEN, "logo": a_png()})

    row = Delivery(template="message", context={"body": "Hi", "author": "Anna", "desk_name": identity.desk_name()})
    html = render(row).html

    assert "Aurora Help" in html and f"/look/{Identity.objects.get().logo}/" in html


def test_whoever_has_told_no_zone_and_no_language_has_those_of_the_desk(adam):
    signed_in(adam).post(URL, GIVEN)

    assert (User().time_zone, User().language) == ("Europe/Lisbon", "pt-br")


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"accent_light": "#ffd500"}, "accent_light", "The nearest that passes is"),
        ({"accent_dark": "#10206a"}, "accent_dark", "needs 4.5"),
        ({"accent_light": "red"}, "accent_light", "This is no colour"),
        ({"accent_light": "}a{b:c"}, "accent_light", "This is no colour"),
        ({"time_zone": "Europe/Nowhere"}, "time_zone", "There is no such zone"),
        ({"language": "tlh"}, "language", "Select a valid choice"),
        ({"name": ""}, "name", "This field is required"),
        ({"logo": SimpleUploadedFile("logo.png", b"<svg onload='alert(1)'/>")}, "logo", "SVG"),
        ({"logo": a_png(2000, 20)}, "logo", "2000 by 20 pixels"),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_sentence_and_nothing_is_kept(adam, wrong, field, said):
    answer = signed_in(adam).post(URL, {**GIVEN, **wrong})

    assert answer.status_code == 422
    [sentence] = answer.context["form"].errors[field]
    assert said in sentence
    assert not Identity.objects.exists() and not Picture.objects.exists()


def test_the_nearest_colour_is_one_press_away(adam):
    client = signed_in(adam)
    refused = client.post(URL, {**GIVEN, "accent_light": "#ffd500"})
    offer = refused.context["offers"]["light"]

    taken = client.post(URL, {**GIVEN, "accent_light": "#ffd500", "take_light": offer})

    assert f"Take {offer}" in words(refused)
    assert taken.status_code == 302 and Identity.objects.get().accent_light == offer


def test_what_is_as_delivered_is_kept_as_nothing_and_leaves_no_style_sheet(adam):
    page = get(adam, "desk:own").context["form"]

    signed_in(adam).post(URL, {name: page[name].value() for name in GIVEN})

    assert not identity.style_sheet(identity.current())
    assert "/look/" not in Client().get(reverse("account_login")).content.decode()


def test_a_change_is_on_record_and_can_be_taken_back_with_its_logo(adam):
    client = signed_in(adam)
    client.post(URL, {**GIVEN, "logo": a_png()})
    client.post(URL, {**GIVEN, "name": "Aurora", "no_logo": "on"})

    change = ConfigurationChange.objects.latest("pk")
    assert change.before.keys() == {"name", "logo"} and change.after["name"] == "Aurora"
    client.post(reverse("desk:change", args=[change.pk]), {"side": "before"})

    row = Identity.objects.get()
    assert row.name == "Aurora Help" and Picture.objects.filter(pk=row.logo).exists()


def test_another_process_that_has_not_heard_yet_gives_the_new_colours_and_knows_no_others(adam):
    signed_in(adam).post(URL, GIVEN)
    new = identity.style_digest(identity.current())
    identity.remember(Identity())

    fresh, old = Client().get(f"/look/{new}.css"), Client().get("/look/0123456789abcdef.css")

    assert "#0b6e4f" in fresh.content.decode() and "immutable" in fresh["Cache-Control"]
    assert old.status_code == 404


def test_a_picture_that_never_was_a_logo_is_nowhere(db):
    assert Client().get("/look/0123/").status_code == 404


def test_pages_do_not_ask_who_the_desk_is(adam, django_assert_num_queries):
    identity.current()

    with django_assert_num_queries(0):
        identity.look(), identity.desk_name(), identity.default_zone()


def test_a_desk_whose_database_is_away_keeps_its_name(adam, settings, monkeypatch):
    signed_in(adam).post(URL, GIVEN)
    identity.current()
    identity.forget()
    monkeypatch.setattr(Identity.objects, "first", _away)

    assert identity.desk_name() == "Aurora Help"


def _away():
    raise identity.DatabaseError
