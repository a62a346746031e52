"""What is done with whole tickets; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import (
    blocked,
    fields,
    follow_ups,
    keeping,
    ledger,
    links,
    macros,
    merging,
    watchers,
    why_here,
    why_policy,
)

urlpatterns = [
    path("tickets/<int:number>/ledger/", ledger.ledger, name="ledger"),
    path("tickets/<int:number>/policy/", why_policy.why_policy, name="why_policy"),
    path("tickets/<int:number>/why-here/", why_here.why_here, name="why_here"),
    path("tickets/<int:number>/merge/", merging.merge, name="merge"),
    path("merges/<int:pk>/undo/", merging.unmerge, name="unmerge"),
    path("tickets/<int:number>/macros/", macros.apply_macro, name="ticket_macros"),
    path("tickets/<int:number>/macros/new/", macros.save_macro, name="ticket_macro_new"),
    path("tickets/<int:number>/split/", links.split, name="split"),
    path("tickets/<int:number>/links/", links.link, name="link"),
    path("links/<int:pk>/remove/", links.unlink, name="unlink"),
    path("links/removed/<int:pk>/undo/", links.relink, name="relink"),
    path("tickets/<int:number>/incidents/", links.incidents, name="incidents"),
    path("tickets/<int:number>/hand-over/", keeping.hand_over, name="hand_over"),
    path("tickets/<int:number>/snooze/", keeping.snooze, name="snooze"),
    path("tickets/<int:number>/wake/", keeping.wake, name="wake"),
    path("tickets/<int:number>/put-away/", keeping.put_away, name="put_away"),
    path("tickets/<int:number>/watchers/", watchers.add_watcher, name="watcher_new"),
    path("trash/", keeping.trash, name="trash"),
    path("trash/empty/", keeping.empty_trash, name="empty_trash"),
    path("trash/<int:number>/bring-back/", keeping.bring_back, name="bring_back"),
    path("blocked-senders/", blocked.blocked, name="blocked"),
    path("blocked-senders/<int:pk>/remove/", blocked.unblock, name="unblock"),
    path("tickets/<int:number>/follow-up/", follow_ups.follow_up, name="follow_up"),
    path("tickets/<int:number>/fields/", fields.fields, name="fields"),
]
