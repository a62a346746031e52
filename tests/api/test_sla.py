from datetime import datetime, timedelta

import pytest

from escalation.defaults import install_ladder
from sla.models import Clock, Policy, PolicyVersion
from sla.policies import terms_of
from sla.services import draft_policy, save_draft

LISBON = {
    "name": "Lisbon",
    "time_zone": "Europe/Lisbon",
    "periods": [
        {"weekday": day, "start": start, "end": end}
        for day in range(5)
        for start, end in (("09:00", "12:00"), ("13:00", "18:00"))
    ],
    "holidays": [{"date": "2026-12-25", "name": "Christmas"}],
}
TARGET = {
    "metric": "first_response",
    "priority": "urgent",
    "seconds": 900,
    "thresholds": [{"percent": percent, "actions": [{"do": "notify", "value": "owner"}]} for percent in (50, 75)],
    "round_the_clock": False,
}


@pytest.fixture
def admin(adam, calling):
    return calling(adam)


def test_a_calendar_is_made_shown_and_changed(admin):
    made = admin.post("sla/calendars/", LISBON)
    number = made.json()["id"]
    changed = admin.patch(f"sla/calendars/{number}/", {"holidays": [{"date": "2026-12-08"}]})

    assert made.status_code == 201
    assert {key: made.json()[key] for key in LISBON} == LISBON
    assert (made.json()["version"], changed.json()["version"]) == (1, 2)
    assert changed.json()["holidays"] == [{"date": "2026-12-08", "name": ""}]
    assert changed.json()["periods"] == made.json()["periods"]
    assert admin.get(f"sla/calendars/{number}/").json() == changed.json()
    assert [row["id"] for row in admin.get("sla/calendars/").json()["results"]] == [number]


