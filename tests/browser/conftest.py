"""One demo desk for the browser tests of a process, its month played once for all, and a browser with a person."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.config.desks import RunningDesk, manage
from tools.ports import free_port

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# What a slow machine may take for one thing to appear; a test fails by it, none waits for it.
expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class Demo:
    url: str
    password: str
    users: dict[str, str]
    var_dir: Path

    def advance(self, duration: str) -> None:
        """Let time pass for every process of the desk."""
        done = manage(self.var_dir, "advance_clock", duration, DEMO="1")
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed: apt install chromium, or set CHROMIUM")
    return {**browser_type_launch_args, "executable_path": program, "args": FLAGS}


def load(folder: Path) -> None:
    for command in ("upgrade", "load_demo"):
        done = manage(folder, command, DEMO="1")
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def demo(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="escala-browser-"))
    shutil.copytree(made_once("demo", load), folder, dirs_exist_ok=True)
    desk = RunningDesk(folder, free_port(), DEMO="1")
    try:
        desk.start()
        told = json.loads((folder / "demo.json").read_text())
        yield Demo(told["url"], told["password"], told["users"], folder)
    finally:
        desk.process.kill()
        desk.process.wait()
        desk.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cookies(demo: Demo) -> dict[str, Any]:
    """By role or address, what the sign-in left in a browser; the password is asked once of each person of a run."""
    return {}


@pytest.fixture
def sign_in(browser: Browser, demo: Demo, cookies: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """A page of a browser of one's own, with the person of a role, or of an address, signed in by the form."""
    contexts: list[BrowserContext] = []

    def enter(role: str, **options: Any) -> Page:
        if not options.get("java_script_enabled", True):
            cookies.pop(role, None)  # The form is tried without scripts, too.
        context = browser.new_context(base_url=demo.url, storage_state=cookies.get(role), **options)
        contexts.append(context)
        page = context.new_page()
        if role in cookies:
            page.goto("/")
        else:
            page.goto("/accounts/login/")
            page.get_by_label("E-mail").fill(demo.users.get(role, role))
            page.get_by_label("Password", exact=True).fill(demo.password)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/accounts/login/" not in url)
            cookies[role] = context.storage_state()
        return page

    yield enter
    for context in contexts:
        context.close()
