"""A whole number out of an address or a form, where everything is text. Pure."""

# A number with more digits is none of ours, and no database takes it.
LONGEST = 18


def whole(text: str, digits: int = LONGEST) -> int | None:
    """The number, where the text is nothing but so many ASCII digits at most: `int` fails of “²” and of thousands."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
