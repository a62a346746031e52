"""Who sees an escalation: whoever sees its ticket, and whoever is called to it from outside (decision 20)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from chat.models import Room
from common.errors import InvalidInput, NotFound
from desk.changes import for_person, news_since
from escalation import services
from escalation.holders import who_answers
from escalation.models import Ask, Escalation, Responsibility, Stakeholder, TaskForce, TaskForceMember
from escalation.parties.recipients import stakeholders
from escalation.parties.stakeholders import stakeholders_of
from escalation.permissions import access_escalation, who_see
from escalation.services import resolving as resolving
from notifications.models import Alert, Delivery
from people.chain import hearing_of, lead_of, managers_of
from people.enums import Role
from people.models import Absence, User
from tests.desk.helpers import NOWHERE, fragment, get, post, words
from tests.factories.people import make_team, make_user
from tickets import services as tickets


@pytest.fixture
def otto(db) -> User:
    """Works at the desk, and not in the team that keeps its tickets to itself."""
    return make_user("Otto Else")


@pytest.fixture
def lena(db) -> User:
    return make_user("Lena Law")


@pytest.fixture
def kept(open_ticket, lena, mona, at) -> Escalation:
    """Raised by the restricted team that leads it."""
    legal = make_team("Legal", lead=lena, managers=[mona], members=[lena], restricted=True)
    ticket = open_ticket(team=legal, subject="A claim in court")
    given = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "Settle out of court"}
    asked = services.escalate(user=lena, ticket_number=ticket.number, now=at, **given)
    services.decide(user=mona, number=asked.number, decision="approve", now=at)
    return Escalation.objects.get()


def sees(person: User, escalation: Escalation) -> bool:
    """From both sides, which must agree."""
    found = Escalation.objects.visible_to(person).filter(pk=escalation.pk).exists()
    assert who_see(escalation).filter(pk=person.pk).exists() is found
    return found


def on_task_force(escalation: Escalation, person: User, at) -> None:
    room = Room.objects.create(subject=f"TF-{escalation.number}")
    force = TaskForce.objects.create(escalation=escalation, room=room, formed_at=at)
    force.members.create(person=person, joined_at=at)


def responsible(escalation: Escalation, person: User, at) -> None:
    Responsibility.objects.create(escalation=escalation, role="architect", person=person, named_at=at)


def asked(escalation: Escalation, person: User, at) -> None:
    Ask.objects.create(escalation=escalation, person=person, asked_as="first", asked_at=at, due_at=at)


def manages(escalation: Escalation, person: User, at) -> None:
    Escalation.objects.filter(pk=escalation.pk).update(manager=person)


def is_handed(escalation: Escalation, person: User, at) -> None:
    clock = escalation.deadlines.create(kind="hand_note", due_at=at)
    escalation.hand_overs.create(receiver=person, note="Take it", at=at, deadline=clock)


CALLS = [on_task_force, responsible, asked, manages, is_handed]


@pytest.mark.parametrize("call", CALLS)
def test_whoever_is_called_sees_the_escalation_and_not_its_ticket(call, kept, otto, at):
    assert not sees(otto, kept)

    call(kept, otto, at)

    assert sees(otto, kept)
    assert access_escalation(otto, kept.number) == kept
    with pytest.raises(NotFound):
        tickets.note(user=otto, number=kept.ticket_id, body="I look around.", now=at)
    assert NOWHERE in words(get(otto, "desk:ticket", kept.ticket_id))


@pytest.mark.parametrize("call", CALLS)
def test_the_deputy_of_whoever_is_called_sees_it_too(call, kept, otto, at):
    deputy = make_user("Dora Deputy")
    User.objects.filter(pk=otto.pk).update(deputy=deputy)

    call(kept, otto, at)

    assert sees(deputy, kept)


def test_a_call_that_has_ended_lets_nobody_in(kept, otto, at):
    on_task_force(kept, otto, at)
    asked(kept, otto, at)
    is_handed(kept, otto, at)

    TaskForceMember.objects.update(freed_at=at)
    Ask.objects.filter(person=otto).update(ended_at=at, end="passed")
    kept.hand_overs.update(dropped_at=at)

    assert not sees(otto, kept)


def test_colleagues_who_left_customers_and_the_other_agents_see_nothing(kept, otto, cora, stan, at):
    responsible(kept, otto, at)
    User.objects.filter(pk=otto.pk).update(is_active=False)

    for person in (User.objects.get(pk=otto.pk), make_user("Nils New"), cora, stan):
        assert not sees(person, kept)
        with pytest.raises(NotFound):
            access_escalation(person, kept.number)


def test_a_manager_by_name_sees_what_he_runs(kept, at):
    named = make_user("Max By Name")
    kept.ticket.team.managers.add(named)

    assert sees(named, kept)
    services.acknowledge(user=named, number=kept.number, now=at)
    assert get(named, "desk:ticket", kept.ticket_id).status_code == 200
    assert get(named, "desk:chat_team", "legal").status_code == 200
    assert "Legal" in words(get(named, "desk:rail"))


def test_r31_of_the_teams_above_a_restricted_one_those_of_managing_rank_see_it_and_others_only_if_called(kept, at):
    by_name, by_rank = make_user("Nora By Name"), make_user("Rita By Rank", Role.MANAGER)
    above = make_team("Staff", managers=[by_name, by_rank], restricted=True)
    type(above).objects.filter(pk=kept.ticket.team_id).update(parent=above)

    assert not sees(by_name, kept)
    assert NOWHERE in words(get(by_name, "desk:ticket", kept.ticket_id))
    assert sees(by_rank, kept)
    assert get(by_rank, "desk:ticket", kept.ticket_id).status_code == 200

    asked(kept, by_name, at)
    assert sees(by_name, kept)


def test_whoever_asked_takes_it_back_from_a_team_that_keeps_it_to_itself(open_ticket, lena, mona, otto, at):
    make_team("Court", lead=lena, managers=[mona], members=[lena], restricted=True)
    given = {"kind": "functional", "severity": 3, "reason": "tools", "summary": "Ask the court", "team_slug": "court"}
    services.escalate(user=otto, ticket_number=open_ticket().number, now=at, **given)
    asked = Escalation.objects.get()
    assert not sees(otto, asked)

    shown = get(otto, "desk:escalation", asked.number)
    assert shown["Location"] == reverse("desk:escalation_asked", args=[asked.number])
    assert "Ask the court" in words(get(otto, "desk:escalation_asked", asked.number))
    assert get(make_user("Nils New"), "desk:escalation_asked", asked.number).status_code == 404
    assert "Say why; it stays on record." in words(post(otto, "desk:escalation_asked", asked.number, reason=" "))
    post(otto, "desk:escalation_asked", asked.number, reason="The customer has settled.")

    asked.refresh_from_db()
    assert (asked.state, asked.end_reason) == ("withdrawn", "The customer has settled.")
    assert NOWHERE in words(get(otto, "desk:escalation", asked.number))
    with pytest.raises(NotFound):
        services.withdraw(user=otto, number=asked.number, reason="Once more.", now=at)


def test_the_sight_of_a_ticket_in_the_trash_is_nobodys(kept, otto, mona, at):
    responsible(kept, otto, at)
    type(kept.ticket).objects.filter(pk=kept.ticket_id).update(trashed_at=at)

    assert not Escalation.objects.visible_to(otto).exists()
    assert not Escalation.objects.visible_to(mona).exists()


def test_whoever_runs_it_calls_people_from_outside_and_they_hear_of_it(kept, lena, otto, at):
    resolving.form_task_force(user=lena, number=kept.number, members=[otto.email], now=at)
    resolving.name_responsible(
        user=lena, number=kept.number, role="architect", email=make_user("Ines Exec").email, now=at
    )

    assert sees(otto, kept)
    assert Alert.objects.filter(recipient=otto, escalation_number=kept.number).exists()
    assert Alert.objects.filter(recipient__name="Ines Exec").exists()


def test_a_customer_is_not_called(kept, lena, cora, at):
    with pytest.raises(InvalidInput, match="Nobody at the desk has the address"):
        resolving.form_task_force(user=lena, number=kept.number, members=[cora.email], now=at)


def test_a_stranger_cannot_let_himself_in(kept, otto, at):
    with pytest.raises(NotFound):
        resolving.form_task_force(user=otto, number=kept.number, members=[otto.email], now=at)


def test_who_is_called_finds_it_on_the_board_in_its_room_and_by_the_palette(kept, otto, at):
    stranger = make_user("Nils New")
    on_task_force(kept, otto, at)

    for page in ("desk:escalations", "desk:jump"):
        given = {"q": kept.reference} if page == "desk:jump" else {}
        assert kept.summary in words(get(otto, page, **given)), page
        assert kept.summary not in words(get(stranger, page, **given)), page
    room = words(get(otto, "desk:escalation", kept.number))
    assert f"#{kept.ticket_id}" in room
    assert "A claim in court" not in room
    assert reverse("desk:ticket", args=[kept.ticket_id]) not in room
    assert NOWHERE in words(get(stranger, "desk:escalation", kept.number))


def test_who_is_called_talks_in_its_room_and_can_be_named_there(kept, otto, lena, at):
    on_task_force(kept, otto, at)

    post(lena, "desk:escalation_verb", kept.number, "chat", body="Do you know this, @otto?")

    assert Alert.objects.filter(recipient=otto, kind="mention").exists()
    assert "Do you know this" in words(get(otto, "desk:escalation", kept.number))
    assert "Otto Else" in words(get(lena, "desk:chat_force", kept.number))
    assert post(otto, "desk:chat_force", kept.number, body="I do.").status_code == 302


def test_the_live_stream_tells_whoever_is_called_and_nobody_else_outside(kept, otto, lena, at, time):
    on_task_force(kept, otto, at)
    time.move_to(at + timedelta(seconds=5))
    services.acknowledge(user=lena, number=kept.number, now=time.now)

    news = news_since(None, now=time.now)

    assert for_person(otto, news).escalations == {kept.number}
    assert for_person(otto, news).tickets == frozenset()
    assert for_person(make_user("Nils New"), news).escalations == frozenset()
    assert for_person(make_user("Max Manager", Role.MANAGER), news).escalations == {kept.number}


def test_other_escalations_of_the_ticket_stay_with_those_who_see_them(kept, otto, lena, mona, at):
    given = {"kind": "functional", "severity": 3, "reason": "tools", "summary": "The other matter"}
    team = make_team("Court", lead=lena, managers=[mona], members=[lena], restricted=True)
    services.escalate(user=lena, ticket_number=kept.ticket_id, team_slug=team.slug, now=at, **given)
    on_task_force(kept, otto, at)

    assert "The other matter" not in words(get(otto, "desk:escalation", kept.number))
    assert "The other matter" in words(fragment(mona, "desk:escalation", kept.number))


def test_r31_a_breach_of_what_a_team_keeps_to_itself_is_told_to_the_next_who_may_see_it(
    breached, lena, otto, mona, adam, at
):
    legal = make_team("Legal", lead=lena, managers=[lena], members=[lena], restricted=True)
    stands_in(otto, lena, at)

    escalation = breached(team=legal)

    assert Escalation.objects.count() == 1
    heard = Alert.objects.filter(escalation_number=escalation.number).values_list("recipient", flat=True)
    assert set(heard) == {mona.pk}
    assert not Delivery.objects.filter(recipient=otto).exists()


def test_r31_the_deputy_of_whoever_manages_a_kept_escalation_is_told_of_it_and_his_own_deputy_is_not(
    kept, lena, otto, at
):
    nils, iris = make_user("Nils New"), make_user("Iris Ink")
    manages(kept, nils, at)
    stands_in(otto, nils, at)
    escalation = Escalation.objects.get()

    assert who_answers(escalation, "coordinator", at) == [otto]

    stands_in(iris, otto, at)
    assert iris not in who_answers(Escalation.objects.get(), "coordinator", at)


def stands_in(deputy: User, person: User, at) -> None:
    person.deputy = deputy
    person.save()
    Absence.objects.create(user=person, starts_at=at - timedelta(days=1), ends_at=at + timedelta(days=3))


def test_r29_whoever_is_told_of_a_customer_hears_of_a_kept_escalation_where_he_sees_it(kept, otto, at):
    board = make_user("Vera Board", Role.MANAGER)
    for person in (otto, board):
        Stakeholder.objects.create(person=person)

    assert otto in stakeholders_of(kept)
    told = stakeholders(kept, at)
    assert board in told and otto not in told

    on_task_force(kept, otto, at)
    assert otto in stakeholders(kept, at)


def test_r31_who_manages_another_team_is_told_of_a_kept_matter_where_he_may_see_it(lena, otto, mona, at):
    legal = make_team("Legal", lead=lena, managers=[lena], members=[lena], restricted=True)
    court = make_team("Court", lead=otto, managers=[otto, mona])

    assert managers_of(court, at) == [mona, otto]
    assert managers_of(court, at, hearing_of(legal)) == [mona]
    assert lead_of(court, at, hearing_of(legal)) == []
    assert managers_of(legal, at) == [lena]
