"""All requests of an organisation: for whom it was said, and for nobody else."""

from datetime import timedelta
from itertools import product
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import NotFound, Refused
from common.models import ConfigurationChange
from desk.changes import _visible as told_live
from escalation import sweep
from people.customers.book import bring_in, look, read
from people.customers.sight import terms_of
from people.enums import Role, Sight
from people.models import User
from tests.desk.helpers import get, post, signed_in, words
from tests.factories.people import make_organisation, make_user
from tickets import services as tickets
from tickets.files import Upload
from tickets.models import Attachment, Ticket
from tickets.permissions import May, access_attachment, access_ticket


def allow(person: User, sight: Sight) -> User:
    for name, value in terms_of(sight, person.organisation).items():
        setattr(person, name, value)
    person.save()
    return person


@pytest.fixture
def rita(cora) -> User:
    """Of Cora's organisation; reads all of its requests."""
    person = make_user("Rita Alves", Role.CUSTOMER, email="rita@aurora.example", organisation=cora.organisation)
    return allow(person, Sight.READS)


def test_who_oversees_has_mine_and_my_organisations(rita, cora, stan, open_ticket):
    open_ticket(subject="Of Cora")
    open_ticket(subject="Of Rita", requester=rita)
    open_ticket(subject="Of Stan", requester=stan)

    mine, ours = words(get(rita, "portal:requests")), words(get(rita, "portal:requests", whose="ours"))
    of_cora = words(get(cora, "portal:requests", whose="ours"))

    assert "Of Rita" in mine and "Of Cora" not in mine
    assert "Of Rita" in ours and "Of Cora" in ours and "Cora Menezes" in ours and "Of Stan" not in ours
    assert "Requests of Livraria Aurora" in ours and "Open 2" in ours
    assert "My organisation’s" not in of_cora and "Of Rita" not in of_cora


def test_who_reads_along_reads_everything_and_writes_nothing(rita, anna, open_ticket, at):
    number = open_ticket().number
    tickets.reply(user=anna, number=number, body="We look into it.", now=at)
    tickets.note(user=anna, number=number, body="Kept among us.", now=at)

    page = words(get(rita, "portal:request", number))
    refused = [post(rita, f"portal:{verb}", number, body="x", score=1) for verb in ("reply", "settle", "rate")]

    assert "Since yesterday." in page and "We look into it." in page and "Kept among us." not in page
    assert "by Cora Menezes" in page and "You read along. Cora Menezes answers here." in page
    for absent in ("<b>You</b>", 'id="reply"', "It is settled", "Escalate this request", "Did this help?"):
        assert absent not in page
    assert [answer.status_code for answer in refused] == [404, 404, 404]
    assert get(rita, "portal:escalate", number).status_code == 409
    assert Ticket.objects.get(pk=number).messages.count() == 3


def test_who_answers_for_the_organisation_writes_under_a_name_of_his_own(rita, cora, open_ticket):
    allow(rita, Sight.ANSWERS)
    number = open_ticket().number

    answer = post(rita, "portal:reply", number, body="Three stores by now.")
    of_rita, of_cora = words(get(rita, "portal:request", number)), words(get(cora, "portal:request", number))

    assert answer.status_code == 302
    assert "<b>You</b>" in of_rita and "<b>Cora Menezes</b>" in of_rita
    assert "<b>You</b>" in of_cora and "<b>Rita Alves</b>" in of_cora
    assert get(rita, "portal:escalate", number).status_code == 409


def test_who_leaves_sees_nothing_of_it_from_that_moment_and_nothing_when_back(rita, open_ticket, at, adam):
    ticket = open_ticket(attachments=[Upload("a.log", b"x")])
    file = Attachment.objects.get()
    browser = signed_in(rita)
    assert browser.get(f"/help/{ticket.number}/").status_code == 200
    assert browser.get(f"/attachments/{file.pk}/").status_code == 200

    bring_in(read("email,organisation\nrita@aurora.example,Boreal"), by=adam)

    assert browser.get(f"/help/{ticket.number}/").status_code == 404
    assert browser.get(f"/attachments/{file.pk}/").status_code == 404
    assert ticket.subject not in words(browser.get("/help/?whose=ours"))
    assert told_live(User.objects.get(pk=rita.pk), {ticket.number}) == frozenset()
    bring_in(read("email,organisation\nrita@aurora.example,Livraria Aurora"), by=adam)
    assert browser.get(f"/help/{ticket.number}/").status_code == 404


