"""The demo's mailbox."""

import pytest
from django.test import Client

from notifications.actions import notify, post
from notifications.enums import AlertKind
from notifications.letters import Letter
from notifications.models import Delivery


@pytest.fixture
def in_demo(settings):
    settings.DEMO = True


@pytest.fixture
def alert(mona, at) -> Delivery:
    letter = Letter(kind=AlertKind.BREACH, title="First reply of #1 is past due", path="/escalations/1/", action="Open")
    notify(recipients=[mona], compose=lambda _person: letter, dedupe="x", now=at)
    return Delivery.objects.get()


def test_sent_mail_can_be_read_in_the_browser(client: Client, in_demo, anna, alert):
    client.force_login(anna)

    listed = client.get("/mail/").content.decode()
    page = client.get(f"/mail/{alert.pk}/").content.decode()

    assert alert.subject in listed
    assert alert.address in page
    assert f'src="/mail/{alert.pk}/html/"' in page


def test_the_html_part_stands_under_a_policy_of_its_own(client: Client, in_demo, anna, alert):
    client.force_login(anna)

    answer = client.get(f"/mail/{alert.pk}/html/")

    assert alert.subject in answer.content.decode()
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_without_a_template_is_shown_as_text(client: Client, in_demo, anna, at):
    post(address="x@example.com", subject="Hello", text="<b>not bold</b>", dedupe="y", now=at)
    client.force_login(anna)

    page = client.get(f"/mail/{Delivery.objects.get().pk}/").content.decode()

    assert "&lt;b&gt;not bold&lt;/b&gt;" in page
    assert "<iframe" not in page


def test_older_mail_is_a_page_further(client: Client, in_demo, anna, at, monkeypatch):
    monkeypatch.setattr("desk.pages.demo_mail.SHOWN", 2)
    for number in range(3):
        post(address="x@example.com", subject=f"Mail {number}", text="x", dedupe=str(number), now=at)
    client.force_login(anna)

    newest = client.get("/mail/").content.decode()
    cursor = Delivery.objects.order_by("-pk")[1].pk

    assert "Mail 2" in newest and "Mail 0" not in newest
    assert f"?before={cursor}" in newest
    assert "Mail 0" in client.get(f"/mail/?before={cursor}").content.decode()


@pytest.mark.parametrize("path", ["/mail/", "/mail/1/", "/mail/1/html/"])
def test_outside_of_a_demo_there_is_no_mailbox(client: Client, adam, path):
    client.force_login(adam)

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/mail/", "/mail/{pk}/", "/mail/{pk}/html/"])
def test_customers_read_no_mail_of_others(client: Client, in_demo, cora, alert, path):
    client.force_login(cora)

    assert client.get(path.format(pk=alert.pk)).status_code == 404
