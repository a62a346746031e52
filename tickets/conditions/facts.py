"""What is known of a ticket where a rule looks at it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from common.words import document

Value = str | int | float


@dataclass(frozen=True)
class Facts:
    """An empty text is “has none”. `text` is the customer's first message, `sender` his address, `fields` the custom
    fields by key.

    `signals` are what `keys.SIGNALS` ask for, filled in where criteria are asked and nowhere else.
    """

    priority: str
    channel: str
    team: str = ""
    tier: str = ""
    organisation: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)
    text: str = ""
    subject: str = ""
    kind: str = ""
    contract: str = ""
    language: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    signals: Mapping[str, Value | frozenset[str]] = field(default_factory=dict)
    sender: str = ""

    @cached_property
    def words(self) -> str:
        """Subject and text as words, a blank on either side of each: made once, however many rules ask."""
        return f" {document(self.subject, self.text)} "

    @cached_property
    def words_of(self) -> dict[str, str]:
        """The same of the subject, of the text and of the sender's address by itself."""
        alone = {"subject": self.subject, "message": self.text, "sender": self.sender}
        return {name: f" {document(text)} " for name, text in alone.items()}

    @property
    def written(self) -> str:
        """Subject and text as they were written, for patterns."""
        return f"{self.subject}\n{self.text}"

    @cached_property
    def words_in_fields(self) -> dict[str, str]:
        """The same of each custom field that holds a text."""
        return {key: f" {document(value)} " for key, value in self.fields.items() if isinstance(value, str)}
