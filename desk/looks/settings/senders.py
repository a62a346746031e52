"""What the world makes of the desk's mail, in plain words: `mailroom.senders.judging` finds, this page says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailroom.models import SendingDomain
from mailroom.senders import checking

# By the name of a finding: its tone, what is so, and what to do.
SAYINGS: Mapping[str, tuple[str, Any, Any]] = {
    "no_answer": (
        "warn",
        gettext_lazy("The name servers did not answer."),
        gettext_lazy("Nothing is known; it is asked again within ten minutes."),
    ),
    "no_domain": (
        "breach",
        gettext_lazy("There is no domain %(domain)s."),
        gettext_lazy("Nobody can answer this mail, and most servers refuse it: send from a domain that you own."),
    ),
    "spf_well": ("ok", gettext_lazy("SPF names %(server)s."), ""),
    "spf_none": (
        "breach",
        gettext_lazy("Mail may land in spam: %(domain)s has no SPF record that names its mail server."),
        gettext_lazy("Add a TXT record to %(domain)s: v=spf1 a:%(server)s ~all"),
    ),
    "spf_no_server": (
        "",
        gettext_lazy("This desk has no mail server yet, so there is nothing that %(domain)s could name (SPF)."),
        gettext_lazy("Set EMAIL_URL."),
    ),
    "spf_server_unknown": (
        "breach",
        gettext_lazy("The mail server %(server)s has no address."),
        gettext_lazy("See whether EMAIL_URL names it rightly."),
    ),
    "spf_not_named": (
        "warn",
        gettext_lazy("Mail may land in spam: the SPF record of %(domain)s does not name %(server)s (%(address)s)."),
        gettext_lazy(
            "Add a:%(server)s to the record, or the include that your provider gives. If that server hands mail on "
            "to others, it is those that count."
        ),
    ),
    "spf_refuses": (
        "breach",
        gettext_lazy("Mail is refused: the SPF record of %(domain)s says that %(server)s (%(address)s) may not send."),
        gettext_lazy("Add a:%(server)s to the record before its end, or the include that your provider gives."),
    ),
    "spf_broken": (
        "breach",
        gettext_lazy("The SPF record of %(domain)s cannot be read, so it proves nothing."),
        gettext_lazy("Exactly one record, without spelling mistakes, whose includes exist: %(record)s"),
    ),
    "spf_too_many": (
        "breach",
        gettext_lazy("The SPF record of %(domain)s takes more than ten lookups, so it counts as broken (RFC 7208)."),
        gettext_lazy("Take out includes that nobody needs, or write addresses instead: %(record)s"),
    ),
    "spf_unclear": (
        "",
        gettext_lazy("The SPF record of %(domain)s hangs on the single mail (it has a macro)."),
        gettext_lazy("Whether it passes is seen in a mail that has arrived."),
    ),
    "dkim_unknown": (
        "",
        gettext_lazy("Whether mail is signed (DKIM) is known to whoever runs its mail server."),
        gettext_lazy("Say the selector below, and its key is looked up."),
    ),
    "dkim_well": ("ok", gettext_lazy("The key %(selector)s of %(domain)s is published (DKIM)."), ""),
    "dkim_withdrawn": (
        "breach",
        gettext_lazy("The key %(selector)s of %(domain)s is withdrawn: what is signed with it counts as forged."),
        gettext_lazy("Publish the key that the mail server signs with."),
    ),
    "dkim_none": (
        "breach",
        gettext_lazy("There is no key %(selector)s for %(domain)s, so no signature can be checked (DKIM)."),
        gettext_lazy("Publish it at %(selector)s._domainkey.%(domain)s, as your mail server gives it."),
    ),
    "dmarc_none": (
        "warn",
        gettext_lazy("%(domain)s does not say what becomes of mail that only claims to be yours (DMARC)."),
        gettext_lazy("Add a TXT record to _dmarc.%(domain)s: v=DMARC1; p=none; rua=mailto:postmaster@%(domain)s"),
    ),
    "dmarc_well": ("ok", gettext_lazy("Others who write as %(domain)s are stopped (DMARC, %(policy)s)."), ""),
    "dmarc_watches": (
        "",
        gettext_lazy("Others who write as %(domain)s are watched and not stopped (DMARC, none)."),
        gettext_lazy("When the reports show only mail of yours, say p=quarantine."),
    ),
    "dmarc_misaligned": (
        "warn",
        gettext_lazy("The signature is made for %(signed_by)s, which does not count for %(domain)s (DMARC alignment)."),
        gettext_lazy("Let the mail server sign for %(domain)s."),
    ),
    "dmarc_unproved": (
        "warn",
        gettext_lazy("As far as can be seen, nothing proves that this desk’s mail is from %(domain)s."),
        gettext_lazy("See to SPF or DKIM above before the policy of %(at)s becomes stricter than none."),
    ),
    "dmarc_refuses": (
        "breach",
        gettext_lazy(
            "Mail is thrown away: %(at)s asks for that (DMARC, %(policy)s), and nothing proves that it is ours."
        ),
        gettext_lazy("See to SPF or DKIM above."),
    ),
}
_GRAVEST = ("breach", "warn", "", "ok")


@dataclass(frozen=True, slots=True)
class Said:
    tone: str
    fact: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SenderLook:
    """A domain with its addresses; `tone` is that of its gravest finding."""

    row: SendingDomain
    addresses: str
    said: list[Said]
    tone: str
    state: str


def senders_look(now: datetime) -> list[SenderLook]:
    known = checking.addresses()
    return [_look(row, known[row.domain]) for row in checking.domains(now)]


def _look(row: SendingDomain, addresses: list[str]) -> SenderLook:
    said = [_said(one["name"], one["known"]) for one in row.findings if one["name"] in SAYINGS]
    tones = {one.tone for one in said}
    tone = next((one for one in _GRAVEST if one in tones), "")
    states = {
        "breach": _("Something is wrong"),
        "warn": _("May land in spam"),
        "ok": _("Well"),
        "": _("As far as known"),
    }
    state = states[tone] if said else _("Not looked up yet")
    return SenderLook(row, ", ".join(addresses), said, tone, state)


def _said(name: str, known: Mapping[str, Any]) -> Said:
    tone, fact, remedy = SAYINGS[name]
    return Said(tone, str(fact) % known, str(remedy) % known if remedy else "")
