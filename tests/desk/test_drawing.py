"""Fields are drawn as Django's own templates draw them, whatever they hold."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from desk.forms.drawing import Renderer

GRAVE = "<b>\"&'"
GROUPED = [("", "None"), ("Cards", [("1", gettext_lazy("Open")), (2, GRAVE)]), ("3", 1000)]
FIELDS = {
    "text": (forms.TextInput(), ["", None, "a", GRAVE, 0, 1234.5]),
    "number": (forms.NumberInput(attrs={"min": 1, "required": True, "disabled": False}), [None, 5, "x"]),
    "email": (forms.EmailInput(attrs={"class": "form-control"}), ["a@b.example"]),
    "url": (forms.URLInput(), ["https://a.example/?a=1&b=2"]),
    "hidden": (forms.HiddenInput(), ["1"]),
    "password": (forms.PasswordInput(), ["secret"]),
    "file": (forms.FileInput(attrs={"accept": "image/*"}), [None]),
    "date": (forms.DateInput(attrs={"type": "date"}), ["2026-11-18", None]),
    "time": (forms.TimeInput(), ["09:00"]),
    "area": (forms.Textarea(attrs={"rows": 3, "aria-label": GRAVE}), ["", None, "\nfirst\n", GRAVE]),
    "tick": (forms.CheckboxInput(), [True, False, None, "yes"]),
    "select": (forms.Select(choices=GROUPED), ["", "1", "2", 2, None, GRAVE]),
    "many": (forms.SelectMultiple(choices=GROUPED), [[], ["1", "3"]]),
    "radio": (forms.RadioSelect(choices=GROUPED, attrs={"class": "box"}), ["1", None]),
    "ticks": (forms.CheckboxSelectMultiple(choices=GROUPED), [["1", "2"], None]),
    "unknown": (forms.NullBooleanSelect(), [None, True]),
}


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("attrs", [None, {"id": "id_it"}, {"id": "id_it", "class": "x y", "data-a": GRAVE}])
def test_a_field_is_drawn_as_django_draws_it(kind, attrs):
    widget, values = FIELDS[kind]
    for value in values:
        theirs, ours = (widget.render("it", value, attrs, renderer()) for renderer in (DjangoTemplates, Renderer))

        assert parse_html(ours) == parse_html(theirs), value


def test_a_widget_with_a_template_of_its_own_is_rendered_by_it():
    widget = forms.ClearableFileInput()

    assert widget.render("it", None, None, Renderer()) == widget.render("it", None, None, DjangoTemplates())
