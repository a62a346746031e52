"""The settings of the desk as a whole; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import audit

urlpatterns = [
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/audit/<int:pk>/", audit.change, name="change"),
]
