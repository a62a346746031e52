"""The desk's pages about the desk itself; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import demo_mail, quarantine
from desk.settings_urls import urlpatterns as settings

urlpatterns = [
    *settings,
    path("mail/", demo_mail.mail, name="mail"),
    path("mail/<int:pk>/", demo_mail.one_mail, name="mail_one"),
    path("mail/<int:pk>/html/", demo_mail.mail_html, name="mail_html"),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:pk>/", quarantine.quarantined_mail, name="quarantined_mail"),
    path("quarantine/<int:pk>/raw/", quarantine.raw_mail, name="raw_mail"),
    path("quarantine/<int:pk>/release/", quarantine.release_mail, name="release_mail"),
    path("quarantine/<int:pk>/retry/", quarantine.retry_mail, name="retry_mail"),
    path("quarantine/<int:pk>/drop/", quarantine.drop_mail, name="drop_mail"),
    path("quarantine/<int:pk>/bring-back/", quarantine.bring_mail_back, name="bring_mail_back"),
    path("quarantine/drop/", quarantine.drop_mails, name="drop_mails"),
]
