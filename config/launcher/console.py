"""The launcher's terminal: one writer at a time, and nobody minds when the reader has gone."""

import sys
import threading

_writing = threading.Lock()
WIDTH = 8


def say(text: str, *, source: str = "escala") -> None:
    """One line, with the name of the process that it comes from."""
    with _writing:
        try:
            sys.stdout.write(f"{source:<{WIDTH}} | {text}\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            # The terminal was closed. The children's pipes must be emptied all the same, or they would stand still.
            return
