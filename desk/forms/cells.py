"""The boxes of a matrix."""

from dataclasses import dataclass

from django import forms


@dataclass(frozen=True, slots=True)
class Cell:
    """One box; `was`: what is in force, where that is something else."""

    field: forms.BoundField
    was: str
