"""By whom a person is let in, and read again with every page: by a question whose SQL is kept."""

from typing import TYPE_CHECKING, Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import backends

from common.questions import Question
from people.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet


class _ReadsQuickly:
    def get_user(self, user_id: Any) -> User | None:
        found = _person.row(int(user_id))
        return found if found is not None and found.is_active else None


class PasswordBackend(_ReadsQuickly, backends.ModelBackend):
    """Address and password; the one that all who sign in otherwise within the desk are said to come from."""


class SignInBackend(_ReadsQuickly, AuthenticationBackend):  # type: ignore[misc] # allauth has no types
    """By a link, a code, or a company's own sign-in."""


@Question
def _person(pk: int) -> "QuerySet[User]":
    return User.objects.filter(pk=pk).order_by()
