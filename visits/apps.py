from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("Chat on websites")

    def ready(self) -> None:
        from visits import receivers as receivers  # noqa: PLC0415 - connects them; models must be there first
