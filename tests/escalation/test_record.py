"""The record of an escalation: services (R18), stakeholders (R29), the problem behind it (R20, R51)."""

import pytest

from common.errors import InvalidInput, Refused
from escalation import services
from escalation.initiate.problem_records import open_problem, problems_of
from escalation.initiate.servicing import set_services
from escalation.models import Stakeholder
from escalation.parties.stakeholders import stakeholders_of
from escalation.services import affected as affected_services
from notifications.models import Alert
from people.enums import Role
from tests.factories.people import make_organisation, make_user
from tickets import actions
from tickets import services as tickets
from tickets.catalogue import services_of
from tickets.enums import Kind
from tickets.models import Link, Service


@pytest.fixture
def payouts(db) -> Service:
    return Service.objects.create(name="Payouts", slug="payouts")


@pytest.fixture
def terminals(db) -> Service:
    return Service.objects.create(name="Terminals", slug="terminals")


def named(ticket):
    return [service.slug for service in services_of(ticket)]


def test_r18_every_linked_ticket_inherits_the_services(breached, anna, stan, open_ticket, payouts, terminals, time):
    escalation = breached()
    theirs = open_ticket(requester=stan, subject="Settlement file rejected", now=time.now)
    call = {"user": anna, "number": escalation.number, "now": time.now}

    set_services(services=["payouts", "terminals"], **call)
    affected_services.add_customers_found(search="settlement", **call)
    assert named(escalation.ticket) == named(theirs) == ["payouts", "terminals"]

    set_services(services=["terminals"], **call)
    assert named(escalation.ticket) == named(theirs) == ["terminals"]


def test_r18_a_link_that_is_made_later_hands_the_services_down_at_once(
    breached, anna, stan, open_ticket, payouts, time
):
    escalation = breached()
    theirs = open_ticket(requester=stan, subject="Settlement file rejected", now=time.now)
    set_services(user=anna, number=escalation.number, services=["payouts"], now=time.now)

    link = tickets.link(user=anna, number=theirs.number, other=escalation.ticket_id, relation="caused_by", now=time.now)
    assert named(theirs) == ["payouts"]
    tickets.unlink(user=anna, link=link.pk, now=time.now)

    assert (named(theirs), named(escalation.ticket)) == ([], ["payouts"])


def test_r18_what_is_split_out_of_its_ticket_is_about_the_same_services(breached, anna, cora, payouts, time):
    escalation = breached()
    set_services(user=anna, number=escalation.number, services=["payouts"], now=time.now)
    message = escalation.ticket.messages.get().pk
    actions.customer_wrote(ticket=escalation.ticket, author=cora, body="And a refund", now=time.now)

    made = tickets.split(user=anna, number=escalation.ticket_id, message=message, subject="Refund", now=time.now)

    assert named(made) == ["payouts"]


def test_r18_only_what_the_catalogue_has_is_taken_and_what_is_retired_may_stay(
    breached, anna, payouts, terminals, time
):
    call = {"user": anna, "number": breached().number, "now": time.now}
    set_services(services=["payouts"], **call)
    Service.objects.update(is_active=False)

    set_services(services=["payouts"], **call)
    for unknown in ("terminals", "nonsense"):
        with pytest.raises(InvalidInput, match=unknown):
            set_services(services=["payouts", unknown], **call)


def test_r18_who_does_not_work_on_it_changes_nothing(breached, payouts, time):
    with pytest.raises(Refused):
        set_services(user=make_user("Olga"), number=breached().number, services=["payouts"], now=time.now)


def test_r29_stakeholders_are_told_by_service_customer_and_severity(breached, anna, cora, payouts, terminals, time):
    escalation = breached(priority="urgent")
    set_services(user=anna, number=escalation.number, services=["payouts"], now=time.now)
    told = [make_user(name) for name in ("All", "Betty Service", "Carl Customer")]
    others = [make_user(name) for name in ("Xavier Service", "Yves Customer", "Zoe Gone")]
    elsewhere = make_organisation("Elsewhere")
    rows = [
        (told[0], None, None, 1),
        (told[1], payouts, None, 4),
        (told[2], None, cora.organisation, 2),
        (others[0], terminals, None, 4),
        (others[1], None, elsewhere, 4),
        (others[2], None, None, 4),
    ]
    for person, service, organisation, severity_to in rows:
        Stakeholder.objects.create(person=person, service=service, organisation=organisation, severity_to=severity_to)
    others[2].is_active = False
    others[2].save()

    assert stakeholders_of(escalation) == told
    escalation.severity = 2
    assert stakeholders_of(escalation) == told[1:]


def test_r29_an_update_to_stakeholders_reaches_them(breached, mona, time):
    escalation = breached(priority="urgent")
    vera = make_user("Vera Board")
    Stakeholder.objects.create(person=vera)

    services.communicate(
        user=mona, number=escalation.number, audience="stakeholders", body="We know the cause.", now=time.now
    )

    assert Alert.objects.filter(recipient=vera, escalation_number=escalation.number).exists()


def test_r20_r51_a_problem_is_opened_from_the_escalation_with_an_owner_and_shows_on_both_sides(
    breached, anna, rosa, time
):
    escalation = breached()

    problem = open_problem(
        user=anna,
        number=escalation.number,
        subject="Branch code check",
        owner=rosa.email,
        findings="The bank rejects an empty branch code.",
        now=time.now,
    )

    assert (problem.kind, problem.assignee, problem.team) == (Kind.PROBLEM, rosa, escalation.ticket.team)
    assert list(problems_of(escalation, anna)) == [problem]
    link = Link.objects.get()
    assert (link.source, link.target, link.relation) == (escalation.ticket, problem, "caused_by")
    assert problem.messages.get(is_public=False).body == "The bank rejects an empty branch code."
    # Its state and its solving are a problem's own (R20).
    tickets.change_status(user=rosa, number=problem.number, verb="solve", now=time.now)
    escalation.refresh_from_db()
    assert escalation.state == "initiated"


def test_r20_a_problem_needs_an_owner_who_works_here(breached, anna, cora, time):
    with pytest.raises(InvalidInput, match="Nobody at the desk"):
        open_problem(user=anna, number=breached().number, subject="x", owner=cora.email, now=time.now)


def test_r29_a_customer_is_no_internal_stakeholder(cora, breached):
    Stakeholder.objects.create(person=cora, severity_to=4)

    assert cora.role == Role.CUSTOMER
    assert stakeholders_of(breached()) == []
