"""The inbox and what belongs to it; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import bulk, complete, export, finder, inbox, jump, peek, saved_views

urlpatterns = [
    path("inbox/", inbox.inbox_page, name="inbox"),
    path("inbox/complete/", complete.complete_query, name="complete"),
    path("inbox/rows/", inbox.inbox_rows, name="inbox_rows"),
    path("inbox/next/", inbox.next_in_line, name="next_in_line"),
    path("inbox/export/", export.export, name="inbox_export"),
    path("inbox/bulk/", bulk.bulk_act, name="bulk"),
    path("inbox/bulk/<int:pk>/undo/", bulk.bulk_undo, name="bulk_undo"),
    path("tickets/<int:number>/peek/", peek.peek, name="peek"),
    path("tickets/find/", finder.find_ticket, name="ticket_find"),
    path("jump/", jump.jump, name="jump"),
    path("views/", saved_views.lines, name="views"),
    path("views/new/", saved_views.new_view, name="view_new"),
    path("views/arrange/", saved_views.arrange, name="views_arrange"),
    path("views/<int:pk>/move/", saved_views.move, name="view_move"),
    path("views/<int:pk>/hide/", saved_views.hide, name="view_hide"),
    path("views/<int:pk>/", saved_views.change_view, name="view"),
    path("views/<int:pk>/delete/", saved_views.remove_view, name="view_delete"),
]
