"""Mailboxes on a real IMAP server (Debian's Dovecot): nothing lost, nothing twice, nothing marked too early."""

import socket
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest

from common import heartbeat
from common.failpoints import Point
from mailroom import intake, mailboxes
from mailroom.enums import Afterwards, IntakeState
from mailroom.fetching import connection, following, taking
from mailroom.fetching.connection import MailboxError, opened
from mailroom.fetching.following import Follower
from mailroom.fetching.taking import Look
from mailroom.models import Mailbox, RawMessage
from people.models import Team
from tests.mailroom.conftest import make_mailbox
from tests.mailroom.dovecot import PASSWORD
from tests.mailroom.mails import compose
from tickets.models import Message, Ticket

# What IMAP says and how mail reads is the same on each database; what is kept once is tried in test_intake.
pytestmark = pytest.mark.once

SEEN = "\\Seen"


@pytest.fixture(autouse=True)
def desk(payments):
    return payments


def mails(count: int, first: int = 1) -> list[bytes]:
    return [
        compose(f"Number {number}", identifier=f"<{number}@livraria-aurora.example>", subject=f"Payout {number}")
        for number in range(first, first + count)
    ]


def fetch(mailbox: Mailbox, at) -> list[int]:
    """One look by a process that has just been started; what it brought is filed."""
    mailbox = Mailbox.objects.get(pk=mailbox.pk)
    brought: list[int] = []
    with opened(mailbox) as folder:
        Look(mailbox, folder, brought.append).take(now=at)
    following.note_success(mailbox, now=at)
    for pk in brought:
        intake.file(pk, now=at)
    return brought


def subjects() -> list[str]:
    return sorted(Ticket.objects.values_list("subject", flat=True))


def test_new_mail_is_filed_and_marked_as_read(dovecot, mailbox, at):
    dovecot.deliver(mailbox.username, *mails(3))

    fetch(mailbox, at)

    assert subjects() == ["Payout 1", "Payout 2", "Payout 3"]
    assert [SEEN in flags for flags in dovecot.flags(mailbox.username).values()] == [True] * 3
    mailbox.refresh_from_db()
    assert mailbox.last_uid == 3


def test_what_was_read_before_the_desk_came_is_left_alone_and_what_a_person_reads_since_is_not(dovecot, mailbox, at):
    dovecot.deliver(mailbox.username, *mails(2))
    with dovecot.signed_in(mailbox.username) as box:
        box.flag("1", SEEN, True)
    fetch(mailbox, at)
    dovecot.deliver(mailbox.username, *mails(1, first=3))
    with dovecot.signed_in(mailbox.username) as box:
        box.flag("3", SEEN, True)

    fetch(mailbox, at)

    assert subjects() == ["Payout 2", "Payout 3"]


def test_a_second_look_brings_nothing(dovecot, mailbox, at):
    dovecot.deliver(mailbox.username, *mails(2))

    assert len(fetch(mailbox, at)) == 2
    assert fetch(mailbox, at) == []


@pytest.mark.parametrize("point", [Point.AFTER_FETCH, Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEFORE_SEEN])
@pytest.mark.parametrize("nth", [1, 3])
@pytest.mark.parametrize("is_first_look", [True, False])
def test_a_fetcher_killed_at_any_step_brings_each_mail_exactly_once(
    dovecot, mailbox, at, crash_at, point, nth, is_first_look
):
    if not is_first_look:
        fetch(mailbox, at)
    dovecot.deliver(mailbox.username, *mails(4))
    with crash_at(point, nth):
        fetch(mailbox, at)
    marked = [uid for uid, flags in dovecot.flags(mailbox.username).items() if SEEN in flags]
    safe = set(RawMessage.objects.values_list("uid", flat=True))
    assert set(marked) <= safe
    assert len(marked) == nth - 1

    fetch(mailbox, at)
    intake.file_pending(now=at, at_once=True)

    assert subjects() == ["Payout 1", "Payout 2", "Payout 3", "Payout 4"]
    assert Message.objects.count() == RawMessage.objects.count() == 4
    assert all(SEEN in flags for flags in dovecot.flags(mailbox.username).values())


@pytest.mark.parametrize("afterwards", [Afterwards.DELETE, Afterwards.MOVE])
@pytest.mark.parametrize("point", [Point.AFTER_FETCH, Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEFORE_SEEN])
def test_a_mail_leaves_its_mailbox_only_when_it_is_kept_here(dovecot, mailbox, at, crash_at, afterwards, point):
    Mailbox.objects.filter(pk=mailbox.pk).update(afterwards=afterwards, move_to="Archive/Taken")
    dovecot.deliver(mailbox.username, *mails(2))
    with crash_at(point, 2):
        fetch(mailbox, at)
    assert list(dovecot.flags(mailbox.username)) == [2]

    fetch(mailbox, at)
    intake.file_pending(now=at, at_once=True)

    assert dovecot.flags(mailbox.username) == {}
    assert subjects() == ["Payout 1", "Payout 2"]
    if afterwards == Afterwards.MOVE:
        assert len(dovecot.flags(mailbox.username, "Archive.Taken")) == 2


