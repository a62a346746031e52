"""The settings of the desk as a whole; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import audit, bundle

urlpatterns = [
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/audit/<int:pk>/", audit.change, name="change"),
    path("settings/bundle/", bundle.page, name="bundle"),
    path("settings/bundle/file/", bundle.file, name="bundle_file"),
]