def test_days_with_hours_of_their_own_and_the_source_of_a_holiday_come_back_as_they_went(admin):
    christmas = {"date": "2026-12-25", "name": "Natal", "source": "PT"}
    eve = {"date": "2026-12-24", "name": "Véspera", "periods": [{"start": "09:00", "end": "12:00"}]}

    made = admin.post("sla/calendars/", {**LISBON, "holidays": [christmas], "days": [eve]}).json()
    renamed = admin.patch(f"sla/calendars/{made['id']}/", {"name": "Lisboa"}).json()
    emptied = admin.patch(f"sla/calendars/{made['id']}/", {"days": []}).json()

    assert (made["holidays"], made["days"]) == ([christmas], [eve])
    assert (renamed["version"], renamed["days"]) == (1, [eve])
    assert (emptied["version"], emptied["days"]) == (2, [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"periods": []}, "periods"),
        ({"periods": [{"weekday": 0, "start": "09:00", "end": "09:00"}]}, "periods"),
        ({"periods": [{"weekday": 0, "start": "09:00", "end": end} for end in ("12:00", "10:00")]}, "periods"),
        ({"days": [{"date": "2026-12-24", "periods": []}]}, "days.0.periods"),
        ({"days": [{"date": "2026-12-24", "periods": [{"start": "late", "end": "12:00"}]}]}, "days"),
        ({"days": [{"date": "24/12/2026", "periods": [{"start": "09:00", "end": "12:00"}]}]}, "days.0.date"),
        ({"days": [{"date": "2026-12-24", "hours": 3}]}, "days.0.hours"),
        ({"periods": [{"weekday": 7, "start": "09:00", "end": "12:00"}]}, "periods.0.weekday"),
        ({"periods": [{"weekday": 0, "start": "9", "end": "12:00"}]}, "periods"),
        ({"periods": [{"weekday": 0, "start": "09:00", "end": "12:00", "colour": "red"}]}, "periods.0.colour"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"holidays": [{"date": "25.12.2026"}]}, "holidays.0.date"),
        ({"name": ""}, "name"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_400(changes, field, admin):
    answer = admin.post("sla/calendars/", {**LISBON, **changes})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert admin.get("sla/calendars/").json()["results"] == []


def test_the_due_time_of_a_calendar_comes_with_a_ledger_that_adds_up(admin):
    number = admin.post("sla/calendars/", LISBON).json()["id"]

    # A Friday afternoon: two hours are left of it, the rest is Monday's.
    due = admin.get(f"sla/calendars/{number}/due/?start=2026-11-20T16:00:00%2B00:00&minutes=300").json()

    assert due["due_at"] == "2026-11-23T12:00:00Z"
    assert [(row["from"], row["to"], row["minutes"]) for row in due["ledger"]] == [
        ("2026-11-20T16:00:00Z", "2026-11-20T18:00:00Z", 120),
        ("2026-11-23T09:00:00Z", "2026-11-23T12:00:00Z", 180),
    ]
    assert sum(row["minutes"] for row in due["ledger"]) == 300


def test_a_plus_that_was_not_escaped_is_understood(admin):
    number = admin.post("sla/calendars/", LISBON).json()["id"]

    due = admin.get(f"sla/calendars/{number}/due/?start=2026-11-20T17:00:00+01:00&minutes=0").json()

    assert due == {"due_at": "2026-11-20T16:00:00Z", "ledger": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("minutes=5", "start"),
        ("start=2026-11-20T16:00:00&minutes=5", "start"),
        ("start=now&minutes=5", "start"),
        ("start=2026-11-20T16:00:00Z", "minutes"),
        ("start=2026-11-20T16:00:00Z&minutes=-1", "minutes"),
        ("start=2026-11-20T16:00:00Z&minutes=1.5", "minutes"),
        ("start=2026-11-20T16:00:00Z&minutes=99999999999", "minutes"),
        ("start=2026-11-20T16:00:00Z&minutes=5&end=x", "end"),
    ],
)
def test_a_question_about_due_that_makes_no_sense_is_400(query, field, admin):
    number = admin.post("sla/calendars/", LISBON).json()["id"]

    answer = admin.get(f"sla/calendars/{number}/due/?{query}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_a_due_time_beyond_reach_is_400(admin):
    number = admin.post("sla/calendars/", LISBON).json()["id"]

    answer = admin.get(f"sla/calendars/{number}/due/?start=2026-11-20T16:00:00Z&minutes=50000000")

    assert answer.status_code == 400


def test_a_policy_is_made_with_a_calendar_and_shown(admin):
    calendar = admin.post("sla/calendars/", LISBON).json()["id"]
    body = {"name": "Gold", "calendar": calendar, "conditions": {"tier": ["enterprise"]}, "targets": [TARGET]}

    made = admin.post("sla/policies/", body)

    assert made.status_code == 201
    assert {key: made.json()[key] for key in body} == body
    assert made.json()["version"] == 1
    assert admin.get("sla/policies/").json()["results"] == [made.json()]
    assert admin.get(f"sla/policies/{made.json()['id']}/").json() == made.json()


def test_a_policy_takes_every_form_of_condition_and_shows_it_as_it_is_kept(admin):
    conditions = {
        "tier": ["enterprise"],
        "channel": {"not": ["chat"]},
        "organisation": {"given": True},
        "keywords": {"any": ["payout*"]},
    }

    made = admin.post("sla/policies/", {"name": "Gold", "conditions": conditions, "targets": [TARGET]})

    assert made.status_code == 201
    assert made.json()["conditions"] == {**conditions, "keywords": ["payout*"]}


def test_a_program_is_told_which_policy_takes_a_ticket_and_why(admin, policy, open_ticket):
    admin.post("sla/policies/", {"name": "Gold", "conditions": {"channel": ["chat"]}, "targets": [TARGET]})

    told = admin.get(f"tickets/{open_ticket().number}/policy/").json()

    assert (told["policy"], told["version"], told["parts"]) == ("Standard", 1, [])
    assert told["others"] == [{"policy": "Gold", "version": 1, "reason": "channel is Chat: no, it is Web form"}]


def test_a_change_makes_a_new_version_and_keeps_what_is_not_given(admin):
    calendar = admin.post("sla/calendars/", LISBON).json()["id"]
    number = admin.post("sla/policies/", {"name": "Gold", "calendar": calendar, "targets": [TARGET]}).json()["id"]

    changed = admin.patch(f"sla/policies/{number}/", {"targets": [{**TARGET, "seconds": 600}]}).json()
    round_the_clock = admin.patch(f"sla/policies/{number}/", {"calendar": None}).json()

    assert (changed["version"], changed["calendar"], changed["targets"][0]["seconds"]) == (2, calendar, 600)
    assert (round_the_clock["version"], round_the_clock["calendar"]) == (3, None)
    assert PolicyVersion.objects.count() == 3


@pytest.mark.parametrize(("applies_to", "hours"), [("new", 6), ("new_and_open", 1)])
def test_open_tickets_move_only_when_asked(applies_to, hours, admin, policy, open_ticket, at):
    ticket = open_ticket()
    targets = [{"metric": "first_response", "priority": "normal", "seconds": 3600}]

    answer = admin.patch(f"sla/policies/{policy.pk}/", {"targets": targets, "applies_to": applies_to})

    assert answer.status_code == 200
    clock = Clock.objects.get(ticket=ticket, metric="first_response")
    assert clock.due_at == at + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"targets": [{**TARGET, "seconds": -1}]}, "targets.0.seconds"),
        ({"targets": [{**TARGET, "seconds": 0}]}, "targets.0.seconds"),
        ({"targets": [{**TARGET, "seconds": 366 * 24 * 3600 + 1}]}, "targets.0.seconds"),
        ({"targets": [{**TARGET, "metric": "happiness"}]}, "targets.0.metric"),
        ({"targets": [{**TARGET, "thresholds": [120]}]}, "targets.0.thresholds.0"),
        ({"targets": [{**TARGET, "thresholds": ["75 %"]}]}, "targets.0.thresholds.0"),
        ({"targets": [{**TARGET, "thresholds": [{"percent": 50, "actions": [{"do": "dance"}]}]}]}, "targets"),
        ({"targets": [{**TARGET, "thresholds": [{"offset": -900}]}]}, "targets"),
        ({"targets": [{**TARGET, "thresholds": [50, 50]}]}, "targets"),
        ({"targets": [TARGET, TARGET]}, "targets"),
        ({"targets": []}, "targets"),
        ({"calendar": 999}, "calendar"),
        ({"calendar": "1"}, "calendar"),
        ({"conditions": {"weather": ["rain"]}}, "conditions"),
        ({"conditions": {"tier": "gold"}}, "conditions.tier"),
        ({"conditions": {"tier": ["gold"]}}, "conditions"),
        ({"conditions": {"tier": {"maybe": ["business"]}}}, "conditions"),
        ({"conditions": {"team": ["ghosts"]}}, "conditions"),
        ({"conditions": {"tier": {"any": ["business"], "not": ["business"]}}}, "conditions"),
        ({"conditions": []}, "conditions"),
        ({"applies_to": "all"}, "applies_to"),
        ({"name": ""}, "name"),
    ],
)
def test_a_policy_that_makes_no_sense_is_400_and_stores_nothing(changes, field, admin):
    answer = admin.post("sla/policies/", {"name": "Gold", "targets": [TARGET], **changes})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Policy.objects.exists()


