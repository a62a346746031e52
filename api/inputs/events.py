"""What the calls about events take."""

from api.fields import NumberParameter, Parameters

MOST = 10_000


class EventParameters(Parameters):
    after = NumberParameter(default=0, help_text="A cursor: of the last event that is known, or 0 for the beginning.")
    limit = NumberParameter(default=MOST, min_value=1, max_value=MOST)
