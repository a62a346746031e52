"""A field that wants a ticket finds it by words or number, among what the reader may see."""

import pytest
from django.urls import reverse

from tests.desk.helpers import NOWHERE, get, post, queries, signed_in, words
from tests.factories.people import make_organisation, make_team, make_user
from tickets import services
from tickets.models import Merge

pytestmark = pytest.mark.each


@pytest.fixture
def here(open_ticket):
    """The ticket that another is chosen for."""
    return open_ticket(subject="Payouts are stuck since Monday")


def offered(response) -> list[str]:
    """The values that the options put into the field, in their order."""
    return [part.split('"')[0] for part in words(response).split('data-value="')[1:]]


def test_without_words_the_likely_ones_of_the_same_customer_come_first(here, open_ticket, anna, cora, stan, at):
    alike = open_ticket(subject="Stuck payouts")
    colleague = make_user("Bea", "customer", organisation=cora.organisation)
    house = open_ticket(subject="Payouts are stuck", requester=colleague)
    solved = open_ticket(subject="Payouts are stuck since Monday")
    services.change_status(user=anna, number=solved.number, verb="solve", now=at)
    other = open_ticket(subject="Terminal broken")
    open_ticket(subject="Payouts are stuck since Monday", requester=stan)

    answer = get(anna, "desk:ticket_find", near=here.number)

    assert offered(answer) == [f"#{one.number} {one.subject}" for one in (house, alike, other, solved)]
    assert "Bea · New · same customer" in words(answer)


def test_words_find_every_customers_tickets_and_the_same_customers_first(here, open_ticket, anna, stan):
    mine = open_ticket(subject="Terminal broken")
    theirs = open_ticket(subject="Terminal on fire", requester=stan)

    assert offered(get(anna, "desk:ticket_find", q="termi", near=here.number)) == [
        f"#{one.number} {one.subject}" for one in (mine, theirs)
    ]


@pytest.mark.parametrize("typed", ["#{}", "{}", " #{} "])
def test_a_number_finds_its_ticket_before_those_that_speak_of_it(here, open_ticket, anna, typed):
    meant = open_ticket(subject="Terminal broken")
    open_ticket(subject=f"About {meant.number}")

    found = offered(get(anna, "desk:ticket_find", q=typed.format(meant.number), near=here.number))

    assert found[0] == f"#{meant.number} Terminal broken"


def test_nothing_is_offered_that_cannot_be_seen_or_has_gone_into_another(here, open_ticket, anna, mona, at):
    closed = open_ticket(subject="Payouts of the board", team=make_team("Risk", restricted=True))
    gone, stays = open_ticket(subject="Payouts again"), open_ticket(subject="Something else")
    services.merge(user=anna, source=gone.number, target=stays.number, now=at)
    away = open_ticket(subject="Payouts spam")
    services.put_away(user=anna, number=away.number, what="spam", now=at)

    for given in ({"q": "payouts"}, {"q": ""}, {"among": [closed.number, gone.number, away.number]}):
        page = words(get(anna, "desk:ticket_find", near=here.number, **given))
        assert not {one for one in (closed, gone, away) if f'data-value="#{one.number}' in page}
    assert offered(get(mona, "desk:ticket_find", q="board", near=here.number)) == [
        f"#{closed.number} Payouts of the board"
    ]


def test_near_a_ticket_that_one_may_not_see_there_is_nothing(open_ticket, anna):
    closed = open_ticket(team=make_team("Risk", restricted=True))

    assert NOWHERE in words(get(anna, "desk:ticket_find", near=closed.number))


@pytest.mark.parametrize("typed", ["status:nonsense", '"', "-", "\x00", "x" * 400, "%", "near:"])
def test_what_means_nothing_finds_nothing(here, anna, typed):
    answer = get(anna, "desk:ticket_find", q=typed, near="x")

    assert (answer.status_code, offered(answer)) == (200, [])


def test_the_chosen_ones_are_offered_to_the_bar_for_many(here, open_ticket, anna):
    other = open_ticket(subject="Terminal broken")
    open_ticket()

    found = offered(get(anna, "desk:ticket_find", among=[here.number, other.number, "x", "9" * 30]))

    assert set(found) == {f"#{one.number} {one.subject}" for one in (other, here)}


def test_looking_costs_the_same_however_many_there_are(here, open_ticket, anna, stan):
    client = signed_in(anna)
    address = reverse("desk:ticket_find")
    asked = [f"{address}?near={here.number}", f"{address}?q=payouts&near={here.number}"]
    counted = []
    for many in (1, 3, 50):
        house = make_organisation(f"House {many}")
        for place in range(many):
            email = f"p{many}-{place}@x.example"
            person = make_user("Bea", "customer", email=email, organisation=house)
            open_ticket(requester=person)
        open_ticket()
        counted.append([queries(client, url) for url in asked])

    assert counted[0] == counted[1] == counted[2]
    assert max(counted[0]) <= 7


@pytest.mark.parametrize(("page", "field"), [("desk:merge", "target"), ("desk:link", "other")])
def test_without_script_words_are_answered_with_tickets_to_choose_from(here, open_ticket, anna, page, field):
    meant = open_ticket(subject="Terminal broken")
    given = {"relation": "related", field: "terminal"}

    asked = post(anna, page, here.number, **given)
    done = post(anna, page, here.number, **given, pick=meant.number)

    assert asked.status_code == 422
    assert "choose one that has these words" in words(asked)
    assert f'type="radio" name="pick" value="{meant.number}"' in words(asked)
    assert 'value="terminal"' in words(asked)
    assert done.status_code == 302


def test_what_a_choice_puts_into_the_field_is_understood_also_for_many(here, open_ticket, anna):
    target = open_ticket(subject="12 terminals broken")

    post(anna, "desk:bulk", deed="merge", merge=f"#{target.number} 12 terminals broken", ticket=[here.number])

    assert Merge.objects.get().target == target


def test_the_merge_page_offers_the_likely_ones_as_buttons(here, open_ticket, anna, stan):
    alike, foreign = open_ticket(subject="Payouts are stuck"), open_ticket(requester=stan, subject="Payouts stuck")

    page = words(get(anna, "desk:merge", here.number))

    assert f'type="radio" name="pick" value="{alike.number}"' in page
    assert f'value="{foreign.number}"' not in page
    assert f'data-find="{reverse("desk:ticket_find")}?near={here.number}"' in page
