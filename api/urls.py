"""Everything under /api/."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularAPIView

from api.calls import (
    affected,
    articles,
    calendars,
    communicating,
    conversations,
    criteria,
    customers,
    escalations,
    events,
    hand_offs,
    handling,
    notifications,
    prepared,
    recommendations,
    record,
    relations,
    reports,
    resolving,
    reviewing,
    routing,
    ruling,
    saved_reports,
    sides,
    sla,
    tickets,
    training,
    webhooks,
)
from api.missing import missing

app_name = "api"
SCHEMA_KEPT = 3600


class Number:
    """A key as a database can hold it; anything longer leads nowhere instead of overflowing."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: Any) -> str:
        return str(value)


register_converter(Number, "number")

TICKET_VERBS = {**tickets.verbs, **handling.verbs, "escalate": escalations.escalate_ticket}

v1: list[URLPattern | URLResolver] = [
    path("tickets/", tickets.tickets.as_view(), name="tickets"),
    path("tickets/<number:number>/", tickets.ticket.as_view(), name="ticket"),
    path("tickets/<number:number>/policy/", tickets.policy.as_view(), name="ticket-policy"),
    path("tickets/<number:number>/clocks/<slug:metric>/ledger/", tickets.ledger.as_view(), name="ledger"),
    *(
        path(f"tickets/<number:number>/{verb}/", view.as_view(), name=f"ticket-{verb}")
        for verb, view in TICKET_VERBS.items()
    ),
    path("tickets/<number:number>/escalate/teams/", hand_offs.teams.as_view(), name="ticket-escalate-teams"),
    path("tickets/<number:number>/links/", handling.links.as_view(), name="ticket-links"),
    path("tickets/<number:number>/links/<number:pk>/", handling.one_link.as_view(), name="ticket-link-one"),
    path("tickets/<number:number>/sides/", sides.sides.as_view(), name="ticket-sides"),
    path("tickets/<number:number>/sides/<number:pk>/", sides.side.as_view(), name="ticket-side"),
    path(
        "tickets/<number:number>/sides/<number:pk>/files/<number:file>/", sides.file.as_view(), name="ticket-side-file"
    ),
    path("tickets/<number:number>/transcript/", conversations.transcript.as_view(), name="ticket-transcript"),
    path("conversations/", conversations.conversations.as_view(), name="conversations"),
    path("tickets/<number:number>/rating/", handling.rating.as_view(), name="ticket-rating"),
    path("tickets/<number:number>/macros/", prepared.macros_of_ticket.as_view(), name="ticket-macros"),
    path("macros/", prepared.macro_list.as_view(), name="macros"),
    path("tickets/<number:number>/quick-replies/", prepared.filled.as_view(), name="ticket-quick-replies"),
    path("routing/rules/", routing.rules.as_view(), name="routing-rules"),
    path("routing/rules/<number:pk>/", routing.rule.as_view(), name="routing-rule"),
    path("routing/rules/<number:pk>/versions/", routing.versions.as_view(), name="routing-rule-versions"),
    *(
        path(f"routing/rules/<number:pk>/{verb}/", view.as_view(), name=f"routing-rule-{verb}")
        for verb, view in routing.verbs.items()
    ),
    path("routing/analysis/", routing.analysis.as_view(), name="routing-analysis"),
    path("routing/try/", routing.trial.as_view(), name="routing-try"),
    path("routing/dry-runs/", routing.dry_runs.as_view(), name="routing-dry-runs"),
    path("routing/dry-runs/<number:pk>/", routing.dry_run.as_view(), name="routing-dry-run"),
    path("trash/", handling.trash.as_view(), name="trash"),
    path("views/", prepared.views.as_view(), name="views"),
    path("views/<number:pk>/tickets/", prepared.view_tickets.as_view(), name="view-tickets"),
    path("quick-replies/", prepared.quick_replies.as_view(), name="quick-replies"),
    path("quick-replies/<number:pk>/", prepared.quick_reply.as_view(), name="quick-reply"),
    path("causes/", record.cause_list.as_view(), name="causes"),
    path("services/", record.services.as_view(), name="services"),
    path("articles/", articles.articles.as_view(), name="articles"),
    path("articles/<slug:slug>/", articles.article.as_view(), name="article"),
    path("articles/<slug:slug>/versions/<number:number>/approve/", articles.approval.as_view(), name="article-approve"),
    path("request-types/", prepared.request_types.as_view(), name="request-types"),
    path("fields/", prepared.fields.as_view(), name="fields"),
    path("attachments/<number:pk>/", tickets.attachment.as_view(), name="attachment"),
    path("escalations/", escalations.escalations.as_view(), name="escalations"),
    path("escalations/<number:number>/", escalations.escalation.as_view(), name="escalation"),
    *(
        path(f"escalations/<number:number>/{verb}/", view.as_view(), name=f"escalation-{verb}")
        for verb, view in {
            **escalations.verbs,
            **resolving.verbs,
            **reviewing.verbs,
            **affected.verbs,
            **record.verbs,
            **relations.verbs,
            **articles.verbs,
            **communicating.verbs,
            **hand_offs.verbs,
        }.items()
    ),
    path("escalations/<number:number>/customers/", affected.customers.as_view(), name="escalation-customers"),
    *(
        path(f"escalations/<number:number>/{place}/", view.as_view(), name=f"escalation-{place.replace('/', '-')}")
        for place, view in {
            **resolving.places,
            **reviewing.places,
            **communicating.places,
            **hand_offs.places,
            **relations.places,
        }.items()
    ),
    path("escalations/<number:number>/links/<number:pk>/", relations.one.as_view(), name="escalation-link-one"),
    path("escalation/criteria/", criteria.criteria_list.as_view(), name="criteria"),
    path("escalation/criteria/<number:pk>/", criteria.criterion.as_view(), name="criterion"),
    path("escalation/channels/", ruling.channels.as_view(), name="channels"),
    path("recommendations/", recommendations.recommendations.as_view(), name="recommendations"),
    path("recommendations/<number:pk>/settle/", recommendations.settling.as_view(), name="recommendation-settle"),
    path("recommendations/<number:pk>/figure/", recommendations.aiming.as_view(), name="recommendation-figure"),
    path("recommendations/<number:pk>/measure/", recommendations.measuring.as_view(), name="recommendation-measure"),
    path("reviews/", reviewing.reviews.as_view(), name="reviews"),
    path("actions/", reviewing.actions.as_view(), name="actions"),
    path("actions/<number:pk>/", reviewing.one_action.as_view(), name="action"),
    path("escalation/review-terms/", reviewing.review_terms.as_view(), name="review-terms"),
    path("trainings/", training.trainings.as_view(), name="trainings"),
    path("trainings/<number:pk>/", training.one.as_view(), name="training"),
    path("trainings/<slug:slug>/done/", training.reading.as_view(), name="training-done"),
    path("events/", events.events.as_view(), name="events"),
    path("customers/import/", customers.importing.as_view(), name="customers-import"),
    path("proposals/", criteria.proposals.as_view(), name="proposals"),
    path("proposals/<number:pk>/accept/", criteria.accepting.as_view(), name="proposal-accept"),
    path("proposals/<number:pk>/dismiss/", criteria.dismissing.as_view(), name="proposal-dismiss"),
    path("reports/", reports.reports.as_view(), name="reports"),
    path("reports/saved/", saved_reports.saved_reports.as_view(), name="saved-reports"),
    path("reports/saved/<number:pk>/", saved_reports.saved_report.as_view(), name="saved-report"),
    path("reports/<slug:key>/", reports.report.as_view(), name="report"),
    path("reports/<slug:key>/cases/", reports.cases.as_view(), name="report-cases"),
    path("sla/policies/", sla.policies.as_view(), name="policies"),
    path("sla/policies/<number:pk>/", sla.policy.as_view(), name="policy"),
    path("sla/calendars/", sla.calendars.as_view(), name="calendars"),
    path("sla/calendars/<number:pk>/", sla.calendar.as_view(), name="calendar"),
    path("sla/calendars/<number:pk>/versions/", calendars.versions.as_view(), name="calendar-versions"),
    path("sla/calendars/<number:pk>/return/", calendars.returning.as_view(), name="calendar-return"),
    path("sla/calendars/<number:pk>/archive/", calendars.archiving.as_view(), name="calendar-archive"),
    path("sla/calendars/<number:pk>/bring-back/", calendars.bringing_back.as_view(), name="calendar-bring-back"),
    path("sla/holidays/", calendars.holidays.as_view(), name="holidays"),
    path("sla/calendars/<number:pk>/due/", sla.due.as_view(), name="due"),
    path("webhooks/", webhooks.webhooks.as_view(), name="webhooks"),
    path("webhooks/<number:pk>/calls/", webhooks.calls.as_view(), name="webhook-calls"),
    path("webhooks/<number:pk>/calls/<number:call>/replay/", webhooks.replaying.as_view(), name="webhook-replay"),
    path("notifications/", notifications.notifications.as_view(), name="notifications"),
    path("notifications/read/", notifications.reading_all.as_view(), name="notifications-read"),
    path("notifications/preferences/", notifications.preferences.as_view(), name="notification-preferences"),
    path("notifications/<number:pk>/read/", notifications.reading.as_view(), name="notification-read"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    # It is the same for everybody and takes a second to make.
    path("schema/", cache_page(SCHEMA_KEPT)(SpectacularAPIView.as_view()), name="schema"),
    path("v1/", include(v1)),
    # Whatever is left under /api/ answers as the API does, and not with a page.
    re_path("", missing, name="missing"),
]
