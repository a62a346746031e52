from reports.models.effects import Aim, Effect
from reports.models.facts import EscalationFact, FactTail, LoadHour, PromiseFact, TicketFact
from reports.models.forecast import ForecastRun, ForecastTerms, Outlook
from reports.models.saved import SavedReport

__all__ = [
    "Aim",
    "Effect",
    "EscalationFact",
    "FactTail",
    "ForecastRun",
    "ForecastTerms",
    "LoadHour",
    "Outlook",
    "PromiseFact",
    "SavedReport",
    "TicketFact",
]