def test_a_policy_that_no_ticket_comes_to_is_told_so_when_it_is_saved(admin):
    gold = {"conditions": {"tier": ["enterprise", "business"]}, "targets": [TARGET]}
    first = admin.post("sla/policies/", {**gold, "name": "Gold"}).json()

    second = admin.post("sla/policies/", {**gold, "name": "Silver"}).json()
    listed = admin.get("sla/policies/").json()["results"]
    mended = admin.patch(f"sla/policies/{second['id']}/", {"conditions": {"tier": ["standard"]}}).json()

    assert second["shaded_by"] == [first["id"]]
    assert [row["shaded_by"] for row in listed] == [[], [first["id"]]]
    assert mended["shaded_by"] == []


def test_a_calendar_in_a_new_version_is_used_by_new_tickets(admin, payments, open_ticket):
    calendar = admin.post("sla/calendars/", LISBON).json()["id"]
    targets = [{**TARGET, "priority": "normal", "seconds": 3600}]
    admin.post("sla/policies/", {"name": "Gold", "calendar": calendar, "targets": targets})

    due_at = admin.get(f"tickets/{open_ticket().number}/").json()["next_due_at"]

    assert datetime.fromisoformat(due_at) == datetime.fromisoformat("2026-11-18T11:00:00Z")


def test_a_targets_hours_and_a_policys_days_are_given_and_shown(admin):
    days = {"valid_from": "2026-11-01T00:00:00Z", "valid_until": "2026-12-01T00:00:00Z"}
    target = {**TARGET, "round_the_clock": True}
    made = admin.post("sla/policies/", {"name": "Gold", "targets": [target], **days}).json()

    endless = admin.patch(f"sla/policies/{made['id']}/", {"valid_until": None}).json()
    wrong = admin.patch(f"sla/policies/{made['id']}/", {"valid_until": "2026-10-01T00:00:00Z"})

    assert {key: made[key] for key in days} == days
    assert made["targets"] == [target]
    assert (endless["valid_from"], endless["valid_until"]) == (days["valid_from"], None)
    assert wrong.status_code == 400
    assert list(wrong.json()["errors"]) == ["valid_until"]


