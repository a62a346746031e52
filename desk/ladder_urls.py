"""Ladders and health in the settings; `desk.settings_urls` takes them in."""

from django.urls import path

from desk.pages import health_page, ladders

urlpatterns = [
    path("settings/health/", health_page.health, name="health"),
    path("settings/ladders/", ladders.ladders, name="ladders"),
    path("settings/ladders/new/", ladders.new_ladder, name="ladder_new"),
    path("settings/ladders/<int:pk>/", ladders.ladder, name="ladder"),
    path("settings/ladders/<int:pk>/publish/", ladders.publish, name="ladder_publish"),
    path("settings/ladders/<int:pk>/discard/", ladders.discard, name="ladder_discard"),
    path("settings/ladders/<int:pk>/return/", ladders.return_to, name="ladder_return"),
]
