"""What an address chooses of a few."""

from collections.abc import Sequence

from desk.answers import DeskRequest


def one_of(request: DeskRequest, name: str, known: Sequence[int], usual: int) -> int:
    """`usual` where the address names none of them."""
    return next((one for one in known if str(one) == request.GET.get(name)), usual)
