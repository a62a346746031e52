"""Where tickets go, and why (R11, R56-R59, R68). Nothing here writes; what is decided is done elsewhere.

    book = compiled()                                   # the enabled rules, made once and kept until one changes
    decision = decide(book, facts, People(now))         # RuleEvent.ARRIVAL unless another event is named
    account = explain(decision)                         # each rule, test by test, and who gets it and why, in words

`compiled(set_up=None) -> Book`: the rules as they are now. `book_of(rules) -> Book`: the same of rules that need not be
stored (a rule that is being edited among the others). `book.rules` are in the order in which they are asked, the
catch-all last; `book.keys` is what the rules look at, for `matching.facts_of(ticket, asked=...)` and
`matching.facts_for(numbers, asked=...)`.

`decide(book, facts, people, *, event=RuleEvent.ARRIVAL, passing=()) -> Decision`: which rules fired, what they want
(`team`, `priority`, `severity`, `tags`, `owner`), and in `asked` for every rule that was asked whether it held. It
writes nothing and asks the database through `people` only, and only where a rule gives the ticket to somebody.

`People(now)`: who is there, how much each has, whose turn it is. It reads each team once: hand the same one to a whole
dry run. `people.give(decision)` counts a ticket as given, in memory, so that the next one sees it. `Turns(now)` is the
same for the real thing: it holds the turn until the transaction ends, and `give` moves it.

`explain(decision) -> Account`: in the reader's language: `account.rules` (number, name, `verdict`, `parts` of
`conditions.explain`, `warnings`), `account.owner` (who, and who was passed over for what reason), `account.sentence`.
`as_data(decision)` is what the timeline keeps of it, and `recorded(data)` reads it back as an Account.

`grammar.check(actions, known)` checks actions as a person gave them, `grammar.in_words(actions, known)` reads them
aloud; `book.known` is what actions can name. See docs/routing.md.
"""

from tickets.routing.book import Book, Ready, book_of, compiled
from tickets.routing.deciding import Asked, Decision, decide
from tickets.routing.explaining import Account, Verdict, as_data, explain, recorded
from tickets.routing.grammar import Action, Do, Known, Owner
from tickets.routing.roster import Member, People, Turns

__all__ = [
    "Account",
    "Action",
    "Asked",
    "Book",
    "Decision",
    "Do",
    "Known",
    "Member",
    "Owner",
    "People",
    "Ready",
    "Turns",
    "Verdict",
    "as_data",
    "book_of",
    "compiled",
    "decide",
    "explain",
    "recorded",
]
