"""The parts of a mail: what is text to read and what is a file (RFC 2046, RFC 2183). Pure."""

import mimetypes
from dataclasses import dataclass, field
from email.message import Message

from mailroom import html
from mailroom.charsets import decode
from mailroom.headers import decoded
from tickets.uploads import Upload, safe_name

TEXT_LIMIT = 300_000

Part = Message


@dataclass(slots=True)
class Contents:
    """What was found, in the order of the mail."""

    texts: list[str] = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(text.strip() for text in self.texts if text.strip())


def contents_of(part: Part) -> Contents:
    """Texts and files of a part and all below it. The caller has bounded the nesting."""
    found = Contents()
    _collect(part, found)
    return found


def children_of(part: Part) -> list[Part]:
    """The parts right below a part."""
    # Asked of a text, `get_payload` would decode it, by whatever codec the stranger named.
    return [child for child in part.get_payload() if isinstance(child, Message)] if part.is_multipart() else []


def _collect(part: Part, found: Contents) -> None:
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        _collect_best(part, found)
    elif part.get_content_maintype() == "multipart":
        for child in children_of(part):
            _collect(child, found)
    elif _is_text(part, kind):
        found.texts.append(_text(part, kind))
    else:
        found.files.append(Upload(_name(part, kind, len(found.files) + 1), _bytes(part)))


def _collect_best(part: Part, found: Contents) -> None:
    """Of several forms of one text the plain one, unless it is empty; files stay, in whichever form they sit."""
    forms = [(child, contents_of(child)) for child in children_of(part)]
    for _child, form in forms:
        found.files += form.files
    written = [(child, form) for child, form in forms if form.text]
    plain = [form for child, form in written if child.get_content_type() == "text/plain"]
    best = plain[0] if plain else (written[-1][1] if written else None)
    if best is not None:
        found.texts.append(best.text)


def _is_text(part: Part, kind: str) -> bool:
    return (
        kind in {"text/plain", "text/html"}
        and not part.get_filename()
        and part.get_content_disposition() != "attachment"
    )


def _text(part: Part, kind: str) -> str:
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    text = decode(data, _charset(part))[:TEXT_LIMIT]
    return html.to_text(text) if kind == "text/html" else text.removeprefix("\ufeff")


def _charset(part: Part) -> str | None:
    declared = part.get_content_charset()
    return declared if isinstance(declared, str) else None


def _bytes(part: Part) -> bytes:
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return content
    # A mail inside a mail, or a delivery report: kept as the text that it was.
    return b"\n\n".join(child.as_bytes() for child in children_of(part))


def _name(part: Part, kind: str, number: int) -> str:
    given = part.get_filename()
    if given:
        return safe_name(decoded(given))
    ending = ".eml" if kind == "message/rfc822" else mimetypes.guess_extension(kind) or ".bin"
    return f"attachment-{number}{ending}"
