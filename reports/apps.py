from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from people.erasing import parts  # noqa: PLC0415 - models are ready only now
        from reports import personal  # noqa: PLC0415 - the same

        parts.register(personal.PART)
