"""Stores what a source hands over: a savepoint a batch, and row by row where a batch fails (DESIGN §3.5)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import DatabaseError, transaction

from common.errors import DomainError, InvalidInput
from config.importing.matters import Found, Matter, Opening, Person, Refusal, Words
from people.actions import find_or_create_customer, remember_colleague
from people.models import Organisation, Team, User
from sla.actions import start_promises
from tickets.enums import DONE_STATUSES
from tickets.files import check
from tickets.importing import PastMessage, PastTicket, Voice, import_messages, import_ticket
from tickets.models import ImportedRecord

BATCH = 100


@dataclass(slots=True)
class Report:
    """What became of everything that the source handed over."""

    tickets: int = 0
    messages: int = 0
    known: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        self.tickets += other.tickets
        self.messages += other.messages
        self.known += other.known
        self.refusals += other.refusals


@dataclass(frozen=True, slots=True)
class Importer:
    """`teams` maps their names of teams to our short names; `source` names the other desk in `ImportedRecord`."""

    source: str
    now: datetime
    teams: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    start_clocks: bool = False

    def run(self, found: Iterable[Found], progress: Callable[[int], None] = lambda _done: None) -> Report:
        """Everything, batch after batch; `progress` hears how many matters are done."""
        report, done = Report(), 0
        for batch in _batches(found):
            report.refusals += [one for one in batch if isinstance(one, Refusal)]
            report.add(self._batch([one for one in batch if isinstance(one, Matter)]))
            done += len(batch)
            progress(done)
        return report

    def _batch(self, matters: list[Matter]) -> Report:
        try:
            return self._together(matters)
        except (DomainError, DatabaseError):
            report = Report()
            for matter in matters:
                report.add(self._alone(matter))
            return report

    def _together(self, matters: list[Matter]) -> Report:
        report = Report()
        with transaction.atomic():
            for matter in matters:
                report.add(self._one(matter))
            transaction.set_rollback(self.dry_run)
        return report

    def _alone(self, matter: Matter) -> Report:
        try:
            return self._together([matter])
        except DomainError as error:
            why = str(error)
        except DatabaseError as error:
            why = f"The database did not take it: {' '.join(str(error).split())[:200]}"
        return Report(refusals=[Refusal(matter.where, matter.key, why)])

    def _one(self, matter: Matter) -> Report:
        """One matter: new, already here with perhaps newer words, or words for nothing that is known."""
        known = ImportedRecord.objects.filter(source=self.source, key=f"ticket:{matter.key}")
        record = known.select_related("ticket").first()
        if record is not None:
            return self._newer(matter, record)
        if matter.opening is None:
            why = f"Its ticket “{matter.key}” is neither here nor in the source."
            return Report(refusals=[Refusal(words.where, words.key.partition(":")[2], why) for words in matter.words])
        opening = matter.opening
        requester = self._requester(opening)
        words = [self._message(words, requester) for words in matter.words]
        past = self._ticket(matter.key, opening, requester)
        ticket = import_ticket(source=self.source, past=past, messages=words, now=self.now)
        if self.start_clocks:
            start_promises(ticket=ticket, now=self.now)
        return Report(tickets=1, messages=len(words))

    def _newer(self, matter: Matter, record: ImportedRecord) -> Report:
        keys = [words.key for words in matter.words]
        here = ImportedRecord.objects.filter(source=self.source, key__in=keys).values_list("key", flat=True)
        known = set(here)
        fresh = [words for words in matter.words if words.key not in known]
        if fresh:
            requester = record.ticket.requester
            messages = [self._message(words, requester) for words in fresh]
            import_messages(source=self.source, ticket=record.ticket, messages=messages, now=self.now)
        return Report(messages=len(fresh), known=1 if matter.opening else 0)

    def _ticket(self, key: str, opening: Opening, requester: User) -> PastTicket:
        colleagues = User.objects.active().staff()
        return PastTicket(
            key=f"ticket:{key}",
            subject=opening.subject,
            requester=requester,
            status=opening.status,
            priority=opening.priority,
            channel=opening.channel,
            created_at=opening.created_at,
            done_at=opening.done_at,
            team=self._team(opening.team),
            assignee=self._assignee(opening),
            tags=opening.tags,
            watchers=list(colleagues.filter(email__in=opening.watchers)) if opening.watchers else (),
        )

    def _message(self, words: Words, requester: User) -> PastMessage:
        attachments = check(words.attachments)
        author = self._author(words.author) if words.author else None
        return PastMessage(
            key=words.key,
            voice=words.voice,
            at=words.at,
            body=words.body,
            author=author or (requester if words.voice is Voice.CUSTOMER else None),
            external_id=words.external_id,
            # A transaction that is taken back leaves its files on the disk.
            attachments=() if self.dry_run else attachments,
        )

    def _author(self, person: Person) -> User:
        if person.colleague:
            return remember_colleague(email=person.email, name=person.name)
        return find_or_create_customer(email=person.email, name=person.name)

    def _requester(self, opening: Opening) -> User:
        return find_or_create_customer(
            email=opening.requester.email,
            name=opening.requester.name,
            organisation=_organisation(opening.organisation) if opening.organisation else None,
        )

    def _assignee(self, opening: Opening) -> User | None:
        """Who had it; an open ticket is only owned by somebody who works here."""
        if opening.assignee is None:
            return None
        if opening.status in DONE_STATUSES:
            person = self._author(opening.assignee)
            return person if person.is_agent else None
        return User.objects.active().staff().at_address(opening.assignee.email).first()

    def _team(self, name: str) -> Team | None:
        """By the mapping, or by our own short name; a name that is mapped to nothing leaves it to the rules."""
        slug = self.teams.get(name, name)
        team = Team.objects.filter(slug=slug).first() if slug else None
        if slug and team is None:
            raise InvalidInput.of("team", f"team: there is no “{slug[:40]}” here; give --team {name[:40]}=ours.")
        return team


def _organisation(name: str) -> Organisation:
    found = Organisation.objects.filter(slug=name).first() or Organisation.objects.filter(name__iexact=name).first()
    if found is None:
        raise InvalidInput.of("organisation", f"organisation: there is no “{name[:60]}”; make it first.")
    return found


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    walk = iter(found)
    while batch := list(islice(walk, BATCH)):
        yield batch
