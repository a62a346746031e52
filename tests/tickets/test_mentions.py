"""@mentions: who is named, who is told, and who never is."""

import pytest

from notifications.models import Delivery
from people.mentions import named
from tests.factories.people import make_team, make_user
from tickets import actions
from tickets.models import Mention, Ticket
from tickets.permissions import who_see


@pytest.fixture
def ticket(open_ticket):
    return open_ticket()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Anna please look", ["Anna Lindqvist"]),
        ("ask @anna.lindqvist, or @Rosa Quiroga.", ["Anna Lindqvist", "Rosa Quiroga"]),
        ("@ROSA and @rosa again", ["Rosa Quiroga"]),
        ("(@Anna)", ["Anna Lindqvist"]),
        ("write to cora@anna.example", []),
        ("@Annabel is somebody else", []),
        ("@ and @@ and @nobody", []),
        ("@Mona is two people", []),
        ("@Mona Farias is one", ["Mona Farias"]),
    ],
)
def test_a_text_names_people(anna, rosa, mona, text, names):
    people = [anna, rosa, mona, make_user("Mona Lisa", email="lisa@meridiano.example")]
    for user in people[:3]:
        user.email = f"{user.name.lower().replace(' ', '.')}@meridiano.example"

    assert [user.name for user in named(text, people)] == names


def test_whoever_is_named_is_told_once_on_the_page_and_by_mail(ticket, anna, rosa, at):
    actions.note(ticket=ticket, author=anna, body="@Rosa, @rosa quiroga: the bank called. @Anna", now=at)

    alert = rosa.alerts.get(kind="mention")
    assert alert.title == f"Anna Lindqvist mentioned you on #{ticket.number}"
    assert alert.path == f"/tickets/{ticket.number}/#message-{ticket.messages.last().pk}"
    assert Delivery.objects.filter(recipient=rosa, dedupe_key__startswith="mention").count() == 1
    assert list(Mention.objects.values_list("user", flat=True)) == [rosa.pk]
    assert not anna.alerts.exists()


def test_nobody_is_told_of_a_ticket_that_he_may_not_see(open_ticket, anna, adam, at):
    inside, outside = make_user("Ada Inside"), make_user("Olga Outside")
    secret = open_ticket(team=make_team("Risk", restricted=True, members=[inside, anna]))

    actions.note(ticket=secret, author=anna, body="@Olga @Ada @Adam", now=at)

    assert set(Mention.objects.values_list("user__name", flat=True)) == {"Ada Inside", "Adam Berg"}
    assert not outside.alerts.exists()


def test_a_customer_and_a_public_reply_name_nobody(ticket, anna, rosa, cora, at):
    actions.note(ticket=ticket, author=anna, body="@Cora", now=at)
    actions.reply(ticket=ticket, author=anna, body="@Rosa", now=at)

    assert not Mention.objects.exists()


@pytest.mark.parametrize("restricted", [False, True])
def test_who_see_a_ticket_are_those_to_whom_it_is_visible(open_ticket, anna, rosa, mona, adam, cora, stan, restricted):
    inside, owner, named = make_user("Ada Inside"), make_user("Otto Owner"), make_user("Max By Name")
    make_user("Olga Outside")
    gone = make_user("Gregor Gone", is_active=False)
    ticket = open_ticket(
        team=make_team("Risk", lead=rosa, managers=[named], members=[inside, gone], restricted=restricted)
    )
    actions.assign(ticket=ticket, assignee=owner, now=ticket.created_at, by=None)
    ticket.refresh_from_db()

    everybody = type(anna).objects.get_queryset().staff()
    seeing = {user for user in everybody if Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()}

    assert set(who_see(ticket)) == seeing
    assert named in seeing
    assert (make_user("Nils New") in who_see(ticket)) is not restricted
