"""Mail about a ticket: how it looked, whom it is sent on to, what is written with third parties."""

from django.urls import path

from desk.pages import letterheads, received, sides

urlpatterns = [
    path("messages/<int:pk>/as-sent/", received.as_sent, name="as_sent"),
    path("messages/<int:pk>/watcher/", received.add_watcher, name="add_watcher"),
    path("messages/<int:pk>/forward/", sides.forward, name="forward"),
    path("followers/<int:pk>/remove/", received.remove_watcher, name="remove_watcher"),
    path("tickets/<int:number>/address-works/", received.address_works, name="address_works"),
    path("tickets/<int:number>/sides/", sides.new_side, name="side_new"),
    path("sides/<int:pk>/", sides.side, name="side"),
    path("side-files/<int:pk>/", sides.side_file, name="side_file"),
    path("settings/letterheads/", letterheads.letterheads, name="letterheads"),
    path("settings/letterheads/<slug:slug>/", letterheads.letterhead, name="letterhead"),
]
