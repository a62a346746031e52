from reports.models.facts import EscalationFact, FactTail, LoadHour, PromiseFact, TicketFact
from reports.models.forecast import ForecastRun, ForecastTerms, Outlook

__all__ = [
    "EscalationFact",
    "FactTail",
    "ForecastRun",
    "ForecastTerms",
    "LoadHour",
    "Outlook",
    "PromiseFact",
    "TicketFact",
]
