"""The week in good words, once to each reader, in his zone and language (R94)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from escalation.close import digest
from escalation.models import Digest, Kudos
from notifications.models import Delivery
from people.models import User
from tests.factories.people import make_team, make_user

# The Monday after the test's Wednesday.
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def letters() -> list[str]:
    """Who has one, in order."""
    return list(Delivery.objects.filter(template="digest").order_by("pk").values_list("recipient__name", flat=True))


@pytest.fixture
def thanked(ask_by_hand, mona, anna, time):
    escalation = ask_by_hand()
    Kudos.objects.create(escalation=escalation, to=anna, by=mona, words="Calm to the end.", at=time.now)
    User.objects.update(created_at=MONDAY - timedelta(days=90))
    return escalation


def test_r94_everybody_at_the_desk_is_told_once_a_week(thanked, anna, rosa, mona, cora, time):
    time.move_to(MONDAY - timedelta(seconds=1))
    assert (digest.run(), letters()) == (0, [])

    time.move_to(MONDAY)
    assert (digest.run(), digest.run()) == (3, 0)

    assert sorted(letters()) == sorted([anna.name, rosa.name, mona.name])
    body = Delivery.objects.filter(template="digest").first().context["body"]
    assert "this was the week from 16 November to 22 November" in body
    assert f"- Mona Farias to Anna Lindqvist, {thanked.reference}: Calm to the end." in body
    time.move_to(MONDAY + timedelta(days=7))
    assert digest.run() == 0
    assert Digest.objects.filter(lines=0, week=date(2026, 11, 30)).count() == 3


def test_r94_it_comes_by_the_readers_own_clock_and_in_his_language(thanked, anna, rosa, time):
    User.objects.exclude(pk=anna.pk).update(weekly_digest=False)
    User.objects.filter(pk=anna.pk).update(time_zone="America/Sao_Paulo", language="pt")

    time.move_to(MONDAY + timedelta(hours=2, minutes=59))
    assert digest.run() == 0
    time.move_to(MONDAY + timedelta(hours=3))
    assert digest.run() == 1

    mail = Delivery.objects.get(template="digest")
    assert (mail.recipient, mail.context["language"]) == (anna, "pt")
    assert "16 Novembro" in mail.context["body"]


def test_r94_what_nobody_may_see_is_not_praised_before_him(thanked, anna, time):
    make_user("Otto Else")
    thanked.ticket.team = make_team("Legal", members=[anna], restricted=True)
    thanked.ticket.save()
    User.objects.update(created_at=MONDAY - timedelta(days=90))

    time.move_to(MONDAY)
    digest.run()

    assert "Otto Else" not in letters()
    assert anna.name in letters()


def test_r94_late_is_still_once_and_who_is_new_has_no_week_yet(thanked, anna, time):
    new = make_user("Nils New")
    User.objects.filter(pk=new.pk).update(created_at=MONDAY + timedelta(days=1))
    Digest.objects.create(reader=anna, week=MONDAY.date(), at=MONDAY)

    time.move_to(MONDAY + timedelta(days=3))
    digest.run()

    assert not {new.name, anna.name} & set(letters())
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(reader=anna, week=MONDAY.date(), at=MONDAY)
