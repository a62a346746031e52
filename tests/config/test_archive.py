"""Backup, restore, upgrade: a whole desk goes into one file and comes back, and no clock is lost on the way."""

import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from config.archive.manifest import ArchiveError, Manifest, check_fits, parse_manifest
from config.management.commands.advance_clock import parse_duration
from tests.config.desks import in_surroundings, manage

SEED = """
from datetime import timedelta
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from common import clock
from people.enums import Role
from tests.factories.people import make_team, make_user
from tests.factories.sla import make_policy
from tickets.actions import open_ticket
then = clock.now() - timedelta(hours=1)
mona = make_user("Mona Farias", Role.MANAGER)
make_team("Payments", managers=[mona], is_fallback=True)
make_policy(then, first_response=7200, resolution=86400)
open_ticket(subject="Payouts are stuck", body="Since yesterday.", requester=make_user("Cora", Role.CUSTOMER), now=then)
default_storage.save("2026/proof.txt", ContentFile(b"the proof"))
"""
# An hour and a bit later in the desk's life: the promise of two hours is broken meanwhile.
LATER = """
from datetime import timedelta
from django.conf import settings
from django.core.files.storage import default_storage
from common import clock
from escalation import sweep
from escalation.models import Escalation
from notifications.models import Alert
clock.freeze(clock.now() + timedelta(hours=1, minutes=5))
sweep.run()
print(Escalation.objects.count(), Alert.objects.count() > 0, default_storage.open("2026/proof.txt").read().decode())
"""
REFUSED = """
import contextlib, io, json, sys
import manage
answers = []
for command in json.loads(sys.argv[1]):
    said = io.StringIO()
    sys.argv = ["manage.py", *command]
    with contextlib.redirect_stderr(said):
        try:
            manage.main()
            status = 0
        except SystemExit as end:
            status = end.code
    answers.append([status, said.getvalue()])
print(json.dumps(answers))
"""


