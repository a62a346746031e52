"""From what people type as tags to the tags themselves."""

from collections.abc import Iterable, Sequence

from common.text import one_line
from tickets.models import Tag


def names(given: Iterable[str]) -> list[str]:
    """As they are kept: without regard to case, none twice. InvalidInput for one that cannot be kept."""
    return list(dict.fromkeys(one_line(name, field="tags", limit=40).casefold() for name in given))


def of(names: Sequence[str]) -> list[Tag]:
    """The tags of these names, made where there is none yet."""
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)} if names else {}
    return [known.get(name) or Tag.objects.get_or_create(name=name)[0] for name in names]
