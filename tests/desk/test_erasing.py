"""A person is erased: every column of every table and every stored file is looked through for his words."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models

from api.actions import create_token
from api.models import IdempotentAnswer
from common.configuring import configure
from common.errors import InvalidInput, NotAllowedNow, Refused
from common.models import ConfigurationChange
from escalation import services, sweep
from escalation.services.affected import add_customers
from mailroom import correspondence, intake
from mailroom.models import RawMessage
from notifications import delivery
from notifications.models import Delivery, Way
from people.actions import find_or_create_customer
from people.enums import Role
from people.erasing.actions import erase_person
from people.models import Alias, User
from sla.models import Clock, LedgerEntry
from surveys.models import Question
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_user
from tests.mailroom.mails import compose
from tickets import actions as tickets
from tickets import forgetting
from tickets import services as ticket_services
from tickets.files import Upload
from tickets.models import Attachment, Event, Message, Rating, Ticket

pytestmark = pytest.mark.each

MARK = "zanzibar"


def everything() -> Iterator[tuple[str, str]]:
    """What the desk holds, each value with the place where it is."""
    for model in apps.get_models(include_auto_created=True):
        kept = [one for one in model._meta.concrete_fields if isinstance(one, _HOLDING)]
        for row in model._base_manager.values_list("pk", *(one.name for one in kept)):
            for field, value in zip(kept, row[1:], strict=True):
                text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value
                yield f"{model._meta.label}.{field.name}", text if isinstance(text, str) else json.dumps(text)
    yield from _files("")


_HOLDING = models.CharField | models.TextField | models.JSONField | models.BinaryField | models.FileField


def _files(folder: str) -> Iterator[tuple[str, str]]:
    folders, names = default_storage.listdir(folder or ".")
    for name in names:
        with default_storage.open(f"{folder}{name}") as file:
            yield f"file {folder}{name}", file.read().decode(errors="replace")
    for inner in folders:
        yield from _files(f"{folder}{inner}/")


def found(mark: str) -> set[str]:
    return {where for where, text in everything() if mark in text.lower()}


@pytest.fixture
def zora(db) -> User:
    return make_user(f"Zora {MARK.title()}", Role.CUSTOMER, email=f"zora@{MARK}.example")


@pytest.fixture
def own_files(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """A storage of this test's own."""
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path))


@pytest.fixture
def busy(zora, anna, mona, adam, cora, payments, policy, own_files, at, time) -> Ticket:
    """She has written, by mail and on the page; was answered, escalated, harmed, rated, configured, alerted of."""
    upload = Upload(f"{MARK}.txt", f"{MARK} in a file".encode())
    raw = compose(f"I am {MARK} by mail.", sender=f"Zora {MARK.title()} <{zora.email}>", subject=f"About {MARK}")
    intake.accept(raw, now=at)
    ticket = Ticket.objects.get(requester=zora)
    known = {"number": ticket.number, "now": at}
    ticket_services.note(user=anna, body=f"She says {MARK}.", attachments=[upload], **known)
    ticket_services.reply(user=anna, body=f"Dear {zora.name}, {MARK} it is.", **known)
    ticket_services.change_status(user=anna, verb="hold", reason=f"{MARK} is shut", **known)
    Ticket.objects.filter(pk=ticket.pk).update(fields={"contract": MARK})
    correspondence.open_side(
        user=anna, address="noc@carrier.example", name="Carrier", subject=MARK, body=MARK, uploads=[upload], **known
    )
    other = tickets.open_ticket(subject="Another", body="Of cora", requester=cora, now=at)
    tickets.customer_wrote(ticket=other, author=zora, body=f"And I: {MARK}", now=at)
    about = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": MARK, "tried": MARK, "now": at}
    services.escalate(user=anna, ticket_number=ticket.number, **about)
    theirs = services.escalate(user=anna, ticket_number=other.number, **{**about, "summary": "x", "tried": "y"})
    services.decide(user=mona, number=theirs.number, now=at, decision="approve", note=f"For {zora.name}")
    add_customers(user=mona, number=theirs.number, emails=[zora.email], now=at)
    Rating.objects.create(ticket=ticket, by=zora, score=2, comment=MARK, given_at=at, changed_at=at)
    Alias.objects.create(person=zora, address=f"old@{MARK}.example", since=at)
    Way.objects.create(person=zora, channel="webpush", target=f"https://push/{MARK}", created_at=at)
    create_token(user=zora, name=MARK, now=at)
    IdempotentAnswer.objects.create(
        user=adam, key="k", fingerprint="f", status=201, body={"number": ticket.number, "subject": MARK}, created_at=at
    )
    Question.objects.create(person=zora, about="ticket", ticket=ticket, dedupe_key="q", score=2, words=MARK)
    configure(zora, by=adam, language="es")
    signed_in(zora)
    time.move_to(at + timedelta(hours=7))
    sweep.run()
    delivery.run()
    return ticket


