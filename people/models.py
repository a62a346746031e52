from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from common.identity import default_language, default_zone
from people import rules
from people.distinct import Distinct as Distinct
from people.entrance import FactorRule as FactorRule
from people.entrance import IdentityProvider as IdentityProvider
from people.enums import MANAGING_ROLES, RULING_ROLES, STAFF_ROLES, Role, Sight, Theme, Tier
from people.querysets import DutyQuerySet, InvitationQuerySet, TeamQuerySet, UserManager


class Organisation(models.Model):
    """A customer of the desk: a company whose people write tickets."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices, default=Tier.STANDARD)
    value = models.CharField(_("value to us"), max_length=80, blank=True)
    contract = models.CharField(
        _("contract"), max_length=80, blank=True, help_text=_("Its name or number; promises can depend on it.")
    )
    since = models.DateField(_("customer since"), null=True, blank=True)
    escalation_count = models.PositiveIntegerField(_("escalations so far"), default=0, editable=False)
    breach_count = models.PositiveIntegerField(_("breaches so far"), default=0, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FormerOrganisation(models.Model):
    """What an organisation was called elsewhere, that was merged into this one: lists from there still name it so."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    since = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail; the role decides which door opens.

    Of a customer: `oversees` is the organisation all of whose requests he sees, `answers_for_it` whether he may write
    on them too. It counts while he is of that organisation: whoever leaves, by whichever door, sees nothing of it.
    """

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.CUSTOMER, db_index=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
    )
    oversees = models.ForeignKey(
        Organisation,
        verbose_name=_("sees all requests of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="overseers",
    )
    answers_for_it = models.BooleanField(_("answers on all of them"), default=False)
    deputy = models.ForeignKey(
        "self", verbose_name=_("deputy"), null=True, blank=True, on_delete=models.SET_NULL, related_name="deputises_for"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default=default_language)
    time_zone = models.CharField(_("time zone"), max_length=60, default=default_zone)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    signature = models.TextField(_("signature"), blank=True)
    single_keys = models.BooleanField(
        _("single keys"), default=True, help_text=_("Letters act without Ctrl while no field has the focus.")
    )
    own_keys = models.JSONField(_("own keys"), default=dict, blank=True, editable=False)
    undo_seconds = models.PositiveSmallIntegerField(
        _("seconds to take a reply back"), default=10, help_text=_("0 sends at once.")
    )
    weekly_digest = models.BooleanField(
        _("the week in good words"), default=True, help_text=_("On Monday morning, by mail.")
    )
    is_senior = models.BooleanField(
        _("senior"),
        default=False,
        help_text=_("Of a manager: decides what no procedure fits. Administrators always may."),
    )
    gravest_severity = models.PositiveSmallIntegerField(
        _("takes severity down to"),
        default=2,
        choices=[(1, _("1, critical")), (2, "2"), (3, "3"), (4, "4")],
        help_text=_("Rules give nobody a graver matter (R68)."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("open tickets at once"), null=True, blank=True, help_text=_("Rules give nobody more; empty: no limit.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_without_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        if Alias.objects.filter(address=self.email.lower()).exclude(person=self.pk).exists():
            raise ValidationError(_("This was the address of another customer, and mail from it is still theirs."))

    @property
    def is_staff(self) -> bool:
        """Django's word for who may enter the maintenance door; behind it each finds what is his (`has_perm`)."""
        return self.role in RULING_ROLES

    @property
    def is_agent(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def is_manager(self) -> bool:
        return self.role in MANAGING_ROLES

    @property
    def decides_exceptions(self) -> bool:
        """What does not fit the standard is decided by a senior manager (R15)."""
        return self.is_manager and (self.is_senior or self.role == Role.ADMIN)

    @property
    def is_admin(self) -> bool:
        """Changes how the desk works: the settings."""
        return self.is_active and self.role == Role.ADMIN

    @property
    def sets_rules(self) -> bool:
        """Says when and how is escalated: criteria, procedures, ladders, channels (R30)."""
        return self.is_active and self.role in RULING_ROLES

    @property
    def is_customer(self) -> bool:
        return self.role == Role.CUSTOMER

    @property
    def sight(self) -> Sight:
        """Which requests he sees as a customer of his organisation; given by `people.customers.sight`."""
        oversees = self.organisation_id is not None and self.oversees_id == self.organisation_id
        return (Sight.ANSWERS if self.answers_for_it else Sight.READS) if oversees else Sight.OWN

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_admin or (self.sets_rules and rules.is_about_one(perm))

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_admin or (self.sets_rules and rules.are_in(app_label))


class Alias(models.Model):
    """Another address of a person, from before he was merged or moved: mail from it is his. It opens no door."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="aliases")
    address = models.EmailField(_("address"), unique=True, help_text=_("In small letters."))
    since = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address


class Team(models.Model):
    """People who answer for a part of the work (R34); `parent` is the next team up the chain (R14)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    scope = models.TextField(_("what it takes"), blank=True)
    icon = models.CharField(_("icon"), max_length=40, default="users")
    lead = models.ForeignKey(
        User, verbose_name=_("lead"), null=True, blank=True, on_delete=models.SET_NULL, related_name="leads"
    )
    managers: "models.ManyToManyField[User, Any]" = models.ManyToManyField(
        User, verbose_name=_("managers"), blank=True, related_name="manages"
    )
    members: "models.ManyToManyField[User, Any]" = models.ManyToManyField(
        User, verbose_name=_("members"), blank=True, related_name="teams"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("next team up"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
    )
    restricted = models.BooleanField(
        _("restricted"), default=False, help_text=_("Only its own people and managers above see its tickets (R31).")
    )
    urgent_within = models.PositiveIntegerField(
        _("minutes for which something urgent may be nobody's"),
        null=True,
        blank=True,
        help_text=_("After so long it goes to whoever is on duty, else to the lead; empty: to nobody."),
    )
    calendar = models.ForeignKey(
        Calendar, verbose_name=_("hours"), null=True, blank=True, on_delete=models.PROTECT, related_name="teams"
    )
    how_to_escalate = models.TextField(_("how to escalate to it"), blank=True)
    is_fallback = models.BooleanField(
        _("fallback"), default=False, help_text=_("Takes what no rule places, and is alerted where nobody else is.")
    )

    objects: ClassVar[TeamQuerySet] = TeamQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_fallback"], condition=models.Q(is_fallback=True), name="team_one_fallback"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserSkill(models.Model):
    """How well a person does something, 1 to 5, and whether he wants more of it (R66)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="holders")
    level = models.PositiveSmallIntegerField(_("level"), default=3)
    is_interested = models.BooleanField(_("interested"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "skill"], name="userskill_once"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="userskill_level_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.skill} {self.level}"


class Invitation(models.Model):
    """Somebody is asked by mail to work here. The link stands for this row: once, until it expires.

    `serial` counts the letters: a new one puts the link of the last one out of use.
    """

    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    serial = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_waits_once_for_an_address",
            )
        ]

    def __str__(self) -> str:
        return self.email


class Absence(models.Model):
    """A person is away from start to end; alerts and approvals go to the deputy meanwhile."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.starts_at:%Y-%m-%d} to {self.ends_at:%Y-%m-%d}"


class Duty(models.Model):
    """A person is on duty for a team from start to end (on call); alerts for whoever is on duty go there."""

    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.CASCADE, related_name="duties")
    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="duties")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    objects: ClassVar[DutyQuerySet] = DutyQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name_plural = _("duties")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="duty_ends_after_start",
                violation_error_message=_("A duty ends after it has begun."),
            )
        ]
        indexes = [models.Index(fields=["team", "ends_at"], name="duty_by_team")]

    def __str__(self) -> str:
        return f"{self.team}: {self.person}, {self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%Y-%m-%d %H:%M}"


