from django.urls import path

from desk.handling_urls import urlpatterns as handling
from desk.house_urls import urlpatterns as house
from desk.inbox_urls import urlpatterns as inbox
from desk.pages import (
    alerts,
    articles,
    chat,
    composer,
    customers,
    decisions,
    escalate,
    escalations,
    new_ticket,
    plans,
    profile,
    rail,
    room,
    ticket,
)
from desk.room_urls import urlpatterns as room_urls
from desk.settings_urls import urlpatterns as settings

app_name = "desk"
urlpatterns = [
    *inbox,
    path("tickets/new/", new_ticket.new_ticket, name="new_ticket"),
    path("tickets/new/callers/", new_ticket.who_calls, name="callers"),
    path("tickets/<int:number>/", ticket.ticket_page, name="ticket"),
    path("tickets/<int:number>/write/", composer.write, name="ticket_write"),
    path("tickets/<int:number>/draft/", composer.save_draft, name="ticket_draft"),
    path("tickets/<int:number>/unsend/", composer.take_back, name="ticket_unsend"),
    path("tickets/<int:number>/quick-replies/", composer.quick_replies, name="ticket_quick_replies"),
    path("tickets/<int:number>/preview/", composer.preview, name="ticket_preview"),
    path("tickets/<int:number>/files/", composer.change_files, name="ticket_files"),
    path("tickets/<int:number>/presence/", composer.be_here, name="ticket_presence"),
    path("tickets/<int:number>/escalate/", escalate.escalate, name="escalate"),
    *handling,
    path("tickets/<int:number>/<slug:what>/", ticket.change, name="ticket_change"),
    path("escalations/", escalations.escalations, name="escalations"),
    path("escalations/<int:number>/", room.room_page, name="escalation"),
    *room_urls,
    path("escalations/<int:number>/plan/", plans.plan, name="escalation_plan"),
    path("escalations/<int:number>/plan/versions/", plans.plan_versions, name="escalation_plan_versions"),
    path("escalations/<int:number>/<slug:verb>/", room.act, name="escalation_verb"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<int:number>/", decisions.decision, name="decision"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/read/", alerts.read_all, name="alerts_read_all"),
    path("alerts/<int:pk>/read/", alerts.read, name="alert_read"),
    path("alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="alert_acknowledge"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("rail/", rail.rail, name="rail"),
    path("chat/", chat.general, name="chat"),
    path("chat/teams/<slug:slug>/", chat.team, name="chat_team"),
    path("chat/tickets/<int:number>/", chat.ticket, name="chat_ticket"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/people/<int:pk>/", customers.person, name="customer_person"),
    path("profile/", profile.profile, name="profile"),
    path("profile/sign-ins/end/", profile.end_other_sign_ins, name="profile_end_others"),
    path("profile/keys/", profile.keys, name="profile_keys"),
    path("profile/theme/", profile.theme, name="profile_theme"),
    *house,
    *settings,
]