def test_nothing_of_an_erased_person_is_found_in_any_table_or_file(
    busy, zora, adam, time, django_capture_on_commit_callbacks
):
    before = found(MARK)
    assert len(before) > 30, before
    figures = (Event.objects.count(), LedgerEntry.objects.count(), Clock.objects.count(), Ticket.objects.count())
    changes = ConfigurationChange.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(by=adam, pk=zora.pk, typed=zora.email, now=time.now)

    assert found(MARK) == set()
    now = (Event.objects.count(), LedgerEntry.objects.count(), Clock.objects.count(), Ticket.objects.count())
    assert now == figures
    assert ConfigurationChange.objects.count() == changes + 1
    assert Rating.objects.get().score == 2
    assert RawMessage.objects.get().digest
    assert not Attachment.objects.exists()


def test_who_writes_again_from_the_address_is_somebody_new(busy, zora, adam, time):
    erase_person(by=adam, pk=zora.pk, typed=zora.email.upper(), now=time.now)

    again = find_or_create_customer(email=zora.email)

    assert again.pk != zora.pk
    gone = User.objects.get(pk=zora.pk)
    assert (gone.is_active, gone.name, gone.has_usable_password()) == (False, "Erased person", False)
    with pytest.raises(NotAllowedNow, match="erased already"):
        erase_person(by=adam, pk=zora.pk, typed=gone.email, now=time.now)


def test_a_name_that_somebody_else_has_is_left_where_it_stands(zora, adam, cora, open_ticket, at):
    User.objects.filter(pk=zora.pk).update(name=cora.name)
    ticket = open_ticket(body=f"I am {cora.name}, not {zora.email}.")

    erase_person(by=adam, pk=zora.pk, typed=zora.email, now=at)

    assert ticket.messages.get().body == f"I am {cora.name}, not …."


def test_a_colleague_is_erased_only_after_what_is_open_was_handed_over(adam, anna, mona, open_ticket, at):
    ticket = open_ticket()
    ticket_services.reply(user=anna, number=ticket.number, body="We look.", now=at)

    with pytest.raises(NotAllowedNow, match="switch the account off first"):
        erase_person(by=adam, pk=anna.pk, typed=anna.email, now=at)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    with pytest.raises(Refused):
        erase_person(by=mona, pk=anna.pk, typed=anna.email, now=at)
    with pytest.raises(InvalidInput, match="to confirm"):
        erase_person(by=adam, pk=anna.pk, typed="anna", now=at)
    erase_person(by=adam, pk=anna.pk, typed=anna.email, now=at)

    assert found("lindqvist") == set()
    assert ticket.messages.filter(body="We look.").exists()


def test_the_page_says_what_goes_and_what_stays_and_wants_the_address_typed(busy, zora, adam, anna):
    page = words(get(adam, "desk:contact_erase", zora.pk))
    refused = post(adam, "desk:contact_erase", zora.pk, typed="no")
    done = post(adam, "desk:contact_erase", zora.pk, typed=zora.email)

    assert "Mails as they came" in page and "Clocks with their ledgers" in page
    assert refused.status_code == 422 and "to confirm" in words(refused)
    assert done.status_code == 302 and get(adam, "desk:contact_erase", zora.pk).status_code == 404
    assert get(adam, "desk:ticket", busy.number).status_code == 200
    assert "works here" in words(get(adam, "desk:person_erase", anna.pk))


