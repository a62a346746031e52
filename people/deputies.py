"""Who stands in for whom: a line that ends, and no ring in which nobody would ever be reached (R14)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from people.models import User


def check(person: User, deputy: User | None) -> None:
    """Raises InvalidInput for `deputy`: nobody of the desk, the person himself, or a ring, told by its names.

    All who have a deputy are held: of two that would close a ring together, the second one finds the first.
    """
    if deputy is None:
        return
    if deputy.pk == person.pk:
        raise InvalidInput.of("deputy", _("A deputy is somebody else."))
    if not (deputy.is_active and deputy.is_agent):
        raise InvalidInput.of("deputy", _("%(name)s does not work here.") % {"name": deputy.name})
    asked = Q(deputy__isnull=False) | Q(pk__in=[person.pk, deputy.pk])
    rows = {row.pk: row for row in User.objects.get_queryset().filter(asked).select_for_update().order_by("pk")}
    line: list[User] = []
    following: int | None = deputy.pk
    while following is not None and following not in [one.pk for one in line]:
        line.append(rows[following] if following in rows else User.objects.get(pk=following))
        following = line[-1].deputy_id
        if following == person.pk:
            names = " → ".join(one.name for one in [person, *line, person])
            raise InvalidInput.of(
                "deputy", _("That would be a ring, in which nobody is reached: %(ring)s.") % {"ring": names}
            )


def line_of(person: User) -> list[User]:
    """The deputies one after the other, as `people.chain` follows them; one query each."""
    line: list[User] = []
    seen = {person.pk}
    following = person.deputy
    while following is not None and following.pk not in seen:
        line.append(following)
        seen.add(following.pk)
        following = following.deputy
    return line
