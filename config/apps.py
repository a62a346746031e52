from django.apps import AppConfig


class DeskConfiguration(AppConfig):
    """The top floor: it has no models, but commands, system checks and the task application."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        from config import celery, checks  # noqa: F401, PLC0415 - registered once the apps are loaded
