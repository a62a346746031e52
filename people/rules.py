"""Which rows are the rules of escalation, which an escalation manager sets (R30). Pure.

The floor that has them says so once, when it starts; this one knows them by name alone.
"""

_RULES: set[str] = set()


def register(*labels: str) -> None:
    """For `ready()` of an app: its models, as in “escalation.criterion”."""
    _RULES.update(labels)


def is_about_one(permission: str) -> bool:
    """Of a permission as Django names it, “escalation.change_criterion”."""
    app, _dot, codename = permission.partition(".")
    return f"{app}.{codename.partition('_')[2]}" in _RULES


def are_in(app: str) -> bool:
    return any(label.startswith(f"{app}.") for label in _RULES)
