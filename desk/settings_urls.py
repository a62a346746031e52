"""The settings: what an administrator changes the desk on; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.ladder_urls import urlpatterns as ladders
from desk.pages import calendar_look, calendars, channels, conditions, criteria, mailboxes, own_fields, policies, steps
from desk.people_urls import urlpatterns as people
from desk.routing_urls import urlpatterns as routing

urlpatterns = [
    *people,
    *routing,
    *ladders,
    path("settings/conditions/", conditions.conditions, name="conditions"),
    path("settings/policies/", policies.policies, name="policies"),
    path("settings/policies/new/", policies.new_policy, name="policy_new"),
    path("settings/policies/<int:pk>/", policies.policy, name="policy"),
    path("settings/policies/<int:pk>/proof/", policies.proof, name="policy_proof"),
    path("settings/policies/<int:pk>/rehearsal/", policies.rehearsal, name="policy_rehearsal"),
    path("settings/policies/<int:pk>/publish/", policies.publish, name="policy_publish"),
    path("settings/policies/<int:pk>/discard/", policies.discard, name="policy_discard"),
    path("settings/policies/<int:pk>/return/", policies.return_to, name="policy_return"),
    path("settings/policies/<int:pk>/switch/", policies.switch, name="policy_switch"),
    path("settings/policies/<int:pk>/order/", policies.order, name="policy_order"),
    path("settings/fields/", own_fields.own_fields, name="own_fields"),
    path("settings/fields/new/", own_fields.new_field, name="own_field_new"),
    path("settings/fields/<int:pk>/", own_fields.own_field, name="own_field"),
    path("settings/fields/<int:pk>/order/", own_fields.order, name="own_field_order"),
    path("settings/fields/<int:pk>/switch/", own_fields.switch, name="own_field_switch"),
    path("settings/criteria/", criteria.criteria, name="criteria"),
    path("settings/criteria/new/", criteria.new_criterion, name="criterion_new"),
    path("settings/criteria/<int:pk>/", criteria.criterion, name="criterion"),
    path("settings/criteria/<int:pk>/switch/", criteria.switch, name="criterion_switch"),
    path("settings/steps/", steps.steps, name="steps"),
    path("settings/channels/", channels.channels, name="channels"),
    path("settings/channels/switch/", channels.switch, name="channel_switch"),
    path("settings/mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("settings/mailboxes/new/", mailboxes.new_mailbox, name="mailbox_new"),
    path("settings/mailboxes/<int:pk>/", mailboxes.mailbox, name="mailbox"),
    path("settings/mailboxes/<int:pk>/try/", mailboxes.try_mailbox, name="mailbox_try"),
    path("settings/mailboxes/<int:pk>/returns/", mailboxes.returns, name="mailbox_returns"),
    path("settings/mailboxes/<int:pk>/switch/", mailboxes.switch, name="mailbox_switch"),
    path("settings/mailboxes/<int:pk>/remove/", mailboxes.remove, name="mailbox_remove"),
    path("settings/calendars/", calendars.calendars, name="calendars"),
    path("settings/calendars/new/", calendars.new_calendar, name="calendar_new"),
    path("settings/calendars/<int:pk>/", calendars.calendar, name="calendar"),
    path("settings/calendars/<int:pk>/year/", calendar_look.year, name="calendar_year"),
    path("settings/calendars/<int:pk>/versions/", calendar_look.versions, name="calendar_versions"),
    path("settings/calendars/<int:pk>/archive/", calendars.archive, name="calendar_archive"),
    path("settings/calendars/<int:pk>/bring-back/", calendars.bring_back, name="calendar_bring_back"),
]
