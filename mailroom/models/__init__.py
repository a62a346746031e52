from mailroom.enums import IntakeState
from mailroom.models.intake import BlockedSender, Mailbox, RawMessage
from mailroom.models.outgoing import Letterhead, SendingDomain
from mailroom.models.reading import DeliveryFailure, Follower, ReceivedMail
from mailroom.models.sides import SideConversation, SideFile, SideMessage

__all__ = [
    "BlockedSender",
    "DeliveryFailure",
    "Follower",
    "IntakeState",
    "Letterhead",
    "Mailbox",
    "RawMessage",
    "ReceivedMail",
    "SendingDomain",
    "SideConversation",
    "SideFile",
    "SideMessage",
]
