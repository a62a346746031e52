"""The order in which somebody has the saved views in his rail."""

import re

import pytest
from django.urls import reverse

from tests.desk.helpers import get, post, queries, signed_in, words
from tickets.arranging import arranged, hide_view, move_view
from tickets.models import SavedView, ViewPlace
from tickets.saved import delete_view, save_view

pytestmark = pytest.mark.each


@pytest.fixture
def views(anna, mona, payments):
    """Anna's own, her team's and everybody's, by name."""
    payments.members.add(anna)
    return [
        SavedView.objects.create(owner=anna, name="A mine"),
        SavedView.objects.create(owner=mona, name="B team", team=payments),
        SavedView.objects.create(owner=mona, name="C all", is_shared=True),
    ]


def rail_of(user) -> list[str]:
    return re.findall(r'<span class="t">(.*?)</span>', words(get(user, "desk:views")))


def test_each_has_his_own_order_and_what_is_new_stands_at_its_end(views, anna, mona):
    mine, team, shared = views
    assert rail_of(anna) == ["A mine", "B team", "C all"]

    for pk, to in ((shared.pk, "up"), (shared.pk, "up"), (mine.pk, "down"), (mine.pk, "down"), (shared.pk, "up")):
        post(anna, "desk:view_move", pk, to=to)
    SavedView.objects.create(owner=anna, name="0 new")

    assert rail_of(anna) == ["C all", "B team", "A mine", "0 new"]
    assert rail_of(mona) == ["B team", "C all"]
    delete_view(user=mona, pk=team.pk)
    assert rail_of(anna) == ["C all", "A mine", "0 new"]


def test_one_that_is_hidden_leaves_this_rail_alone_and_comes_back_where_it_stood(views, anna, mona):
    _mine, team, shared = views

    answer = post(anna, "desk:view_hide", team.pk, on="1")
    post(anna, "desk:view_move", shared.pk, to="up")

    page = words(get(anna, "desk:views_arrange"))
    assert answer["Location"] == f"{reverse('desk:views_arrange')}?moved={team.pk}&to=hide"
    assert rail_of(anna) == ["C all", "A mine"] and "B team" in rail_of(mona)
    assert "Not in your rail" in page and "Show B team in your rail" in page
    assert get(anna, "desk:inbox", saved=team.pk).context["asked"].saved == team
    post(anna, "desk:view_hide", team.pk, on="0")
    assert rail_of(anna) == ["C all", "B team", "A mine"]


def test_whoever_hides_all_of_them_still_finds_the_way_to_them(views, anna):
    for view in views:
        hide_view(user=anna, pk=view.pk, hidden=True)

    assert rail_of(anna) == [] and reverse("desk:views_arrange") in words(get(anna, "desk:views"))


def test_the_focus_stays_on_the_button_that_was_pressed(views, anna):
    shared = views[2]
    browser = signed_in(anna)

    page = words(browser.post(reverse("desk:view_move", args=[shared.pk]), {"to": "up"}, follow=True))

    assert re.search(r'value="up" autofocus aria-label="Move C all up"', page)
    top = words(browser.post(reverse("desk:view_move", args=[shared.pk]), {"to": "up"}, follow=True))
    assert re.search(r'value="up" disabled aria-label="Move C all up"', top)
    assert re.search(r'value="down" autofocus aria-label="Move C all down"', top)


def test_what_somebody_does_not_see_he_does_not_move_and_what_he_sees_no_more_loses_its_place(
    views, anna, rosa, payments
):
    mine, team, shared = views

    assert post(rosa, "desk:view_move", mine.pk, to="up").status_code == 404
    assert post(rosa, "desk:view_hide", mine.pk, on="1").status_code == 404
    assert not ViewPlace.objects.exists()
    move_view(user=anna, pk=team.pk, up=True)
    payments.members.remove(anna)
    move_view(user=anna, pk=shared.pk, up=True)
    payments.members.add(anna)
    assert [one.view for one in arranged(anna)] == [shared, mine, team]


def test_who_may_change_a_view_finds_the_way_beside_it(views, anna, mona):
    changes = {
        user: re.findall(r"Change: (.*?)<", words(get(user, "desk:views_arrange")).replace('<span class="vh">', ""))
        for user in (anna, mona)
    }

    assert changes == {anna: ["A mine"], mona: ["B team", "C all"]}


def test_the_page_costs_the_same_for_one_and_for_many_and_the_rail_one_figure_each(anna, mona, payments):
    payments.members.add(anna)
    browser, found = signed_in(anna), []
    for count in (1, 2, 47):
        for n in range(count):
            save_view(user=mona, name=f"{count} {n}", query="", team=payments)
        hide_view(user=anna, pk=SavedView.objects.latest("pk").pk, hidden=True)
        found.append(queries(browser, reverse("desk:views_arrange")))

    assert found[0] == found[1] == found[2]
