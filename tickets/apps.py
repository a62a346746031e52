from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        import tickets.receivers  # noqa: F401, PLC0415 - receivers connect once all apps are there
        from notifications import withholding as words  # noqa: PLC0415 - models are there only now
        from tickets import withholding  # noqa: PLC0415 - the same

        words.register(withholding.owners)
        words.register_sight(withholding.seen)
