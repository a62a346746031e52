"""What `manage.py check` looks at beyond Django's own checks."""

from importlib import metadata
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


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


@register(Tags.security, deploy=True)
def nobody_dies_by_chance(app_configs: Any, **kwargs: Any) -> list[Error]:
    """ESCALA_FAILPOINTS is for `make chaos`."""
    if not settings.FAILPOINTS:
        return []
    return [Error("ESCALA_FAILPOINTS kills processes by chance.", hint="Unset it.", id="config.E002")]
