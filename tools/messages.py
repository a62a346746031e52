"""`make messages`: what the desk says, for its translators; with `--check`, whether each language says all of it.

Collects every marked text of the code and the templates, keeps the translations that there are in
`locale/<language>/LC_MESSAGES/django.po`, drops what nobody says any more, and compiles. The check fails, one line a
fault, where a text is missing, not translated or left over, where a translation lacks a placeholder or a tag of its
text or has others, and where what is compiled is not what is written.
"""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("es", "pt_BR", "ru")
# Who reads these reads English: whoever works on Escala.
UNSPOKEN = ("tests/", "bench/", "tools/")
_LAZY: dict[str, Any] = {f"{name}_lazy": places for name, places in DEFAULT_KEYWORDS.items() if name != "_"}
KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, **_LAZY, "gettext_noop": None, "_now": None}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|</?[a-z][^>]*>")

Said = dict[tuple[str | tuple[str, str], str | None], set[str]]


def collect() -> Said:
    """Every text (with its plural), its context, and the files that say it."""
    said: Said = {}
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.html", "*.txt"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split():
        if name.startswith(UNSPOKEN) or "/migrations/" in name or not (ROOT / name).exists():
            continue
        for text, context in _texts((ROOT / name).read_text(), is_code=name.endswith(".py")):
            said.setdefault((text, context), set()).add(name)
    return said


def _texts(source: str, *, is_code: bool) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    if not is_code:
        # As Python has it, each line by itself: how far a template's line stands in means nothing.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _line, found, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        yield (found[0], found[1]) if isinstance(found, tuple) else found, context


def file_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = file_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(old: Catalog, said: Said) -> Catalog:
    """What is said now, with the translations there are."""
    new = Catalog(locale=old.locale, project="Escala", header_comment="", fuzzy=False)
    for (text, context), files in sorted(said.items(), key=lambda item: str(item[0])):
        known = old.get(text[0] if isinstance(text, tuple) else text, context)
        kept = known.string if known is not None and isinstance(known.id, tuple) == isinstance(text, tuple) else None
        new.add(text, kept, locations=[(name, 0) for name in sorted(files)], context=context)
    return new


def written(catalog: Catalog) -> bytes:
    """Without dates and line numbers, which would change when nothing else does."""
    out = io.BytesIO()
    write_po(out, catalog, omit_header=True, include_lineno=False, sort_output=True)
    head = f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{head}"Plural-Forms: {catalog.plural_forms}\\n"\n\n'.encode() + out.getvalue()


def compiled(po: bytes, language: str) -> bytes:
    catalog, out = read_po(io.BytesIO(po), locale=language), io.BytesIO()
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    write_mo(out, catalog)
    return out.getvalue()


def update() -> None:
    said = collect()
    for language in LANGUAGES:
        po = written(renewed(read(language), said))
        path = file_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po)
        path.with_suffix(".mo").write_bytes(compiled(po, language))
        catalog = read(language)
        missing = sum(not _is_whole(message) for message in catalog if message.id)
        print(f"{language}: {len(catalog)} texts, {missing} not translated")  # noqa: T201 - a command's answer


def faults(catalog: Catalog, said: Said) -> Iterator[str]:
    """Each in a sentence."""
    there = {(message.id, message.context): message for message in catalog if message.id}
    for text, _context in said.keys() - there.keys():
        yield f"not collected: {text!r}"
    for key, message in there.items():
        if key not in said:
            yield f"nobody says it any more: {message.id!r}"
        elif not _is_whole(message):
            yield f"not translated: {message.id!r}"
        elif wrong := _differing(message):
            yield f"{wrong} not as in the text: {message.id!r}"


def _is_compiled(language: str) -> bool:
    path = file_of(language)
    return path.exists() and path.with_suffix(".mo").read_bytes() == compiled(path.read_bytes(), language)


def _is_whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings) and not message.fuzzy


def _differing(message: Message) -> str:
    """The placeholders and tags that one of them has and the other has not. A singular may do without its number."""
    texts = message.id if isinstance(message.id, tuple | list) else [message.id]
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    wanted = set(_PLACEHOLDER.findall(texts[-1]))
    spared = wanted - set(_PLACEHOLDER.findall(texts[0]))
    differing = set().union(*((wanted ^ set(_PLACEHOLDER.findall(string))) for string in strings))
    return ", ".join(sorted(differing - spared))


def check() -> int:
    said, found = collect(), 0
    for language in LANGUAGES:
        wrong = list(faults(read(language), said))
        wrong += [] if _is_compiled(language) else ["what is compiled is not what is written"]
        found += len(wrong)
        for fault in wrong:
            print(f"{language}: {fault}")  # noqa: T201 - a command's answer
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv[1:] else update())
