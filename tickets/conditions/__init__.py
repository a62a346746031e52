"""The one vocabulary of conditions, for SLA policies, routing rules and whatever else chooses among tickets. Pure.

Conditions are kept as JSON (`grammar`), checked where a person gives them (`checking`), asked of a ticket's `Facts`
(`holding`), compared with each other (`analysis`), put into words (`wording`) and typed as lines (`lines`). `keys` is
the table of what can be asked. Where facts and names come from is `tickets.vocabulary`'s and `tickets.matching`'s
business.
"""

from tickets.conditions.analysis import Space, can_never_hold, implies, shadows, specificity
from tickets.conditions.checking import check, mistakes_in
from tickets.conditions.facts import Facts, Value
from tickets.conditions.grammar import Conditions, Test, tests_of
from tickets.conditions.holding import Predicate, compiled, holds
from tickets.conditions.keys import FIELD, KEYS, KNOWN, OPERATORS, SIGNALS, Field, Key, Shape, Vocabulary, field_key
from tickets.conditions.lines import as_lines, from_lines
from tickets.conditions.renaming import renamed
from tickets.conditions.wording import Chip, Part, describe, explain, in_words

__all__ = [
    "FIELD",
    "KEYS",
    "KNOWN",
    "OPERATORS",
    "SIGNALS",
    "Chip",
    "Conditions",
    "Facts",
    "Field",
    "Key",
    "Part",
    "Predicate",
    "Shape",
    "Space",
    "Test",
    "Value",
    "Vocabulary",
    "as_lines",
    "can_never_hold",
    "check",
    "compiled",
    "describe",
    "explain",
    "field_key",
    "from_lines",
    "holds",
    "implies",
    "in_words",
    "mistakes_in",
    "renamed",
    "shadows",
    "specificity",
    "tests_of",
]
