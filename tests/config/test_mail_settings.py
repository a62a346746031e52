import pytest

from config import mail_settings
from config.addresses import SettingError


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"LMTP_LISTEN": "127.0.0.1:8024"}, mail_settings.Door("127.0.0.1", 8024, speaks_lmtp=True)),
        ({"SMTP_LISTEN": "localhost:25"}, mail_settings.Door("127.0.0.1", 25, speaks_lmtp=False)),
        ({"LMTP_LISTEN": "[::1]:8024"}, mail_settings.Door("::1", 8024, speaks_lmtp=True)),
    ],
)
def test_a_door_is_an_address_and_a_port(given, expected):
    assert mail_settings.door(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"LMTP_LISTEN": "8024"},
        {"LMTP_LISTEN": "mail.example:8024"},
        {"LMTP_LISTEN": "127.0.0.1:0"},
        {"LMTP_LISTEN": "127.0.0.1:8024", "SMTP_LISTEN": "127.0.0.1:25"},
    ],
)
def test_a_door_that_is_none_is_named(given):
    with pytest.raises(SettingError, match="LMTP_LISTEN"):
        mail_settings.door(given)


def test_secrets_are_found_by_their_names():
    found = mail_settings.mailboxes(
        {
            "MAILBOX_SUPPORT_SECRET": "one",
            "MAILBOX_BILLING_SECRET_FILE": "/run/secrets/billing",
            "MAILBOX_NETWORKS": "10.0.0.0/8, ::1/128",
            "OTHER_SECRET": "no",
        }
    )

    assert (dict(found.secrets), [str(path) for path in found.files.values()]) == (
        {"SUPPORT": "one"},
        ["/run/secrets/billing"],
    )
    assert [str(network) for network in found.networks] == ["10.0.0.0/8", "::1/128"]


def test_a_network_that_is_none_is_named():
    with pytest.raises(SettingError, match="MAILBOX_NETWORKS"):
        mail_settings.mailboxes({"MAILBOX_NETWORKS": "10.0.0.0/99"})


@pytest.mark.parametrize("secret", ["short:pw", "no-colon-but-long-enough-for-anybody", ":a-long-and-random-password"])
def test_a_hooks_secret_is_long_and_has_a_user(secret):
    with pytest.raises(SettingError, match="MAIL_HOOK_SECRET"):
        mail_settings.providers({"MAIL_HOOK_SECRET": secret})


def test_what_providers_need_is_handed_on():
    given = {"MAIL_HOOK_SECRET": "user:a-long-and-random-password", "MAILGUN_SIGNING_KEY": "key"}

    assert mail_settings.providers(given) == {
        "WEBHOOK_SECRET": given["MAIL_HOOK_SECRET"],
        "MAILGUN_WEBHOOK_SIGNING_KEY": "key",
    }
    assert mail_settings.providers({}) == {}
