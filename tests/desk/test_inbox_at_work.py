"""What is done from the inbox: many at once, rows that follow, a glance, why, the read-back, the palette."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from tests.desk.helpers import fragment, get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets.models import BulkAct, CustomField, Ticket
from tickets.saved import save_view

pytestmark = pytest.mark.each


def test_a_plain_form_changes_many_and_the_page_says_what_was_done_with_its_undo(open_ticket, anna, at):
    chosen = [open_ticket().number, open_ticket().number]
    solved = open_ticket()
    tickets.change_status(ticket=solved, verb="solve", now=at, by=anna)

    answer = post(
        anna, "desk:bulk", ticket=[*chosen, solved.number], deed="status", status="wait", next="/inbox/?view=do-next"
    )

    act = BulkAct.objects.get()
    assert answer["Location"] == f"/inbox/?view=do-next&act={act.pk}"
    page = words(signed_in(anna).get(answer["Location"]))
    assert "“Wait for the customer”: 2 tickets changed. 1 refused." in page
    assert f">#{solved.number}</a>: This cannot be done while the ticket is Solved." in page
    assert f'action="/inbox/bulk/{act.pk}/undo/"' in page

    back = post(anna, "desk:bulk_undo", act.pk, next=answer["Location"])
    assert back["Location"] == answer["Location"]
    page = words(signed_in(anna).get(back["Location"]))
    assert "Taken back: 2 tickets." in page
    assert 'data-key="z"' not in page
    assert set(Ticket.objects.filter(pk__in=chosen).values_list("status", flat=True)) == {"new"}


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example/", "999", "desk:alerts"])
def test_nothing_chosen_is_said_on_the_page_one_comes_back_to(anna, wanted):
    client = signed_in(anna)

    answer = client.post(reverse("desk:bulk"), {"deed": "tag", "tag": "x", "next": wanted})

    assert answer["Location"] == "/inbox/"
    assert "Choose tickets first." in words(client.get("/inbox/"))


@pytest.mark.parametrize(
    ("deed", "value", "said"),
    [
        ("assignee", "anna@meridiano.example", "1 ticket assigned to Anna Lindqvist."),
        ("team", "payments", "1 ticket moved to Payments."),
        ("status", "solve", "“Solve”: 1 ticket changed."),
        ("priority", "high", "1 ticket has the priority High now."),
        ("tag", "late", "1 ticket tagged “late”."),
        ("untag", "late", "Tag “late” taken off 1 ticket."),
        ("merge", "12", "1 ticket merged into #12."),
    ],
)
def test_what_was_done_is_said_with_its_object(payments, anna, at, deed, value, said):
    act = BulkAct.objects.create(author=anna, at=at, deed=deed, value=value, steps=[[1, "", ""]])

    assert said in words(get(anna, "desk:inbox", act=act.pk))


def test_anothers_act_is_not_told(open_ticket, anna, rosa, at):
    act = BulkAct.objects.create(author=rosa, at=at, deed="tag", value="secret", steps=[])

    assert "secret" not in words(get(anna, "desk:inbox", act=act.pk))
    assert "secret" in words(get(rosa, "desk:inbox", act=act.pk))
    assert get(anna, "desk:inbox", act="x").status_code == 200


def test_rows_are_fetched_again_one_by_one_with_the_place_they_have_by_now(policy, open_ticket, anna, at):
    stays, goes, other = (open_ticket(subject=name) for name in ("stays", "goes", "other"))
    before = get(anna, "desk:inbox", view="do-next")
    places = {row.number: row.place for group in before.context["look"].groups for row in group.rows}
    tickets.set_attention(ticket=other, severity=1)
    tickets.change_status(ticket=goes, verb="solve", now=at, by=anna)

    again = fragment(
        anna, "desk:inbox_rows", view="do-next", n=[stays.number, goes.number, other.number], seen=at.isoformat()
    )

    rows = {row.number: row.place for row in again.context["rows"]}
    assert set(rows) == {stays.number, other.number}
    assert rows[stays.number] == places[stays.number]
    assert rows[other.number] < places[stays.number]
    assert f'data-place="{rows[other.number]}"' in words(again)


def test_rows_of_a_foreign_restricted_team_are_not_fetched(open_ticket, anna):
    secret = open_ticket(subject="secret", team=make_team("Fraud", restricted=True))

    again = fragment(anna, "desk:inbox_rows", n=[secret.number, "x", 10**30], seen="x")

    assert again.status_code == 200
    assert again.context["rows"] == []


def test_a_row_says_why_it_stands_there(policy, open_ticket, anna, at):
    late = open_ticket(now=at - timedelta(hours=7))
    tickets.set_attention(ticket=late, severity=2)

    assert "Past due: 1h 00m over, First reply 09:00; severity 2" in words(get(anna, "desk:inbox"))


def test_a_glance_shows_what_was_said_last_and_reads_nothing(open_ticket, anna, at):
    ticket = open_ticket(body="<b>Since</b> yesterday")
    tickets.note(ticket=ticket, author=anna, body="A word among us", now=at)

    page = words(fragment(anna, "desk:peek", ticket.number))

    assert "&lt;b&gt;Since&lt;/b&gt; yesterday" in page
    assert page.index("yesterday") < page.index("A word among us")
    assert "Internal note" in page
    assert 'class="dlg-x"' in page


def test_next_in_line_opens_the_first_that_waits_for_me(policy, open_ticket, anna, terminals, at):
    assert get(anna, "desk:next_in_line")["Location"] == "/inbox/?view=do-next"
    open_ticket(team=terminals, now=at - timedelta(hours=9))
    open_ticket()
    urgent = open_ticket(now=at - timedelta(hours=2))

    found = urlsplit(get(anna, "desk:next_in_line")["Location"])
    assert found.path == f"/tickets/{urgent.number}/"
    assert parse_qs(found.query)["view"] == ["do-next"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", ""),
        (
            "is:open team:payments due:<1d -tag:duplicate",
            "open, of Payments, due within one day, without tag “duplicate”",
        ),
        ("status:waiting,on_hold assignee:me", "in status Waiting on customer or On hold, owned by you"),
        ("priority:>=high -team:payments", "priority at least High, not of Payments"),
        ('"exact words" payout', "with the words “exact words”, with the words “payout”"),
        ("created:>2026-10-01 paid_on:none", "created after 2026-10-01, Day of the payment none"),
        ("created:>7d -updated:<=1h", "created more than 7 days ago, not updated at most one hour ago"),
        ("paid_on:<=2026-10-01", "Day of the payment by 2026-10-01"),
    ],
)
def test_the_search_is_read_back_in_words(payments, anna, query, sentence):
    CustomField.objects.create(key="paid_on", label="Day of the payment", type="date")

    page = get(anna, "desk:inbox", q=query)

    assert page.context["readback"] == (f"Tickets: {sentence}." if sentence else "")
    assert page.context["readback"] in words(page)


def test_a_row_that_was_found_by_its_words_shows_where_they_stand(open_ticket, anna, at):
    ticket = open_ticket(subject="Nothing comes in")
    tickets.note(ticket=ticket, author=anna, body="The <b>bank</b> says noon.", now=at)
    tickets.note(ticket=ticket, author=anna, body="Cora was told.", now=at)

    page = words(get(anna, "desk:inbox", q="bank"))

    assert "Anna Lindqvist: The &lt;b&gt;<mark>bank</mark>&lt;/b&gt; says noon." in page
    assert "Cora was told." not in page
    assert "Anna Lindqvist: Cora was told." in words(get(anna, "desk:inbox"))


def test_a_subject_of_signs_that_hold_a_place_is_a_subject_like_any_other(open_ticket, anna):
    subject = "Hello \ue000said\ue001 {} {0}"
    open_ticket(subject=subject)

    assert subject in words(get(anna, "desk:inbox"))


def test_the_palette_finds_tickets_people_and_places(open_ticket, anna, rosa, cora, payments):
    ticket = open_ticket(subject="Payouts are stuck")
    save_view(user=anna, name="Payout trouble", query="payouts")

    def told(text):
        return words(fragment(anna, "desk:jump", q=text))

    assert f'href="/tickets/{ticket.number}/"' in told("payouts")
    assert f'href="/tickets/{ticket.number}/"' in told("payo")
    assert "Payout trouble" in told("payout")
    assert f'href="/tickets/{ticket.number}/"' in told(f"#{ticket.number}")
    assert f'href="/customers/people/{cora.pk}/"' in told("cora")
    assert f'href="/customers/{cora.organisation.pk}/"' in told("livraria")
    assert "assignee%3Arosa%40meridiano.example" in told("Rosa")
    assert 'href="/inbox/?team=payments"' in told("payments")
    assert 'href="/escalations/"' in told("escal")
    assert 'href="/trash/"' in told("trash")
    assert 'data-press=".me-b button[value=dark]"' in told("dark")
    assert "Nothing is called so." in told("zzzz")
    assert "Inbox" in told("colour:blue") or "Nothing" in told("colour:blue")


def test_the_palette_keeps_secrets_and_is_a_page_without_script(open_ticket, anna):
    open_ticket(subject="Hidden treasure", team=make_team("Fraud", restricted=True))

    page = words(get(anna, "desk:jump", q="treasure"))
    assert "Hidden" not in page
    assert "<html" in page
    assert 'role="option"' not in page
    assert 'href="/inbox/?team=fraud"' not in words(get(anna, "desk:jump", q="fraud"))


def test_the_palette_leads_to_the_settings_that_one_may_change_and_to_no_others(anna, adam):
    assert 'href="/settings/routing/"' in words(fragment(adam, "desk:jump", q="routing rules"))
    assert "/settings/" not in words(fragment(anna, "desk:jump", q="routing rules"))


def test_the_palette_offers_the_whole_search_where_more_are_found_than_it_shows(open_ticket, anna):
    for _number in range(7):
        open_ticket(subject="Payouts are stuck")

    assert 'href="/inbox/?q=payouts"' in words(fragment(anna, "desk:jump", q="payouts"))


@pytest.mark.once
def test_the_palette_costs_the_same_however_much_it_finds(open_ticket, anna):
    client, url, counted = signed_in(anna), reverse("desk:jump") + "?q=stuck", []

    for more in (1, 2, 22):
        for number in range(more):
            make_user(f"Stuck {more}{number}", "customer", email=f"s{more}.{number}@x.example")
            open_ticket()
        counted.append(queries(client, url))

    assert len(set(counted)) == 1
