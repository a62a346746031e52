"""Keeps one reader at hand, and a fresh one after it.

A mail that ends the reader, or keeps it longer than it may, is a mail that cannot be read: `ParseError`, so that it
goes to the quarantine and the next one is read by a fresh reader. A death that may have had another cause (somebody
killed it, the machine was out of memory) is believed only when it happens twice.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mailroom.parse import ParsedMail, ParseError, check_size
from mailroom.reader import wire
from mailroom.reader.limits import Limits

BASE_DIR = Path(__file__).resolve().parent.parent.parent
TRIES = 2
GOING = 5.0


class _Gone(Exception):
    """The reader ended while it had a mail; `how` as `Popen.returncode`."""

    def __init__(self, how: int) -> None:
        super().__init__(how)
        self.how = how


class Keeper:
    """One reader for all threads of this process, started when the first mail comes."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.started = 0
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._left = 0

    def read(self, raw: bytes, *, lenient: bool = False) -> ParsedMail:
        """As `parse.parse`, elsewhere and within bounds. OSError where no reader can be started: not the mail's fault.

        What is refused for its size alone is not even sent there.
        """
        check_size(raw)
        how = 0
        with self._lock:
            for _try in range(TRIES):
                try:
                    return self._ask(raw, lenient=lenient)
                except _Gone as death:
                    how = death.how
                    if how == -signal.SIGXCPU:
                        break
        raise ParseError(_ended(how, self.limits))

    def close(self) -> None:
        with self._lock:
            self._dismiss()

    def _ask(self, raw: bytes, *, lenient: bool) -> ParsedMail:
        until = time.monotonic() + self.limits.wall
        line = self._ready(until)
        try:
            wire.send(line, {"lenient": lenient, "language": get_language() or "en"}, [raw], until=until)
            answer, blobs = wire.receive(line, until=until)
            self._left -= 1
            return self._understood(answer, blobs)
        except TimeoutError:
            self._dismiss(by_force=True)
            raise ParseError(_too_long(self.limits.wall)) from None
        except wire.WireError:
            raise _Gone(self._dismiss()) from None

    def _understood(self, answer: dict[str, Any], blobs: list[bytes]) -> ParsedMail:
        if "mail" in answer:
            return wire.unpacked(ParsedMail, answer["mail"], blobs)
        if "refused" in answer:
            raise ParseError(str(answer["refused"])[:300])
        self._dismiss()
        megabytes = self.limits.memory // 1024 // 1024
        raise ParseError(_("Reading it takes more than %(limit)d MB of memory.") % {"limit": megabytes})

    def _ready(self, until: float) -> socket.socket:
        """The line to a reader that lives and has not read its share yet."""
        if self._process is not None and (self._left <= 0 or self._process.poll() is not None):
            self._dismiss()
        if self._line is None:
            self._start()
        assert self._line is not None  # noqa: S101 - for the type checker: it has just been opened
        return self._line

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own program
                    [sys.executable, "-m", "mailroom.reader", *self.limits.as_words()],
                    cwd=BASE_DIR,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    # Neither the desk's secrets nor its database's address.
                    env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                )
            except OSError:
                ours.close()
                raise
        self._line, self._left = ours, self.limits.mails
        self.started += 1

    def _dismiss(self, *, by_force: bool = False) -> int:
        """It goes when its line ends. How it went, as a process's return code."""
        process, line = self._process, self._line
        self._process = self._line = None
        if line is not None:
            line.close()
        if process is None:
            return 0
        if by_force:
            process.kill()
        try:
            return process.wait(GOING)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def forget(self) -> None:
        """After a fork: the reader is the parent's, and so is the lock that somebody may have held."""
        self._lock = threading.Lock()
        if self._process is not None:
            # It is not ours to wait for, and must not be missed when this object goes.
            self._process.returncode = 0
        if self._line is not None:
            self._line.close()
        self._process = self._line = None


def read(raw: bytes, *, lenient: bool = False) -> ParsedMail:
    """Read a mail in this process's reader; ParseError with the reason where it cannot be read."""
    return _keeper.read(raw, lenient=lenient)


def _ended(how: int, limits: Limits) -> str:
    if how == -signal.SIGXCPU:
        return _too_long(limits.cpu)
    name = signal.Signals(-how).name if how < 0 else str(how)
    return _("Reading it ends the program that reads (%(how)s).") % {"how": name}


def _too_long(seconds: float) -> str:
    return _("Reading it takes longer than %(limit)d seconds.") % {"limit": seconds}


def lasting(limits: Limits | None = None) -> Keeper:
    """A keeper for as long as this process lives."""
    one = Keeper(limits)
    atexit.register(one.close)
    os.register_at_fork(after_in_child=one.forget)
    return one


_keeper = lasting()
