"""Every setting that comes from outside: what is taken, and what is refused in one sentence."""

import os
import stat
from pathlib import Path

import pytest

from config import environment
from config.environment import Environment, SettingError

SECRET = "a-secret-that-is-long-enough-for-anybody"


def read(var_dir: Path, **given: str) -> Environment:
    return environment.read({"ESCALA_VAR": str(var_dir), "SECRET_KEY": SECRET, **given})


def test_an_empty_environment_gives_the_embedded_desk_on_this_machine(tmp_path: Path) -> None:
    given = read(tmp_path)

    assert (given.host, given.port, given.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert given.database.vendor == "sqlite"
    assert given.broker_is_embedded
    assert given.mail_server is None
    assert not given.demo
    assert not given.debug


def test_an_empty_value_counts_as_absent(tmp_path: Path) -> None:
    given = read(tmp_path, PORT="", DATABASE_URL=" ", REDIS_URL="", DEMO="", WORKER_CONCURRENCY="")

    assert (given.port, given.database.vendor, given.worker_concurrency) == (8000, "sqlite", 2)


def test_the_web_has_a_process_for_each_processor_where_the_database_takes_many_writers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    many = "postgresql://escala@localhost/escala"

    small, grown, told = read(tmp_path), read(tmp_path, DATABASE_URL=many), read(tmp_path, WEB_PROCESSES="3")

    assert (small.web_processes, small.pool_size) == (1, 20)
    assert (grown.web_processes, grown.pool_size) == (2, 10)
    assert told.web_processes == 3


def test_the_address_follows_the_port_unless_it_is_given(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="9001").base_url == "http://127.0.0.1:9001"
    assert read(tmp_path, PORT="9001", BASE_URL="https://desk.example.com/").base_url == "https://desk.example.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", "８０"),
        ("PORT", "-1"),
        ("DEMO", "maybe"),
        ("DEBUG", "2"),
        ("BASE_URL", "desk.example.com"),
        ("BASE_URL", "ftp://desk.example.com"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://desk.example.com/help"),
        ("BASE_URL", "https://desk.example.com:port"),
        ("BASE_URL", "https://anna@desk.example.com"),
        ("HOST", "desk.example.com"),
        ("DATABASE_URL", "mysql://localhost/escala"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "postgresql://localhost:x/escala"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost:6379"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://localhost:six"),
        ("EMAIL_URL", "mail.example.com"),
        ("EMAIL_URL", "imap://mail.example.com"),
        ("EMAIL_URL", "smtp://"),
        ("MAIL_FROM", "support"),
        ("MAIL_FROM", "support@example.com\nBcc: all@example.com"),
        ("SECRET_KEY", "short"),
        ("LOG_LEVEL", "loud"),
        ("WORKER_CONCURRENCY", "0"),
        ("DELIVERY_LANES", "0"),
        ("WEBHOOK_NETWORKS", "10.1.2.3/16"),
        ("METRICS_TOKEN", "short"),
        ("MAIL_RATES", "gmail.com"),
        ("MAIL_RATES", "gmail.com=0"),
        ("MAIL_RATES", "=60"),
        ("DATABASE_POOL", "one"),
        ("WEB_PROCESSES", "0"),
        ("ESCALA_FAILPOINTS", "after_lunch=0.1"),
        ("ESCALA_FAILPOINTS", "after_send"),
        ("ESCALA_FAILPOINTS", "after_send=2"),
        ("ESCALA_FAILPOINTS", "after_send=nan"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence_that_names_the_variable(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingError) as refusal:
        read(tmp_path, **{name: value})

    sentence = str(refusal.value)
    assert sentence.startswith(name)
    assert "\n" not in sentence


def test_a_refused_address_does_not_print_its_password(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refusal:
        read(tmp_path, DATABASE_URL="postgresql://escala:hunter2@db:port/escala")

    assert "hunter2" not in str(refusal.value)


def test_a_demo_listens_on_this_machine_only(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="public"):
        read(tmp_path, DEMO="1", HOST="0.0.0.0")

    assert read(tmp_path, DEMO="1", HOST="localhost").host == "127.0.0.1"
    assert read(tmp_path, DEMO="0", HOST="0.0.0.0").host == "0.0.0.0"


def test_a_command_without_demo_speaks_to_the_desk_that_was_started_last(tmp_path: Path) -> None:
    environment.mode_file(tmp_path).write_text("demo\n")

    assert read(tmp_path).demo
    assert not read(tmp_path, DEMO="0").demo


def test_a_demo_and_a_desk_in_use_never_share_a_database(tmp_path: Path) -> None:
    assert read(tmp_path, DEMO="1").database != read(tmp_path, DEMO="0").database


def test_an_address_of_postgresql_is_taken_apart(tmp_path: Path) -> None:
    database = read(tmp_path, DATABASE_URL="postgres://es:p%40ss@db.internal:5433/escala?sslmode=require").database

    assert database.vendor == "postgresql"
    assert database.settings == {
        "NAME": "escala",
        "USER": "es",
        "PASSWORD": "p@ss",
        "HOST": "db.internal",
        "PORT": 5433,
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_mail_server_is_taken_apart(tmp_path: Path) -> None:
    server = read(tmp_path, EMAIL_URL="smtp+tls://desk%40example.com:p%3Ass@mail.example.com").mail_server

    assert server is not None
    assert (server.host, server.port, server.username, server.password) == (
        "mail.example.com",
        587,
        "desk@example.com",
        "p:ss",
    )
    assert server.starttls
    assert not server.ssl


def test_the_senders_domain_is_the_desks_unless_that_is_a_number(tmp_path: Path) -> None:
    assert read(tmp_path, BASE_URL="https://desk.example.com").mail_from == "support@desk.example.com"
    assert read(tmp_path).mail_from == "support@escala.localhost"


def test_a_secret_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    first = environment.read({"ESCALA_VAR": str(tmp_path / "new")})
    second = environment.read({"ESCALA_VAR": str(tmp_path / "new")})

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 50
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(SettingError, match="ESCALA_VAR"):
        environment.read({"ESCALA_VAR": str(tmp_path / "file" / "var")})


def test_a_deep_folder_gets_a_socket_whose_name_the_system_can_take(tmp_path: Path) -> None:
    deep = tmp_path / ("very-" * 20) / "deep"

    assert len(os.fsencode(environment.broker_socket(deep))) <= environment.LONGEST_SOCKET
    assert environment.broker_socket(deep) != environment.broker_socket(deep / "er")
    assert environment.broker_socket(Path("/srv/var")) == Path("/srv/var/broker/broker.sock")


def test_the_folder_of_the_database_is_made_and_is_the_owners(tmp_path: Path) -> None:
    read(tmp_path / "new" / "var")

    assert stat.S_IMODE((tmp_path / "new" / "var").stat().st_mode) == 0o700


def test_a_database_in_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingError, match=r"DATABASE_URL: .* cannot be used"):
        read(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/file/desk/escala.sqlite3")
