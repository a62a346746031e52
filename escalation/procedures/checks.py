"""What `manage.py check --database default` and each migration look at in the rows of this floor."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import connections

from escalation.gates import mistake
from escalation.models import Procedure


@register(Tags.database)
def procedures_name_real_conditions(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A stored name that means nothing keeps a step shut for ever; it came there before names were checked."""
    return [found for alias in databases or () for found in _of(alias)]


def _of(alias: str) -> list[CheckMessage]:
    if Procedure._meta.db_table not in connections[alias].introspection.table_names():
        return []
    rows = Procedure.objects.using(alias).values_list("name", "conditions")
    return [
        checks.Warning(
            f"Procedure “{name}”: {wrong}",
            hint="Correct its conditions in /admin/; until then whoever has the right sets it aside with a reason.",
            id="escalation.W001",
        )
        for name, conditions in rows
        if (wrong := mistake(conditions))
    ]
