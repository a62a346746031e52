"""The grown-up shape: what docker-compose.yml says, judged by Docker Compose itself."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.environment import BASE_DIR
from config.launcher.programs import COMMANDS

pytestmark = pytest.mark.once
COMPOSE = Path(sys.executable).with_name("docker-compose")
SECRETS = {"SECRET_KEY": "a-secret-that-is-long-enough-for-anybody", "POSTGRES_PASSWORD": "hunter2"}


def compose(**given: str) -> "subprocess.CompletedProcess[str]":
    command = [COMPOSE, "--file", "docker-compose.yml", "config", "--format", "json"]
    surroundings = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **given}
    return subprocess.run(command, cwd=BASE_DIR, env=surroundings, capture_output=True, text=True)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    done = compose(**SECRETS)
    # The package's wrapper always returns 0, so it is the answer that counts.
    assert not done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)["services"]
    return found


def test_the_file_is_valid_and_has_every_part(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"migrate", "web", "worker", "beat", "watchdog", "mailroom", "postgres", "redis"}


def test_without_its_secrets_nothing_starts() -> None:
    refused = compose()

    assert "services" not in refused.stdout
    assert "is missing a value" in refused.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_container_runs_the_very_command_of_the_launcher(services: dict[str, dict[str, Any]], name: str) -> None:
    assert services[name]["command"] == ["python", *COMMANDS[name]]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "watchdog", "mailroom", "postgres", "redis"])
def test_every_part_that_stays_is_watched_and_restarted(services: dict[str, dict[str, Any]], name: str) -> None:
    assert services[name]["healthcheck"]["test"]
    assert services[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", COMMANDS)
def test_our_parts_wait_for_the_tables_and_have_no_rights_to_spare(
    services: dict[str, dict[str, Any]], name: str
) -> None:
    part = services[name]

    assert part["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert part["cap_drop"] == ["ALL"]
    assert part["read_only"] is True
    assert part["environment"]["DEMO"] == "0"


@pytest.mark.parametrize("name", ["web", "worker"])
def test_web_and_worker_can_be_many(services: dict[str, dict[str, Any]], name: str) -> None:
    assert "container_name" not in services[name]
    for port in services[name].get("ports", []):
        assert "-" in port["published"]
        assert port["host_ip"] == "127.0.0.1"


def test_the_broker_refuses_rather_than_forgets(services: dict[str, dict[str, Any]]) -> None:
    command = " ".join(services["redis"]["command"])

    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command


def test_the_image_does_not_run_as_root() -> None:
    lines = (BASE_DIR / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]

    assert users == ["escala"]
