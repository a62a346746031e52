from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is at the desk; each role may do what the one before it may."""

    CUSTOMER = "customer", _("Customer")
    AGENT = "agent", _("Agent")
    MANAGER = "manager", _("Manager")
    STEWARD = "steward", _("Escalation manager")
    ADMIN = "admin", _("Administrator")


class Tier(models.TextChoices):
    STANDARD = "standard", _("Standard")
    BUSINESS = "business", _("Business")
    ENTERPRISE = "enterprise", _("Enterprise")


class Theme(models.TextChoices):
    SYSTEM = "", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Sight(models.TextChoices):
    """Which requests a customer sees."""

    OWN = "own", _("Own requests only")
    READS = "reads", _("All of the organisation, to read")
    ANSWERS = "answers", _("All of the organisation, to read and to answer")


STAFF_ROLES = (Role.AGENT, Role.MANAGER, Role.STEWARD, Role.ADMIN)
MANAGING_ROLES = (Role.MANAGER, Role.STEWARD, Role.ADMIN)
# Say when and how is escalated (R30); who works here is the administrators' business.
RULING_ROLES = (Role.STEWARD, Role.ADMIN)


class Why(models.TextChoices):
    """Why two customers are thought to be one."""

    MAILBOX = "mailbox", _("One mailbox under two spellings")
    NAME = "name", _("One name at one company")
