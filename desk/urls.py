from django.urls import path

from desk.alert_urls import urlpatterns as alert_urls
from desk.handling_urls import urlpatterns as handling
from desk.house_urls import urlpatterns as house
from desk.inbox_urls import urlpatterns as inbox
from desk.mail_urls import urlpatterns as mail
from desk.pages import (
    articles,
    chat,
    composer,
    customers,
    decide_by_link,
    decisions,
    escalate,
    escalations,
    near_articles,
    new_ticket,
    plans,
    profile,
    proposals,
    rail,
    room,
    ticket,
)
from desk.report_urls import urlpatterns as reports
from desk.room_urls import urlpatterns as room_urls
from desk.settings_urls import urlpatterns as settings
from desk.setup_urls import urlpatterns as the_desk

app_name = "desk"
urlpatterns = [
    *inbox,
    path("tickets/new/", new_ticket.new_ticket, name="new_ticket"),
    path("tickets/new/callers/", new_ticket.who_calls, name="callers"),
    path("tickets/<int:number>/", ticket.ticket_page, name="ticket"),
    path("tickets/<int:number>/write/", composer.write, name="ticket_write"),
    path("tickets/<int:number>/draft/", composer.save_draft, name="ticket_draft"),
    path("tickets/<int:number>/unsend/", composer.take_back, name="ticket_unsend"),
    path("tickets/<int:number>/articles/", near_articles.ticket_articles, name="ticket_articles"),
    path("tickets/<int:number>/quick-replies/", composer.quick_replies, name="ticket_quick_replies"),
    path("tickets/<int:number>/preview/", composer.preview, name="ticket_preview"),
    path("tickets/<int:number>/files/", composer.change_files, name="ticket_files"),
    path("tickets/<int:number>/presence/", composer.be_here, name="ticket_presence"),
    path("tickets/<int:number>/escalate/", escalate.escalate, name="escalate"),
    *handling,
    *mail,
    path("tickets/<int:number>/<slug:what>/", ticket.change, name="ticket_change"),
    path("escalations/", escalations.escalations, name="escalations"),
    path("escalations/proposals/", proposals.proposals, name="proposals"),
    path("escalations/proposals/<int:pk>/dismiss/", proposals.dismiss, name="proposal_dismiss"),
    path("escalations/<int:number>/", room.room_page, name="escalation"),
    *room_urls,
    path("escalations/<int:number>/plan/", plans.plan, name="escalation_plan"),
    path("escalations/<int:number>/plan/versions/", plans.plan_versions, name="escalation_plan_versions"),
    path("escalations/<int:number>/<slug:verb>/", room.act, name="escalation_verb"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<int:number>/", decisions.decision, name="decision"),
    path("decisions/<int:number>/pass-on/", decisions.pass_on, name="decision_pass_on"),
    path("decide/<str:token>/", decide_by_link.decide_by_link, name="decide_by_link"),
    *alert_urls,
    path("articles/", articles.articles, name="articles"),
    path("articles/new/", articles.new_article, name="article_new"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("articles/<slug:slug>/settings/", articles.article_settings, name="article_settings"),
    path("articles/<slug:slug>/archive/", articles.archive, name="article_archive"),
    path("articles/<slug:slug>/edit/", articles.edit, name="article_edit"),
    path("articles/<slug:slug>/versions/<int:number>/", articles.version, name="article_version"),
    path("articles/<slug:slug>/versions/<int:number>/approve/", articles.approve, name="article_approve"),
    path("rail/", rail.rail, name="rail"),
    path("chat/", chat.general, name="chat"),
    path("chat/teams/<slug:slug>/", chat.team, name="chat_team"),
    path("chat/tickets/<int:number>/", chat.ticket, name="chat_ticket"),
    path("chat/task-forces/<int:number>/", chat.task_force, name="chat_force"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/escalations/", customers.organisation_escalations, name="customer_escalations"),
    path("customers/people/<int:pk>/", customers.person, name="customer_person"),
    path("customers/people/<int:pk>/escalations/", customers.person_escalations, name="person_escalations"),
    path("profile/", profile.profile, name="profile"),
    path("profile/sign-ins/end/", profile.end_other_sign_ins, name="profile_end_others"),
    path("profile/keys/", profile.keys, name="profile_keys"),
    path("profile/theme/", profile.theme, name="profile_theme"),
    *house,
    *reports,
    *settings,
    *the_desk,
]