class AuthorityLimit(models.Model):
    """What somebody, or everybody of a role, may grant without asking (R67)."""

    role = models.CharField(_("role"), max_length=10, choices=Role.choices, blank=True)
    person = models.ForeignKey(
        User, verbose_name=_("person"), null=True, blank=True, on_delete=models.CASCADE, related_name="authority_limits"
    )
    currency = models.CharField(_("currency"), max_length=3, help_text=_("Three letters, as in EUR (ISO 4217)."))
    amount = models.DecimalField(_("up to"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["currency", "role", "person"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="", person__isnull=False) | ~models.Q(role="") & models.Q(person=None),
                name="authoritylimit_of_a_role_or_a_person",
                violation_error_message=_("A limit is that of a role or that of a person."),
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="authoritylimit_not_negative"),
            models.UniqueConstraint(
                fields=["role", "currency"], condition=models.Q(person=None), name="authoritylimit_role_once"
            ),
            models.UniqueConstraint(
                fields=["person", "currency"], condition=~models.Q(person=None), name="authoritylimit_person_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.get_role_display()}: {self.currency} {self.amount}"


class SignIn(models.Model):
    """One session of a person as he may see it: where it was opened and when it was last used.

    The session itself is Django's; it may end by itself, so a row counts only while its session is there.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(_("browser"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("signed in"))
    used_at = models.DateTimeField(_("last used"))

    class Meta:
        ordering = ["-used_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d %H:%M}"
