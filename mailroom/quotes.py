"""What a person wrote, without the mail that was answered. Pure.

Line by line and without searching patterns: the text is a stranger's, and an expression that looks for “On … wrote:”
in it can be made to run for minutes (SECURITY, ReDoS).
"""

from collections.abc import Sequence

LINE_LIMIT = 400
DRAWN = 30

# How mail programs introduce a quotation: how the line begins, what it holds; it ends with a colon.
INTRODUCTIONS = (
    ("on ", " wrote"),
    ("am ", " schrieb"),
    ("em ", " escreveu"),
    ("a ", " escreveu"),
    ("el ", " escribió"),
    ("le ", " a écrit"),
    ("il ", " ha scritto"),
    ("op ", " schreef"),
    ("w dniu ", " pisze"),
    ("dnia ", " napisał"),
    ("dne ", " napsal"),
    ("den ", " skrev"),
    ("", " kirjoitti"),
    ("", " yazdı"),
    ("", " írta"),
    ("", " a scris"),
    ("", " έγραψε"),
    ("", " пише"),
    ("", "写道"),
    ("", "寫道"),
    ("", "作成"),
    ("", "작성"),
    ("", " пишет"),
    ("", " писал"),
    ("", " написал"),
)
DIVIDERS = (
    "original message",
    "original appointment",
    "ursprüngliche nachricht",
    "mensagem original",
    "mensaje original",
    "message d'origine",
    "messaggio originale",
    "исходное сообщение",
    "reply above this line",
)
# The head of the answered mail as Outlook repeats it: who, then when or to whom.
WHO = (
    "from:", "von:", "de:", "de :", "da:", "van:", "от:", "od:", "fra:", "från:", "kimden:", "feladó:", "від:",
    "发件人:", "寄件者:", "差出人:", "보낸 사람:",
)  # fmt: skip
REST = (
    "sent:", "date:", "to:", "gesendet:", "datum:", "an:", "enviado:", "enviada em:", "enviado el:", "data:", "para:",
    "odesláno:", "komu:", "wysłano:", "do:", "sendt:", "til:", "skickat:", "till:", "gönderme:", "gönderilen:", "kime:",
    "发送时间:", "收件人:", "寄件日期:", "收件者:", "送信日時:", "宛先:", "보낸 날짜:", "받는 사람:", "надіслано:",
    "envoyé :", "envoyé:", "date :", "à :", "inviato:", "a:", "verzonden:", "aan:", "отправлено:", "дата:", "кому:",
)  # fmt: skip


def newest(text: str) -> str:
    """The text above the quotation; all of it where the answer stands below or between the quoted lines."""
    lines = text.split("\n")
    start = _start_of_quotation(lines)
    above = "\n".join(lines[:start]).strip()
    return text.strip() if not above or _has_answers_inside(lines[start:]) else above


def parts(text: str) -> list[tuple[bool, str]]:
    """The text in runs, each quoted or not, to be shown with the quoted ones folded; one run where all is quoted."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if _is_quoted(line)), len(lines))
    start = min(_start_of_quotation(lines), first)
    rest = lines[start:]
    if _has_answers_inside(rest):
        runs = [(False, lines[:start]), *_runs(rest)]
    else:
        runs = [(False, lines[:start]), (True, rest)]
    told = [(quoted, "\n".join(run).strip("\n")) for quoted, run in runs if any(line.strip() for line in run)]
    return told if any(not quoted for quoted, _run in told) else [(False, text)]


def _runs(lines: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """Quoted and own lines by turns; what introduces a quotation belongs to it."""
    runs: list[tuple[bool, list[str]]] = [(True, [])]
    begun = False
    for line in lines:
        quoted = _is_quoted(line) or not begun
        begun = begun or _is_quoted(line)
        if quoted != runs[-1][0] and line.strip():
            runs.append((quoted, []))
        runs[-1][1].append(line)
    return runs


def _start_of_quotation(lines: Sequence[str]) -> int:
    for index in range(len(lines)):
        if _introduces(lines, index) or _divides(lines[index]) or _repeats_a_head(lines, index):
            return index
        if _is_quoted(lines[index]) and all(_is_quoted(line) or not line.strip() for line in lines[index : index + 3]):
            return index
    return len(lines)


def _introduces(lines: Sequence[str], index: int) -> bool:
    """“On 1 May, Anna wrote:”, on one line or broken into up to three, none of which is one by itself."""
    last = _end_of_sentence(lines, index)
    if last is None or _is_quoted(lines[index]):
        return False
    joined = " ".join(line.strip() for line in lines[index : last + 1]).casefold()[:LINE_LIMIT]
    if not _has_words(joined) and not (_names_somebody(joined) and _next_is_quoted(lines, last + 1)):
        return False
    return not any(_introduces(lines, later) for later in range(index + 1, last + 1))


def _end_of_sentence(lines: Sequence[str], index: int) -> int | None:
    """The line that ends with a colon, this one or one of the next two, if no blank line comes before it."""
    for last in range(index, min(index + 3, len(lines))):
        line = lines[last].strip()
        if not line:
            return None
        if line.endswith((":", "：")):
            return last
    return None


def _has_words(line: str) -> bool:
    return any(line.startswith(start) and word in line for start, word in INTRODUCTIONS) and _has_digit(line)


def _names_somebody(line: str) -> bool:
    """An address and a date before a quotation, whatever the language."""
    return "@" in line and _has_digit(line)


def _has_digit(line: str) -> bool:
    return any(character.isdigit() for character in line)


def _next_is_quoted(lines: Sequence[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 3] if line.strip()), "")
    return _is_quoted(following)


def _divides(line: str) -> bool:
    """With its words, or as Outlook on the web draws it."""
    if len(line.strip()) >= DRAWN and not line.strip().strip("_"):
        return True
    words = line[:LINE_LIMIT].strip()
    return words.startswith(("--", "##", "==")) and words.strip("-#= ").casefold() in DIVIDERS


def _repeats_a_head(lines: Sequence[str], index: int) -> bool:
    if not _plain(lines[index]).startswith(WHO):
        return False
    return sum(_plain(line).startswith(REST) for line in lines[index + 1 : index + 6]) >= 2


def _plain(line: str) -> str:
    return line[:LINE_LIMIT].strip(" *\t").replace("：", ":").casefold()


def _is_quoted(line: str) -> bool:
    return line.lstrip()[:1] == ">"


def _has_answers_inside(lines: Sequence[str]) -> bool:
    """Own words after the first quoted line: somebody answers point by point."""
    quoted = next((index for index, line in enumerate(lines) if _is_quoted(line)), len(lines))
    return any(line.strip() and not _is_quoted(line) for line in _without_signature(lines[quoted:]))


def _without_signature(lines: Sequence[str]) -> Sequence[str]:
    mark = next((index for index, line in enumerate(lines) if line.rstrip() == "--"), len(lines))
    return lines[:mark]
