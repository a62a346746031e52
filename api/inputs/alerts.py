"""What the calls about alerts take."""

from api.fields import Choice, Input, ListOf, WallTime, WholeNumber
from api.inputs.handling import HIGHEST
from notifications.preferring import LEAST_SEVERITY, MOST_ALERTS, MOST_MINUTES, choices


class PreferencesInput(Input):
    """All of it may be left out; null takes a calendar or a time away."""

    off = ListOf(child=Choice([(one, one) for one in choices()]), required=False, max_length=100)
    calendar = WholeNumber(required=False, allow_null=True, min_value=1, max_value=HIGHEST)
    quiet_from = WallTime(required=False, allow_null=True)
    quiet_until = WallTime(required=False, allow_null=True)
    breaks_through = WholeNumber(required=False, min_value=0, max_value=LEAST_SEVERITY)
    digest_above = WholeNumber(required=False, min_value=0, max_value=MOST_ALERTS)
    digest_minutes = WholeNumber(required=False, min_value=1, max_value=MOST_MINUTES)
