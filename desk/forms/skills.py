"""What somebody knows: a level for each skill, and whether more of it is welcome."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Skill, User

LEVELS = [("", "–"), *((str(level), str(level)) for level in range(1, 6))]


class SkillForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class HeldForm(forms.Form):
    """`level.7` and `wish.7` for the skill with the key 7; no level is none of it."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {row.skill_id: row for row in person.skills.all()}
        self._skills = list(Skill.objects.all())
        for skill in self._skills:
            row = held.get(skill.pk)
            self.fields[f"level.{skill.pk}"] = forms.ChoiceField(
                label=skill.name, choices=LEVELS, required=False, initial=str(row.level) if row else ""
            )
            wish = _("%(skill)s: interested") % {"skill": skill.name}
            self.fields[f"wish.{skill.pk}"] = forms.BooleanField(
                label=wish, required=False, initial=bool(row and row.is_interested)
            )

    def rows(self) -> Iterable[tuple[Skill, Any, Any]]:
        return [(skill, self[f"level.{skill.pk}"], self[f"wish.{skill.pk}"]) for skill in self._skills]

    def held(self) -> dict[int, tuple[int, bool]]:
        """As `people.skills` takes it; only after `is_valid`."""
        given = self.cleaned_data
        return {
            skill.pk: (int(given[f"level.{skill.pk}"]), given[f"wish.{skill.pk}"])
            for skill in self._skills
            if given[f"level.{skill.pk}"]
        }
