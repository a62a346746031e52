"""Saved reports on their pages: saved from the bar, opened by their link, planned by mail, changed and deleted."""

from datetime import timedelta

import pytest

from reports import register
from reports.models import SavedReport
from tests.desk.helpers import NOWHERE, get, post, queries, signed_in, words
from tests.reports.sample import SAMPLE

pytestmark = pytest.mark.each

NEW = "/reports/sample/save/"
GIVEN = {"name": "Our week", "audience": "me", "every": "", "hour": "8", "weekday": "0"}


@pytest.fixture(autouse=True)
def sample(monkeypatch, time, at):
    time.move_to(at)
    monkeypatch.setitem(register.REPORTS, SAMPLE.key, SAMPLE)


def a_saved(owner, **fields):
    return SavedReport.objects.create(**{"name": "Ours", "report": "sample", "owner": owner, **fields})


def test_what_is_asked_is_saved_and_opened_by_its_link(mona, adam):
    client = signed_in(mona)
    page = words(client.get("/reports/sample/", {"days": "7", "plan": "2026-10-01"}))
    answer = client.post(f"{NEW}?days=7&plan=2026-10-01", {**GIVEN, "audience": "all"})
    row = SavedReport.objects.get()

    assert f'href="{NEW}?days=7&plan=2026-10-01" data-dialog' in page
    assert answer["Location"] == "/reports/sample/?days=7&plan=2026-10-01"
    assert (row.owner, row.is_shared, row.next_moment) == (mona, True, None)
    assert get(adam, "desk:saved_report", row.pk)["Location"] == "/reports/sample/?days=7&plan=2026-10-01"
    assert "Our week" in words(get(adam, "desk:saved_reports"))


def test_it_goes_by_mail_at_the_owners_hour(mona, adam, at):
    mona.time_zone = "America/Sao_Paulo"
    mona.save()
    given = {**GIVEN, "every": "week", "weekday": "4", "hour": "9", "recipients": [mona.pk, adam.pk]}

    signed_in(mona).post(f"{NEW}?days=7", given)

    row = SavedReport.objects.get()
    assert row.next_moment == at + timedelta(days=2, hours=2)
    assert set(row.recipients.all()) == {mona, adam}
    page = words(get(mona, "desk:saved_reports"))
    assert "Friday at 09:00" in page
    assert "09:00</time>" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"every": "day"}, "Choose who is to have it."),
        ({"every": "hour"}, "Select a valid choice."),
        ({"audience": "nobody"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_saved_is_said_beside_its_field(mona, changes, sentence):
    answer = signed_in(mona).post(f"{NEW}?days=7", {**GIVEN, **changes})

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not SavedReport.objects.exists()


def test_agents_can_be_sent_nothing(mona, anna):
    answer = signed_in(mona).post(NEW, {**GIVEN, "every": "day", "recipients": [anna.pk]})

    assert answer.status_code == 422
    assert not SavedReport.objects.exists()


def test_its_owner_changes_it_and_what_it_asks_stays(mona):
    row = a_saved(mona, query={"days": "30"}, is_shared=True)

    page = words(get(mona, "desk:saved_report_change", row.pk))
    post(mona, "desk:saved_report_change", row.pk, **{**GIVEN, "name": "Monthly", "every": "month", "monthday": "31"})
    unsaved = SavedReport.objects.get()
    post(
        mona,
        "desk:saved_report_change",
        row.pk,
        **{**GIVEN, "name": "Monthly", "every": "month", "monthday": "31", "recipients": [mona.pk]},
    )
    row.refresh_from_db()

    assert 'value="Ours"' in page
    assert unsaved.name == "Ours"
    assert (row.name, row.query, row.every, row.day, row.is_shared) == ("Monthly", {"days": "30"}, "month", 31, False)


def test_others_see_a_shared_one_and_change_nothing(mona, adam, anna):
    row = a_saved(mona, is_shared=True)
    row_of_adam = a_saved(adam, is_shared=True)
    own = a_saved(adam)

    assert NOWHERE in words(post(mona, "desk:saved_report_delete", row_of_adam.pk))
    assert NOWHERE in words(get(mona, "desk:saved_report", own.pk))
    # The report is for managers, so nobody else has it.
    assert NOWHERE in words(get(anna, "desk:saved_report", row.pk))
    assert row.name not in words(get(anna, "desk:saved_reports"))
    assert SavedReport.objects.count() == 3


def test_it_is_deleted(mona):
    row = a_saved(mona)

    post(mona, "desk:saved_report_delete", row.pk)

    assert not SavedReport.objects.exists()
    assert "No report is saved" in words(get(mona, "desk:saved_reports"))


def test_one_of_a_report_that_is_gone_says_so(mona):
    row = a_saved(mona, report="gone")

    assert "There is no such report any more" in words(get(mona, "desk:saved_reports"))
    assert NOWHERE in words(get(mona, "desk:saved_report", row.pk))


def test_the_list_costs_the_same_whatever_is_on_it(mona):
    client, costs = signed_in(mona), []
    for more in (1, 2, 47):
        for number in range(more):
            a_saved(mona, name=f"Number {number}")
        costs.append(queries(client, "/reports/saved/"))

    assert len(set(costs)) == 1
