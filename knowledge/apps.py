from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from knowledge import personal  # noqa: PLC0415 - models must be there first
        from people.erasing import parts  # noqa: PLC0415 - the same

        parts.register(personal.PART)
