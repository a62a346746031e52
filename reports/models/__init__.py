from reports.models.forecast import ForecastRun, ForecastTerms, Outlook

__all__ = ["ForecastRun", "ForecastTerms", "Outlook"]
