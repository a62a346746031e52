"""Bytes to text in the character sets of the real world, which are not always the declared ones. Pure."""

import codecs

# Declared under one name, meant and sent as the larger set (WHATWG Encoding, "names and labels").
MEANT = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-8-i": "iso8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
}
# Codecs of Python that are no character set of mail; some take quadratic time.
NOT_FOR_MAIL = frozenset(
    {"ascii", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)


def decode(data: bytes, declared: str | None) -> str:
    """The text; never fails. What is declared wins where it fits, then UTF-8, then Western European."""
    for name in (_known(declared), "utf-8"):
        if name is None:
            continue
        try:
            return _without_surrogates(data.decode(name))
        except (UnicodeError, LookupError, ValueError):
            continue
    return _without_surrogates(data.decode(_known(declared) or "cp1252", "replace"))


def _known(declared: str | None) -> str | None:
    """Python's name for a character set, or None for one that is unknown or not fit for mail."""
    label = (declared or "").strip().strip("\"'").lower()[:40]
    label = MEANT.get(label, label)
    try:
        found = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # Only true character sets turn bytes into text; `zip` and `base64` would be a decompression bomb's door.
    # And whoever says “ASCII” and sends eight bits has said nothing.
    if not found._is_text_encoding or found.name in NOT_FOR_MAIL:
        return None
    return MEANT.get(found.name, found.name)


def _without_surrogates(text: str) -> str:
    """Lone surrogates (UTF-7 can smuggle them in) fit into no database."""
    return text.encode("utf-8", "replace").decode("utf-8")
