"""What the desk holds of one person, for that person: all of it, and nothing of anybody else."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from common.models import ConfigurationChange
from desk.personal_data import contents, making
from knowledge.judging import judge
from people.enums import Role
from people.erasing.actions import erase_person
from people.models import User
from tests.desk.helpers import get, post, words
from tests.desk.test_export import sent
from tests.factories.articles import make_article
from tests.factories.people import make_user
from tickets import services
from tickets.files import Upload
from tickets.housekeeping import remove_stray_files
from tickets.models import CustomField, PersonalArchive, Ticket
from visits.models import Transcript, Visit


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
    Visit.objects.create(ticket=ticket, language="en", began_at=at, seen_at=at, draft="And then")
    Transcript.objects.create(ticket=ticket, bot="Aria", turns=[{"text": "Hello"}], handed_at=at)

    return made(adam, cora)


def made(by, person) -> zipfile.ZipFile:
    """Asked for on the page, made by the worker, fetched."""
    post(by, "desk:person_export", person.pk)
    making.run()
    answer = get(by, "desk:person_archive", PersonalArchive.objects.latest("pk").pk)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    return zipfile.ZipFile(io.BytesIO(sent(answer)))


def test_it_has_what_the_person_said_and_was_told(archive, cora):
    tables = {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}

    assert tables["person.json"][0]["email"] == cora.email
    assert [one["subject"] for one in tables["tickets.json"]] == ["Card refused"]
    assert [(one["article"], one["words"]) for one in tables["articles.json"]] == [("fees", "Which?")]
    assert {one["text"] for one in tables["messages.json"]} == {"Since yesterday.", "We look into it."}
    assert tables["ratings.json"][0]["comment"] == "Slow."
    assert tables["mails.json"]
    assert tables["chats.json"][0]["unsent"] == "And then"
    assert tables["bots.json"][0]["turns"] == [{"text": "Hello"}]


def test_of_a_tickets_fields_it_has_those_that_customers_are_asked(open_ticket, cora, adam):
    CustomField.objects.create(key="shop", label="Shop", for_customers=True)
    CustomField.objects.create(key="worth", label="Worth to us")
    ticket = open_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(fields={"shop": "Rua 1", "worth": "Little"})

    found = json.loads(made(adam, cora).read("tickets.json"))
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


def test_the_page_says_how_far_it_is_and_looks_again_by_itself_until_it_is_there(adam, cora, time):
    post(adam, "desk:person_export", cora.pk)
    post(adam, "desk:person_export", cora.pk)
    begun = get(adam, "desk:person_export", cora.pk)
    PersonalArchive.objects.update(done=3, of=8)
    underway = get(adam, "desk:person_export", cora.pk)
    making.run()
    there = get(adam, "desk:person_export", cora.pk)

    assert begun["Refresh"] == underway["Refresh"] == "3" and "within seconds" in words(begun)
    assert "3 of 8 texts and files" in words(underway)
    assert "Refresh" not in there and "Download the archive" in words(there)
    row = PersonalArchive.objects.get()
    assert row.done == row.of > 0


def test_only_who_asked_for_it_fetches_it_and_only_while_he_may(adam, mona, cora):
    other = make_user("Olga Other", Role.ADMIN)
    made(adam, cora)
    key = PersonalArchive.objects.get().pk

    refused = [get(one, "desk:person_archive", key).status_code for one in (other, mona)]
    User.objects.filter(pk=adam.pk).update(role=Role.MANAGER)
    adam.refresh_from_db()

    assert refused == [404, 404] and get(adam, "desk:person_archive", key).status_code == 404
    assert "Download" not in words(get(other, "desk:person_export", cora.pk))


def test_after_three_days_it_is_gone_and_before_that_no_tidying_takes_it(adam, cora, time):
    made(adam, cora)
    row = PersonalArchive.objects.get()

    assert remove_stray_files(now=time.now + timedelta(days=2)) == 0
    time.move_to(time.now + timedelta(days=3))
    refused = get(adam, "desk:person_archive", row.pk).status_code
    making.run()

    assert refused == 404
    assert not PersonalArchive.objects.exists() and not default_storage.exists(row.stored.name)


def test_one_that_fails_is_tried_three_times_and_then_said_to_have_failed(adam, cora, time, monkeypatch):
    def fail(target, person):
        raise RuntimeError

    monkeypatch.setattr(making, "fill", fail)
    post(adam, "desk:person_export", cora.pk)
    for _attempt in range(3):
        making.run()
        time.move_to(time.now + making.CLAIM)

    assert "could not be made" in words(get(adam, "desk:person_export", cora.pk))
    assert making.run() == 0


@pytest.mark.django_db(transaction=True)
def test_it_is_made_while_others_write(adam, cora, open_ticket, at, monkeypatch):
    open_ticket()
    open_ticket()
    making.ask(by=adam, person=cora, now=at)
    monkeypatch.setattr(contents, "CHUNK", 1)
    monkeypatch.setattr(making, "TELLS_EVERY", 0)
    fill = making.fill

    def beside(target, person):
        with ThreadPoolExecutor(1) as other:
            for done in fill(target, person):
                other.submit(User.objects.filter(pk=adam.pk).update, signature=f"-- {done}").result()
                yield done
            other.submit(lambda: connection.close()).result()

    monkeypatch.setattr(making, "fill", beside)

    assert making.run() == 1 and PersonalArchive.objects.get().stored


def test_what_is_taken_over_by_another_worker_leaves_no_file(adam, cora, monkeypatch):
    made(adam, cora)
    PersonalArchive.objects.all().delete()
    real = making.fill

    def interrupted(target, person):
        PersonalArchive.objects.update(attempts=2)
        return real(target, person)

    monkeypatch.setattr(making, "fill", interrupted)
    before = default_storage.listdir("archives")
    post(adam, "desk:person_export", cora.pk)
    making.run()

    assert not PersonalArchive.objects.get().stored
    assert default_storage.listdir("archives") == before


def test_an_erased_persons_archive_goes_with_him(adam, cora, time, django_capture_on_commit_callbacks):
    made(adam, cora)
    name = PersonalArchive.objects.get().stored.name

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(by=adam, pk=cora.pk, typed=cora.email, now=time.now)

    assert not PersonalArchive.objects.exists() and not default_storage.exists(name)
