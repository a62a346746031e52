"""The settings of the desk as a whole; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.forms.catalogue import KINDS
from desk.pages import (
    audit,
    bundle,
    catalogue,
    first_steps,
    own,
    personal_data,
    retention,
    senders,
    subscribers,
    surveys,
)
from desk.pages import customer_erasing as erasing
from desk.pages import customer_merging as merging
from desk.pages import customer_settings as customers

urlpatterns = [
    path("settings/desk/", own.own, name="own"),
    path("settings/retention/", retention.retention, name="retention"),
    path("settings/retention/hold/", retention.hold, name="hold"),
    path("settings/retention/hold/<int:pk>/release/", retention.release, name="hold_release"),
    path("settings/start/", first_steps.first_steps, name="first_steps"),
    path("settings/start/test/", first_steps.begin_proof, name="first_proof"),
    path("settings/start/ladder/", first_steps.prove_now, name="first_prove"),
    path("settings/start/<slug:slug>/leave/", first_steps.leave_step, name="first_leave"),
    path("settings/senders/", senders.senders, name="senders"),
    path("settings/senders/again/", senders.look_again, name="senders_again"),
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/audit/<int:pk>/", audit.change, name="change"),
    path("settings/bundle/", bundle.page, name="bundle"),
    path("settings/bundle/file/", bundle.file, name="bundle_file"),
    path("settings/surveys/", surveys.page, name="surveys"),
    path("settings/services/<int:pk>/subscribers/", subscribers.subscribers, name="subscribers"),
    path("settings/services/subscribers/<int:pk>/remove/", subscribers.remove, name="subscriber_remove"),
    path("settings/surveys/new/", surveys.new, name="campaign_new"),
    path("settings/surveys/<int:pk>/", surveys.one, name="campaign"),
    path("settings/surveys/<int:pk>/end/", surveys.end, name="campaign_end"),
    path("settings/customers/", customers.book, name="customer_book"),
    path("settings/customers/new/", customers.new_organisation, name="organisation_new"),
    path("settings/customers/<int:pk>/", customers.organisation, name="organisation_edit"),
    path("settings/customers/twice/", merging.twice, name="customers_twice"),
    path("settings/customers/twice/two/", merging.are_two, name="customers_two"),
    path("settings/customers/twice/<int:pk>/one/", merging.may_be_one, name="customers_perhaps_one"),
    path("settings/customers/<int:pk>/merge/", merging.houses, name="organisation_merge"),
    path("settings/customers/people/<int:pk>/", customers.contact, name="contact_edit"),
    path("settings/customers/people/<int:pk>/erase/", erasing.erase, name="contact_erase"),
    path("settings/people/<int:pk>/erase/", erasing.erase_colleague, name="person_erase"),
    path("settings/people/<int:pk>/export/", personal_data.export, name="person_export"),
    path("settings/people/exports/<int:pk>/", personal_data.archive, name="person_archive"),
    path("settings/customers/people/<int:pk>/address/", customers.address, name="contact_address"),
    path("settings/customers/people/<int:pk>/switch/", customers.switch, name="contact_switch"),
    path("settings/customers/people/<int:pk>/merge/", merging.people, name="contact_merge"),
    *(
        path(f"settings/{kind.replace('_', '-')}/{rest}", view, {"name": kind}, name=f"{kind}{deed}")
        for kind in KINDS
        for rest, view, deed in (
            ("", catalogue.listed, ""),
            ("new/", catalogue.new, "_new"),
            ("<int:pk>/", catalogue.one, "_one"),
            ("<int:pk>/switch/", catalogue.switch, "_switch"),
            ("<int:pk>/return/", catalogue.take_back, "_return"),
        )
    ),
]
