"""One start of the desk, from the first check to the last process gone."""

import contextlib
import os
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, Self

from django.core.management import call_command
from django.db import connections

from config.addresses import SettingError
from config.archive.archive import back_up_first, is_empty
from config.archive.manifest import ArchiveError
from config.demo.loader import is_loaded
from config.environment import Environment, broker_socket, mode_file
from config.launcher import preparation, reach
from config.launcher.broker import broker_program
from config.launcher.children import Child, Program, stop_all
from config.launcher.console import say
from config.launcher.first_tables import has_no_tables
from config.launcher.ports import listening_socket
from config.launcher.programs import program

LOOK_EVERY = 0.1
# The engine and every web process but the first wait for the page, so that it has the processors to itself; but not
# for ever.
ENGINE_AFTER = 6.0
ENGINE = ("worker", "beat", "watchdog")


class Desk:
    """Holds the port, the folder's lock and the children; leaving the `with` block stops them all."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.token = secrets.token_hex(16)
        self.children: list[Child] = []
        self.began = time.monotonic()
        self.listener = listening_socket(environment.host, environment.port)
        self.lock = preparation.take_lock(environment.var_dir)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        stop_all([child for child in self.children if child.program.name != "broker"])
        stop_all([child for child in self.children if child.program.name == "broker"])
        self.listener.close()
        os.close(self.lock)

    def prepare(self) -> None:
        """Everything that can run beside something else does: the budget of a later start is four seconds."""
        given = self.environment
        mode_file(given.var_dir).write_text("demo\n" if given.demo else "desk\n", encoding="ascii")
        collecting = preparation.start_collecting(given.static_root)
        if given.broker_is_embedded:
            self._start(broker_program(broker_socket(given.var_dir)))
        else:
            reach.check_redis(given.redis_url)
        reach.check_database()
        if given.mail_server is not None:
            reach.check_mail(given.mail_server)
        if has_no_tables() or preparation.migrations_are_waiting():
            self._migrate()
        if not given.demo and is_loaded():
            raise SettingError("DEMO=0: this database holds demo data, whose passwords are public; name another one.")
        preparation.finish_collecting(collecting, given.static_root)
        self._start_program("web")
        if given.demo:
            call_command("load_demo")
        connections.close_all()
        preparation.mark_prepared(given.var_dir, self.token)

    def serve(self, when_ready: Callable[[float], None]) -> None:
        """Look after the children until a signal ends it; `when_ready` is told the seconds since the start."""
        ready = engine_runs = False
        served_from = time.monotonic()
        while True:
            if not ready and self._is_ready():
                ready = True
                when_ready(time.monotonic() - self.began)
            if not engine_runs and (ready or time.monotonic() - served_from > ENGINE_AFTER):
                engine_runs = True
                for name in (*ENGINE, *self._mailroom(), *["web"] * (self.environment.web_processes - 1)):
                    self._start_program(name)
            for child in self.children:
                child.look_after()
            time.sleep(LOOK_EVERY)

    def _mailroom(self) -> list[str]:
        """A process for incoming mail, where there is a door to listen at or a secret to sign in with."""
        given = self.environment
        return ["mailroom"] if given.mail_door or given.mailboxes.secrets or given.mailboxes.files else []

    def _migrate(self) -> None:
        if not self.environment.demo and not is_empty():
            try:
                say(f"Backed up to {back_up_first()} before the tables are changed.")
            except ArchiveError as error:
                say(f"The tables are changed without a backup: {error}")
        say("Setting up the tables …")
        call_command("migrate", interactive=False, verbosity=0)

    def _start_program(self, name: str) -> None:
        given = self.environment
        surroundings = {
            "ESCALA_VAR": str(given.var_dir),
            "ESCALA_RUN": self.token,
            "DEMO": "1" if given.demo else "0",
            "ESCALA_FD": str(self.listener.fileno()) if name == "web" else "",
            "WEB_PROCESSES": str(given.web_processes),
        }
        descriptors = (self.listener.fileno(),) if name == "web" else ()
        self._start(program(name, environment=surroundings, descriptors=descriptors))

    def _start(self, what: Program) -> None:
        child = Child(what)
        self.children.append(child)
        child.start()

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError):
            url = f"http://{_bracketed(self.environment.host)}:{self.environment.port}/readyz"
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        return False


def announce(environment: Environment, seconds: float) -> None:
    """The address, and in demo mode one sign-in per role."""
    say(f"Ready after {seconds:.1f} s at {environment.base_url}")
    if environment.demo:
        _announce_demo(preparation.read_demo(environment.var_dir))
    say("Ctrl-C stops the desk.")


def _announce_demo(demo: Mapping[str, Any]) -> None:
    say(f"Demo mode, on this machine only. Everybody's password is: {demo['password']}")
    for role, email in demo["users"].items():
        say(f"    {role:<9} {email}")


def _bracketed(host: str) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - translated, not bound
    return f"[{reachable}]" if ":" in reachable else reachable
