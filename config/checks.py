"""What `manage.py check` looks at beyond Django's own checks."""

from importlib import metadata
from typing import Any

from django.core.checks import Error, register


@register()
def one_state_machine(app_configs: Any, **kwargs: Any) -> list[Error]:
    """django-fsm and django-fsm-2 own the same import name; with both, the files of one lie on the other's."""
    try:
        version = metadata.version("django-fsm")
    except metadata.PackageNotFoundError:
        return []
    return [
        Error(
            f"django-fsm {version} is installed beside django-fsm-2; both are imported as django_fsm.",
            hint="pip uninstall django-fsm, then pip install --force-reinstall django-fsm-2.",
            id="config.E001",
        )
    ]
