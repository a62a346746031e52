from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Common")

    def ready(self) -> None:
        from common import lookups, triggers  # noqa: F401, PLC0415 - once all apps are there; a lookup has to be known

        post_migrate.connect(triggers.ensure, sender=self, dispatch_uid="common.triggers")