def test_a_draft_is_not_shown(admin, policy, adam, at):
    terms = terms_of(policy.versions.get())
    save_draft(user=adam, policy=policy, terms=terms, now=at)
    draft_policy(user=adam, name="Next year", terms=terms, now=at)

    (shown,) = admin.get("sla/policies/").json()["results"]

    assert (shown["id"], shown["version"]) == (policy.pk, 1)


def test_an_obligation_is_given_shown_and_holds(admin, policy, open_ticket, calling, anna):
    duties = [{"fact": "answer", "before": "solve"}]
    shown = admin.patch(f"sla/policies/{policy.pk}/", {"obligations": duties}).json()
    wrong = admin.patch(f"sla/policies/{policy.pk}/", {"obligations": [{"fact": "moon", "before": "solve"}]})

    answer = calling(anna).post(f"tickets/{open_ticket().number}/solve/", {})

    assert shown["obligations"] == duties
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["obligations"])
    assert answer.status_code == 409
    assert [(one["name"], one["met"]) for one in answer.json()["conditions"]] == [("answer", False)]


def test_internal_targets_are_given_and_shown_with_a_policy(admin, payments):
    own = {"team": "payments", "priority": "urgent", "seconds": 3600, "round_the_clock": True, "escalates": True}
    own["warn_at"] = 60

    made = admin.post("sla/policies/", {"name": "Gold", "targets": [TARGET], "team_targets": [own]})
    kept = admin.patch(f"sla/policies/{made.json()['id']}/", {"name": "Silver"})
    emptied = admin.patch(f"sla/policies/{made.json()['id']}/", {"team_targets": []})
    wrong = admin.patch(f"sla/policies/{made.json()['id']}/", {"team_targets": [{**own, "team": "nobody"}]})

    assert made.status_code == 201
    assert kept.json()["team_targets"] == [own]
    assert emptied.json()["team_targets"] == []
    assert (wrong.status_code, wrong.json()["errors"]) == (400, {"team_targets": ["There is no team “nobody”."]})


def test_thresholds_of_every_kind_come_back_as_they_went_and_a_bare_number_is_the_usual_warning(admin, payments):
    install_ladder()
    steps = [
        {"offset": -300, "actions": [{"do": "raise", "value": "high"}, {"do": "reassign", "value": payments.slug}]},
        {"offset": 0, "actions": [{"do": "escalate", "value": "Standard"}]},
        {"offset": 3600, "actions": [{"do": "notify", "value": "team"}, {"do": "tag", "value": "late"}]},
    ]

    targets = [{**TARGET, "thresholds": [50, *steps]}]
    answer = admin.post("sla/policies/", {"name": "Gold", "targets": targets})

    assert answer.status_code == 201, answer.json()
    (kept,) = answer.json()["targets"]
    assert kept["thresholds"] == [TARGET["thresholds"][0], *steps]


def test_what_stops_which_promise_is_given_and_stands_in_the_ledger(admin, policy, open_ticket, calling, anna, cora):
    pauses = {"supplier": ["resolution"]}
    shown = admin.patch(f"sla/policies/{policy.pk}/", {"pauses": pauses}).json()
    wrong = [
        admin.patch(f"sla/policies/{policy.pk}/", {"pauses": given})
        for given in ({"moon": ["resolution"]}, {"supplier": ["lunch"]}, {"supplier": "resolution"}, [])
    ]
    agent, number = calling(anna), open_ticket().number

    refused = agent.post(f"tickets/{number}/hold/", {"waits_for": "customer"})
    held = agent.post(f"tickets/{number}/hold/", {"waits_for": "supplier", "reason": "The part is ordered"}).json()
    ledger = agent.get(f"tickets/{number}/clocks/resolution/ledger/").json()
    customers = calling(cora).get(f"tickets/{number}/clocks/resolution/ledger/").json()
    seen = calling(cora).get(f"tickets/{number}/").json()

    assert shown["pauses"] == pauses
    assert [answer.status_code for answer in wrong] == [400] * 4
    assert refused.status_code == 400
    assert (held["status"], held["waits_for"]) == ("on_hold", "supplier")
    assert [(line["kind"], line["waits_for"]) for line in ledger["entries"]] == [
        ("started", ""),
        ("paused", "supplier"),
    ]
    assert {line["waits_for"] for line in customers["entries"]} == {""}
    assert seen["waits_for"] is None
