"""Reports: those of a form of their own first, then each that is in the register by its key."""

from django.urls import path

from desk.pages import coming, live_board, obligations, pauses, report, saved_reports, skills, training

urlpatterns = [
    path("reports/", report.reports_page, name="reports"),
    path("reports/pauses/", pauses.pauses_page, name="pauses"),
    path("reports/obligations/", obligations.obligations_page, name="obligations"),
    path("reports/live/", live_board.live_page, name="live_board"),
    path("reports/coming/", coming.coming_page, name="coming"),
    path("reports/coming/score/", coming.score_page, name="score_card"),
    path("reports/skills/", skills.gaps, name="skill_gaps"),
    path("reports/saved/", saved_reports.saved_list, name="saved_reports"),
    path("reports/saved/<int:pk>/", saved_reports.open_saved, name="saved_report"),
    path("reports/saved/<int:pk>/change/", saved_reports.change_saved, name="saved_report_change"),
    path("reports/saved/<int:pk>/delete/", saved_reports.remove_saved, name="saved_report_delete"),
    path("training/", training.training_page, name="training"),
    path("training/new/", training.new_training, name="training_new"),
    path("training/suggested/<int:pk>/", training.take_up, name="training_take_up"),
    path("training/suggested/<int:pk>/decline/", training.decline, name="training_decline"),
    path("training/<int:pk>/remove/", training.remove, name="training_remove"),
    path("training/<slug:slug>/done/", training.done, name="training_done"),
    path("reports/<slug:key>/", report.report_page, name="report"),
    path("reports/<slug:key>/cases/", report.cases_page, name="report_cases"),
    path("reports/<slug:key>/save/", saved_reports.new_saved, name="saved_report_new"),
    path("reports/<slug:key>/file.<slug:form>", report.report_file, name="report_file"),
]
