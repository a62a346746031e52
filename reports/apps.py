from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from reports import measures  # noqa: PLC0415 - models are ready only now

        connection_created.connect(measures.teach, dispatch_uid="reports.teach")
