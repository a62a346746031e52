"""What the desk holds of one person, for that person: all of it, and nothing of anybody else."""

import io
import json
import zipfile

import pytest

from common.models import ConfigurationChange
from knowledge.judging import judge
from people.enums import Role
from tests.desk.helpers import get, post, words
from tests.desk.test_export import sent
from tests.factories.articles import make_article
from tests.factories.people import make_user
from tickets import services
from tickets.files import Upload
from tickets.models import CustomField, Ticket


@pytest.fixture
def archive(open_ticket, cora, anna, adam, at):
    """Of Cora, who asked, was answered, rated and is spoken of among colleagues; Zoe asked something else."""
    zoe = make_user("Zoe Zander", Role.CUSTOMER, email="zoe@shop.example")
    ticket = open_ticket(subject="Card refused", attachments=[Upload("../../bill.txt", b"42 EUR")])
    open_ticket(requester=zoe, subject="Zoe's own matter")
    services.reply(user=anna, number=ticket.number, body="We look into it.", now=at)
    services.note(user=anna, number=ticket.number, body="She shouts at everybody.", now=at)
    services.change_status(user=anna, number=ticket.number, verb="solve", now=at)
    judge(article=make_article("fees", at), helped=False, words="Which?", reader=cora, visit="", now=at)
    services.rate(user=cora, number=ticket.number, score=2, comment="Slow.", now=at)

    answer = post(adam, "desk:person_export", cora.pk)

    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(sent(answer)))


def test_it_has_what_the_person_said_and_was_told(archive, cora):
    tables = {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}

    assert tables["person.json"][0]["email"] == cora.email
    assert [one["subject"] for one in tables["tickets.json"]] == ["Card refused"]
    assert [(one["article"], one["words"]) for one in tables["articles.json"]] == [("fees", "Which?")]
    assert {one["text"] for one in tables["messages.json"]} == {"Since yesterday.", "We look into it."}
    assert tables["ratings.json"][0]["comment"] == "Slow."
    assert tables["mails.json"]


def test_of_a_tickets_fields_it_has_those_that_customers_are_asked(open_ticket, cora, adam):
    CustomField.objects.create(key="shop", label="Shop", for_customers=True)
    CustomField.objects.create(key="worth", label="Worth to us")
    ticket = open_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(fields={"shop": "Rua 1", "worth": "Little"})

    answer = post(adam, "desk:person_export", cora.pk)

    found = json.loads(zipfile.ZipFile(io.BytesIO(sent(answer))).read("tickets.json"))
    assert found[0]["fields"] == {"Shop": "Rua 1"}


def test_files_lie_in_it_and_no_name_leads_out_of_it(archive):
    (place,) = [name for name in archive.namelist() if name.startswith("files/")]

    assert archive.read(place) == b"42 EUR"
    assert ".." not in place.removeprefix("files/").split("/")


def test_nothing_among_colleagues_and_nothing_of_others_is_in_it(archive):
    everything = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())

    for inside in ("She shouts", "Zoe", "zoe@shop.example"):
        assert inside not in everything


def test_the_trail_tells_of_it_and_the_page_offers_it(archive, adam, cora):
    assert ConfigurationChange.objects.filter(by=adam, subject__contains="exported").count() == 1
    assert "What the desk holds of this person" in words(get(adam, "desk:contact_edit", cora.pk))


def test_only_administrators_export(mona, cora):
    assert post(mona, "desk:person_export", cora.pk).status_code == 404
