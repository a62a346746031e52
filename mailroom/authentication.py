"""Who vouches for a sender: the result of DMARC in the topmost Authentication-Results (RFC 8601, RFC 7489). Pure.

Anybody can write such a header into a mail. It counts where it stands topmost and bears the name of a server that the
administrator has named, which must take away foreign ones that bear its name (RFC 8601, 5). Everything else is not
evidence, and neither is a word in a comment, in a quoted string or about another domain.
"""

from collections.abc import Collection, Iterator

from mailroom.verdicts import Trust

_COUNTED = {"pass": Trust.PASSED, "fail": Trust.FAILED}


def trust_in(topmost: str, *, sender: str, servers: Collection[str]) -> Trust:
    """`topmost`: the value of the first such header of the mail; `servers`: names in small letters."""
    if not servers:
        return Trust.UNCHECKED
    server, *results = list(_statements(topmost)) or [""]
    if (server.split() or [""])[0].casefold() not in servers:
        return Trust.NONE
    found = [_read(result) for result in results if result.casefold().startswith("dmarc")]
    if len(found) != 1:
        return Trust.NONE
    verdict, domain = found[0]
    if verdict == "pass" and domain != sender.rpartition("@")[2].casefold():
        return Trust.NONE
    return _COUNTED.get(verdict, Trust.NONE)


def _read(result: str) -> tuple[str, str]:
    """(what was found, for which domain of the From line) of “dmarc=pass header.from=example.com”."""
    pairs = dict(_pair(word) for word in reversed(result.casefold().split()))
    return pairs.get("dmarc", ""), pairs.get("header.from", "").strip(".")


def _pair(word: str) -> tuple[str, str]:
    name, _is, value = word.partition("=")
    return name, value


def _statements(value: str) -> Iterator[str]:
    """What stands between semicolons, comments left out; a quoted string is a blank, whatever it says."""
    said: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for character in value:
        if is_escaped:
            is_escaped = False
        elif character == "\\":
            is_escaped = True
        elif is_quoted or (character == '"' and not depth):
            is_quoted = not (is_quoted and character == '"')
        elif character in "()":
            depth = max(0, depth + (1 if character == "(" else -1))
        elif not depth and character == ";":
            yield _tidy(said)
            said = []
        elif not depth:
            said.append(character)
    yield _tidy(said)


def _tidy(said: list[str]) -> str:
    """White space may stand around the equals sign (RFC 8601, 2.2)."""
    return "=".join(part.strip() for part in "".join(said).strip().split("="))
