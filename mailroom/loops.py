"""Who must not be answered, and what must not be filed, lest two programs write to each other (RFC 3834). Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mailroom.reports import FAILURES
from mailroom.verdicts import Nature

HOPS_LIMIT = 30

# `<row.token@…>` as the outbox makes it.
_OWN_IDENTIFIER = re.compile(r"<\d+(\.[a-z0-9-]+)?@(?P<domain>[^>]+)>")
_PROGRAMS = frozenset({"mailer-daemon", "postmaster", "no-reply-daemon", "double-bounce"})

# How programs begin the subject of an answer that nobody wrote.
AWAY = (
    "automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply", "auto response", "auto-response",
    "out of office", "out of the office", "on vacation", "vacation reply",
    "abwesenheitsnotiz", "abwesend", "automatische antwort", "außer haus",
    "resposta automática", "fora do escritório", "ausência temporária",
    "respuesta automática", "fuera de la oficina", "ausente de la oficina",
    "réponse automatique", "absence du bureau", "absent du bureau",
    "risposta automatica", "fuori ufficio", "automatisch antwoord", "afwezigheidsmelding", "niet aanwezig",
    "автоответ", "автоматический ответ", "нет на работе", "автоматична відповідь",
    "odpowiedź automatyczna", "automatyczna odpowiedź", "automatická odpověď", "automatisk svar", "automatiskt svar",
    "autosvar", "fraværsmelding", "automaattinen vastaus", "automatski odgovor", "balasan otomatis", "trả lời tự động",
    "automatikus válasz", "răspuns automat", "otomatik yanıt", "αυτόματη απάντηση",
    "自動応答", "自動返信", "自動回覆", "自动答复", "自动回复", "자동 회신", "رد تلقائي",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signs:
    """What the head of a mail tells about programs; texts are in lower case."""

    auto_submitted: str = ""
    precedence: str = ""
    suppress: str = ""
    auto_reply: bool = False
    is_list: bool = False
    return_path: str | None = None
    is_report: bool = False
    hops: int = 0
    subject: str = ""
    is_answer: bool = False

    @property
    def nobody_waits(self) -> bool:
        """No return path: whatever answers it, nobody gets it (RFC 5321, 4.5.5)."""
        return self.return_path is not None and self.return_path.strip() in {"", "<>"}


@dataclass(frozen=True, slots=True)
class Verdict:
    nature: Nature
    reason: str = ""


def judge(signs: Signs, *, sender: str, message_id: str, is_own: Callable[[str], bool], own_domain: str) -> Verdict:
    """The nature of a mail; for what no person wrote with the reason, in one sentence.

    `is_own` knows the addresses from which the desk writes.
    """
    found = _OWN_IDENTIFIER.fullmatch(message_id)
    if is_own(sender) or (found is not None and found["domain"].lower() == own_domain):
        return Verdict(Nature.ECHO, str(_("It is a mail of this desk that came back.")))
    if sender.split("@")[0] in _PROGRAMS:
        return Verdict(Nature.REPORT, str(_("It is a report of a mail server.")))
    for is_so, nature, reason in TABLE:
        if is_so(signs):
            return Verdict(nature, str(reason))
    return Verdict(Nature.LETTER)


def may_be_answered(signs: Signs) -> bool:
    """False where the sender asks for no automatic answer, even to a letter."""
    return not (set(re.split(r"[,\s]+", signs.suppress)) & {"all", "autoreply", "oof"})


def may_report(signs: Signs, sender: str) -> bool:
    """Whether it is worth while to look for what became of a mail of ours."""
    return signs.is_report or signs.nobody_waits or sender.split("@")[0] in _PROGRAMS


def says_away(signs: Signs) -> bool:
    """Not only by its missing return path."""
    return signs.auto_reply or signs.auto_submitted == "auto-replied" or sounds_away(signs)


def sounds_away(signs: Signs) -> bool:
    """By its subject: where it answers a mail, or where the program's words stand before a colon as programs put it."""
    words = next((words for words in AWAY if signs.subject.startswith(words)), "")
    return bool(words) and (signs.is_answer or signs.subject.removeprefix(words).lstrip().startswith((":", "：")))


TABLE: tuple[tuple[Callable[[Signs], bool], Nature, object], ...] = (
    (lambda signs: signs.is_report, Nature.REPORT, _("It is a report about the delivery of a mail.")),
    (
        lambda signs: signs.nobody_waits and any(words in signs.subject for words in FAILURES),
        Nature.REPORT,
        _("It is a report about the delivery of a mail."),
    ),
    (
        lambda signs: signs.auto_reply or signs.auto_submitted == "auto-replied" or signs.precedence == "auto_reply",
        Nature.AWAY,
        _("It is an automatic answer."),
    ),
    (sounds_away, Nature.AWAY, _("It is an automatic answer.")),
    (
        lambda signs: signs.nobody_waits,
        Nature.AWAY,
        _("It has no return path: an automatic answer or a report about a delivery."),
    ),
    (
        lambda signs: signs.precedence in {"bulk", "list", "junk"},
        Nature.ECHO,
        _("It is bulk mail or an automatic answer (Precedence)."),
    ),
    (lambda signs: signs.is_list, Nature.ECHO, _("It came by a mailing list.")),
    (
        lambda signs: signs.hops > HOPS_LIMIT,
        Nature.ECHO,
        _("It has gone round in circles: too many servers have passed it on."),
    ),
    (
        lambda signs: signs.auto_submitted not in {"", "no"},
        Nature.NOTICE,
        _("A program sent it, and nobody is to answer it."),
    ),
)
