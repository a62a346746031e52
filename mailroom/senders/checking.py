"""The domains that this desk sends from, looked up by a task of its own: no page ever waits for a name server."""

import re
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput, NotFound
from common.setbacks import Round
from mailroom.models import Letterhead, SendingDomain
from mailroom.senders.judging import Finding, Sender, judge
from mailroom.senders.looking import Lookup, NoAnswerError, Resolver
from mailroom.threads import desk_address
from people.models import User

ROUND = "senders"
AGAIN_AFTER = timedelta(hours=12)
# What no answer was had of is asked again sooner.
SOON = timedelta(minutes=10)
# A round holds up the tasks behind it no longer than a few lookups take.
MOST_A_ROUND = 5

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def addresses() -> dict[str, list[str]]:
    """By domain the addresses that stand as senders: the desk's own, and those of teams' letters."""
    found = {parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(), desk_address()}
    found |= {one.lower() for one in Letterhead.objects.exclude(address="").values_list("address", flat=True)}
    domains: dict[str, list[str]] = {}
    for address in sorted(filter(None, found)):
        domains.setdefault(address.rpartition("@")[2], []).append(address)
    return domains


def domains(now: datetime) -> list[SendingDomain]:
    """A row for each domain that is sent from, made where there is none yet; it is looked up within a minute."""
    names = addresses()
    there = set(SendingDomain.objects.filter(domain__in=names).values_list("domain", flat=True))
    missing = [SendingDomain(domain=name, next_at=now) for name in names if name not in there]
    SendingDomain.objects.bulk_create(missing, ignore_conflicts=True)
    return list(SendingDomain.objects.filter(domain__in=names))


def look_up(*, now: datetime, lookup: Lookup | None = None) -> int:
    """Those whose time has come; how many. The last findings stay until there are others.

    What was told of a domain while it was looked up counts: it is looked up anew, and these findings are of no use.
    """
    names = [row.pk for row in domains(now)]
    setbacks = Round(ROUND, now)
    due = setbacks.open(SendingDomain.objects.filter(pk__in=names, next_at__lte=now)).in_bulk()
    return setbacks.each(list(due)[:MOST_A_ROUND], lambda key: _look_up(due[key], lookup, now))


def _look_up(row: SendingDomain, lookup: Lookup | None, now: datetime) -> bool:
    findings = _findings(row, lookup)
    known = all(one.name != "no_answer" for one in findings)
    terms = {"next_at": now + (AGAIN_AFTER if known else SOON), "checked_at": now}
    rows = [one.as_row() for one in findings]
    SendingDomain.objects.filter(pk=row.pk, next_at=row.next_at).update(findings=rows, **terms)
    return True


def ask_again(*, now: datetime) -> None:
    SendingDomain.objects.update(next_at=now)


@transaction.atomic
def sign(*, pk: int, selector: str, signing_domain: str, by: User, now: datetime) -> SendingDomain:
    """How mail from this domain is signed; it is looked up anew. InvalidInput names what is wrong."""
    row = SendingDomain.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    before = _told(row)
    row.selector = _name(selector, field="selector")
    row.signing_domain = _name(signing_domain, field="signing_domain")
    row.next_at = now
    row.save(update_fields=["selector", "signing_domain", "next_at"])
    if _told(row) != before:
        audit.record_change(by=by, subject=f"sending domain {row}", before=before, after=_told(row), of=row)
    return row


def _findings(row: SendingDomain, lookup: Lookup | None) -> list[Finding]:
    server = settings.MAIL_SERVER.host if settings.MAIL_SERVER else ""
    try:
        return judge(Sender(row.domain, server, row.selector, row.signing_domain), lookup or Resolver())
    except NoAnswerError:
        return [Finding("no_answer", {"domain": row.domain})]


def _told(row: SendingDomain) -> dict[str, str]:
    return {"selector": row.selector, "signing_domain": row.signing_domain}


def _name(text: str, *, field: str) -> str:
    """A name of the name system, or nothing."""
    name = text.strip().rstrip(".").lower()
    if name and (len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split("."))):
        raise InvalidInput.of(field, _("This is no name: letters, digits and hyphens, with dots between."))
    return name
