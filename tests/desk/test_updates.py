"""Writing an update in the room: who gets what is said before it is sent (R35, R36, R37)."""

import pytest

from escalation.communicate import broadcast
from escalation.initiate import affected
from escalation.models import AffectedService, Cadence, Communication, UpdateTemplate
from people.enums import Role
from tests.desk.helpers import fragment, get, post, words
from tests.factories.people import make_user
from tickets.models import Service

DOOR = "desk:escalation_communicate"


@pytest.fixture
def major(breached):
    return breached(priority="urgent")[1]


@pytest.fixture
def outage(major, rosa, time):
    """Harms two more customers: one reads Portuguese, one has left."""
    pia = make_user("Pia Prado", Role.CUSTOMER, email="pia@shop.example")
    pia.language = "pt"
    pia.save()
    gone = make_user("Gil Gone", Role.CUSTOMER, email="gil@shop.example", is_active=False)
    affected.add_all(number=major.number, people={pia.pk: None, gone.pk: None}, by=rosa, now=time.now, how="hand")
    return major


@pytest.fixture
def prepared(db):
    rows = {"en": "Hello {customer.first_name}.", "pt": "Olá, {customer.first_name}."}
    made = {
        code: UpdateTemplate.objects.create(name="First", audience="customers", language=code, subject=code, body=body)
        for code, body in rows.items()
    }
    return made["en"]


def test_r36_the_next_update_is_proposed_by_the_cadence(major, mona, time):
    Cadence.objects.create(severity=1, minutes=60)

    page = words(get(mona, "desk:escalation", major.number))

    assert f'value="2026-11-18T{time.now.hour + 1:02}:00"' in page


def test_what_goes_to_many_is_shown_with_exact_counts_before_it_is_sent(outage, mona):
    answer = post(mona, DOOR, outage.number, audience="customers", body="We know.", key="k1")

    page = words(answer)
    assert answer.status_code == 200
    assert "To 2 customers" in page
    assert "1 Portuguese" in page
    assert "1 has no address: Gil Gone" in page
    assert not Communication.objects.exists()


def test_each_language_is_confirmed_in_its_own_text_and_sent(outage, mona, prepared):
    shown = words(post(mona, DOOR, outage.number, audience="customers", template=prepared.pk, key="k2"))
    assert "Olá, {customer.first_name}.</textarea>" in shown
    assert "no prepared text in this language" not in shown

    sent = post(
        mona, DOOR, outage.number, audience="customers", template=prepared.pk, body=prepared.body, key="k2",
        expected=2, text_en="Hello {customer.first_name}, we know.", text_pt="Olá, {customer.first_name}.",
        subject_pt="Sobre os repasses",
    )  # fmt: skip
    assert sent["Location"].endswith("#update")
    assert "1 of 2 sent" in words(get(mona, "desk:escalation", outage.number))
    assert "load delay:2s" in words(fragment(mona, "desk:escalation", outage.number))

    broadcast.run()

    assert outage.ticket.messages.last().body == "Hello Cora, we know."
    page = words(get(mona, "desk:escalation", outage.number))
    assert "To 2 customers" in page
    assert "of 2 sent" not in page
    assert "load delay:2s" not in page


def test_a_number_that_has_changed_meanwhile_is_shown_anew_with_every_word_kept(outage, mona):
    answer = post(mona, DOOR, outage.number, audience="customers", body="We know.", expected=7, text_en="We do know.")

    page = words(answer)
    assert answer.status_code == 409
    assert "not to the 7 that you saw" in page
    assert "We do know.</textarea>" in page
    assert 'name="expected" value="2"' in page
    assert not Communication.objects.exists()


def test_a_placeholder_that_nobody_fills_is_said_on_the_page_that_confirms(outage, mona):
    answer = post(mona, DOOR, outage.number, audience="customers", body="By {time}.", expected=2)

    assert answer.status_code == 422
    assert "Fill in {time} before you send it" in words(answer)


