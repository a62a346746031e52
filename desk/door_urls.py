"""What belongs to no page: the front door, live updates, files, and the first page of an empty desk."""

from django.urls import path

from desk.live import live, live_poll
from desk.pages import sign_in_link
from desk.pages.attachments import attachment, file_by_link
from desk.pages.home import home
from desk.pages.invitation import invitation
from desk.pages.metrics import metrics
from desk.pages.own import own_logo, own_style
from desk.pages.push_worker import push_worker
from desk.pages.relocating import confirm
from desk.pages.setup import setup

urlpatterns = [
    path("", home, name="home"),
    path("live/", live, name="live"),
    path("live/poll/", live_poll, name="live_poll"),
    path("attachments/<int:pk>/", attachment, name="attachment"),
    path("files/<str:token>/", file_by_link, name="file_by_link"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("sign-in/link/", sign_in_link.ask, name="sign_in_link"),
    path("sign-in/link/<str:token>/", sign_in_link.follow, name="sign_in_by_link"),
    path("address/<str:token>/", confirm, name="address_confirm"),
    path("setup/", setup, name="setup"),
    path("push-worker.js", push_worker, name="push_worker"),
    path("metrics", metrics, name="metrics"),
    path("look/<str:token>.css", own_style, name="own_style"),
    path("look/<str:token>/", own_logo, name="own_logo"),
]