def test_the_preview_costs_the_same_however_much_there_is(adam, cora, open_ticket):
    client, address = signed_in(adam), f"/settings/customers/people/{cora.pk}/erase/"
    before = queries(client, address)
    for _more in range(5):
        open_ticket()

    assert queries(client, address) == before


def test_who_is_called_much_alike_keeps_name_and_address(cora, adam, open_ticket, at):
    ana = make_user("Ana Souza", Role.CUSTOMER, email="ana@firm.example")
    joana = make_user("Joana Souza", Role.CUSTOMER, email="joana@firm.example")
    mail = Delivery.objects.create(
        address=joana.email, recipient=joana, subject="Ana Souza and Joana Souza",
        text="ana@firm.example, ana@firm.example.br",
        dedupe_key="alike", next_try_at=at, created_at=at,
    )  # fmt: skip

    erase_person(by=adam, pk=ana.pk, typed=ana.email, now=at)

    mail.refresh_from_db()
    assert (mail.address, mail.subject) == (joana.email, "… and Joana Souza")
    assert mail.text == "…, ana@firm.example.br"


def test_what_colleagues_are_still_to_be_told_goes_out_without_the_words(cora, mona, adam, open_ticket, at):
    ticket = open_ticket(subject="Cora's salary")
    owed = Delivery.objects.create(
        address=mona.email, recipient=mona, subject="E-1: Cora's salary", template="alert", ticket_number=ticket.number,
        context={"language": "en", "page_url": "https://desk.example/escalations/1/", "why": "Cora's salary"},
        dedupe_key="owed", next_try_at=at, created_at=at,
    )  # fmt: skip

    erase_person(by=adam, pk=cora.pk, typed=cora.email, now=at)

    owed.refresh_from_db()
    assert owed.state == "waiting"
    assert "salary" not in f"{owed.subject}{owed.text}{owed.context}"
    assert owed.text == "https://desk.example/escalations/1/"


def test_what_several_customers_say_is_nobodys_name(adam, open_ticket, at):
    joker = make_user("thank you", Role.CUSTOMER, email="joker@firm.example")
    for n in range(3):
        person = make_user(f"Customer {n}", Role.CUSTOMER, email=f"c{n}@firm.example")
        open_ticket(requester=person, body="Look at it, thank you all.")

    erase_person(by=adam, pk=joker.pk, typed=joker.email, now=at)

    assert Message.objects.filter(body__contains="thank you").count() == 3


@pytest.mark.parametrize("what", ["ticket", "customer"])
def test_nobody_is_erased_while_a_ticket_of_his_is_held_and_it_is_said_which_and_who_lifts_it(
    what, cora, adam, open_ticket, at
):
    ticket = open_ticket()
    of = {"ticket": {"number": ticket.number, "organisation": None}}
    kept = of.get(what, {"number": None, "organisation": ticket.organisation})
    held = forgetting.hold(**kept, reason="A dispute", by=adam, now=at)

    with pytest.raises(NotAllowedNow, match=re.escape(f"{held} (A dispute). Administrators may lift")):
        erase_person(by=adam, pk=cora.pk, typed=cora.email, now=at)
    page = words(get(adam, "desk:contact_erase", cora.pk))
    forgetting.release(pk=held.pk, by=adam)
    erase_person(by=adam, pk=cora.pk, typed=cora.email, now=at)

    assert "A dispute" in page and "How long data is kept" in page and "to confirm" not in page
    assert User.objects.get(pk=cora.pk).erased_at == at


def test_who_wrote_on_anothers_held_ticket_stays_too_and_a_colleague_as_well(cora, zora, anna, adam, open_ticket, at):
    ticket = open_ticket()
    tickets.customer_wrote(ticket=ticket, author=zora, body="I as well.", now=at)
    ticket_services.reply(user=anna, number=ticket.number, body="We look.", now=at)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    forgetting.hold(number=ticket.number, organisation=None, reason="A dispute", by=adam, now=at)

    for person in (zora, anna):
        with pytest.raises(NotAllowedNow, match="A dispute"):
            erase_person(by=adam, pk=person.pk, typed=person.email, now=at)
