"""What can go wrong in the domain, in words that the front doors turn into an answer.

A page shows the sentence, the API maps the class to a status (RFC 9457): `InvalidInput` 400,
`NotFound` 404, `Refused` 403, `NotAllowedNow` 409.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class DomainError(Exception):
    """The base of all; `str(error)` is one sentence for a person."""


class InvalidInput(DomainError):
    """The input is wrong. `errors` maps a field's name to its sentences; nothing was stored."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__(" ".join(sentence for sentences in errors.values() for sentence in sentences))

    @classmethod
    def of(cls, field: str, sentence: str) -> "InvalidInput":
        return cls({field: [sentence]})


class NotFound(DomainError):
    """Absent or not for this person: the two are never told apart."""


class Refused(DomainError):
    """The person may see the thing but may not do this with it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One exit condition as a reader sees it: the page's checklist and the API's 409 are made of these."""

    name: str
    sentence: str
    met: bool
    by_role: str = ""
    detail: str = ""
    overridden_by: str = ""


class NotAllowedNow(DomainError):
    """The state forbids it at present; `conditions` lists what is missing, if anything can be done."""

    def __init__(self, sentence: str, conditions: Sequence[Condition] = ()) -> None:
        self.conditions = list(conditions)
        super().__init__(sentence)


class ChangedMeanwhile(NotAllowedNow):
    """Somebody else has changed it since it was read; `differences` says what, a sentence each."""

    def __init__(self, sentence: str, differences: Sequence[str] = ()) -> None:
        self.differences = list(differences)
        super().__init__(sentence)
