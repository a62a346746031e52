from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EscalationConfig(AppConfig):
    name = "escalation"
    verbose_name = _("Escalation")

    def ready(self) -> None:
        from escalation import receivers, withholding  # noqa: F401, PLC0415 - registers the check, connects the receivers
        from escalation.procedures import checks  # noqa: F401, PLC0415 - registers the check, connects the receivers
        from notifications import withholding as words  # noqa: PLC0415 - models are there only now

        words.register(withholding.owners)
        words.register_sight(withholding.seen)
