"""Our reading of quotations beside that of mail-parser-reply: what each finds, and how long hostile text keeps it busy.

    python -m bench.quotes

The numbers stand in docs/decisions/0006.
"""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType

from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES

from mailroom import quotes
from tests.mailroom.quotations import INTRODUCTIONS, OWN, QUOTED, WHOLE

LONGEST = 10
HOSTILE = {"“On ” 2,700 times, 8 kB": "On " * 2700, "20,000 blank lines": "\n" * 20_000}


def main() -> None:
    parser = EmailReplyParser(languages=list(MAIL_LANGUAGES))
    readers: dict[str, Callable[[str], str]] = {
        "ours": quotes.newest,
        "mail-parser-reply": lambda text: parser.parse_reply(text=text) or "",
    }
    for name, read in readers.items():
        right = [_is_right(read(text), word) for text, word in _corpus()]
        sys.stdout.write(f"{name}: {sum(right)} of {len(right)} right\n")
        for words, text in HOSTILE.items():
            sys.stdout.write(f"  {words}: {_timed(read, text)}\n")


def _corpus() -> Iterator[tuple[str, str]]:
    """Text, and a word that must be found; none where just the own words are right."""
    for several in INTRODUCTIONS.values():
        yield from ((f"{OWN}\n\n{one}\n{QUOTED}\n", "") for one in several)
    yield from WHOLE.values()


def _is_right(read: str, word: str) -> bool:
    """The library takes signatures away, which is its right: without one it is as good."""
    return word in read if word else read.strip() in {OWN, OWN.partition("\n")[0]}


def _timed(read: Callable[[str], str], text: str) -> str:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    began = time.perf_counter()
    try:
        read(text)
    except TimeoutError:
        return f"more than {LONGEST} s"
    finally:
        signal.alarm(0)
    return f"{time.perf_counter() - began:.3f} s"


if __name__ == "__main__":
    main()
