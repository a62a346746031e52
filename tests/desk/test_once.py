"""What is drawn once reads as if it were drawn each time, and nobody's values stay in it."""

import pytest
from django.middleware.csrf import get_token
from django.template import RequestContext, TemplateSyntaxError, engines
from django.utils import translation

from desk.templatetags import desk_once

DOOR = """{% load i18n desk_once %}{% once done=done with number=number name=name %}
<form action="{% url 'desk:ticket_change' number 'status' %}" title="{{ name }}">{% csrf_token %}{{ secret }}
{% if done %}{% translate "Reopen" %}{% else %}{% translate "Solve" %}{% endif %} {"n": {{ number }}}</form>
{% endonce %}"""


@pytest.fixture
def draw(rf):
    """Each time for another request."""

    def make(template, **values):
        request = rf.get("/")
        return template.template.render(RequestContext(request, {"csrf_token": get_token(request), **values}))

    return make


def written(text):
    return engines["django"].from_string(text)


def test_values_are_put_in_and_what_decides_draws_anew(draw):
    door = written(DOOR)

    first = draw(door, done=False, number=184, name='<b>"Till"')
    second = draw(door, done=False, number=7, name="Ink {0} {name}")
    third = draw(door, done=True, number=184, name="")

    assert "/tickets/184/" in first
    assert 'title="&lt;b&gt;&quot;Till&quot;"' in first
    assert '{"n": 184}' in first
    assert "Solve" in first
    assert "/tickets/7/" in second
    assert 'title="Ink {0} {name}"' in second
    assert "184" not in second
    assert "Reopen" in third
    [node] = door.template.nodelist.get_nodes_by_type(desk_once.Once)
    assert len(node._kept) == 2


def test_the_token_is_that_of_the_request_and_nothing_else_gets_in(draw):
    door = written(DOOR)

    pages = [draw(door, done=False, number=1, name="", secret="Anna's own") for _ in range(2)]

    tokens = [page.split('value="')[1].split('"')[0] for page in pages]
    assert tokens[0] != tokens[1]
    assert "Anna's own" not in "".join(pages)


def test_each_language_has_its_own(draw):
    door = written("{% load i18n desk_once %}{% once %}{% translate 'Yes' %}{% endonce %}")

    found = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            found.append(draw(door))

    [node] = door.template.nodelist.get_nodes_by_type(desk_once.Once)
    assert len(node._kept) == 2
    assert found[0] == found[2]


def test_what_is_kept_is_bounded(draw, monkeypatch):
    monkeypatch.setattr(desk_once, "MOST_DRAWN", 3)
    door = written("{% load desk_once %}{% once name=name %}{{ name }}{% endonce %}")

    assert [draw(door, name=str(n)) for n in range(9)] == [str(n) for n in range(9)]

    [node] = door.template.nodelist.get_nodes_by_type(desk_once.Once)
    assert len(node._kept) <= 3


def test_equal_values_of_another_kind_and_records_are_told_apart(draw, anna):
    door = written("{% load desk_once %}{% once it=it %}{{ it }}{% endonce %}")

    assert [draw(door, it=it) for it in (1, True)] == ["1", "True"]
    with pytest.raises(TypeError, match="plain values"):
        draw(door, it=anna)


@pytest.mark.parametrize("wrong", ["once done", "once with", "once a=b or c=d"])
def test_a_tag_that_cannot_be_read_is_refused(wrong):
    with pytest.raises(TemplateSyntaxError):
        written("{% load desk_once %}{% " + wrong + " %}{% endonce %}")