def test_deleting_takes_away_nothing_that_a_person_has_marked(dovecot, mailbox, at):
    fetch(mailbox, at)
    Mailbox.objects.filter(pk=mailbox.pk).update(afterwards=Afterwards.DELETE)
    dovecot.deliver(mailbox.username, *mails(2))
    fetch(mailbox, at)
    dovecot.deliver(mailbox.username, *mails(1, first=3))
    with dovecot.signed_in(mailbox.username) as box:
        box.client.uid("STORE", "3", "+FLAGS", r"(\Deleted)")
        box.append(compose(identifier="<4@x.example>", subject="Payout 4"), "INBOX")
    Mailbox.objects.filter(pk=mailbox.pk).update(last_uid=3)

    fetch(mailbox, at)

    assert list(dovecot.flags(mailbox.username)) == [3]


def test_a_mailbox_with_new_numbers_loses_nothing_and_repeats_nothing(dovecot, mailbox, at):
    dovecot.deliver(mailbox.username, *mails(3))
    fetch(mailbox, at)
    was = Mailbox.objects.get().uidvalidity
    dovecot.deliver(mailbox.username, *mails(1, first=4))
    dovecot.renumber(mailbox.username)

    fetch(mailbox, at)

    assert Mailbox.objects.get().uidvalidity != was
    assert subjects() == ["Payout 1", "Payout 2", "Payout 3", "Payout 4"]
    assert Message.objects.count() == 4


def test_one_mail_in_two_mailboxes_is_one_ticket(dovecot, mailbox, secrets, at):
    other = make_mailbox(dovecot, "the second one", at)
    for box in (mailbox, other):
        dovecot.deliver(box.username, *mails(1))

    for box in (mailbox, other):
        fetch(box, at)

    assert Ticket.objects.count() == Message.objects.count() == 1
    assert all(SEEN in flags for flags in dovecot.flags(other.username).values())


def test_what_comes_to_a_teams_mailbox_is_the_teams(dovecot, mailbox, at):
    team = Team.objects.create(name="Terminals", slug="terminals")
    Mailbox.objects.filter(pk=mailbox.pk).update(team=team)
    dovecot.deliver(mailbox.username, *mails(1))

    fetch(mailbox, at)

    assert Ticket.objects.get().team == team


def test_a_mail_too_large_to_be_kept_stays_and_is_told_of_without_being_read_whole(
    dovecot, mailbox, at, settings, monkeypatch
):
    settings.MAIL_SIZE_LIMIT = 1024 * 1024
    asked = []
    part = Look._part
    monkeypatch.setattr(Look, "_part", lambda look, uid, what: asked.append(what) or part(look, uid, what))
    huge = compose("x\n" * 700_000, identifier="<huge@x.example>", subject="A film")
    dovecot.deliver(mailbox.username, huge, *mails(1))

    fetch(mailbox, at)

    row = RawMessage.objects.get(subject="A film")
    assert (row.state, row.sender) == (IntakeState.QUARANTINED, "cora@livraria-aurora.example")
    assert row.reason == f"It is larger than 1 MB; it stays in the mailbox {mailbox.address}."
    assert row.size > 1_400_000 > len(bytes(row.raw))
    assert asked == ["BODY.PEEK[HEADER]<0.65536>", "BODY.PEEK[]"]
    assert SEEN not in dovecot.flags(mailbox.username)[1]
    assert subjects() == ["Payout 1"]
    assert fetch(mailbox, at) == []


def test_a_mail_that_its_server_does_not_hand_over_holds_up_nobody(dovecot, mailbox, at, monkeypatch):
    part = Look._part

    def broken(look, uid, what):
        if uid == 1:
            raise taking.MailboxFetchError(("NO", [b"corrupt"]), "OK")
        return part(look, uid, what)

    monkeypatch.setattr(Look, "_part", broken)
    dovecot.deliver(mailbox.username, *mails(2))
    failed: dict[int, int] = {}
    for _try in range(taking.TRIES):
        try:
            with opened(mailbox) as folder:
                Look(mailbox, folder, lambda pk: intake.file(pk, now=at), failed).take(now=at)
        except MailboxError as error:
            assert "corrupt" in str(error)

    assert subjects() == ["Payout 2"]
    assert RawMessage.objects.get(state=IntakeState.QUARANTINED).reason.startswith("Its server does not hand it over")


