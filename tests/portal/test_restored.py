"""Access restored? The customer says so himself, on his page or by the link of the mail (R48)."""

from datetime import timedelta

import pytest
from django.test import Client

from escalation import services
from escalation.enums import State
from escalation.models import AffectedCustomer, Escalation
from escalation.parties import asking
from notifications.models import Alert, Delivery
from people.enums import Role
from people.models import User
from tests.desk.helpers import words
from tests.factories.people import make_team, make_user

OVERRIDE = "Everything is followed by Mona herself."
QUESTION = "Does it work for you again?"
SECRET = "The acquirer mixed up our keys"


@pytest.fixture
def resolved(db, open_ticket, anna, mona, time) -> Escalation:
    """Of Cora's request; declared resolved and seen to hold."""
    make_team("Cards", lead=mona, managers=[mona])
    ticket = open_ticket(subject="Cards are refused")
    number = services.escalate(
        user=anna, ticket_number=ticket.number, kind="functional", severity=2, reason="technical", summary=SECRET,
        team_slug="cards", now=time.now, impact=SECRET,
    ).number  # fmt: skip
    for verb in (services.begin_communication, services.begin_resolution, services.resolve):
        verb(user=mona, number=number, now=time.now, override_reason=OVERRIDE)
    services.verify(user=mona, number=number, now=time.now)
    return Escalation.objects.get(number=number)


def link(escalation: Escalation, person) -> str:
    return asking.path_of(escalation, AffectedCustomer.objects.get(escalation=escalation, person=person))


def state(escalation: Escalation) -> str:
    return Escalation.objects.get(pk=escalation.pk).state


def test_r48_the_question_goes_out_once_it_is_verified_with_a_link_and_nothing_internal(resolved, cora):
    mail = Delivery.objects.get(template="restored")

    assert mail.address == cora.email
    assert link(resolved, cora) in mail.context["action_url"]
    assert SECRET not in str(mail.context)
    assert resolved.reference not in str(mail.context)


def test_r48_verified_twice_the_customer_is_asked_once(resolved, mona, time):
    services.verify(user=mona, number=resolved.number, now=time.now)

    assert Delivery.objects.filter(template="restored").count() == 1


def test_r48_a_yes_on_the_page_settles_access_and_the_question_is_gone(client, resolved, cora):
    client.force_login(cora)
    address = f"/help/{resolved.ticket_id}/"
    assert QUESTION in words(client.get(address))

    answer = client.post(f"{address}restored/", {"works": "yes"}, follow=True)

    row = AffectedCustomer.objects.get(escalation=resolved, person=cora)
    assert (row.access_by, row.access_waived) == (cora, "")
    assert Escalation.objects.get(pk=resolved.pk).access_open == 0
    assert QUESTION not in words(answer)
    assert "on record that it works" in words(answer)


def test_r48_a_no_by_the_link_leads_back_to_resolve_with_the_customers_words(resolved, cora, mona):
    answer = Client().post(link(resolved, cora), {"works": "no", "words": "Still refused at till 3."})

    assert answer.status_code == 200
    assert "at work on it again" in words(answer)
    assert state(resolved) == State.RESOLVING
    assert resolved.ticket.events.get(kind="escalation.reopened").data["reason"] == "Still refused at till 3."


@pytest.mark.parametrize("by_link", [True, False])
def test_r48_a_no_is_taken_where_another_escalation_of_its_kind_stands_on_the_request(
    client, resolved, cora, mona, by_link
):
    Escalation.objects.create(
        ticket=resolved.ticket, kind=resolved.kind, origin=resolved.origin, state=State.INITIATED, severity=2,
        reason="technical", summary="The tills again", team=resolved.team, procedure=resolved.procedure,
        opened_at=resolved.opened_at, step_since=resolved.opened_at,
    )  # fmt: skip
    client.force_login(cora)
    address = link(resolved, cora) if by_link else f"/help/{resolved.ticket_id}/restored/"

    answer = client.post(address, {"works": "no", "words": "Still refused at till 3."}, follow=True)

    assert "at work on it again" in words(answer)
    assert state(resolved) == State.RESOLVING
    assert resolved.ticket.events.get(kind="escalation.reopened").data["reason"] == "Still refused at till 3."
    assert Delivery.objects.filter(recipient=mona, context__why="Still refused at till 3.").exists()


def test_r48_following_the_link_answers_nothing_and_shows_nothing_of_the_matter(resolved, cora):
    page = words(Client().get(link(resolved, cora)))

    assert QUESTION in page
    for inside in (SECRET, resolved.reference, cora.name, "Cards are refused"):
        assert inside not in page
    assert AffectedCustomer.objects.get(escalation=resolved, person=cora).access_at is None


def test_r48_replayed_altered_expired_overtaken_and_foreign_links_answer_nothing(
    resolved, cora, mona, time, monkeypatch
):
    address = link(resolved, cora)
    stranger = Client()
    stranger.force_login(make_user("Pia Prado", Role.CUSTOMER, email="pia@shop.example"))
    says_yes = {"works": "yes"}

    assert stranger.post(address, says_yes).status_code == 404
    assert Client().post(address[:-4] + "xxx/", says_yes).status_code == 404
    with monkeypatch.context() as changed:
        changed.setattr(asking, "VALID_FOR", timedelta(seconds=-1))
        assert Client().post(address, says_yes).status_code == 404
    assert AffectedCustomer.objects.get(escalation=resolved, person=cora).access_at is None
    assert Client().post(address, says_yes).status_code == 200
    assert Client().post(address, {"works": "no"}).status_code == 404
    assert state(resolved) == State.RESOLVED
    services.reopen(user=mona, number=resolved.number, reason="It was not.", now=time.now)
    assert Client().post(address, says_yes).status_code == 404


