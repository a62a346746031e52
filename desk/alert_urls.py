"""What reaches people, and how: alerts, the outbox, webhooks; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import acknowledge_by_link, alerts, outbox, reach, ways, webhooks

urlpatterns = [
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/read/", alerts.read_all, name="alerts_read_all"),
    path("alerts/<int:pk>/read/", alerts.read, name="alert_read"),
    path("alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="alert_acknowledge"),
    path("acknowledge/<str:token>/", acknowledge_by_link.acknowledge_by_link, name="acknowledge_by_link"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.one, name="outbox_one"),
    path("outbox/<int:pk>/retry/", outbox.retry, name="outbox_retry"),
    path("outbox/<int:pk>/stop/", outbox.stop, name="outbox_stop"),
    path("outbox/<int:pk>/redirect/", outbox.redirect_to, name="outbox_redirect"),
    path("profile/alerts/", ways.alerting, name="alerting"),
    path("profile/ways/confirm/", ways.ask_to_confirm, name="way_ask"),
    path("profile/ways/confirm/<str:token>/", ways.confirm, name="way_confirm"),
    path("profile/ways/messenger/", ways.add_messenger, name="way_messenger"),
    path("profile/ways/browser/", ways.add_browser, name="way_browser"),
    path("profile/ways/<int:pk>/code/", ways.enter_code, name="way_code"),
    path("profile/ways/<int:pk>/resend/", ways.send_code, name="way_resend"),
    path("profile/ways/<int:pk>/remove/", ways.remove, name="way_remove"),
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/new/", webhooks.new_webhook, name="webhook_new"),
    path("settings/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("settings/webhooks/<int:pk>/rotate/", webhooks.rotate, name="webhook_rotate"),
    path("settings/webhooks/<int:pk>/test/", webhooks.test, name="webhook_test"),
    path("settings/webhooks/<int:pk>/remove/", webhooks.remove, name="webhook_remove"),
    path("settings/reach/", reach.reach, name="reach"),
]
