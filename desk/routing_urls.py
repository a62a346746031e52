"""The routing rules and their dry runs; `desk.settings_urls` takes them in."""

from django.urls import path

from desk.pages import routing, routing_try

urlpatterns = [
    path("settings/routing/", routing.rules, name="routing"),
    path("settings/routing/new/", routing.new_rule, name="routing_new"),
    path("settings/routing/catch-all/", routing.catch_all, name="routing_catch_all"),
    path("settings/routing/proof/", routing.proof, name="routing_proof"),
    path("settings/routing/decisions/", routing.all_decisions, name="routing_decisions"),
    path("settings/routing/try/", routing_try.try_ticket, name="routing_try"),
    path("settings/routing/try/text/", routing_try.try_words, name="routing_try_text"),
    path("settings/routing/try/days/", routing_try.run, name="routing_run"),
    path("settings/routing/<int:pk>/", routing.rule, name="routing_rule"),
    path("settings/routing/<int:pk>/switch/", routing.switch, name="routing_switch"),
    path("settings/routing/<int:pk>/order/", routing.order, name="routing_order"),
    path("settings/routing/<int:pk>/return/", routing.return_to, name="routing_return"),
    path("settings/routing/<int:pk>/remove/", routing.remove, name="routing_remove"),
]
