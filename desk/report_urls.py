"""Reports: those of a form of their own first, then each that is in the register by its key."""

from django.urls import path

from desk.pages import coming, obligations, report, reports, skills

urlpatterns = [
    path("reports/", report.reports_page, name="reports"),
    path("reports/thirty-days/", reports.month_page, name="reports_month"),
    path("reports/pauses/", reports.pauses_page, name="pauses"),
    path("reports/obligations/", obligations.obligations_page, name="obligations"),
    path("reports/coming/", coming.coming_page, name="coming"),
    path("reports/coming/score/", coming.score_page, name="score_card"),
    path("reports/skills/", skills.gaps, name="skill_gaps"),
    path("reports/<slug:key>/", report.report_page, name="report"),
    path("reports/<slug:key>/cases/", report.cases_page, name="report_cases"),
    path("reports/<slug:key>/file.<slug:form>", report.report_file, name="report_file"),
]
