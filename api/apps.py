from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        from api import personal  # noqa: PLC0415 - models are there only now
        from people.erasing import parts  # noqa: PLC0415 - the same

        parts.register(personal.PART)
