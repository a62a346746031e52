from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from notifications import personal  # noqa: PLC0415 - models are there only now
        from people.erasing import parts  # noqa: PLC0415 - the same

        parts.register(personal.PART)