def test_an_administrator_gives_it_on_the_contacts_page_and_it_is_audited(adam, cora):
    given = {"name": cora.name, "organisation": cora.organisation_id, "language": "en"}

    saved = post(adam, "desk:contact_edit", cora.pk, **given, sight="answers")
    cora.refresh_from_db()
    elsewhere = {**given, "organisation": make_organisation("Boreal").pk, "sight": "answers"}
    post(adam, "desk:contact_edit", cora.pk, **elsewhere)
    nowhere = post(adam, "desk:contact_edit", cora.pk, **{**given, "organisation": "", "sight": "reads"})

    assert saved.status_code == 302 and cora.sight == Sight.ANSWERS
    change = ConfigurationChange.objects.order_by("pk").first()
    assert change.by == adam and change.after["oversees_id"] == cora.organisation_id
    cora.refresh_from_db()
    assert cora.organisation.name == "Boreal" and cora.sight == Sight.OWN
    assert nowhere.status_code == 422 and "belongs to no organisation" in words(nowhere)


@pytest.mark.parametrize(
    ("line", "why"),
    [("x@x.example,all,Aurora", "no sight “all”; there are own"), ("x@x.example,reads,", "belongs to no organisation")],
)
def test_a_list_gives_it_by_a_column_and_says_what_is_wrong(line, why, adam):
    lines = read(f"email,sight,organisation\nr@x.example,reads,Aurora\n{line}\n")

    seen, done = look(lines), bring_in(lines, by=adam)

    assert [one.why for one in done.refused] == [one.why for one in seen.refused] and why in done.refused[0].why
    assert User.objects.get(email="r@x.example").sight == Sight.READS
    assert look(read("email,sight\nr@x.example,reads")).same == 1


@pytest.mark.each
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everybody_sees_and_writes_what_the_rule_says_from_every_side(seed, db, payments, open_ticket, at):
    chance = Random(seed)
    houses = [None, *(make_organisation(f"House {n}") for n in range(3))]
    people = [
        make_user(f"C{n} X", Role.CUSTOMER, email=f"c{n}@x.example", organisation=chance.choice(houses))
        for n in range(8)
    ]
    made = [open_ticket(requester=person, attachments=[Upload("a.txt", b"x")]) for person in people * 2]
    Ticket.objects.filter(pk=chance.choice(made).pk).update(trashed_at=at)
    for person in people:
        fields = {"oversees": chance.choice(houses), "answers_for_it": chance.random() < 0.5}
        moved = {"organisation": chance.choice(houses)} if chance.random() < 0.3 else {}
        User.objects.filter(pk=person.pk).update(is_active=chance.random() < 0.9, **fields, **moved)

    every = list(Ticket.objects.all())
    for person in User.objects.filter(role=Role.CUSTOMER):
        ruled = {one.pk for one in every if _may(person, one)}
        assert set(Ticket.objects.visible_to(person).values_list("pk", flat=True)) == ruled
        assert told_live(person, {one.pk for one in every}) == ruled
        assert {one.pk for one in every if _let_in(person, one, May.READ)} == ruled
        written = {one.pk for one in every if _may(person, one, to_write=True)}
        assert {one.pk for one in every if _let_in(person, one, May.WRITE)} == written
        files = {one.message.ticket_id for one in Attachment.objects.all() if _has(person, one)}
        assert files == ruled


def _may(person: User, one: Ticket, *, to_write: bool = False) -> bool:
    if not person.is_active or one.trashed_at:
        return False
    house = person.organisation_id
    oversees = house is not None and house == person.oversees_id == one.organisation_id
    return one.requester_id == person.pk or (oversees and (person.answers_for_it or not to_write))


def _let_in(person: User, one: Ticket, can: May) -> bool:
    try:
        access_ticket(person, one.pk, can=can)
    except (NotFound, Refused):
        return False
    return True


def _has(person: User, file: Attachment) -> bool:
    try:
        access_attachment(person, file.pk)
    except NotFound:
        return False
    return True


