"""The words that are kept piece by piece are those that would be made at once."""

from django.core.management import call_command

from tests.factories.people import make_team
from tickets import actions, indexing
from tickets.files import Upload
from tickets.models import SearchDocument
from tickets.search import find


def _documents():
    return list(SearchDocument.objects.order_by("ticket").values_list("everything", "public"))


def test_words_kept_piece_by_piece_are_those_of_a_rebuild(anna, open_ticket, at):
    ticket = open_ticket(attachments=[Upload("../../Açúcar.txt", b"x")])
    actions.note(ticket=ticket, author=anna, body="Inside — only", now=at, attachments=[Upload("plan.pdf", b"x")])
    actions.reply(ticket=ticket, author=anna, body="Outside", now=at)
    actions.reply(ticket=ticket, author=anna, body="…", now=at)
    kept = _documents()

    indexing.rebuild([ticket.number])

    assert _documents() == kept
    assert "inside only" in kept[0][0] and "inside" not in kept[0][1]


def test_reindex_finds_what_was_lost(anna, open_ticket, capsys):
    open_ticket(subject="Lost and found")
    open_ticket(subject="Another", team=make_team("Risk"))
    SearchDocument.objects.all().delete()
    assert not find(anna, "lost")

    call_command("reindex")

    assert find(anna, "lost").get().subject == "Lost and found"
    assert "2 tickets" in capsys.readouterr().out
