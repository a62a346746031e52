"""Fixed texts and addresses of templates are looked up once, and are what they would be if they were looked up anew."""

from django.template import Context, engines
from django.urls import NoReverseMatch
from django.utils import translation
from pytest import mark, raises


def drawn(template: str, language: str = "en", *, autoescape: bool = True, **values: object) -> str:
    with translation.override(language):
        source = engines["django"].from_string("{% load i18n %}" + template).template
        return source.render(Context(values, autoescape=autoescape))


def test_a_text_is_in_the_language_of_each_reader():
    page = engines["django"].from_string("{% load i18n %}{% translate 'Inbox' %}{% translate 'Inbox' as t %}:{{ t }}")

    seen = []
    for language in ("en", "pt-br", "en", "es"):
        with translation.override(language):
            seen.append(page.render({}))

    assert seen[0] == seen[2] == "Inbox:Inbox"
    assert len(set(seen)) == 3
    assert all(one.partition(":")[0] == one.partition(":")[2] for one in seen)


def test_a_text_of_another_meaning_is_another_one():
    both = "{% translate 'Close' context 'button' %}/{% translate 'Close' %}"

    with translation.override("pt-br"):
        button, verb = translation.pgettext("button", "Close"), translation.gettext("Close")

    assert drawn(both, "pt-br") == f"{button}/{verb}"


def test_a_text_that_a_value_gives_is_looked_up_each_time():
    assert [drawn("{% translate word %}", "pt-br", word=word) for word in ("Inbox", "<b>")] == [
        drawn("{% translate 'Inbox' %}", "pt-br"),
        "&lt;b&gt;",
    ]


@mark.parametrize("autoescape", [True, False])
def test_all_signs_and_quotes_are_as_ever(autoescape):
    assert drawn("{% translate '100 % & more' %}", autoescape=autoescape) == "100 % & more"


def test_an_address_is_that_of_its_record():
    each = "{% url 'desk:ticket' n %}"

    assert drawn(each, n=1) == "/tickets/1/"
    assert drawn(each, n="1") == "/tickets/1/"
    assert drawn(each, n=2) == "/tickets/2/"
    assert drawn("{% url 'desk:ticket' n as there %}[{{ there }}]", n=7) == "[/tickets/7/]"
    assert drawn("{% url 'desk:ticket' number=n %}", n=7) == "/tickets/7/"


def test_an_address_that_is_none_is_refused_unless_it_is_kept():
    with raises(NoReverseMatch):
        drawn("{% url 'desk:ticket' n %}", n="none")

    assert drawn("{% url 'desk:ticket' n as there %}[{{ there }}]", n="none") == "[]"
