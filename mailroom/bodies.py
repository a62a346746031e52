"""The parts of a mail: what is text to read and what is a file (RFC 2046, RFC 2183). Pure."""

import mimetypes
from dataclasses import dataclass, field
from email.message import Message

from mailroom import html, tnef
from mailroom.charsets import decode
from mailroom.headers import decoded
from tickets.uploads import Upload, safe_name

TEXT_LIMIT = 300_000
NAME_LIMIT = 200

Part = Message


@dataclass(slots=True)
class Contents:
    """What was found, in the order of the mail."""

    texts: list[str] = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)
    # For each file how the HTML calls it (RFC 2392), or nothing.
    names: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)

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
        _read(part, kind, found)
    else:
        _keep(part, kind, found)


def _collect_best(part: Part, found: Contents) -> None:
    """Of several forms of one text the plain one, unless it is empty; files stay, in whichever form they sit."""
    forms = [(child, contents_of(child)) for child in children_of(part)]
    for _child, form in forms:
        found.files += form.files
        found.names += form.names
        found.htmls += form.htmls
        found.calendars += form.calendars
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


def _read(part: Part, kind: str, found: Contents) -> None:
    text = _text(part)
    if kind == "text/html":
        found.htmls.append(text)
        text = html.to_text(text)
    found.texts.append(text)


def _keep(part: Part, kind: str, found: Contents) -> None:
    """What winmail.dat holds is taken out of it; where that cannot be read it stays as it is."""
    content = _bytes(part)
    unpacked = tnef.unpack(content) if tnef.is_tnef(content) else []
    for upload in unpacked or [Upload(_name(part, kind, len(found.files) + 1), content)]:
        found.files.append(upload)
        found.names.append("" if unpacked else decoded(str(part.get("Content-ID", ""))).strip("<> ")[:NAME_LIMIT])
    if kind == "text/calendar":
        found.calendars.append(_text(part))


def _text(part: Part) -> str:
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    return decode(data, _charset(part))[:TEXT_LIMIT].removeprefix("\ufeff")


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
