"""How a person says how he wants to be alerted, and proves that a way is his."""

import json
import re
from datetime import time as wall
from datetime import timedelta

import pytest

from escalation.alerting import links
from notifications import delivery, messengers, ways
from notifications.enums import AlertKind
from notifications.models import Delivery, Preferences, Way
from notifications.preferring import CHANNELS
from tests.desk.helpers import get, post, signed_in, words
from tests.factories.people import make_user

BROWSER = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
    "keys": {"p256dh": "BOrnIslXrUow2VAzKCUAE4sIbK00daEZCswOcf8m3TF8V82B", "auth": "k8JV6sjdbhAi1n3_LDBLvA"},
}


class Phone:
    """In place of apprise: remembers what it was told."""

    told: list[str] = []
    works = True

    class Apprise:
        def add(self, target: str) -> bool:
            return "broken" not in target

        def notify(self, *, title: str, body: str) -> bool:
            Phone.told.append(body)
            return Phone.works


@pytest.fixture
def phone(monkeypatch):
    Phone.told, Phone.works = [], True
    monkeypatch.setattr(messengers, "is_installed", lambda: True)
    monkeypatch.setattr(messengers, "_apprise", lambda: Phone)
    return Phone


def wanted(**other) -> dict[str, object]:
    every = {f"{kind}:{channel}": "on" for kind in AlertKind.values for channel in CHANNELS}
    plain = {"breaks_through": "2", "digest_above": "10", "digest_minutes": "10", "quiet_from": "", "quiet_until": ""}
    return {name: value for name, value in {**every, **plain, **other}.items() if value is not None}


# --- Preferences ----------------------------------------------------------------------------------------------


def test_a_person_says_what_he_wants_by_which_way_and_when(anna):
    post(anna, "desk:alerting", **wanted(**{"mention:email": None, "quiet_from": "22:00", "quiet_until": "07:00"}))

    kept = Preferences.objects.get(person=anna)
    assert kept.off == ["mention:email"]
    assert (kept.quiet_from, kept.quiet_until) == (wall(22), wall(7))
    page = get(anna, "desk:alerting").content.decode()
    assert re.search(r'name="breach:email"[^>]*checked', page)
    assert not re.search(r'name="mention:email"[^>]*checked', page)


def test_a_wrong_wish_is_told_beside_its_field_and_nothing_is_lost(anna):
    answer = post(anna, "desk:alerting", **wanted(quiet_from="22:00", digest_above="7"))

    assert answer.status_code == 422
    assert "Quiet hours have a beginning and an end." in words(answer)
    assert 'value="7"' in answer.content.decode()
    assert not Preferences.objects.exists()


# --- Verified ways --------------------------------------------------------------------------------------------


@pytest.fixture
def link(anna, mailoutbox) -> str:
    post(anna, "desk:way_ask")
    delivery.run()
    return re.search(r"http://[^/]+(/profile/ways/confirm/\S+)", mailoutbox[-1].body)[1]


def test_an_address_is_confirmed_by_the_button_behind_the_link_and_once(anna, link):
    browser = signed_in(anna)

    shown = browser.get(link)
    assert "Confirm this address" in words(shown)
    assert not Way.objects.filter(verified_at__isnull=False).exists()
    assert browser.post(link).status_code == 302

    assert Way.objects.get().verified_at is not None
    again = browser.post(link)
    assert again.status_code == 404
    assert "The link serves once" in words(again)


def test_a_link_that_is_altered_old_or_somebody_elses_confirms_nothing(anna, mona, link, time, at):
    other = words(signed_in(mona).post(link))
    altered = words(signed_in(anna).post(link[:-3] + "x/"))
    time.move_to(at + ways.LINK_GOOD_FOR + timedelta(seconds=1))
    old = words(signed_in(anna).post(link))

    assert "somebody else" in other
    assert "not whole" in altered
    assert "two days" in old
    assert not Way.objects.filter(verified_at__isnull=False).exists()


def test_a_messenger_is_used_once_its_code_has_come_back(anna, phone, at):
    post(anna, "desk:way_messenger", target="tgram://1234:abc/5678", label="My phone")
    way = Way.objects.get()
    delivery.run()
    code = re.search(r"\d{6}", phone.told[0])[0]

    wrong = post(anna, "desk:way_code", way.pk, code="000000" if code != "000000" else "111111")
    assert (wrong.status_code, "not the code" in words(wrong)) == (422, True)
    post(anna, "desk:way_code", way.pk, code=code)

    way.refresh_from_db()
    assert way.verified_at == at
    page = words(get(anna, "desk:alerting"))
    assert "My phone" in page and "1234:abc" not in page
    assert code not in words(get(anna, "desk:alerting"))


def test_codes_cannot_be_guessed_nor_used_late(anna, phone, time, at):
    post(anna, "desk:way_messenger", target="tgram://1234:abc/5678")
    way = Way.objects.get()
    delivery.run()
    code = re.search(r"\d{6}", phone.told[0])[0]
    for _try in range(ways.WRONG_CODES):
        post(anna, "desk:way_code", way.pk, code="x")

    assert "too many wrong codes" in words(post(anna, "desk:way_code", way.pk, code=code))
    post(anna, "desk:way_resend", way.pk)
    delivery.run()
    time.move_to(at + ways.CODE_GOOD_FOR + timedelta(seconds=1))
    late = re.search(r"\d{6}", phone.told[1])[0]
    assert "too old" in words(post(anna, "desk:way_code", way.pk, code=late))
    assert Way.objects.get().verified_at is None