# --- Signing in -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"host": "no.such.host.invalid"}, "There is no server called no.such.host.invalid."),
        ({"port": 1}, "127.0.0.1 takes no connection on this port."),
        ({"folder": "Nowhere"}, "There is no folder “Nowhere” in the mailbox."),
        ({"secret_name": "OTHER"}, "Its secret is missing: set MAILBOX_OTHER_SECRET, or MAILBOX_OTHER_SECRET_FILE"),
        ({"security": "tls"}, "127.0.0.1 does not speak TLS as it is set here."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(mailbox, terms, sentence):
    for name, value in terms.items():
        setattr(mailbox, name, value)

    well, said = mailboxes.try_mailbox(mailbox)

    assert not well
    assert said.startswith(sentence)


def test_a_wrong_password_is_said_so_and_appears_nowhere(mailbox, settings, caplog):
    settings.MAILBOXES.secrets["SUPPORT"] = "wrong-and-secret"

    well, said = mailboxes.try_mailbox(mailbox)

    assert (well, "does not take the user name" in said) == (False, True)
    assert "wrong-and-secret" not in said + caplog.text


def test_a_trial_says_how_many_mails_there_are_and_takes_none(dovecot, mailbox):
    dovecot.deliver(mailbox.username, *mails(2))

    assert mailboxes.try_mailbox(mailbox) == (
        True,
        "Signed in. The folder “INBOX” holds 2 mails, 2 of them unread.",
    )
    assert all(SEEN not in flags for flags in dovecot.flags(mailbox.username).values())


def test_a_private_address_is_not_visited_unless_its_network_is_named(mailbox, settings):
    settings.MAILBOXES = type(settings.MAILBOXES)(secrets={"SUPPORT": PASSWORD})

    well, said = mailboxes.try_mailbox(mailbox)

    assert not well
    assert said == ("127.0.0.1 has the private address 127.0.0.1: its network is not named in MAILBOX_NETWORKS.")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_spoken_with_servers_whose_certificate_is_right_and_with_no_others(
    dovecot, mailbox, security, monkeypatch
):
    mailbox.security, mailbox.host = security, "localhost"
    mailbox.port = dovecot.tls_port if security == "tls" else dovecot.port

    well, said = mailboxes.try_mailbox(mailbox)
    assert not well and said.startswith("The certificate of localhost cannot be trusted")

    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.folder / "cert.pem"))
    assert mailboxes.try_mailbox(mailbox)[0]


def test_a_secret_in_a_file_is_read_anew_each_time(mailbox, settings, tmp_path):
    file = tmp_path / "token"
    settings.MAILBOXES = type(settings.MAILBOXES)(files={"SUPPORT": file})
    file.write_text("one\n")
    assert connection.secret_of(mailbox) == "one"
    file.write_text("two\n")
    assert connection.secret_of(mailbox) == "two"


# --- Following ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_follower_hears_of_new_mail_and_finds_its_way_back_when_the_connection_breaks(
    dovecot, mailbox, at, monkeypatch
):
    monkeypatch.setattr(following, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(following, "LISTEN", 0.05)
    brought: list[int] = []
    arrived = threading.Semaphore(0)
    begin, folders = following.opened, []

    @contextmanager
    def watched(mailbox):
        with begin(mailbox) as folder:
            folders.append(folder)
            yield folder

    monkeypatch.setattr(following, "opened", watched)
    follower = Follower(mailbox, lambda pk: (brought.append(pk), arrived.release()))
    follower._pause = 0.05
    follower.start()
    try:
        dovecot.deliver(mailbox.username, *mails(1))
        assert arrived.acquire(timeout=10)
        folders[-1].client.sock.shutdown(socket.SHUT_RDWR)
        dovecot.deliver(mailbox.username, *mails(1, first=2))
        assert arrived.acquire(timeout=10)
    finally:
        follower.stop()
        follower.join(timeout=10)

    assert not follower.is_alive()
    assert len(set(brought)) == RawMessage.objects.count() == 2


def test_a_failure_is_kept_with_its_beginning_and_forgotten_when_it_is_over(mailbox, at, time):
    following.note_failure(mailbox, "It hangs.", now=at)
    following.note_failure(mailbox, "It hangs.", now=at + timedelta(minutes=5))
    mailbox.refresh_from_db()
    assert (mailbox.failing_since, mailbox.last_error) == (at, "It hangs.")

    following.note_success(mailbox, now=at + timedelta(minutes=6))
    mailbox.refresh_from_db()
    assert (mailbox.failing_since, mailbox.last_error) == (None, "")


def test_a_mailbox_leaves_signs_of_life_until_it_is_paused(mailbox, at):
    following.note_success(mailbox, now=at)
    assert heartbeat.last(following.beat_of(mailbox)) == at

    mailboxes.switch_mailbox(pk=mailbox.pk, on=False, by=None)
    assert heartbeat.last(following.beat_of(mailbox)) is None
