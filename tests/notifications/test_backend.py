import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications import delivery
from notifications.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(settings):
    return get_connection("notifications.backend.OutboxBackend")


def test_djangos_own_mail_waits_in_the_outbox(connection, at):
    sent = connection.send_messages([mail.EmailMessage("Your link", "Here: …", to=["cora@x.example", "mona@x.ex"])])

    assert sent == 1
    assert sorted(Delivery.objects.values_list("address", "subject", "text")) == [
        ("cora@x.example", "Your link", "Here: …"),
        ("mona@x.ex", "Your link", "Here: …"),
    ]
    assert mail.outbox == []
    assert delivery.run() == 2


def test_two_equal_mails_are_two(connection):
    for _time in range(2):
        connection.send_messages([mail.EmailMessage("Your link", "Here", to=["cora@x.example"])])

    assert Delivery.objects.count() == 2


def test_a_mail_with_html_keeps_its_text(connection):
    message = EmailMultiAlternatives("Your link", "Here", to=["cora@x.example"])
    message.attach_alternative("<p>Here</p>", "text/html")

    connection.send_messages([message])

    assert Delivery.objects.get().text == "Here"


def test_a_password_reset_goes_through_the_outbox(client, cora, settings):
    settings.EMAIL_BACKEND = "notifications.backend.OutboxBackend"

    answer = client.post("/accounts/password/reset/", {"email": cora.email})

    assert answer.status_code == 302
    assert Delivery.objects.get().address == cora.email
    assert "/accounts/password/reset/key/" in Delivery.objects.get().text
