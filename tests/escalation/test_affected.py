"""Affected customers (R17) and whether each of them can work again (R25, R48)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services
from escalation.enums import State
from escalation.models import AffectedCustomer, Escalation
from escalation.parties.customers import customers_of
from escalation.procedures.conditions import checklist
from escalation.services import affected as affected_services
from people.enums import Role
from people.models import User
from tests.factories.people import make_organisation, make_user
from tickets import actions as tickets
from tickets.models import Event, SavedView


@pytest.fixture
def major(breached):
    return breached(priority="urgent")


@pytest.fixture
def resolved(major, mona, time):
    """Declared resolved, with what stood in the way set aside."""
    why = "This test begins where the work is over."
    services.acknowledge(user=mona, number=major.number, now=time.now)
    for verb in (services.begin_communication, services.begin_resolution, services.resolve):
        verb(user=mona, number=major.number, now=time.now, override_reason=why)
    return major


def add(user, escalation, *emails, at):
    return affected_services.add_customers(user=user, number=escalation.number, emails=emails, now=at)


def counts(escalation):
    escalation.refresh_from_db()
    return escalation.affected_count, escalation.access_open


def access(escalation):
    fresh = Escalation.objects.get(pk=escalation.pk)
    return next(condition for condition in checklist(fresh) if condition.name == "access_confirmed")


def test_r17_whoever_wrote_the_ticket_is_the_first_affected_customer(major, ask_by_hand, cora):
    assert [row.person for row in customers_of(major)] == [cora]
    assert [row.person for row in customers_of(ask_by_hand())] == [cora]
    assert counts(major) == (1, 1)


def test_r17_customers_are_added_one_by_one_and_twice_is_once(major, anna, stan, time):
    report = add(anna, major, "STAN@elsewhere.example", at=time.now)
    again = add(anna, major, stan.email, at=time.now)

    assert (report.added, report.already, again.added, again.already) == (1, 0, 0, 1)
    assert counts(major) == (2, 2)
    told = Event.objects.get(kind="escalation.customers_added")
    assert (told.data["count"], told.actor) == (1, anna)


def test_r17_a_list_says_of_each_line_that_was_not_taken_why(major, anna, cora, stan, time):
    make_user("Gone Customer", Role.CUSTOMER, email="gone@elsewhere.example", is_active=False)
    text = (
        "Name;E-mail\n"
        "Stan;stan@elsewhere.example\n"
        "\n"
        "Nobody;nobody@nowhere.example\n"
        "Stan again; Stan@Elsewhere.example \n"
        "No address;at the office\n"
        f"A colleague;{anna.email}\n"
        "Gone;gone@elsewhere.example\n"
        f"Cora;{cora.email}\n"
    )

    report = affected_services.add_customers_from(user=anna, number=major.number, text=text, now=time.now)

    assert (report.added, report.already) == (1, 1)
    assert [(one.line, one.text) for one in report.not_taken] == [
        (4, "Nobody, nobody@nowhere.example"),
        (5, "Stan again, Stan@Elsewhere.example"),
        (6, "No address, at the office"),
        (7, f"A colleague, {anna.email}"),
        (8, "Gone, gone@elsewhere.example"),
    ]
    assert [one.reason for one in report.not_taken] == [
        "No customer has this address.",
        "This address stands on line 2 already.",
        "There is no e-mail address on this line.",
        "This is a colleague, not a customer.",
        "This customer's account is closed.",
    ]
    assert {row.person for row in customers_of(major)} == {cora, stan}


def test_r17_a_search_adds_the_requesters_of_what_this_person_sees(major, anna, stan, open_ticket, time):
    mine = open_ticket(requester=stan, subject="Settlement file rejected", now=time.now)
    newest = open_ticket(requester=stan, subject="Settlement file again", now=time.now)
    open_ticket(requester=make_user("Olga Other", Role.CUSTOMER), subject="Another matter", now=time.now)
    colleague = make_user("Ilya Inside")
    tickets.open_ticket(subject="Settlement file", body="For a test.", requester=colleague, now=time.now)

    report = affected_services.add_customers_found(user=anna, number=major.number, search="settlement", now=time.now)

    assert report.added == 1
    assert customers_of(major).get(person=stan).ticket == newest != mine


def test_r17_a_saved_view_adds_them_too_and_a_foreign_one_does_not(major, anna, mona, stan, open_ticket, time):
    open_ticket(requester=stan, subject="Settlement file rejected", now=time.now)
    mine = SavedView.objects.create(owner=anna, name="Settlement", query="settlement")
    call = {"number": major.number, "view": mine.pk, "now": time.now}

    assert affected_services.add_customers_found(user=anna, **call).added == 1
    with pytest.raises(Exception, match="nothing here"):
        affected_services.add_customers_found(user=mona, **call)


def test_r17_an_empty_search_is_not_everybody(major, anna, stan, open_ticket, time):
    open_ticket(requester=stan, now=time.now)

    with pytest.raises(InvalidInput, match="Say which tickets"):
        affected_services.add_customers_found(user=anna, number=major.number, search="  ", now=time.now)


def test_r17_thousands_are_added_in_a_few_statements(major, anna, time):
    User.objects.bulk_create(
        User(email=f"shop{n}@shops.example", name=f"Shop {n}", role=Role.CUSTOMER, password="!") for n in range(1200)
    )
    text = "\n".join(f"shop{n}@shops.example" for n in range(1200))

    with CaptureQueriesContext(connection) as caught:
        report = affected_services.add_customers_from(user=anna, number=major.number, text=text, now=time.now)

    assert report.added == 1200
    assert counts(major) == (1201, 1201)
    assert len(caught) < 45


def test_r17_the_requester_stays_and_others_may_be_taken_off(major, anna, cora, stan, time):
    add(anna, major, stan.email, at=time.now)
    call = {"user": anna, "number": major.number, "now": time.now}

    affected_services.remove_customer(email=stan.email, **call)
    with pytest.raises(NotAllowedNow, match="Cora Menezes wrote the ticket"):
        affected_services.remove_customer(email=cora.email, **call)
    with pytest.raises(InvalidInput, match="not on the list"):
        affected_services.remove_customer(email=stan.email, **call)

    assert [row.person for row in customers_of(major)] == [cora]
    assert counts(major) == (1, 1)


def test_r17_who_does_not_work_on_it_adds_nobody(major, stan, time):
    with pytest.raises(Refused):
        add(make_user("Olga Outside"), major, stan.email, at=time.now)


def test_r17_the_list_of_an_ended_escalation_stays(major, mona, anna, stan, time):
    services.deescalate(user=mona, number=major.number, reason="It was nothing.", now=time.now)

    with pytest.raises(NotAllowedNow, match="has ended"):
        add(anna, major, stan.email, at=time.now)


def test_r48_one_customer_is_confirmed_by_one_press(resolved, mona, time):
    assert not access(resolved).met

    services.confirm_access(user=mona, number=resolved.number, now=time.now)

    assert (access(resolved).met, access(resolved).detail) == (True, "Mona Farias")
    row = AffectedCustomer.objects.get()
    assert (row.access_at, row.access_by) == (time.now, mona)


def test_r48_close_waits_for_each_customer_or_a_reason(resolved, mona, cora, stan, time):
    add(mona, resolved, stan.email, at=time.now)
    call = {"user": mona, "number": resolved.number, "now": time.now}

    with pytest.raises(InvalidInput, match="for which of the 2"):
        services.confirm_access(**call)
    services.confirm_access(emails=[cora.email], **call)
    assert (access(resolved).met, access(resolved).detail) == (False, "Unconfirmed for 1 of 2.")
    with pytest.raises(NotAllowedNow):
        services.close(**call)
    services.confirm_access(emails=[stan.email], waived="He has gone to another provider.", **call)

    assert access(resolved).met
    assert customers_of(resolved).get(person=stan).access_waived == "He has gone to another provider."
    told = Event.objects.get(kind="escalation.access_waived")
    assert told.data["reason"] == "He has gone to another provider."


def test_r48_a_whole_organisation_is_confirmed_at_once(resolved, mona, cora, stan, time):
    house = make_organisation("Kedr")
    for name in ("Timur", "Darya"):
        add(mona, resolved, make_user(name, Role.CUSTOMER, organisation=house).email, at=time.now)
    add(mona, resolved, stan.email, at=time.now)
    call = {"user": mona, "number": resolved.number, "now": time.now}

    services.confirm_access(organisation=house.slug, **call)

    assert {row.person for row in customers_of(resolved).without_access()} == {cora, stan}
    with pytest.raises(InvalidInput, match="None of these"):
        services.confirm_access(organisation=house.slug, **call)


def test_r48_a_customer_who_comes_late_opens_the_question_again(resolved, mona, stan, time):
    services.confirm_access(user=mona, number=resolved.number, now=time.now)

    add(mona, resolved, stan.email, at=time.now)

    assert not access(resolved).met
    assert counts(resolved) == (2, 1)


def test_r48_reopening_asks_everybody_anew(resolved, mona, time):
    services.confirm_access(user=mona, number=resolved.number, now=time.now)

    services.reopen(user=mona, number=resolved.number, reason="It came back.", now=time.now)

    assert counts(resolved) == (1, 1)
    assert Escalation.objects.get().state == State.RESOLVING
    assert AffectedCustomer.objects.get().access_at is None


def test_r48_access_is_confirmed_neither_early_nor_by_anybody(major, resolved, mona, anna, time):
    with pytest.raises(Refused, match="engagement executive"):
        services.confirm_access(user=anna, number=resolved.number, now=time.now)
    services.reopen(user=mona, number=resolved.number, reason="It came back.", now=time.now)
    with pytest.raises(NotAllowedNow, match="declared resolved"):
        services.confirm_access(user=mona, number=resolved.number, now=time.now)
