"""The mailroom's process: a follower for each mailbox as it is set up now, and nobody for the others."""

from datetime import timedelta

import pytest

from mailroom import office
from mailroom.models import Mailbox


class Idle:
    """Follows nothing."""

    def __init__(self, mailbox, hand_over):
        self.pk, self.changed_at, self.alive, self.joined = mailbox.pk, mailbox.changed_at, False, False

    def start(self):
        self.alive = True

    def stop(self):
        self.alive = False

    def is_alive(self):
        return self.alive

    def join(self, timeout):
        self.joined = True


@pytest.fixture
def staff(db, monkeypatch):
    monkeypatch.setattr(office, "Follower", Idle)
    # The table is asked in this test's own transaction.
    monkeypatch.setattr(office.connections, "close_all", lambda: None)
    return office.Office()


def test_each_mailbox_has_its_follower_and_a_changed_one_a_new_one(staff, at):
    one = Mailbox.objects.create(address="a@desk.example", changed_at=at)
    Mailbox.objects.create(address="b@desk.example", changed_at=at, is_paused=True)
    Mailbox.objects.create(address="c@desk.example", changed_at=at, way="door")
    staff.look()
    first = staff.followers[one.pk]
    staff.look()
    assert list(staff.followers.values()) == [first]

    Mailbox.objects.filter(pk=one.pk).update(changed_at=at + timedelta(seconds=1))
    staff.look()
    assert not first.alive and staff.followers[one.pk] is not first

    Mailbox.objects.filter(pk=one.pk).update(is_paused=True)
    staff.look()
    assert staff.followers == {}


def test_a_follower_that_has_died_is_replaced(staff, at):
    one = Mailbox.objects.create(address="a@desk.example", changed_at=at)
    staff.look()
    staff.followers[one.pk].alive = False

    staff.look()

    assert staff.followers[one.pk].alive
    staff.close()
    assert staff.followers[one.pk].joined


def test_what_waits_is_taken_together_and_in_order():
    filing = office.Filing()
    for pk in range(office.AT_ONCE + 3):
        filing.hand_over(pk)

    assert filing.next_keys() == list(range(office.AT_ONCE))
    assert filing.next_keys() == [50, 51, 52]
