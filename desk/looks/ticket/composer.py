"""What lies in the composer of a ticket, and who else is at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from common.languages import language_name
from desk.forms.ticket import WriteForm
from desk.looks.ticket.belongings import Belongings
from desk.looks.ticket.ticket import Colleague
from desk.templatetags.desk_time import clock_text
from desk.uploads import MEGABYTE, hint
from knowledge.markdown import letter_to_html
from people import mentions
from people.models import User
from tickets import presence as presences
from tickets import quick_replies
from tickets.enums import DraftKind
from tickets.files import SIZE_LIMIT
from tickets.models import Draft, DraftFile, QuickReply, Ticket
from tickets.permissions import is_restricted, who_see
from tickets.sending import signed
from tickets.uploads import belies

CHIPS = 2


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file on a draft, with the type that its bytes have."""

    pk: int
    name: str
    size: str
    type: str
    belied: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A quick reply, filled in for this ticket as far as it can be."""

    pk: int
    title: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class ComposerLook:
    """`kept` is the text of each kind that is not in the box; `seen` the newest message when the writing began."""

    kind: str
    body: str
    seen: int
    kept: dict[str, str]
    files: dict[str, list[KeptFile]]
    saved_at: datetime | None = None
    failure: str = ""
    size_limit: int = SIZE_LIMIT
    promise: str = ""
    promise_words: str = ""
    files_short: str = ""
    files_hint: str = ""
    chips: list[Prepared] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    # With a stroke between two.
    people: str = ""


@dataclass(frozen=True, slots=True)
class PresenceLook:
    """Others who have the ticket open: names for the avatars, and one sentence."""

    names: list[str] = field(default_factory=list)
    sentence: str = ""


def composer(
    ticket: Ticket,
    user: User,
    form: WriteForm | None,
    now: datetime,
    *,
    has: Belongings,
    newest: int,
    colleagues: Sequence[Colleague],
    kind: str = "",
) -> ComposerLook:
    """What was typed and refused, else the drafts as they were left; and what helps with writing.

    `newest` is the key of the newest message, `colleagues` is everybody who works here.
    """
    drafts = {draft.kind: draft for draft in _drafts(ticket, user)} if has.drafts else {}
    known = quick_replies.values(ticket, user, now)
    if form is None and kind not in DraftKind.values:
        kind = DraftKind.NOTE if set(drafts) == {DraftKind.NOTE} else DraftKind.REPLY
    kind = str(form["kind"].value() or DraftKind.REPLY) if form else kind
    texts = {one: drafts[one].body if one in drafts else "" for one in DraftKind.values}
    draft = drafts.get(kind)
    promised, promise = _promise(form, drafts.get(DraftKind.REPLY))
    return ComposerLook(
        kind=kind,
        body=str(form["body"].value() or "") if form else texts.get(kind, ""),
        # A refused page shows what is new, and whoever sends it again has seen it.
        seen=draft.seen_message_id or newest if draft and form is None else newest,
        kept={other: text for other, text in texts.items() if other != kind},
        files={one: _files(drafts.get(one)) for one in DraftKind.values},
        saved_at=draft.updated_at if draft and form is None else None,
        failure=draft.failure if draft and form is None else "",
        promise=promise,
        promise_words=clock_text(promised, now),
        files_short=_("up to %(limit)d MB") % {"limit": SIZE_LIMIT // MEGABYTE},
        files_hint=hint(),
        chips=_filled(ticket, user, known)[:CHIPS],
        known=[name for name, value in known.items() if value],
        people="|".join(_may_be_named(ticket, user, colleagues)),
    )


def _promise(form: WriteForm | None, draft: Draft | None) -> tuple[datetime | None, str]:
    """The promise of the reply, as a moment and as its field holds it; what was typed and refused stays."""
    if form is not None:
        known = form.cleaned_data.get("next_update_by") if form.is_bound and form.is_valid() else None
        return known, str(form["next_update_by"].value() or "")
    at = draft.next_update_by if draft else None
    return at, timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") if at else ""


def as_sent(ticket: Ticket, user: User, kind: str, body: str, now: datetime, promised: datetime | None = None) -> str:
    """The text as it will be read: a reply with its placeholders filled in and signed, a note with its names marked."""
    if kind == DraftKind.NOTE:
        known = mentions.handles(who_see(ticket))
        return letter_to_html(body, marked=lambda text: mentions.spans(text, known))
    if not body.strip():
        return ""
    return letter_to_html(signed(quick_replies.fill(body, quick_replies.values(ticket, user, now, promised)), user))


def prepared(ticket: Ticket, user: User, now: datetime, *, q: str = "") -> list[Prepared]:
    """Every quick reply for this ticket, or those with all words of `q`; what fits best first. One query."""
    found = _filled(ticket, user, quick_replies.values(ticket, user, now))
    words = q.casefold().split()
    return [one for one in found if all(word in f"{one.title} {one.hint} {one.text}".casefold() for word in words)]


def _filled(ticket: Ticket, user: User, known: Mapping[str, str]) -> list[Prepared]:
    return [
        Prepared(row.pk, row.title, quick_replies.fill(row.body, known), _hint(row))
        for row in quick_replies.for_ticket(ticket, user)
    ]


def _hint(row: QuickReply) -> str:
    language = language_name(row.language)
    return _("%(language)s, your own") % {"language": language} if row.owner_id else language


def _may_be_named(ticket: Ticket, user: User, colleagues: Sequence[Colleague]) -> list[str]:
    """The names of those who see the ticket too; of a restricted team's one query more."""
    if is_restricted(ticket):
        return list(who_see(ticket).exclude(pk=user.pk).values_list("name", flat=True))
    own = user.pk
    return [person.name for person in colleagues if person.pk != own]


def kept_files(ticket: Ticket, user: User, kind: str) -> list[KeptFile]:
    return next((_files(draft) for draft in _drafts(ticket, user) if draft.kind == kind), [])


def presence(ticket: Ticket, user: User, now: datetime) -> PresenceLook:
    """“Ilya is writing a note, Mona is viewing”; nothing when nobody else is there. One query."""
    found = presences.others(ticket, user, now)
    clauses = [_DOING[row.writing](row.user.name.partition(" ")[0]) for row in found]
    return PresenceLook([row.user.name for row in found], ", ".join(clauses))


def _drafts(ticket: Ticket, user: User) -> list[Draft]:
    return list(Draft.objects.being_written().filter(ticket=ticket, author=user).prefetch_related("files"))


def _files(draft: Draft | None) -> list[KeptFile]:
    found: list[DraftFile] = sorted(draft.files.all(), key=lambda file: file.pk) if draft else []
    return [
        KeptFile(file.pk, file.name, filesizeformat(file.size), file.content_type, belies(file.name, file.content_type))
        for file in found
    ]


_DOING = {
    DraftKind.REPLY: lambda name: _("%(name)s is writing a reply") % {"name": name},
    DraftKind.NOTE: lambda name: _("%(name)s is writing a note") % {"name": name},
    "": lambda name: _("%(name)s is viewing") % {"name": name},
}
