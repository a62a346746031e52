"""How a log line looks: one line for one message, whatever a stranger wrote into it."""

import logging

ESCAPES = {"\r": "\\r", "\n": "\\n", "\x1b": "\\x1b", "\u2028": "\\u2028", "\u2029": "\\u2029"}
TABLE = str.maketrans(ESCAPES)


PROBES = ("/livez", "/readyz")


class NoProbes(logging.Filter):
    """Keeps out Django's line about the answer to a probe: 503 is what it is asked for, and no error of the desk."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(getattr(record, "request", None), "path", "") not in PROBES


class LineFormatter(logging.Formatter):
    """Level, logger, message. Line breaks in a message are escaped, so that nobody can forge a second line.

    A traceback keeps its lines: it is made by us, and is read by people.
    """

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        record.message = record.message.translate(TABLE)
        return super().formatMessage(record)
