"""The link by which a customer signs in without a password: signed, for half an hour, once.

It holds what changes when he signs in by whichever way, so that the one that was followed, and each before it, opens
nothing any more. Colleagues have passwords and second factors, and no such link.
"""

from datetime import timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from common.errors import NotFound
from people.enums import Role
from people.models import User

SALT = "people.sign_in_link"
VALID_FOR = timedelta(minutes=30)


def customer_at(address: str) -> User | None:
    """Who signs in with this address by a link."""
    return User.objects.active().signing_in_as(address).filter(role=Role.CUSTOMER).first()


def path_of(person: User, then: str = "") -> str:
    """`then`: where the sign-in leads, a path that the caller has found safe."""
    return f"/sign-in/link/{signing.dumps([person.pk, state_of(person), then], salt=SALT)}/"


def behind(token: str, *, hold: bool = False) -> tuple[User, str]:
    """Whom it signs in, and where it leads. NotFound, in one sentence, for what opens nothing. `hold` locks the row."""
    try:
        pk, state, then = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.SignatureExpired:
        raise NotFound(_("It was good for half an hour: ask for another one.")) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("It is not whole: open it from the mail, not from a copy.")) from None
    rows = User.objects.select_for_update(of=("self",)) if hold else User.objects.all()
    person = rows.filter(pk=pk, is_active=True, role=Role.CUSTOMER).first()
    if person is None or not constant_time_compare(state_of(person), state):
        raise NotFound(_("It serves once, and you have signed in since: ask for another one."))
    return person, then


def state_of(person: User) -> str:
    """A digest of what a sign-in, another password and another address change."""
    return salted_hmac(SALT, f"{person.password} {person.last_login} {person.email}", algorithm="sha256").hexdigest()[
        :32
    ]
