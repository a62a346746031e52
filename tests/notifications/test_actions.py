import pytest
from django.utils import timezone, translation

from notifications.actions import Notice, mark_all_read, mark_read, notify, notify_many, post
from notifications.letters import Letter
from notifications.models import Alert, Delivery

pytestmark = pytest.mark.django_db


def letter(person) -> Letter:
    return Letter(kind="breach", title=f"{person.name}: a promise is missed", path="/escalations/7/")


def test_each_person_gets_one_alert_and_one_mail(anna, mona, at):
    told = notify(recipients=[anna, mona, anna], compose=letter, dedupe="breach:1", now=at)

    assert told == 2
    assert sorted(Alert.objects.values_list("recipient__name", flat=True)) == ["Anna Lindqvist", "Mona Farias"]
    assert sorted(Delivery.objects.values_list("address", flat=True)) == [anna.email, mona.email]


def test_the_same_key_adds_nothing_and_another_key_does(mona, at):
    for dedupe in ("breach:1", "breach:1", "breach:2"):
        notify(recipients=[mona], compose=letter, dedupe=dedupe, now=at)

    assert Alert.objects.count() == Delivery.objects.count() == 2


def test_a_second_person_under_the_same_key_is_told(anna, mona, at):
    notify(recipients=[mona], compose=letter, dedupe="breach:1", now=at)
    notify(recipients=[mona, anna], compose=letter, dedupe="breach:1", now=at)

    assert Alert.objects.count() == 2


def test_a_posted_mail_is_written_once(at):
    for _time in range(2):
        post(address="cora@x.example", subject="Hello", text="Hello.", dedupe="reply:1", now=at)

    assert Delivery.objects.count() == 1


def test_an_alert_can_do_without_mail(mona, at):
    notify(recipients=[mona], compose=letter, dedupe="breach:1", now=at, by_mail=False)

    assert Alert.objects.count() == 1
    assert not Delivery.objects.exists()


def test_a_letter_is_composed_in_the_readers_language_and_zone(anna, mona, at):
    anna.language, anna.time_zone = "ru", "Asia/Yekaterinburg"
    mona.language, mona.time_zone = "pt-br", "America/Sao_Paulo"

    def compose(person) -> Letter:
        return Letter(kind="breach", title=f"{translation.get_language()} {timezone.localtime(at):%H:%M}")

    notify(recipients=[anna, mona], compose=compose, dedupe="breach:1", now=at)

    assert dict(Alert.objects.values_list("recipient__name", "title")) == {
        "Anna Lindqvist": "ru 15:00",
        "Mona Farias": "pt-br 07:00",
    }
    assert set(Delivery.objects.values_list("context__language", flat=True)) == {"ru", "pt-br"}
    assert translation.get_language() == "en"


def test_a_zone_that_does_not_exist_keeps_no_alert_back(mona, at):
    mona.time_zone = "Europe/Atlantis"

    notify(recipients=[mona], compose=letter, dedupe="breach:1", now=at)

    assert Alert.objects.count() == 1


@pytest.mark.once
def test_a_batch_costs_the_same_for_one_and_for_many(anna, mona, adam, at, django_assert_num_queries):
    notices = [Notice([anna, mona, adam], letter, f"breach:{number}") for number in range(9)]

    # One INSERT for the alerts and one for the mails.
    with django_assert_num_queries(2):
        assert notify_many(notices, now=at) == 27


def test_a_title_that_is_too_long_is_cut_and_not_refused(mona, at):
    notify(recipients=[mona], compose=lambda _person: Letter(kind="breach", title="x" * 400), dedupe="1", now=at)

    assert len(Alert.objects.get().title) == len(Delivery.objects.get().subject) == 300


def test_the_bell_rings_after_the_commit_and_not_before(mona, at, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr("common.doorbell.ring", rung.append)

    with django_capture_on_commit_callbacks(execute=True):
        notify(recipients=[mona], compose=letter, dedupe="breach:1", now=at)
        assert rung == []

    assert rung == ["notifications.tasks.deliver"]


def test_everybody_reads_only_his_own_alerts(anna, mona, at):
    notify(recipients=[anna, mona], compose=letter, dedupe="breach:1", now=at)
    monas = Alert.objects.get(recipient=mona)

    mark_read(user=anna, pk=monas.pk, now=at)
    mark_all_read(user=anna, now=at)

    monas.refresh_from_db()
    assert monas.read_at is None
    mark_read(user=mona, pk=monas.pk, now=at)
    assert not Alert.objects.unread().exists()


def test_a_letter_that_is_alike_for_all_is_composed_once_for_each_language(anna, mona, adam, at):
    mona.language, adam.language = "es", "en"
    composed = []

    def compose(person: object) -> Letter:
        composed.append(translation.get_language())
        return Letter(kind="breach", title=f"in {translation.get_language()}")

    notify_many([Notice([anna, mona, adam], compose, "breach:1", is_alike=True)], now=at)

    assert composed == ["en", "es"]
    assert dict(Alert.objects.values_list("recipient__name", "title")) == {
        anna.name: "in en",
        mona.name: "in es",
        adam.name: "in en",
    }
