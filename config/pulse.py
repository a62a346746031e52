"""A sign of life for whoever supervises a process from outside (docker-compose.yml): a file's time."""

from django.conf import settings


def feel() -> None:
    """This process has just done a piece of its work. Without ESCALA_PULSE nothing is written."""
    if settings.ENV.pulse is not None:
        settings.ENV.pulse.touch()
