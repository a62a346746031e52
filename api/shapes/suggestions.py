"""To which team a ticket could go, as the API shows it."""

from typing import Annotated, TypedDict

from escalation.functional.suggesting import Suggestion
from people.ranking import Fit


class SuggestionShape(TypedDict):
    """`reasons` speak for the team, `lacks` against it. `skills`: those of its people that the matter asks for;
    `present`: how many of them are there now. `solved` of the `similar` tickets of the last year were this team's.
    """

    team: str
    name: str
    fit: Annotated[str, Fit]
    reasons: list[str]
    lacks: list[str]
    skills: list[str]
    present: int
    members: int
    open: int
    solved: int
    similar: int
    median_seconds: int | None


class SuggestionList(TypedDict):
    results: list[SuggestionShape]


def suggestions_shape(found: list[Suggestion]) -> SuggestionList:
    return {"results": [_shape(one) for one in found]}


def _shape(suggestion: Suggestion) -> SuggestionShape:
    ranked = suggestion.ranked
    group = ranked.group
    return {
        "team": suggestion.team.slug,
        "name": suggestion.team.name,
        "fit": ranked.fit,
        "reasons": ranked.reasons,
        "lacks": ranked.lacks,
        "skills": ranked.skills,
        "present": ranked.there,
        "members": len(group.people),
        "open": group.open,
        "solved": group.solved,
        "similar": group.similar,
        "median_seconds": int(group.median.total_seconds()) if group.median is not None else None,
    }
