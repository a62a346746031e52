"""What the settings promise to a browser and to an administrator."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client

from config import checks
from config.environment import BASE_DIR
from config.logs import LineFormatter
from people.models import User
from tests.config.desks import surroundings
from tests.factories.people import PASSWORD

PRODUCTION = {"BASE_URL": "https://desk.example.com", "SECRET_KEY": "checked-" * 8 + "0123456789abcdef"}
SHOW = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)
print(s.DATABASES["default"]["CONN_MAX_AGE"], s.DATABASES["default"]["CONN_HEALTH_CHECKS"], s.CELERY["broker_url"])
"""


def test_every_page_carries_the_strict_policy(client: Client, db: None) -> None:
    answer = client.get("/accounts/login/")

    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["img-src"] == "'self' data:"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.once
def test_static_files_stand_there_as_gzip_and_in_no_form_that_takes_long_to_make(template: Path) -> None:
    kinds = {path.suffix for path in (template / "static").rglob("*")}

    assert ".gz" in kinds
    assert ".br" not in kinds


@pytest.mark.once
def test_cookies_are_bound_to_the_host_where_the_address_is_https(tmp_path: Path) -> None:
    lines = shown(tmp_path, **PRODUCTION)

    assert lines[0] == "__Host-sessionid __Host-csrftoken True True"


@pytest.mark.once
def test_a_connection_to_postgresql_is_kept_longer_than_one_to_a_file(tmp_path: Path) -> None:
    address = {"DATABASE_URL": "postgresql://escala@db/escala", "REDIS_URL": "unix:///run/redis.sock"}

    assert shown(tmp_path, **address)[1] == "600 True redis+socket:///run/redis.sock"
    assert shown(tmp_path)[1].startswith("60 True ")


def shown(var_dir: Path, **given: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=BASE_DIR,
        env=surroundings(var_dir, DJANGO_SETTINGS_MODULE="config.settings", **given),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_both_state_machine_packages_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [problem for problem in run_checks() if problem.id == "config.E001"]

    monkeypatch.setattr(checks.metadata, "version", lambda name: "3.0.0")

    assert [problem.id for problem in run_checks() if problem.is_serious()] == ["config.E001"]


def test_a_desk_whose_processes_die_by_chance_does_not_pass_the_deployment_check(settings) -> None:
    settings.FAILPOINTS = {"after_send": 0.1}

    assert "config.E002" in [problem.id for problem in run_checks(include_deployment_checks=True)]


def test_nobody_can_forge_a_log_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(LineFormatter())

    logging.getLogger("strange").warning("Mail from %s was refused", "stan\n2026-11-18 INFO all is well\x1b[31m")

    assert caplog.text == "WARNING strange: Mail from stan\\n2026-11-18 INFO all is well\\x1b[31m was refused\n"


def test_an_agent_signs_in_with_his_address_in_any_case(client: Client, anna: User) -> None:
    answer = client.post("/accounts/login/", {"login": "ANNA@meridiano.example", "password": PASSWORD})

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_nobody_signs_up_by_himself(client: Client, db: None) -> None:
    answer = client.post(
        "/accounts/signup/", {"email": "stan@elsewhere.example", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert answer.status_code in {200, 403}
    assert not User.objects.filter(email="stan@elsewhere.example").exists()


def test_too_many_wrong_passwords_lock_the_address_out_in_whatever_case_it_is_written(
    client: Client, anna: User, settings
) -> None:
    for number in range(settings.AXES_FAILURE_LIMIT):
        login = anna.email.upper() if number % 2 else anna.email
        client.post("/accounts/login/", {"login": login, "password": "wrong"})

    answer = client.post("/accounts/login/", {"login": anna.email, "password": PASSWORD})

    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_demo_locks_nobody_out(client: Client, anna: User, settings) -> None:
    settings.AXES_ENABLED, settings.ACCOUNT_RATE_LIMITS = False, False
    for _ in range(30):
        client.post("/accounts/login/", {"login": anna.email, "password": "wrong"})

    answer = client.post("/accounts/login/", {"login": anna.email, "password": PASSWORD})

    assert answer.status_code == 302


def test_a_link_in_a_mail_starts_with_the_desks_address_whatever_host_was_asked(
    client: Client, anna: User, settings, mailoutbox
) -> None:
    settings.BASE_URL = "https://desk.example.com"
    settings.ALLOWED_HOSTS = ["*"]

    client.post("/accounts/password/reset/", {"email": anna.email}, headers={"host": "evil.example"})

    body = mailoutbox[0].body
    assert "https://desk.example.com/accounts/password/reset/key/" in body
    assert "evil.example" not in body
