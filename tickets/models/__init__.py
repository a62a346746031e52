from tickets.models.archives import PersonalArchive
from tickets.models.bulk import BulkAct
from tickets.models.conversation import Attachment, Mention, Message
from tickets.models.drafts import Draft, DraftFile, Presence
from tickets.models.holds import Hold
from tickets.models.imports import ImportedRecord
from tickets.models.links import Link, Merge
from tickets.models.ownership import OwnerSpell
from tickets.models.request_types import RequestType
from tickets.models.routing import (
    AwaitedOwner,
    QuietFiring,
    RoutingDryRun,
    RoutingLook,
    RoutingRule,
    RoutingRuleVersion,
    RoutingTurn,
    RuleDeed,
)
from tickets.models.satisfaction import FollowUp, Rating
from tickets.models.search import SearchDocument
from tickets.models.services import Service, TicketService
from tickets.models.ticket import Tag, Ticket
from tickets.models.timeline import Event
from tickets.models.workspace import CustomField, Macro, QuickReply, SavedView, ViewPlace

__all__ = [
    "Attachment",
    "AwaitedOwner",
    "BulkAct",
    "CustomField",
    "Draft",
    "DraftFile",
    "Event",
    "FollowUp",
    "Hold",
    "ImportedRecord",
    "Link",
    "Macro",
    "Mention",
    "Merge",
    "Message",
    "OwnerSpell",
    "PersonalArchive",
    "Presence",
    "QuickReply",
    "QuietFiring",
    "Rating",
    "RequestType",
    "RoutingDryRun",
    "RoutingLook",
    "RoutingRule",
    "RoutingRuleVersion",
    "RoutingTurn",
    "RuleDeed",
    "SavedView",
    "SearchDocument",
    "Service",
    "Tag",
    "Ticket",
    "TicketService",
    "ViewPlace",
]