@pytest.mark.parametrize(
    "target",
    [
        "json://127.0.0.1:8000/",
        "file:///etc/passwd",
        "exec://ls",
        "mmosts://10.0.0.8/token",
        "workflows://evil.example/x/y",
        "slack://a/b/c?template=/etc/passwd",
        "tgram://broken",
        "nonsense",
        "",
    ],
)
def test_a_messenger_that_could_reach_into_the_house_is_refused_in_a_sentence(anna, phone, target):
    answer = post(anna, "desk:way_messenger", target=target)

    assert answer.status_code == 422
    assert not Way.objects.exists()
    assert not Delivery.objects.exists()


def test_the_desks_own_messenger_is_called_where_the_settings_name_it(anna, phone, settings):
    settings.MESSENGER_HOSTS = frozenset({"chat.meridiano.example"})

    assert post(anna, "desk:way_messenger", target="mmosts://chat.meridiano.example/token").status_code == 302
    assert Way.objects.get().label == "Mattermost"


def test_without_the_extra_the_page_says_so(anna, monkeypatch):
    monkeypatch.setattr(messengers, "is_installed", lambda: False)

    assert "are an extra that is not installed here" in words(get(anna, "desk:alerting"))
    assert post(anna, "desk:way_messenger", target="tgram://1234:abc/5678").status_code == 422


def test_nobody_touches_a_way_of_somebody_else(anna, mona, at):
    way = Way.objects.create(person=mona, channel="messenger", target="tgram://x", created_at=at)

    for deed in ("code", "remove", "resend"):
        assert post(anna, f"desk:way_{deed}", way.pk).status_code == 404
    assert Way.objects.count() == 1


# --- Browsers -------------------------------------------------------------------------------------------------


def test_a_browser_is_alerted_once_its_owner_has_said_so(anna, at):
    answer = post(anna, "desk:way_browser", subscription=json.dumps(BROWSER))

    assert answer.status_code == 302
    way = Way.objects.get()
    assert (way.person, way.channel, way.verified_at) == (anna, "push", at)


@pytest.mark.parametrize(
    "subscription",
    [
        "",
        "[]",
        "null",
        json.dumps({"endpoint": "https://fcm.googleapis.com/x"}),
        json.dumps({**BROWSER, "endpoint": "https://127.0.0.1/"}),
        json.dumps({**BROWSER, "endpoint": "http://fcm.googleapis.com/x"}),
        json.dumps({**BROWSER, "endpoint": "https://fcm.googleapis.com.evil.example/x"}),
        json.dumps({**BROWSER, "keys": {"p256dh": 7, "auth": None}}),
    ],
)
def test_a_subscription_that_leads_elsewhere_is_refused(anna, subscription):
    assert post(anna, "desk:way_browser", subscription=subscription).status_code == 422
    assert not Way.objects.exists()


def test_the_worker_of_pushed_alerts_is_served_at_the_root(client):
    answer = client.get("/push-worker.js")

    assert answer["Content-Type"] == "text/javascript"
    assert b"showNotification" in answer.content


# --- Who is reached -------------------------------------------------------------------------------------------


def test_a_person_without_a_working_way_is_shown_to_the_administrator_first(adam, anna, mona, at):
    vital = [f"{kind}:{channel}" for kind in ways.VITAL for channel in CHANNELS]
    Preferences.objects.create(person=mona, off=vital)
    ways.post(address=anna.email, recipient=anna, subject="x", text="x", dedupe="x", now=at)
    Delivery.objects.update(attempts=ways.FAILURES)

    page = get(adam, "desk:reach")

    assert {one.person for one in page.context["standings"][:2]} == {anna, mona}
    shown = words(page)
    assert "2 people would not hear of a missed promise." in shown
    assert "Wants none: Promise missed, Escalation" in shown
    Way.objects.create(person=anna, channel="messenger", target="x", created_at=at, verified_at=at)
    assert "1 person would not hear" in words(get(adam, "desk:reach"))


# --- The link that acknowledges -------------------------------------------------------------------------------


def test_the_managers_mail_says_in_one_screen_what_is_the_matter_and_has_it_acknowledged(breached, mona, mailoutbox):
    ticket, escalation = breached()
    delivery.run()
    mail = next(message for message in mailoutbox if message.to == [mona.email])

    for said in (ticket.subject, ticket.customer_name, "Missed: First reply, due"):
        assert said in mail.body
    link = re.search(r"(/acknowledge/\S+)", mail.body)[1]
    browser = signed_in(mona)
    shown = words(browser.get(link))
    assert ticket.subject in shown and f"Acknowledge {escalation.reference}" in shown
    escalation.refresh_from_db()
    assert escalation.acknowledged_at is None

    assert browser.post(link).status_code == 302

    escalation.refresh_from_db()
    assert escalation.acknowledged_by == mona
    replayed = browser.post(link)
    assert (replayed.status_code, f"{mona.name} has acknowledged it." in words(replayed)) == (404, True)


def test_a_link_that_is_altered_expired_or_overtaken_acknowledges_nothing(breached, mona, monkeypatch):
    _ticket, escalation = breached()
    link = links.acknowledge_path(escalation)

    altered = words(signed_in(mona).post(link[:-2] + "/"))
    foreign = words(signed_in(make_user("Olga Outside")).post(link))
    escalation.ladder_round += 1
    escalation.save()
    overtaken = words(signed_in(mona).post(link))
    monkeypatch.setattr(links, "VALID_FOR", timedelta(seconds=-1))
    expired = words(signed_in(mona).post(link))

    assert "not whole" in altered
    assert "somebody else" in foreign
    assert "overtaken" in overtaken
    assert "seven days" in expired
    escalation.refresh_from_db()
    assert escalation.acknowledged_at is None
