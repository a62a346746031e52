"""Which requests a contact sees beside his own: those of his organisation, where an administrator says so."""

from typing import Any

from people.enums import Sight
from people.models import Organisation


def terms_of(sight: str, organisation: Organisation | None) -> dict[str, Any]:
    """The columns of a contact who sees so much of this organisation."""
    return {"oversees": None if sight == Sight.OWN else organisation, "answers_for_it": sight == Sight.ANSWERS}
