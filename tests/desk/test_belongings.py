"""A ticket's page asks for nothing of which there is none, and for everything as soon as there is one."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from django.urls import reverse

from chat import services as chat
from desk.looks.ticket.belongings import belongings
from escalation.initiate import relations
from tests.desk.helpers import queries, signed_in
from tickets import actions, composer, handling, presence, services, watching
from tickets.files import Upload


@pytest.fixture
def bare(open_ticket):
    """A ticket without policy, tags and files: a question, and nothing else."""
    return open_ticket()


@pytest.fixture
def hang(bare, open_ticket, escalate, anna, mona, stan, at) -> dict[str, Callable[[], object]]:
    """How each kind of thing comes to hang on the ticket."""
    number, other = bare.number, open_ticket()
    agent = {"user": anna, "now": at}

    def note(**fields):
        return actions.note(**{"ticket": bare, "author": anna, "body": "See there", "now": at, **fields})

    def link(source, target):
        return handling.link(number=source.number, other=target.number, relation="blocks", **agent)

    return {
        "tags": lambda: services.add_tag(number=number, name="vip", **agent),
        "watchers": lambda: watching.watch(ticket=bare, user=anna),
        "files": lambda: note(attachments=[Upload("a.txt", b"a")]),
        "mentions": lambda: note(body="@Mona, please"),
        "drafts": lambda: composer.save_draft(number=number, kind="note", body="Half", seen=None, **agent),
        "presences": lambda: presence.be_here(ticket=bare, user=mona, writing="", now=at),
        "links_out": lambda: link(bare, other),
        "links_in": lambda: link(other, bare),
        "relations": lambda: relations.link(
            user=mona, number=escalate(open_ticket(requester=stan)).number, to=f"#{number}", relation="related", now=at
        ),
        "escalations": lambda: escalate(bare),
        "posts": lambda: chat.say(subject=f"#{number}", body="Who knows the bank?", **agent),
    }


def test_each_thing_is_known_of_as_soon_as_it_is_there(bare, hang):
    for kind, do in hang.items():
        before = asdict(belongings(bare))
        assert before[kind] is False, kind

        do()

        changed = {name for name, there in asdict(belongings(bare)).items() if there and not before[name]}
        assert kind in changed
        # Who writes a note watches; an escalation writes one and starts no clock of a policy that is not there.
        assert changed <= {kind, "watchers", "clocks"}


def test_a_promise_is_known_of(policy, open_ticket):
    assert belongings(open_ticket()).clocks


def test_what_hangs_on_another_ticket_is_not_taken_for_its_own(bare, hang, open_ticket):
    for do in hang.values():
        do()

    assert not any(asdict(belongings(open_ticket())).values())


def test_a_bare_ticket_is_shown_without_a_question_for_each_thing_that_it_might_have(bare, hang, anna):
    client, url = signed_in(anna), reverse("desk:ticket", args=[bare.number])
    queries(client, url)
    least = queries(client, url)
    for do in hang.values():
        do()

    assert least <= 18
    assert least + len(hang) <= queries(client, url) <= 45
