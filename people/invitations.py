"""Asking somebody by mail to work here: signed, once, for a week; sent again, withdrawn, taken (R32)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput, NotAllowedNow, NotFound
from common.identity import desk_name
from common.text import one_line
from people.administration import check_grants
from people.enums import STAFF_ROLES, Role
from people.models import Invitation, Team, User

SALT = "people.invitation"
VALID_FOR = timedelta(days=7)


@transaction.atomic
def invite(*, by: User, email: str, role: str, now: datetime, team: Team | None = None) -> Invitation:
    """A letter to this address. InvalidInput for one that is none, that works here, or that is asked already."""
    check_grants(by, role)
    if role not in STAFF_ROLES:
        raise InvalidInput.of("role", _("Customers need no invitation: they write to the desk."))
    address = _checked(email)
    invitation = Invitation.objects.create(
        email=address, role=role, team=team, invited_by=by, sent_at=now, expires_at=now + VALID_FOR
    )
    audit.record_change(by=by, subject=_subject(invitation), before={}, after=audit.snapshot(invitation), of=invitation)
    _send(invitation, by)
    return invitation


@transaction.atomic
def resend(*, by: User, pk: int, now: datetime) -> Invitation:
    """Another letter, for another week; the link of the last one opens nothing any more."""
    invitation = _waiting(by, pk)
    check_grants(by, invitation.role)
    before = audit.snapshot(invitation)
    invitation.serial += 1
    invitation.invited_by, invitation.sent_at, invitation.expires_at = by, now, now + VALID_FOR
    return _kept(invitation, before, by, "serial", "invited_by", "sent_at", "expires_at", letter=True)


@transaction.atomic
def withdraw(*, by: User, pk: int, now: datetime) -> Invitation:
    """Its link opens nothing any more."""
    invitation = _waiting(by, pk)
    before = audit.snapshot(invitation)
    invitation.withdrawn_at = now
    return _kept(invitation, before, by, "withdrawn_at")


def path_of(invitation: Invitation) -> str:
    return f"/invitation/{signing.dumps([invitation.pk, invitation.serial], salt=SALT)}/"


def behind(token: str, *, now: datetime, hold: bool = False) -> Invitation:
    """Raises NotFound with one sentence for a link that opens nothing (any more). `hold` locks the row."""
    try:
        pk, serial = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("It is not whole: open it from the mail, not from a copy.")) from None
    rows = Invitation.objects.select_for_update(of=("self",)) if hold else Invitation.objects.all()
    found = rows.select_related("invited_by", "team").filter(pk=pk).first()
    if found is None or found.withdrawn_at is not None:
        raise NotFound(_("The invitation was withdrawn."))
    if found.accepted_at is not None:
        raise NotFound(_("It serves once, and has been used: sign in."))
    if found.serial != serial:
        raise NotFound(_("A newer letter has been sent: open the link of that one."))
    if found.expires_at <= now:
        raise NotFound(_("It was good for seven days: ask for another one."))
    if found.invited_by is None or not found.invited_by.is_admin:
        raise NotFound(_("Whoever sent it does not administer this desk any more: ask for another one."))
    return found


@transaction.atomic
def accept(*, token: str, name: str, password: str, now: datetime) -> User:
    """A colleague with the role that he was invited for. NotAllowedNow for a colleague's address or a former one.

    An address that has written to the desk meanwhile is a customer: whoever reads its mail becomes the colleague.
    """
    invitation = behind(token, now=now, hold=True)
    called = one_line(name, field="name", limit=120)
    person = User.objects.get_queryset().signing_in_as(invitation.email).first()
    if person is None and User.objects.at_address(invitation.email).exists():
        raise NotAllowedNow(_("Somebody has this address already."))
    if person is not None and person.role != Role.CUSTOMER:
        raise NotAllowedNow(_("Somebody with this address works here already: sign in."))
    before = audit.snapshot(person) if person else {}
    person = person or User(email=invitation.email)
    person.name, person.role, person.organisation, person.is_active = called, invitation.role, None, True
    person.set_password(password)
    person.save()
    if invitation.team is not None:
        had = audit.snapshot(invitation.team)
        invitation.team.members.add(person)
        has = audit.snapshot(invitation.team)
        audit.record_change(by=person, subject=f"team {invitation.team}", before=had, after=has, of=invitation.team)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    told = {"email", "name", "role", "organisation_id", "is_active"}
    after = {key: value for key, value in audit.snapshot(person).items() if key in told}
    was = {name: value for name, value in before.items() if name in told}
    audit.record_change(by=person, subject=f"user {person}", before=was, after=after, of=person)
    return person


def _checked(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput.of("email", _("This is not an e-mail address.")) from None
    known = User.objects.at_address(address).first()
    if known is not None and known.role == Role.CUSTOMER:
        raise InvalidInput.of("email", _("%(name)s is a customer with this address.") % {"name": known.name})
    if known is not None:
        raise InvalidInput.of("email", _("%(name)s has this address and works here already.") % {"name": known.name})
    if Invitation.objects.waiting().filter(email=address).exists():
        raise InvalidInput.of("email", _("This address is invited already: send that invitation again."))
    return address


def _waiting(by: User, pk: int) -> Invitation:
    check_grants(by, Role.AGENT)
    found = Invitation.objects.waiting().select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def _kept(
    invitation: Invitation, before: dict[str, object], by: User, *fields: str, letter: bool = False
) -> Invitation:
    invitation.save(update_fields=list(fields))
    audit.record_change(
        by=by, subject=_subject(invitation), before=before, after=audit.snapshot(invitation), of=invitation
    )
    if letter:
        _send(invitation, by)
    return invitation


def _subject(invitation: Invitation) -> str:
    return f"invitation {invitation.email}"


def _send(invitation: Invitation, by: User) -> None:
    """By Django's mail, which is the outbox."""
    known = {
        "name": by.name,
        "desk": desk_name(),
        "role": invitation.get_role_display(),
        "url": settings.BASE_URL + path_of(invitation),
        "until": f"{localtime(invitation.expires_at):%Y-%m-%d %H:%M %Z}",
    }
    EmailMessage(
        _("%(name)s invites you to %(desk)s") % known,
        _(
            "%(name)s invites you to work at %(desk)s, as: %(role)s.\n\n"
            "Choose a password, and you are in:\n%(url)s\n\n"
            "The link serves once, until %(until)s. If this is news to you, leave it: nothing happens."
        )
        % known,
        to=[invitation.email],
    ).send()
