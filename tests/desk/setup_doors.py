"""The doors of the settings of the desk as a whole, and what is made for them."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from common import clock
from common.audit import record_change
from common.models import ConfigurationChange
from desk.forms.catalogue import KINDS
from escalation.models import Ladder, OwnCause, Procedure, Subscription, Training
from knowledge import services as knowledge
from people.models import Distinct, Organisation, Team, User
from surveys import campaigns
from tests.desk.outcomes import ADMIN, CHANGERS, GONE, WRONG, Row
from tickets.models import (
    Hold,
    Macro,
    PersonalArchive,
    QuickReply,
    RequestType,
    Service,
    Tag,
    Ticket,
    TicketService,
)

# The manager answers for the team of the quick reply.
SET_BY = {kind: CHANGERS if kind == "quick_replies" else ADMIN for kind in KINDS}
ROWS: dict[str, Row] = {
    "desk:audit": Row(ADMIN),
    "desk:bundle": Row(ADMIN, ADMIN),
    "desk:bundle_file": Row(ADMIN),
    **{f"desk:{kind}{deed}": Row(who, who, about=kind) for kind, who in SET_BY.items() for deed in ("_new", "_one")},
    **{f"desk:{kind}": Row(who) for kind, who in SET_BY.items()},
    **{f"desk:{kind}_switch": Row(WRONG, who, about=kind) for kind, who in SET_BY.items()},
    # Nobody has changed it yet.
    **{f"desk:{kind}_return": Row(WRONG, ("login", *GONE[1:]), about=kind) for kind in KINDS},
    "desk:customer_book": Row(ADMIN, ADMIN),
    "desk:own": Row(ADMIN, ADMIN),
    "desk:retention": Row(ADMIN, ADMIN),
    "desk:hold": Row(WRONG, ADMIN),
    "desk:hold_release": Row(WRONG, ADMIN, about="hold"),
    "desk:first_steps": Row(ADMIN),
    "desk:first_proof": Row(WRONG, ADMIN),
    "desk:first_prove": Row(WRONG, ADMIN),
    # No step of the first day is called like that.
    "desk:first_leave": Row(WRONG, ("login", *GONE[1:])),
    # None of the desk's domains is named.
    "desk:senders": Row(ADMIN, ("login", *GONE[1:])),
    "desk:senders_again": Row(WRONG, ADMIN),
    # No look of this desk has that sum.
    "own_logo": Row(GONE),
    "own_style": Row(GONE),
    "desk:organisation_new": Row(ADMIN, ADMIN),
    "desk:organisation_edit": Row(ADMIN, ADMIN, about="organisation"),
    "desk:contact_edit": Row(ADMIN, ADMIN, about="customer"),
    "desk:contact_merge": Row(ADMIN, ADMIN, about="customer"),
    "desk:contact_erase": Row(ADMIN, ADMIN, about="customer"),
    "desk:person_export": Row(ADMIN, ADMIN, about="customer"),
    "desk:person_archive": Row(ADMIN, about="archive"),
    "desk:person_erase": Row(ADMIN, ADMIN, about="colleague"),
    "desk:contact_address": Row(ADMIN, ADMIN, about="customer"),
    "desk:contact_switch": Row(WRONG, ADMIN, about="customer"),
    "desk:organisation_merge": Row(ADMIN, ADMIN, about="organisation"),
    "desk:customers_twice": Row(ADMIN),
    # Neither says who is meant.
    "desk:customers_two": Row(WRONG, ("login", *GONE[1:])),
    "desk:customers_perhaps_one": Row(WRONG, ADMIN, about="distinct"),
    "desk:change": Row(ADMIN, ADMIN, about="change"),
    "desk:health": Row(ADMIN, ADMIN),
    "desk:ladder": Row(ADMIN, ADMIN, about="ladder"),
    "desk:ladder_discard": Row(WRONG, ADMIN, about="ladder"),
    "desk:ladder_new": Row(ADMIN, ADMIN),
    "desk:ladder_publish": Row(WRONG, ADMIN, about="ladder"),
    "desk:ladder_return": Row(WRONG, ADMIN, about="ladder"),
    "desk:ladders": Row(ADMIN),
    "desk:subscribers": Row(ADMIN, about="services"),
    "desk:subscriber_remove": Row(WRONG, ADMIN, about="subscriber"),
    "desk:surveys": Row(ADMIN, ADMIN),
    "desk:campaign": Row(ADMIN, about="campaign"),
    "desk:campaign_end": Row(WRONG, ADMIN, about="campaign"),
    "desk:campaign_new": Row(ADMIN, ADMIN),
}


def made(admin: User) -> dict[str, int]:
    change: ConfigurationChange = record_change(by=admin, subject="canary", before={"a": 1}, after={"a": 2})
    held = Organisation.objects.create(name="Held", slug="held")
    return {
        "archive": _archive(admin),
        "distinct": Distinct.objects.create(one=admin, other=admin, since=change.at).pk,
        "hold": Hold.objects.create(organisation=held, reason="Canary", since=change.at).pk,
        "change": change.pk,
        "campaign": campaigns.start(by=admin, name="Canary", lowest_tier="", now=clock.now()).pk,
        "ladder": Ladder.objects.create(name="Canary").pk,
        **_service(),
        "macros": Macro.objects.create(name="Canary").pk,
        "quick_replies": QuickReply.objects.create(title="Canary", body="Hi.", team=Team.objects.get(slug="risk")).pk,
        "request_types": RequestType.objects.create(name="Canary", slug="canary").pk,
        "tags": Tag.objects.create(name="canary").pk,
        "causes": OwnCause.objects.create(key="canary", name="Canary").pk,
        "training": _training(admin),
        "procedures": Procedure.objects.create(name="Canary", order=5000).pk,
    }


def _training(admin: User) -> int:
    """Of the article of the doors, which has to hold before anybody can have read it."""
    version = knowledge.approve(user=admin, slug="canary", number=1, now=clock.now())
    return Training.objects.create(article=version.article, cause="load").pk


def _archive(admin: User) -> int:
    now = clock.now()
    stored = default_storage.save("archives/canary.zip", ContentFile(b"canary"))
    row = PersonalArchive(person=admin, asked_by=admin, asked_at=now, finished_at=now, stored=stored, size=6)
    row.save()
    return row.pk


def _service() -> dict[str, int]:
    """One that the owner's ticket is about, and who reads of it."""
    service = Service.objects.create(name="Canary", slug="canary")
    TicketService.objects.create(ticket=Ticket.objects.earliest("pk"), service=service)
    reader = Subscription.objects.create(service=service, address="reader@elsewhere.example", asked_at=clock.now())
    return {"services": service.pk, "subscriber": reader.pk}
