from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Common")

    def ready(self) -> None:
        from common import triggers  # noqa: PLC0415 - models can be imported once all apps are there

        post_migrate.connect(triggers.ensure, sender=self, dispatch_uid="common.triggers")
