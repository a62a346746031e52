import pytest

from common.errors import NotAllowedNow, NotFound, Refused
from common.models import ConfigurationChange
from mailroom import intake, services
from mailroom.models import IntakeState, RawMessage
from mailroom.threads import reply_address, token_for
from notifications.models import Delivery
from tests.mailroom.mails import compose, kept
from tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("payments")


@pytest.mark.parametrize("who", ["anna", "cora", "stan"])
def test_only_a_manager_may_touch_the_quarantine(who, request, at):
    user = request.getfixturevalue(who)
    row = intake.accept(kept("newsletter"), now=at)

    for attempt in (
        lambda: services.list_quarantined(user=user),
        lambda: services.read_source(user=user, pk=row.pk),
        lambda: services.release(user=user, pk=row.pk, now=at),
        lambda: services.drop(user=user, pk=row.pk, now=at),
    ):
        with pytest.raises(Refused):
            attempt()
    row.refresh_from_db()
    assert row.state == IntakeState.QUARANTINED


def test_the_list_shows_what_waits_without_its_bytes(adam, at, django_assert_num_queries):
    for name in ("newsletter", "no-boundary", "plain"):
        intake.accept(kept(name), now=at)

    with django_assert_num_queries(1):
        rows = [(row.sender, row.subject, row.reason[:12]) for row in services.list_quarantined(user=adam)]

    assert rows == [
        ("cora@livraria-aurora.example", "Broken", "It is malfor"),
        ("offers@shop.example", "Offers of the week", "It is bulk m"),
    ]


def test_the_source_is_readable_and_harmless(adam, at):
    row = intake.accept(kept("nul-bytes") + "\u202eзлой \x1b[31m\r\nПлатёж".encode() + b"\xff", now=at)

    source = services.read_source(user=adam, pk=row.pk)

    assert "before\\x00after" in source
    assert "\\x202eзлой \\x1b[31m\nПлатёж\\xff" in source
    assert not set(source) & set("\x00\x1b\u202e\r")


def test_a_broken_mail_is_filed_after_all(adam, at):
    row = intake.accept(kept("truncated"), now=at)

    row = services.release(user=adam, pk=row.pk, now=at)

    assert row.state == IntakeState.FILED
    assert Ticket.objects.get(number=row.ticket_number).messages.get().body == "The text is whole."
    assert ConfigurationChange.objects.get().by == adam


@pytest.mark.parametrize("name", ["newsletter", "out-of-office"])
def test_a_programs_mail_filed_after_all_is_still_not_answered(adam, at, name):
    row = intake.accept(kept(name), now=at)

    row = services.release(user=adam, pk=row.pk, now=at)

    assert row.state == IntakeState.FILED
    assert not Delivery.objects.exists()


def test_no_review_lets_a_mail_speak_for_staff(adam, anna, open_ticket, cora, at):
    ticket = open_ticket()
    to = reply_address(token_for(ticket.number, cora.email))
    row = intake.accept(compose("Solved.", sender=anna.email, to=to), now=at)

    row = services.release(user=adam, pk=row.pk, now=at)

    assert row.state == IntakeState.QUARANTINED
    assert ticket.messages.count() == 1


def test_a_dropped_mail_is_gone_from_the_list_and_stays_recognised(adam, at):
    row = intake.accept(kept("newsletter"), now=at)

    services.drop(user=adam, pk=row.pk, now=at)

    assert list(services.list_quarantined(user=adam)) == []
    assert intake.accept(kept("newsletter"), now=at).state == IntakeState.DROPPED
    assert RawMessage.objects.count() == 1


@pytest.mark.parametrize("verb", [services.release, services.drop])
def test_what_is_not_in_the_quarantine_cannot_be_taken_from_it(verb, adam, at):
    row = intake.accept(kept("plain"), now=at)

    with pytest.raises(NotAllowedNow):
        verb(user=adam, pk=row.pk, now=at)
    with pytest.raises(NotFound):
        verb(user=adam, pk=999_999, now=at)
    assert Ticket.objects.count() == 1


def test_the_maintenance_door_shows_a_mail_and_changes_nothing(adam, client, at):
    row = intake.accept(kept("nul-bytes"), now=at)
    client.force_login(adam, backend="people.backends.PasswordBackend")

    listed = client.get("/admin/mailroom/rawmessage/")
    shown = client.get(f"/admin/mailroom/rawmessage/{row.pk}/change/")
    changed = client.post(f"/admin/mailroom/rawmessage/{row.pk}/change/", {"state": "filed"})

    assert listed.status_code == 200
    assert "before\\x00after" in shown.content.decode()
    assert changed.status_code == 403