@pytest.mark.each
def test_the_list_asks_the_same_for_one_three_and_fifty(rita, cora, open_ticket):
    browser, counted = signed_in(rita), []
    browser.get("/help/?whose=ours&q=stuck")
    for _many, more in ((1, 1), (3, 2), (50, 47)):
        for _ in range(more):
            open_ticket()
        with CaptureQueriesContext(connection) as caught:
            page = words(browser.get("/help/?whose=ours&q=stuck"))
        counted.append(len(caught))

    assert "Open 50" in page and len(set(counted)) == 1, counted


def test_words_among_us_and_requests_of_others_are_not_found(rita, cora, anna, stan, open_ticket, at):
    number = open_ticket(subject="Payouts are stuck").number
    open_ticket(requester=stan, subject="Stuck too")
    tickets.note(user=anna, number=number, body="The zebra code.", now=at)

    found, not_found = (words(get(cora, "portal:requests", q=q)) for q in ("stuck yesterday", "zebra"))
    wrong = get(cora, "portal:requests", q="team:payments")

    assert "Payouts are stuck" in found and "Stuck too" not in found
    assert "Nothing is found" in not_found and f"#{number}" not in not_found
    assert wrong.status_code == 422 and "There is no “team:” to search by" in words(wrong)


def test_what_was_asked_for_is_kept_in_every_link(rita, open_ticket):
    page = words(get(rita, "portal:requests", whose="ours", show="closed", q="a&b"))

    for address in ("?show=closed&q=a%26b", "?whose=ours&q=a%26b", "?show=closed&whose=ours&q=a%26b"):
        assert f'href="{address}"' in page
    assert 'value="a&b"' in page


@pytest.mark.parametrize(("show", "whose", "q"), list(product(["", "x"], ["", "x"], ["(", '"'])))
def test_whatever_stands_in_the_address_is_answered(show, whose, q, cora, open_ticket):
    assert get(cora, "portal:requests", show=show, whose=whose, q=q).status_code in {200, 422}


def test_a_customer_says_that_it_is_settled_and_a_word_opens_it_again(cora, open_ticket):
    number = open_ticket().number
    assert "Yes, it is settled" in words(get(cora, "portal:request", number))

    post(cora, "portal:settle", number)
    done = Ticket.objects.get(pk=number).status
    again = signed_in(cora).post(f"/help/{number}/settle/", follow=True)
    post(cora, "portal:reply", number, body="It came back.")

    assert done == "solved" and Ticket.objects.get(pk=number).status == "open"
    assert again.status_code == 200 and "Yes, it is settled" not in words(again)


def test_nobody_else_settles_it(stan, anna, open_ticket, at):
    number = open_ticket().number

    assert post(stan, "portal:settle", number).status_code == 404
    with pytest.raises(Refused):
        tickets.settle(user=anna, number=number, now=at)


def test_fifty_requests_in_a_minute_are_stopped_with_a_sentence_and_nothing_typed_is_lost(cora, open_ticket, time, at):
    given, browser = {"subject": "Again", "body": "And once more."}, signed_in(cora)

    answers = [browser.post("/help/new/", given) for _ in range(22)]
    first = Ticket.objects.filter(subject="Again").first()
    reply = browser.post(f"/help/{first.number}/reply/", {"body": "As well."})
    time.move_to(at + timedelta(minutes=2))
    later = browser.post("/help/new/", given)

    assert [answer.status_code for answer in answers] == [302] * 20 + [422] * 2
    assert "Wait a minute" in words(answers[-1]) and "And once more." in words(answers[-1])
    assert reply.status_code == 422 and "As well." in words(reply)
    assert later.status_code == 302


def test_the_list_tells_how_many_promises_were_kept_and_which_were_not(cora, rita, anna, policy, open_ticket, time, at):
    kept, broken = open_ticket(subject="Soon answered"), open_ticket(subject="Late answered")
    tickets.reply(user=anna, number=kept.number, body="Here.", now=at)
    time.move_to(at + timedelta(hours=7))
    sweep.run()

    mine = words(get(cora, "portal:requests"))
    ours, hers = (words(get(rita, "portal:requests", whose=whose)) for whose in ("ours", "mine"))
    time.move_to(at + timedelta(days=91))
    long_after = words(get(cora, "portal:requests"))

    for page in (mine, ours):
        told = page.partition("What we promised in the last 90 days")[2]
        assert "1 promise kept" in told and "1 broken" in told and f"/help/{broken.number}/" in told
        assert f"/help/{kept.number}/" not in told
    assert "What we promised" not in hers and "1 promise kept" not in long_after
