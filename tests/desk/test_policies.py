"""The policies' pages: what is in force, the draft, the proof, and going back."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.models import ConfigurationChange
from sla.enums import POLICY_METRICS
from sla.models import Policy, PolicyVersion
from sla.policies import check_targets, write_targets
from sla.publishing import change_policy
from tests.desk.helpers import words
from tests.factories.sla import HOUR, make_policy

LIST = "/settings/policies/"


@pytest.fixture
def admin(adam) -> Client:
    client = Client()
    client.force_login(adam)
    return client


@pytest.fixture
def address(policy: Policy) -> str:
    return f"{LIST}{policy.pk}/"


def filled(admin: Client, address: str, **changes: str) -> dict[str, str]:
    """The form as the page shows it, with some boxes changed."""
    form = admin.get(address).context["form"]
    values = {field.html_name: field.value() for field in form}
    draft = PolicyVersion.objects.filter(published_at=None).first()
    shown = {name: value for name, value in values.items() if value not in (None, False)}
    return {**shown, "seen": draft.created_at.isoformat() if draft else "", **changes}


def seconds(version: PolicyVersion, metric: str, priority: str) -> list[int]:
    return list(version.targets.filter(metric=metric, priority=priority).values_list("seconds", flat=True))


def test_the_list_shows_the_order_what_is_in_force_and_who_is_promised_nothing(admin, at, payments):
    make_policy(at, name="Standard", conditions={"tier": ["standard"]})
    make_policy(at, name="Gold", order=1, conditions={"tier": ["enterprise"]})

    shown = admin.get(LIST).content.decode()

    assert 0 < shown.index("<b>Gold</b>") < shown.index("<b>Standard</b>")
    assert "customer tier is Enterprise" in shown
    assert "no promise" in shown


@pytest.mark.once
def test_the_list_costs_the_same_for_one_policy_three_and_fifty(admin, at):
    counts = set()
    for wanted in (1, 3, 50):
        for number in range(Policy.objects.count(), wanted):
            make_policy(at, name=f"Policy {number}")
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(LIST).status_code == 200
        counts.add(len(queries))

    assert len(counts) == 1


def test_saving_keeps_a_draft_that_shows_what_it_changes(admin, address, policy):
    answer = admin.post(address, filled(admin, address, **{"target-resolution-high": "6 h", "warn-high": "50 %, 80"}))
    shown = admin.get(address).content.decode()

    draft = policy.versions.get(number=2)
    assert answer.status_code == 302
    assert draft.is_draft
    assert seconds(draft, "resolution", "high") == [6 * HOUR]
    assert draft.targets.filter(priority="high").first().thresholds == [50, 80]
    assert draft.targets.filter(priority="low").first().thresholds == [75]
    assert "Resolve, High: 24 h to 6 h" in shown
    assert "<s>24 h</s>" in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target-resolution-high": "soon"}, "is no length"),
        ({"target-resolution-high": "0 h"}, "between one second and a year"),
        ({"target-resolution-high": "400 d"}, "between one second and a year"),
        ({"target-resolution-high": "-4 h"}, "is no length"),
        ({"warn-low": "150 %"}, "between 1 and 99"),
        ({"valid_from": "2026-12-01T00:00", "valid_until": "2026-11-01T00:00"}, "end after it begins"),
        ({"name": ""}, "required"),
        ({"calendar": "999"}, "valid choice"),
    ],
)
def test_a_wrong_box_gets_one_sentence_and_what_was_typed_stays(changes, said, admin, address, policy):
    answer = admin.post(address, filled(admin, address, **{"target-first_response-urgent": "11 min", **changes}))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="11 min"' in answer.content.decode()
    assert policy.versions.count() == 1


def test_emptying_the_whole_matrix_is_refused(admin, address, policy):
    empty = {f"target-{target.metric}-{target.priority}": "" for target in policy.versions.get().targets.all()}

    answer = admin.post(address, filled(admin, address, **empty))

    assert answer.status_code == 422
    assert "at least one target" in answer.content.decode()


def test_the_proof_says_what_would_move_and_keeps_nothing(admin, address, policy, open_ticket):
    ticket = open_ticket()

    shown = admin.post(f"{address}proof/", filled(admin, address, **{"target-resolution-normal": "2 h"}))

    assert f"#{ticket.number}" in shown.content.decode()
    assert policy.versions.count() == 1
    assert ticket.clocks.get(metric="resolution").target_seconds == 24 * HOUR


def test_a_draft_is_published_for_new_and_open_tickets_and_taken_back_by_returning(admin, address, policy, open_ticket):
    ticket = open_ticket()
    admin.post(address, filled(admin, address, **{"target-resolution-normal": "2 h"}))
    seen = policy.versions.get(number=2).created_at.isoformat()

    admin.post(f"{address}publish/", {"applies_to": "new_and_open", "seen": seen})
    published = policy.versions.get(number=2)
    admin.post(f"{address}return/", {"number": "1"})

    assert not published.is_draft
    assert ticket.clocks.get(metric="resolution").target_seconds == 2 * HOUR
    assert seconds(policy.versions.get(number=3), "resolution", "normal") == [24 * HOUR]
    assert ConfigurationChange.objects.filter(subject=f"policy {policy.name}").count() == 2


def test_a_return_says_what_it_would_move_and_moves_open_tickets_where_that_is_chosen(
    admin, address, policy, open_ticket, at
):
    ticket = open_ticket()
    shorter = [{"metric": "resolution", "priority": "normal", "seconds": 2 * HOUR}]
    change_policy(policy=policy, targets=shorter, applies_to="new_and_open", now=at)

    plain, other = (admin.get(f"{address}{asked}").content.decode() for asked in ("", "?return=9"))
    shown = admin.get(f"{address}?return=1")
    asked = words(shown)
    admin.post(f"{address}return/", {"number": "1", "applies_to": "moon"})
    before = policy.versions.count()
    said = admin.post(f"{address}return/", {"number": "1", "applies_to": "new_and_open"}, follow=True)

    assert 'href="?return=1#back"' in plain
    assert 'id="back"' not in plain + other
    assert "What a return to version 1 changes" in asked
    assert "Resolve, Normal: 2 h to 24 h" in asked
    assert f">#{ticket.number} " in asked
    assert "1 due time moves" in asked
    assert before == 2
    assert "New and open tickets are promised what version 1 promised." in said.content.decode()
    assert ticket.clocks.get(metric="resolution").target_seconds == 24 * HOUR


def test_a_draft_that_another_has_changed_is_neither_overwritten_nor_published(admin, address, policy, time):
    mine = filled(admin, address, **{"target-resolution-normal": "2 h"})
    admin.post(address, filled(admin, address, **{"target-resolution-normal": "3 h"}))

    saved = admin.post(address, mine)
    published = admin.post(
        f"{address}publish/", {"applies_to": "new", "seen": "2020-01-01T00:00:00+00:00"}, follow=True
    )

    assert saved.status_code == 409
    assert "Somebody else" in saved.content.decode()
    assert "Somebody else" in published.content.decode()
    assert seconds(policy.versions.get(number=2), "resolution", "normal") == [3 * HOUR]


def test_a_new_policy_begins_as_a_draft_and_can_be_dropped(admin, policy):
    form = filled(admin, f"{LIST}new/", name="Night shift", **{"target-resolution-urgent": "1 h"})

    admin.post(f"{LIST}new/", form)
    made = Policy.objects.get(name="Night shift")
    assert made.versions.get().is_draft
    admin.post(f"{LIST}{made.pk}/discard/")

    assert not Policy.objects.filter(name="Night shift").exists()


def test_a_policy_moves_up_and_is_switched_off(admin, policy, at):
    other = make_policy(at, name="Gold", order=200)

    admin.post(f"{LIST}{other.pk}/order/", {"to": "up"})
    admin.post(f"{LIST}{policy.pk}/switch/")

    assert [found.name for found in Policy.objects.order_by("order")] == ["Gold", policy.name]
    assert not Policy.objects.get(pk=policy.pk).is_enabled


def test_a_policy_is_switched_off_for_its_open_tickets_too_when_that_is_chosen(admin, policy, open_ticket):
    ticket = open_ticket()
    page = admin.get(LIST).content.decode()
    assert "Switch off for 1 open ticket too" in page and "nobody is warned or escalated" in page

    said = admin.post(f"{LIST}{policy.pk}/switch/", {"applies_to": "new_and_open"}, follow=True).content.decode()

    ticket.refresh_from_db()
    assert "its promises to 1 open tickets are ended" in said
    assert ticket.next_due_at is None


def test_a_target_keeps_thresholds_of_its_own_until_its_row_is_changed(admin, at, payments):
    targets = [
        {"metric": "first_response", "priority": "high", "seconds": HOUR, "thresholds": [50]},
        {"metric": "resolution", "priority": "high", "seconds": 9 * HOUR, "thresholds": [90], "round_the_clock": True},
    ]
    policy = make_policy(at, name="Own")
    policy.versions.get().targets.all().delete()
    write_targets(policy.versions.get(), check_targets(targets))
    address = f"{LIST}{policy.pk}/"

    admin.post(address, filled(admin, address, **{"target-resolution-high": "8 h"}))

    kept = {target.metric: target for target in policy.versions.get(number=2).targets.all()}
    assert kept["first_response"].thresholds == [50]
    assert (kept["resolution"].thresholds, kept["resolution"].round_the_clock) == ([90], True)


def test_the_rehearsal_says_what_would_have_broken_and_whom_it_would_have_alerted(
    admin, address, policy, open_ticket, mona, payments, at, time
):
    ticket = open_ticket(now=at)
    payments.managers.add(mona)
    time.move_to(at + timedelta(hours=5))
    admin.post(address, filled(admin, address, **{"target-resolution-normal": "2 h"}))

    fragment = admin.get(f"{address}rehearsal/", headers={"HX-Request": "true"}).content.decode()
    whole = admin.get(f"{address}rehearsal/").content.decode()

    assert "1 breach more" in fragment
    assert f"#{ticket.number}" in fragment
    assert "would have alerted Mona Farias" in fragment
    assert "<html" not in fragment
    assert "<html" in whole


def test_without_a_draft_there_is_nothing_to_rehearse(admin, address):
    assert admin.get(f"{address}rehearsal/").status_code == 302


def test_a_rehearsal_of_no_change_says_so(admin, address, open_ticket):
    open_ticket()
    admin.post(address, filled(admin, address))

    assert "Nothing would have been different." in admin.get(f"{address}rehearsal/").content.decode()


def test_the_command_rehearses_too(admin, address, policy, open_ticket, at, time, capsys):
    open_ticket(now=at)
    time.move_to(at + timedelta(hours=5))
    admin.post(address, filled(admin, address, **{"target-resolution-normal": "2 h"}))

    call_command("rehearse", policy.name, days=7)

    said = capsys.readouterr().out
    assert "Breaches gained: 1." in said
    assert "Due times moved:" in said


@pytest.mark.parametrize(
    ("name", "days", "said"), [("Nobody", 7, "no policy"), ("Standard", 0, "1 to 366"), ("Standard", 7, "no draft")]
)
def test_what_cannot_be_rehearsed_is_one_line(name, days, said, policy):
    with pytest.raises(CommandError, match=said):
        call_command("rehearse", name, days=days)


def test_what_stops_which_promise_is_ticked_kept_and_told(admin, address, policy):
    before = filled(admin, address)

    shown = words(admin.get(address))
    saved = admin.post(address, {**before, "pauses": ["customer resolution", "supplier resolution"]}, follow=True)
    empty = {**filled(admin, address), "pauses": []}
    admin.post(address, empty)
    wrong = admin.post(address, {**empty, "pauses": ["moon resolution"]})

    assert before["pauses"] == [f"customer {metric.value}" for metric in POLICY_METRICS]
    assert 'value="supplier resolution" aria-label="Waiting on a supplier: Resolve">' in shown
    assert "Stops for waiting on a supplier added: Resolve" in saved.content.decode()
    assert policy.versions.get(number=2).pauses == {}
    assert wrong.status_code == 422


def test_a_button_of_the_conditions_keeps_what_was_ticked(admin, address, policy):
    typed = {**filled(admin, address), "pauses": ["supplier resolution"], "when-shown": "1", "when-add": "1"}

    shown = words(admin.post(address, {**typed, "when-new": "channel"}))

    assert 'value="supplier resolution" aria-label="Waiting on a supplier: Resolve" checked>' in shown
    assert 'value="customer resolution" aria-label="Waiting on the customer: Resolve">' in shown


def test_the_list_says_which_policy_is_never_reached_and_one_button_helps(admin, at, payments):
    make_policy(at, name="Everybody", order=1)
    gold = make_policy(at, name="Gold", order=2, conditions={"tier": ["enterprise"]})

    shaded = admin.get(LIST).content.decode()
    above = Policy.objects.get(name="Everybody").pk
    admin.post(f"{LIST}{gold.pk}/order/", {"to": str(above)})
    helped = admin.get(LIST).content.decode()

    assert "“Gold” stands in the shadow of “Everybody”." in shaded
    assert "Checked last of 2" in shaded
    assert "Move above Everybody" in shaded
    assert "Never reached" not in helped
    assert "Checked first of 2" in helped


def test_ordering_saving_and_publishing_say_what_they_put_into_the_shadow(admin, at, payments):
    make_policy(at, name="Gold", order=1, conditions={"tier": ["enterprise"]})
    rest = make_policy(at, name="Rest", order=2, conditions={"tier": {"not": ["standard"]}})
    address = f"{LIST}{rest.pk}/"

    ordered = admin.post(f"{address}order/", {"to": "up"}, follow=True).content.decode()
    admin.post(f"{address}order/", {"to": "down"})
    narrow = {"when-shown": "1", "when-0-key": "tier", "when-0-is": "any", "when-0-values": "enterprise"}
    saved = admin.post(address, {**filled(admin, address), **narrow}, follow=True).content.decode()
    seen = rest.versions.get(number=2).created_at.isoformat()
    published = admin.post(f"{address}publish/", {"applies_to": "new", "seen": seen}, follow=True).content.decode()

    assert "“Gold” stands in the shadow of “Rest”. No new ticket comes to it." in ordered
    assert "As it is: “Rest” stands in the shadow of “Gold”." in saved
    assert "Published. New tickets" in published
    assert "“Rest” stands in the shadow of “Gold”. No new ticket comes to it." in published


def test_the_editor_says_when_its_conditions_are_asked_as_they_stand_and_as_they_are_typed(admin, address, policy, at):
    make_policy(at, name="Bank", order=1, conditions={"channel": ["chat"]})

    stands = admin.get(address).content.decode()
    rows = {"when-shown": "1", "when-0-key": "channel", "when-0-is": "any", "when-0-values": "chat"}
    typed = admin.post("/settings/conditions/", {"policy": policy.pk, **rows}).content.decode()

    assert "Checked last of 2 policies. Before it, “Bank” takes some of these." in stands
    assert "Never reached. “Standard” stands in the shadow of “Bank”." in typed
