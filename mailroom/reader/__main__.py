"""The reader itself: `python -m mailroom.reader`, with a socket as standard input. It knows no database and no secret.

It reads one mail after the other until the line ends or nobody has asked it anything for a while.
"""

import contextlib
import math
import resource
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils import translation

from mailroom.reader import wire
from mailroom.reader.limits import Limits

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SPARE_FILES = 64


def main() -> None:
    limits = Limits.from_words(sys.argv[1:])
    # Whoever started us decides when we go: a mail in our hands must not look like one that killed us.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    settings.configure(USE_I18N=True, LANGUAGE_CODE="en", LOCALE_PATHS=[BASE_DIR / "locale"], LOGGING_CONFIG=None)
    django.setup()
    confine(limits)
    serve(socket.socket(fileno=0), limits)


def confine(limits: Limits) -> None:
    """From here on it can take no more memory, write no file and leave no dump."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (SPARE_FILES, SPARE_FILES))


def serve(line: socket.socket, limits: Limits) -> None:
    with contextlib.suppress(wire.WireError, TimeoutError):
        while True:
            head, blobs = wire.receive(line, until=time.monotonic() + limits.idle)
            _allow(limits.cpu)
            answer, files = read(blobs[0], lenient=head["lenient"], language=head["language"])
            wire.send(line, answer, files)
            if "full" in answer:
                return


def _allow(seconds: float) -> None:
    """So many more seconds of the processor; at the end of them the kernel ends this process (SIGXCPU)."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), hard))


def read(raw: bytes, *, lenient: bool, language: str) -> tuple[dict[str, Any], list[bytes]]:
    """What is in the mail, or why it cannot be read."""
    from mailroom.parse import ParseError, parse  # noqa: PLC0415 - it asks for words, which need the settings above

    blobs: list[bytes] = []
    with translation.override(language):
        try:
            return {"mail": wire.packed(parse(raw, lenient=lenient), blobs)}, blobs
        except ParseError as error:
            return {"refused": str(error)}, []
        except MemoryError:
            return {"full": True}, []


if __name__ == "__main__":
    main()
