import pytest
from django.urls import reverse

from common.errors import InvalidInput, NotFound, Refused
from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words
from tests.desk.test_inbox import subjects
from tests.factories.people import make_team
from tickets import labelling
from tickets.models import CustomField, SavedView, Ticket
from tickets.saved import access_view, save_view, visible_views

pytestmark = pytest.mark.each


def saved(user, **fields):
    return save_view(user=user, **{"name": "Mine", "query": "tag:vip", **fields})


def test_the_search_at_hand_becomes_a_view_with_its_own_order_and_columns(open_ticket, anna, payments, at):
    labelling.add_tag(ticket=open_ticket(subject="old"), name="vip", now=at, by=anna)
    labelling.add_tag(ticket=open_ticket(subject="new"), name="vip", now=at, by=anna)
    open_ticket(subject="other")
    form = words(get(anna, "desk:view_new", q="tag:vip", team="payments", order="newest"))
    assert 'value="team:payments tag:vip"' in form

    answer = post(
        anna,
        "desk:view_new",
        name="VIPs",
        query="team:payments tag:vip",
        order="newest",
        columns=["tags", "team"],
        audience="me",
        base="",
    )

    view = SavedView.objects.get()
    assert answer["Location"] == f"/inbox/?saved={view.pk}"
    page = get(anna, "desk:inbox", saved=view.pk)
    assert subjects(page) == ["new", "old"]
    assert "<h1>VIPs</h1>" in words(page)
    assert '<span class="tag">vip</span>' in words(page)
    assert "<span>Payments</span>" in words(page)
    assert "Livraria Aurora" not in words(page)
    assert "First reply" not in words(page).replace("First reply ", "")


def test_a_view_shows_fields_of_the_desks_own_in_as_many_queries_for_one_row_as_for_many(open_ticket, anna):
    CustomField.objects.create(key="paid_on", label="Paid on", type="date")
    CustomField.objects.create(key="amount", label="Amount", type="number")
    browser, found = signed_in(anna), []
    assert "Paid on" in words(get(anna, "desk:view_new"))
    view = saved(anna, query="", columns=["fields.paid_on", "owner", "fields.other"])
    for count in (1, 3):
        for _ in range(count):
            Ticket.objects.filter(pk=open_ticket().pk).update(fields={"paid_on": "2026-10-02", "amount": 5})
        found.append(queries(browser, f"/inbox/?saved={view.pk}"))

    page = words(get(anna, "desk:inbox", saved=view.pk))
    assert view.columns == ["owner", "fields.paid_on"]
    assert "<span>Paid on: 2 Oct 2026</span>" in page and "Amount" not in page
    assert found[0] == found[1]


def test_what_the_address_says_goes_before_what_the_view_says(open_ticket, anna):
    open_ticket(subject="other")
    view = saved(anna)

    assert subjects(get(anna, "desk:inbox", saved=view.pk)) == []
    page = get(anna, "desk:inbox", saved=view.pk, q="")
    assert subjects(page) == ["other"]
    assert f'data-list-url="/inbox/?saved={view.pk}&q="' in words(page)


def test_a_view_out_of_one_of_the_desks_own_narrows_it(open_ticket, anna):
    open_ticket(subject="urgent", priority="urgent")
    open_ticket(subject="normal")

    view = saved(anna, base="urgent-unowned", query="")

    assert subjects(get(anna, "desk:inbox", saved=view.pk)) == ["urgent"]


def test_a_view_is_its_owners_its_teams_or_everybodys(anna, rosa, mona, adam, cora, payments):
    own, team, shared = saved(anna), saved(rosa, team=payments), saved(mona, for_all=True)
    stranger = make_team("Cards", members=[])

    assert set(visible_views(anna)) == {own, team, shared}
    assert set(visible_views(adam)) == {shared}
    assert set(visible_views(cora)) == set()
    with pytest.raises(NotFound):
        access_view(rosa, own.pk)
    with pytest.raises(Refused):
        access_view(anna, shared.pk, to_change=True)
    assert access_view(rosa, team.pk, to_change=True) == team
    with pytest.raises(Refused):
        saved(anna, for_all=True)
    with pytest.raises(Refused):
        saved(anna, team=stranger)
    assert saved(mona, team=stranger).team == stranger


def test_a_search_that_means_nothing_is_not_saved_and_nothing_is_lost(anna):
    answer = post(anna, "desk:view_new", name="Blue", query="colour:blue", audience="me")

    assert answer.status_code == 422
    assert 'value="colour:blue"' in words(answer)
    assert "colour" in str(answer.context["form"].errors["query"])
    with pytest.raises(InvalidInput):
        saved(anna, query='"')


def test_enter_in_a_field_saves_the_view_and_deletes_it_not(anna):
    page = words(get(anna, "desk:view", saved(anna).pk))

    # The first button is the one that Enter presses.
    assert page.index("Save the view") < page.index("/delete/")


def test_a_view_is_renamed_and_deleted(anna, rosa):
    view = saved(anna)

    post(anna, "desk:view", view.pk, name="Ours", query="tag:vip", columns=["next"], audience="me")
    view.refresh_from_db()
    assert (view.name, view.columns) == ("Ours", ["next"])

    assert NOWHERE in words(post(rosa, "desk:view_delete", view.pk))
    post(anna, "desk:view_delete", view.pk)
    assert not SavedView.objects.exists()


def test_the_rail_fetches_the_views_after_the_page_with_figures_that_stop(open_ticket, anna, monkeypatch, at):
    monkeypatch.setattr("tickets.tally.MOST", 1)
    monkeypatch.setattr("desk.templatetags.desk_look.MOST", 1)
    for _number in range(3):
        labelling.add_tag(ticket=open_ticket(), name="vip", now=at, by=anna)
    assert not words(fragment(anna, "desk:views")).strip()  # Nothing that would ask again at each change.
    view = saved(anna)
    SavedView.objects.create(owner=anna, name="Broken meanwhile", query="colour:blue")

    assert f'hx-get="{reverse("desk:views")}?active=inbox"' in words(get(anna, "desk:inbox"))
    lines = words(fragment(anna, "desk:views", active=f"saved:{view.pk}"))

    assert "1+" in lines
    assert 'hx-trigger="escala:tickets from:body' in lines
    assert 'aria-current="page"' in lines
    assert "Broken meanwhile" in lines


def test_a_deleted_view_is_the_plain_inbox_which_says_so(open_ticket, anna):
    open_ticket(subject="here")

    for pk in ("987", "x", "9" * 30):
        page = signed_in(anna).get("/inbox/", {"saved": pk})
        assert subjects(page) == ["here"]
        assert "This saved view was deleted, or you do not have it any more." in words(page)
    assert "This saved view was deleted" not in words(get(anna, "desk:inbox", saved=saved(anna, query="").pk))
