"""Who is probably entered twice, among the newest customers: two queries each, whatever the desk's age."""

from people.enums import Role
from people.merging.apart import pairs_apart
from people.merging.likeness import Known, Pair, alike, alike_houses
from people.models import Organisation, User

# So many are compared: some tens of milliseconds.
NEWEST = 20_000


def people() -> list[Pair]:
    """The pairs of active customers."""
    found = User.objects.active().filter(role=Role.CUSTOMER).order_by("-pk")
    return alike((Known(*row) for row in found.values_list("pk", "name", "email")[:NEWEST]), pairs_apart(User))


def houses() -> list[Pair]:
    found = Organisation.objects.order_by("-pk").values_list("pk", "name")[:NEWEST]
    return alike_houses(found, pairs_apart(Organisation))
