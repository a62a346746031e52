"""Who works here: invited, given rights, handed over, switched off with all that was open (R30, R32)."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from common.models import ConfigurationChange
from escalation.models import Escalation
from notifications.models import Delivery
from people import administration, factors
from people.enums import Role
from people.models import Alias, Duty, Invitation, Team, User
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tickets.actions import assign

STRONG = "a ladder of nine rungs"
ASK = {"email": "Nina@Meridiano.example", "role": "agent", "team": ""}
RULES = {"gravest_severity": "2", "capacity": ""}
LINK = re.compile(r"/invitation/[^/\s]+/")


def link() -> str:
    found = LINK.search(mail.outbox[-1].body)
    assert found
    return found[0]


def take(address: str, **given):
    browser = Client()
    return browser, browser.post(address, {"name": "Nina Aalto", "password": STRONG, **given})


def test_r32_an_invitation_is_taken_once_and_makes_a_colleague_of_the_team(adam, payments):
    assert post(adam, "desk:person_new", **{**ASK, "team": payments.pk}).status_code == 302
    address = link()
    browser, answer = take(address)

    nina = User.objects.get(email="nina@meridiano.example")
    assert answer["Location"] == reverse("desk:inbox")
    assert browser.get(reverse("desk:inbox")).status_code == 200
    assert (nina.role, nina.name, nina.check_password(STRONG)) == (Role.AGENT, "Nina Aalto", True)
    assert nina in payments.members.all()
    again = Client().get(address)
    assert again.status_code == 404 and "has been used" in words(again)
    subjects = ConfigurationChange.objects.order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == ["invitation nina@meridiano.example", "team Payments", "user Nina Aalto"]
    assert "password" not in str(list(ConfigurationChange.objects.values_list("after", flat=True)))


def test_an_invitation_to_what_became_a_former_address_makes_nobody_a_colleague(adam, cora, at):
    post(adam, "desk:person_new", **ASK)
    Alias.objects.create(person=cora, address="nina@meridiano.example", since=at)

    _browser, answer = take(link())

    cora.refresh_from_db()
    assert answer.status_code == 422 and "Somebody has this address already." in words(answer)
    assert (cora.role, cora.check_password(STRONG)) == (Role.CUSTOMER, False)


def test_an_invitation_does_not_pass_by_a_second_factor(adam, cora):
    post(adam, "desk:person_new", **ASK)
    nina = User.objects.create_user("nina@meridiano.example", role=Role.CUSTOMER)
    Authenticator.objects.create(user=nina, type=factors.APP, data={})

    browser, answer = take(link())

    assert answer["Location"] == reverse("account_login")
    assert browser.get(reverse("desk:inbox")).status_code == 302


def test_r32_the_letter_goes_through_the_outbox(adam, settings):
    settings.EMAIL_BACKEND = "notifications.backend.OutboxBackend"

    post(adam, "desk:person_new", **ASK)

    row = Delivery.objects.get()
    assert (row.address, "/invitation/" in row.text) == ("nina@meridiano.example", True)
    assert f"{settings.BASE_URL}/invitation/" in row.text


def test_r32_a_link_ends_by_time_by_a_newer_letter_by_withdrawal_and_with_its_senders_rights(adam, anna, time, at):
    post(adam, "desk:person_new", **ASK)
    row, first = Invitation.objects.get(), link()
    time.move_to(at + timedelta(days=7))
    assert "seven days" in words(Client().get(first))

    post(adam, "desk:invitation_resend", row.pk)
    second = link()
    assert "newer letter" in words(Client().get(first))
    assert Client().get(second).status_code == 200
    assert "not whole" in words(Client().get(second.replace("invitation/", "invitation/x")))

    administration.set_role(by=adam, person=anna, role=Role.ADMIN)
    administration.set_role(by=anna, person=adam, role=Role.AGENT)
    _browser, refused = take(second)
    assert refused.status_code == 404 and "does not administer this desk any more" in words(refused)

    post(anna, "desk:invitation_resend", row.pk)
    third = link()
    post(anna, "desk:invitation_withdraw", row.pk)
    assert "was withdrawn" in words(Client().get(third))
    assert not User.objects.filter(email="nina@meridiano.example").exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "nina"}, "This is not an e-mail address."),
        ({"email": ""}, "This field is required."),
        ({"email": "ADAM@meridiano.example"}, "Adam Berg has this address and works here already."),
        ({"email": "cora@livraria-aurora.example"}, "Cora Menezes is a customer with this address."),
        ({"email": "kim@x.example"}, "This address is invited already"),
        ({"role": "customer"}, "is not one of the available choices"),
    ],
)
def test_an_invitation_that_is_wrong_gets_one_sentence_and_sends_nothing(adam, cora, at, given, sentence):
    Invitation.objects.create(email="kim@x.example", role="agent", sent_at=at, expires_at=at)

    answer = post(adam, "desk:person_new", **{**ASK, **given})

    assert answer.status_code == 422 and sentence in words(answer)
    assert Invitation.objects.count() == 1 and not mail.outbox


def test_a_weak_password_or_an_empty_name_keeps_the_link(adam):
    post(adam, "desk:person_new", **ASK)

    for wrong, sentence in (({"password": "nina"}, "too short"), ({"name": " "}, "This field is required.")):
        _browser, answer = take(link(), **wrong)
        assert answer.status_code == 422 and sentence in words(answer)
    assert take(link())[1].status_code == 302


def test_r30_an_administrator_makes_an_escalation_manager_whose_sessions_end_with_his_old_rights(adam, anna, mona):
    browser = signed_in(anna)
    given = {"name": "Anna L.", "role": "steward", "deputy": mona.pk, "is_senior": "on", **RULES, "capacity": "9"}

    assert post(adam, "desk:person", anna.pk, **given).status_code == 302

    anna.refresh_from_db()
    assert (anna.role, anna.name, anna.deputy, anna.is_senior) == (Role.STEWARD, "Anna L.", mona, True)
    assert browser.get(reverse("desk:inbox")).status_code == 302
    assert get(anna, "desk:criteria").status_code == 200
    assert get(anna, "desk:people").status_code == 404
    change = ConfigurationChange.objects.get()
    assert change.after == {
        "role": "steward",
        "name": "Anna L.",
        "deputy_id": mona.pk,
        "is_senior": True,
        "capacity": 9,
    }


def test_r14_a_ring_of_deputies_is_refused_with_its_names(adam, anna, mona, rosa):
    User.objects.filter(pk=mona.pk).update(deputy=rosa)
    User.objects.filter(pk=rosa.pk).update(deputy=anna)

    answer = post(adam, "desk:person", anna.pk, name="Anna", role="agent", deputy=mona.pk, **RULES)

    assert answer.status_code == 422
    ring = "Anna Lindqvist → Mona Farias → Rosa Quiroga → Anna Lindqvist"
    assert f"That would be a ring, in which nobody is reached: {ring}." in words(answer)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"role": "customer"}, "is not one of the available choices"),
        ({"is_senior": "on"}, "Only a manager can be senior"),
        ({"gravest_severity": "7"}, "is not one of the available choices"),
        ({"capacity": "-1"}, "greater than or equal to 0"),
        ({"deputy": "999999"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_of_a_person_gets_one_sentence(adam, anna, given, sentence):
    answer = post(adam, "desk:person", anna.pk, **{"name": "Anna", "role": "agent", "deputy": "", **RULES, **given})

    assert answer.status_code == 422 and sentence in words(answer)
    assert not ConfigurationChange.objects.exists()


def test_r32_administration_is_handed_over_on_its_page_and_the_last_one_is_kept(adam, anna, cora):
    refused = post(adam, "desk:person", adam.pk, name="Adam Berg", role="agent", deputy="", **RULES)
    assert "is the last administrator" in words(refused)
    assert post(adam, "desk:administration_hand_over", to=cora.pk, becoming="agent").status_code == 422
    assert post(adam, "desk:administration_hand_over", to=anna.pk, becoming="admin").status_code == 422

    assert post(adam, "desk:administration_hand_over", to=anna.pk, becoming="manager").status_code == 302

    assert list(User.objects.admins()) == [anna]
    assert get(adam, "desk:people").status_code == 404


def test_r32_what_is_open_is_shown_before_somebody_is_switched_off_and_goes_to_the_successor(
    adam, anna, mona, rosa, payments, open_ticket, at
):
    own = open_ticket()
    assign(ticket=own, now=at, by=anna, assignee=rosa)
    Duty.objects.create(team=payments, person=rosa, starts_at=at, ends_at=at + timedelta(days=1))
    User.objects.filter(pk=anna.pk).update(deputy=rosa)
    browser = signed_in(rosa)

    page = words(get(adam, "desk:person_off", rosa.pk))
    for said in ("1 open ticket", f"#{own.number}", "On duty for Payments", "Leads Payments", "Stands in for Anna"):
        assert said in page
    alone = post(adam, "desk:person_off", rosa.pk, successor="")
    assert alone.status_code == 422 and "Say who answers for Payments from now on." in words(alone)
    assert post(adam, "desk:person_off", rosa.pk, successor=mona.pk).status_code == 302

    own.refresh_from_db()
    assert (own.assignee, own.team) == (mona, payments)
    assert Duty.objects.get().person == mona
    assert Team.objects.get(pk=payments.pk).lead == mona
    assert User.objects.get(pk=anna.pk).deputy == mona
    assert browser.get(reverse("desk:inbox")).status_code == 302
    assert "Nothing is open" in words(get(adam, "desk:person_off", rosa.pk))
    post(adam, "desk:person_on", rosa.pk)
    assert User.objects.get(pk=rosa.pk).is_active


def test_r32_a_decision_and_an_escalation_do_not_stay_with_whoever_left(
    adam, mona, rosa, payments, open_ticket, ask, escalate
):
    asked, handed = ask(open_ticket()), escalate(open_ticket())
    waiting = asked.asks.waiting().get().person
    assert waiting in (mona, rosa)
    Escalation.objects.filter(pk=handed.pk).update(manager=waiting)
    boss = make_user("Bea Boss", Role.MANAGER)

    answer = post(adam, "desk:person_off", waiting.pk, successor=boss.pk)

    assert answer.status_code == 302
    assert asked.asks.waiting().get().person not in (waiting, None)
    assert handed.hand_overs.waiting().get().receiver == boss


def test_the_list_says_who_is_who_and_costs_the_same_however_many_there_are(adam, anna, payments, at):
    client, counted = signed_in(adam), []
    for many in (1, 3, 50):
        for number in range(User.objects.count(), many):
            make_team(f"T{number}", members=[make_user(f"Zed{number} Nobody")])
        counted.append(queries(client, reverse("desk:people")))

    assert len(set(counted)) == 1
    page = words(client.get(reverse("desk:people")))
    assert "Anna Lindqvist" in page and "Payments" in page
    found = words(client.get(reverse("desk:people"), {"q": "zed4 "}))
    assert "Zed4 Nobody" in found and "Anna Lindqvist" not in found


def test_the_list_is_read_on_from_where_it_ended(adam):
    for number in range(60):
        make_user(f"P{number:02} Person")
    client = signed_in(adam)
    first = client.get(reverse("desk:people")).context["look"]
    second = client.get(reverse("desk:people"), {"after": first.after}).context["look"]

    names = [line.person.name for line in (*first.lines, *second.lines)]
    assert names == sorted(names) and len(set(names)) == 61
    assert second.after == 0
    assert client.get(reverse("desk:people"), {"after": "9" * 30}).status_code == 200


def test_whoever_is_switched_off_is_found_apart_and_signs_in_no_more(adam, anna):
    post(adam, "desk:person_off", anna.pk, successor="")

    assert "Anna Lindqvist" not in words(get(adam, "desk:people"))
    assert "Anna Lindqvist" in words(get(adam, "desk:people", gone="1"))
    assert get(anna, "desk:inbox")["Location"].startswith("/accounts/login/")


@pytest.mark.each
def test_what_no_name_can_hold_is_searched_for_without_it(adam, anna):
    assert "Anna Lindqvist" in words(get(adam, "desk:people", q="anna\x00"))