@dataclass
class House:
    """A desk's folder and its database, spoken to by commands."""

    var_dir: Path
    given: dict[str, str] = field(default_factory=dict)

    def manage(self, *arguments: str) -> str:
        done = manage(self.var_dir, *arguments, **self.given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--verbosity=0", "--command", code)

    def subjects(self) -> list[str]:
        with closing(sqlite3.connect(self.var_dir / "escala.sqlite3")) as database:
            return [row[0] for row in database.execute("SELECT subject FROM tickets_ticket")]

    def rename_all(self, subject: str) -> None:
        with closing(sqlite3.connect(self.var_dir / "escala.sqlite3")) as database, database:
            database.execute("UPDATE tickets_ticket SET subject = ?", [subject])

    def refuses(self, *commands: Sequence[str]) -> list[str]:
        """What each command says in its one line on stderr before it ends with status 2.

        All in one process, which begins as `manage.py` does: starting is what takes the time.
        """
        done = in_surroundings(
            self.var_dir, "-c", REFUSED, json.dumps([list(command) for command in commands]), **self.given
        )
        assert done.returncode == 0, done.stderr
        answers = json.loads(done.stdout.splitlines()[-1])
        assert [(status, len(said.splitlines())) for status, said in answers] == [(2, 1)] * len(commands), answers
        return [said.strip() for _status, said in answers]


@pytest.fixture(scope="session")
def seeded(template: Path, made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The folder of a desk with a ticket in it, to be copied."""

    def fill(folder: Path) -> None:
        shutil.copytree(template, folder, dirs_exist_ok=True)
        House(folder).shell(SEED)

    return made_once("seeded", fill)


@pytest.fixture
def house(seeded: Path, tmp_path: Path) -> House:
    shutil.copytree(seeded, tmp_path / "house")
    return House(tmp_path / "house")


@pytest.fixture
def houses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[House, House]]:
    """A desk with a ticket in it and an empty one, with the kind of database that is under test."""
    if connection.vendor == "sqlite":
        yield request.getfixturevalue("house"), House(tmp_path / "second")
        return
    names = ("escala_house_first", "escala_house_second")
    with psycopg.connect(**server(), autocommit=True) as admin:
        for name in names:
            admin.execute(f"DROP DATABASE IF EXISTS {name}")
            admin.execute(f"CREATE DATABASE {name}")
        first, second = (House(tmp_path / name, {"DATABASE_URL": address(name)}) for name in names)
        first.manage("upgrade")
        first.shell(SEED)
        yield first, second
        for name in names:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def server() -> dict[str, str]:
    """The server under test, with its maintenance database."""
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    settings = connection.settings_dict
    return {"dbname": "postgres", **{ours: str(settings[key]) for key, ours in keys.items() if settings.get(key)}}


def address(name: str) -> str:
    given = server()
    host = given.get("host", "").replace("/", "%2F")
    password = f":{given['password']}" if "password" in given else ""
    port = f":{given['port']}" if "port" in given else ""
    return f"postgresql://{given['user']}{password}@{host}{port}/{name}"


@pytest.mark.each
@pytest.mark.slow
def test_a_restored_desk_has_lost_no_clock_no_file_and_no_secret(houses: tuple[House, House], tmp_path: Path) -> None:
    first, second = houses
    archive = tmp_path / "desk.zip"

    first.manage("backup", str(archive))
    second.manage("restore", str(archive))

    assert second.shell(LATER).split("\n")[0] == "1 True the proof"
    assert (second.var_dir / "secret_key").read_text() == (first.var_dir / "secret_key").read_text()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    second.manage("restore", "--force", str(archive))
    assert second.shell(LATER).split("\n")[0] == "1 True the proof"


@pytest.mark.once
@pytest.mark.slow
def test_a_desk_in_use_is_replaced_only_by_force_and_only_by_a_whole_archive(house: House, tmp_path: Path) -> None:
    archive, broken = tmp_path / "desk.zip", tmp_path / "broken.zip"
    house.manage("backup", str(archive))
    broken.write_bytes(archive.read_bytes()[:-2000])
    house.rename_all("Written since")

    in_use, damaged, again = house.refuses(
        ("restore", str(archive)), ("restore", "--force", str(broken)), ("backup", str(archive))
    )
    assert "not empty" in in_use
    assert "damaged" in damaged
    assert "exists already" in again
    assert house.subjects() == ["Written since"]

    house.manage("restore", "--force", str(archive))
    assert house.subjects() == ["Payouts are stuck"]


@pytest.mark.once
@pytest.mark.slow
def test_an_upgrade_can_be_undone(house: House) -> None:
    # The very first one, of an empty folder, had nothing to keep.
    assert not (house.var_dir / "backups").exists()

    assert "Backed up to" in house.manage("upgrade")

    (backup,) = (house.var_dir / "backups").iterdir()
    house.rename_all("Written since")
    house.manage("restore", "--force", str(backup))
    assert house.subjects() == ["Payouts are stuck"]


@pytest.mark.once
def test_a_running_desk_is_not_replaced(var_dir: Path, tmp_path: Path) -> None:
    import fcntl  # noqa: PLC0415 - of this test alone

    house = House(var_dir)
    with (var_dir / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        refused = house.refuses(("restore", str(tmp_path / "any.zip")), ("upgrade",))
        assert all("running" in said for said in refused)


@pytest.mark.once
def test_what_is_no_backup_is_refused_in_one_line(var_dir: Path, tmp_path: Path) -> None:
    house = House(var_dir)
    text, foreign, sly = tmp_path / "text", tmp_path / "foreign.zip", tmp_path / "sly.zip"
    text.write_text("Dear diary")
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("holiday.jpg", b"")
    house.manage("backup", str(sly))
    with zipfile.ZipFile(sly, "a") as archive:
        archive.writestr("attachments/../../escaped", b"out")

    restored = [("restore", str(path)) for path in (text, foreign, tmp_path / "absent.zip", sly)]
    said = house.refuses(*restored, ("backup", str(tmp_path / "absent" / "desk.zip")))

    parts = ["not a backup", "not a backup", "No such file", "outside", "is not a folder"]
    assert [part in sentence for part, sentence in zip(parts, said, strict=True)] == [True] * 5, said


def manifest(**changes: object) -> Manifest:
    fields = {"vendor": "sqlite", "demo": False, "created_at": "", "migrations": ("tickets.0001_initial",)}
    return Manifest(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"vendor": "postgresql"}, "of postgresql, but DATABASE_URL names sqlite"),
        ({"demo": True}, "set DEMO=1"),
        ({"migrations": ("tickets.0001_initial", "tickets.0099_later")}, "newer Escala: tickets.0099_later"),
    ],
)
def test_an_archive_of_another_kind_of_desk_is_refused_with_the_reason(
    changes: dict[str, object], sentence: str
) -> None:
    known = frozenset({"tickets.0001_initial"})
    check_fits(manifest(), vendor="sqlite", demo=False, known_migrations=known)

    with pytest.raises(ArchiveError, match=sentence):
        check_fits(manifest(**changes), vendor="sqlite", demo=False, known_migrations=known)


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"vendor": 1, "strange": 2}', b"\xff"])
def test_a_manifest_that_cannot_be_read_is_refused(text: bytes) -> None:
    with pytest.raises(ArchiveError, match="manifest"):
        parse_manifest(text)


def test_a_manifest_of_another_format_says_which_one_is_read() -> None:
    written = json.loads(manifest().as_json())

    assert parse_manifest(manifest().as_json().encode()).migrations == ["tickets.0001_initial"]
    with pytest.raises(ArchiveError, match="format 2"):
        parse_manifest(json.dumps({**written, "format": 2}).encode())


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("6h", timedelta(hours=6)),
        ("1d12h", timedelta(days=1, hours=12)),
        ("90s", timedelta(seconds=90)),
        ("6", None),
        ("", None),
        ("-6h", None),
        ("6h!", None),
        ("9999999h", None),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, duration: timedelta | None) -> None:
    assert parse_duration(text) == duration


@pytest.mark.once
def test_the_clock_moves_in_demo_mode_only(var_dir: Path) -> None:
    house = House(var_dir)

    assert "demo mode only" in house.refuses(("advance_clock", "6h"))[0]
    assert "no duration" in House(var_dir, {"DEMO": "1"}).refuses(("advance_clock", "soon"))[0]