def test_r48_neither_yes_nor_no_is_said_at_once(resolved, cora):
    answer = Client().post(link(resolved, cora), {"works": "perhaps"})

    assert answer.status_code == 422
    assert "Say whether it works for you." in words(answer)


def test_r48_whoever_has_an_answer_of_another_customer_is_not_asked(client, resolved, open_ticket):
    pia = make_user("Pia Prado", Role.CUSTOMER, email="pia@shop.example")
    own = open_ticket(requester=pia, subject="An invoice")
    client.force_login(pia)

    assert QUESTION not in words(client.get(f"/help/{own.number}/"))
    assert client.post(f"/help/{own.number}/restored/", {"works": "no"}).status_code == 404
    assert client.post(f"/help/{resolved.ticket_id}/restored/", {"works": "no"}).status_code == 404
    assert state(resolved) == State.RESOLVED


def test_r48_a_procedure_that_does_not_wait_for_access_asks_nobody(client, resolved, cora):
    resolved.procedure.conditions = {"resolved": ["verified"]}
    resolved.procedure.save(update_fields=["conditions"])
    client.force_login(cora)

    assert QUESTION not in words(client.get(f"/help/{resolved.ticket_id}/"))


def test_r48_an_answer_that_comes_too_late_on_the_page_is_told_why_and_kept(client, resolved, cora, mona, time):
    client.force_login(cora)
    address = f"/help/{resolved.ticket_id}/restored/"
    client.post(address, {"works": "no", "words": "Still refused at till 3."})

    again = client.post(address, {"works": "yes", "words": "Now it does, oddly."})

    assert again.status_code == 409
    page = words(again)
    assert "It is not asked any more" in page
    assert "Now it does, oddly." in page
    assert "Write to" in page or "Your reply" in page


def test_r48_a_character_that_cannot_be_kept_is_said_beside_the_words_behind_the_link_too(resolved, cora):
    answer = Client().post(link(resolved, cora), {"works": "no", "words": "Till 3\x01 refuses."})

    assert answer.status_code == 422
    assert "This must not hold control characters." in words(answer)
    assert state(resolved) == State.RESOLVED


@pytest.mark.parametrize("form", [("restored", {"works": "no"}), ("analysis", {"why": "Tell me."})])
@pytest.mark.parametrize("is_taken_back", [False, True])
def test_what_colleagues_ask_of_one_another_is_not_told_by_a_form_that_nobody_was_shown(
    client, open_ticket, anna, mona, cora, time, form, is_taken_back
):
    number, (place, given) = open_ticket().number, form
    client.force_login(cora)
    before = client.post(f"/help/{number}/{place}/", given)
    asked = services.escalate(
        user=anna, ticket_number=number, kind="hierarchical", severity=2, reason="funding", summary=SECRET, now=time.now
    )
    if is_taken_back:
        services.withdraw(user=anna, number=asked.number, reason="It was solved.", now=time.now)

    assert before.status_code == client.post(f"/help/{number}/{place}/", given).status_code == 404


def test_r48_neither_yes_nor_no_on_the_page_keeps_the_words(client, resolved, cora):
    client.force_login(cora)

    answer = client.post(f"/help/{resolved.ticket_id}/restored/", {"works": "perhaps", "words": "At till 3 yes."})

    assert answer.status_code == 422
    assert "Say whether it works for you." in words(answer)
    assert "At till 3 yes." in words(answer)


def test_r48_the_people_of_it_hear_a_no_in_the_customers_words(resolved, cora, anna, mona, rosa):
    with_name = resolved.responsibilities.create
    with_name(role="architect", person=rosa, named_by=mona, named_at=resolved.opened_at)

    Client().post(link(resolved, cora), {"works": "no", "words": "Still refused at till 3."})

    told = Alert.objects.filter(title=f"{resolved.reference} is reopened: {SECRET}")
    assert {alert.recipient for alert in told} >= {rosa}
    assert cora not in {alert.recipient for alert in told}
    mail = Delivery.objects.filter(recipient=rosa, context__why="Still refused at till 3.")
    assert mail.exists()


def test_r48_a_no_without_a_word_is_told_to_each_in_his_own_language(client, resolved, cora, mona):
    User.objects.filter(pk=cora.pk).update(language="ru")
    client.force_login(cora)

    client.post(f"/help/{resolved.ticket_id}/restored/", {"works": "no"})

    assert Delivery.objects.filter(recipient=mona, context__why="The customer cannot work yet.").exists()
    assert resolved.ticket.events.get(kind="escalation.reopened").data["reason"].isascii()


def test_r48_the_link_of_somebody_who_has_left_answers_nothing(resolved, cora):
    address = link(resolved, cora)
    cora.is_active = False
    cora.save(update_fields=["is_active"])

    assert Client().get(address).status_code == 404
    assert Client().post(address, {"works": "no"}).status_code == 404
    assert state(resolved) == State.RESOLVED


def test_r48_the_list_says_that_he_is_asked_until_he_has_answered(client, resolved, cora):
    client.force_login(cora)
    assert QUESTION in words(client.get("/help/"))

    client.post(f"/help/{resolved.ticket_id}/restored/", {"works": "yes"})

    assert QUESTION not in words(client.get("/help/"))


def test_r48_who_reads_along_is_not_asked_in_his_list(client, resolved, cora):
    rita = make_user("Rita Alves", Role.CUSTOMER, email="rita@aurora.example", organisation=cora.organisation)
    rita.oversees = cora.organisation
    rita.save()
    client.force_login(rita)

    page = words(client.get("/help/?whose=ours"))

    assert "Cards are refused" in page
    assert QUESTION not in page
