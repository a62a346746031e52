"""What the world makes of mail from one domain of ours: findings by name, of which the page makes sentences.

The envelope of our mail names the address in its From, so a proof by SPF is always one for the right domain; a DKIM
signature may be made for another, and then has to be aligned (RFC 7489, 3.1).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from mailroom.senders import dmarc, spf
from mailroom.senders.looking import Lookup, NoAnswerError
from mailroom.senders.spf import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """`name`: a key of `desk.looks.settings.senders.SAYINGS`; `known`: what its sentence names."""

    name: str
    known: dict[str, Any] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sender:
    """A domain that mail is sent from. `server`: the machine that takes it from us; empty where none is set."""

    domain: str
    server: str
    selector: str = ""
    signing_domain: str = ""

    @property
    def signed_by(self) -> str:
        return self.signing_domain or self.domain


def judge(sender: Sender, lookup: Lookup) -> list[Finding]:
    """Never raises for what the name system does: what is not known is a finding, too."""
    try:
        if not _is_there(sender.domain, lookup):
            return [Finding("no_domain", {"domain": sender.domain})]
        named, signed = _spf(sender, lookup), _dkim(sender, lookup)
        is_proved, is_signed = named.name == "spf_well", signed.name == "dkim_well"
        return [named, signed, *_dmarc(sender, lookup, is_proved=is_proved, is_signed=is_signed)]
    except NoAnswerError:
        return [Finding("no_answer", {"domain": sender.domain})]


def _is_there(domain: str, lookup: Lookup) -> bool:
    return bool(lookup.addresses(domain) or lookup.exchangers(domain) or lookup.texts(domain))


def _spf(sender: Sender, lookup: Lookup) -> Finding:
    known = {"domain": sender.domain, "server": sender.server}
    if not sender.server:
        return Finding("spf_no_server", known)
    records = spf.record_of(sender.domain, lookup)
    if not records:
        return Finding("spf_none", known)
    addresses = lookup.addresses(sender.server)
    if not addresses:
        return Finding("spf_server_unknown", known)
    verdicts = {one: spf.check(one, sender.domain, lookup) for one in addresses}
    worst = next((one for one in _WORST if one in verdicts.values()), Verdict.PASS)
    wrong = next((address for address, verdict in verdicts.items() if verdict is worst), "")
    return Finding(_SPF[worst], {**known, "address": wrong, "record": records[0][:250]})


def _dkim(sender: Sender, lookup: Lookup) -> Finding:
    known = {"domain": sender.signed_by, "selector": sender.selector}
    if not sender.selector:
        return Finding("dkim_unknown", known)
    for text in lookup.texts(f"{sender.selector}._domainkey.{sender.signed_by}"):
        tags = {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in text.split(";"))}
        # RFC 6376, 3.6.1: an empty key is a withdrawn one.
        if "p" in tags and tags.get("v", "DKIM1") == "DKIM1":
            return Finding("dkim_well" if tags["p"] else "dkim_withdrawn", known)
    return Finding("dkim_none", known)


def _dmarc(sender: Sender, lookup: Lookup, *, is_proved: bool, is_signed: bool) -> Iterator[Finding]:
    policy = dmarc.policy_of(sender.domain, lookup)
    if policy is None:
        yield Finding("dmarc_none", {"domain": sender.domain})
        return
    known = {"domain": sender.domain, "policy": policy.policy, "at": policy.domain, "signed_by": sender.signed_by}
    aligned = is_signed and dmarc.is_aligned(
        sender.domain, sender.signed_by, strict=policy.strict_dkim, organisation=policy.domain
    )
    if is_signed and not aligned:
        yield Finding("dmarc_misaligned", known)
    if is_proved or aligned:
        yield Finding("dmarc_well" if policy.policy != "none" else "dmarc_watches", known)
    else:
        yield Finding("dmarc_unproved" if policy.policy == "none" else "dmarc_refuses", known)


_SPF = {
    Verdict.PASS: "spf_well",
    Verdict.FAIL: "spf_refuses",
    Verdict.SOFTFAIL: "spf_not_named",
    Verdict.NEUTRAL: "spf_not_named",
    Verdict.NONE: "spf_none",
    Verdict.BROKEN: "spf_broken",
    Verdict.TOO_MANY: "spf_too_many",
    Verdict.UNCLEAR: "spf_unclear",
}
_WORST = (
    Verdict.BROKEN, Verdict.TOO_MANY, Verdict.FAIL, Verdict.SOFTFAIL, Verdict.NEUTRAL, Verdict.UNCLEAR,
)  # fmt: skip