def test_a_small_update_goes_at_once_and_may_be_looked_at_first(major, mona):
    looked = post(mona, DOOR, major.number, audience="customers", body="Soon.", preview="1")
    assert "To 1 customer" in words(looked)
    assert not Communication.objects.exists()

    assert post(mona, DOOR, major.number, audience="customers", body="Soon.").status_code == 302
    assert Communication.objects.count() == 1


@pytest.mark.parametrize("data", [{"body": ""}, {"body": "x", "audience": "executives"}])
def test_an_update_without_words_or_to_nobody_is_kept(major, mona, data):
    answer = post(mona, DOOR, major.number, **{"audience": "customers", **data})

    assert answer.status_code == 422
    assert not Communication.objects.exists()


def test_r36_a_major_update_without_a_promise_says_why_it_is_not_sent(major, mona):
    Cadence.objects.create(severity=1, minutes=60)

    answer = post(mona, DOOR, major.number, audience="customers", body="Soon.")

    assert answer.status_code == 422
    assert "each update says by when the next one comes" in words(answer)
    assert "Soon.</textarea>" in words(answer)


def test_r35_the_hour_names_who_is_not_told(major, mona, time):
    post(mona, DOOR, major.number, audience="stakeholders", body="Known.")

    page = words(get(mona, "desk:escalation", major.number))

    assert "Customers have no update yet." in page
    assert "Stakeholders have no update yet." not in page


def test_kept_and_broken_promises_are_counted_in_the_room(major, mona, time):
    promised = f"2026-11-18T{time.now.hour:02}:30"
    post(mona, DOOR, major.number, audience="customers", body="Soon.", next_update_by=promised)
    post(mona, DOOR, major.number, audience="customers", body="Now.", is_last="on")

    assert "Promised updates: 1 kept, 0 broken" in words(get(mona, "desk:escalation", major.number))


@pytest.mark.parametrize(
    ("trend", "shown"), [("improving", "Improving"), ("same", "Unchanged"), ("declining", "Declining")]
)
def test_the_trend_of_an_update_stands_in_the_room_on_the_card_and_in_the_list(major, mona, trend, shown):
    post(mona, DOOR, major.number, audience="stakeholders", body="How it goes.", trend=trend, is_last="on")

    for page in (
        get(mona, "desk:escalation", major.number),
        fragment(mona, "desk:escalations"),
        fragment(mona, "desk:escalations", look="list"),
    ):
        assert f"{shown}</span>" in words(page)


def test_an_update_without_a_trend_leaves_it_as_it_was_and_each_keeps_its_own(major, mona):
    for key, trend in (("t1", "declining"), ("t2", ""), ("t3", "improving")):
        post(mona, DOOR, major.number, audience="stakeholders", body="x", trend=trend, is_last="on", key=key)
        major.refresh_from_db(fields=["trend"])
        assert major.trend == (trend or "declining")

    assert list(Communication.objects.order_by("pk").values_list("trend", flat=True)) == ["declining", "", "improving"]


def test_a_trend_is_kept_while_the_update_is_looked_at_first(outage, mona):
    page = words(post(mona, DOOR, outage.number, audience="customers", body="We know.", trend="improving", key="k9"))

    assert '<input type="hidden" name="trend" value="improving">' in page


def test_a_trend_that_there_is_not_is_refused_and_nothing_is_lost(major, mona):
    answer = post(mona, DOOR, major.number, audience="stakeholders", body="My words.", trend="sideways")

    assert answer.status_code == 422
    assert "My words." in words(answer)
    assert not Communication.objects.exists()


def test_whoever_writes_to_several_is_told_that_everybody_reads_it(outage, mona):
    service = Service.objects.create(name="Pix payouts", slug="pix")
    AffectedService.objects.create(escalation=outage, service=service)
    told = {"audience": "customers", "body": "We know.", "key": "k1"}
    before = words(post(mona, DOOR, outage.number, **told))

    Service.objects.filter(pk=service.pk).update(is_public=True)

    assert "Everybody can read it" not in before
    assert "on the status page of Pix payouts" in words(post(mona, DOOR, outage.number, **told))
