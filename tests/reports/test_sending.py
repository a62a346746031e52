"""Saved reports by mail: one letter to each reader for each occurrence, whatever happens in between (R85)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from common.errors import InvalidInput
from notifications import delivery, printing
from notifications.models import Delivery
from people.erasing.parts import Leaving
from people.models import User
from reports import personal, register, saved, sending
from reports.enums import Every
from reports.models import SavedReport
from tests.factories.people import make_team, make_user
from tests.reports.sample import SAMPLE

pytestmark = pytest.mark.each

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def sample(monkeypatch):
    monkeypatch.setitem(register.REPORTS, SAMPLE.key, SAMPLE)


@pytest.fixture
def daily(mona, adam, time, at):
    """Every day at eight; the tests begin at ten on a Wednesday."""
    plan = saved.Plan(Every.DAY, 0, 8, [mona, adam])
    query = {"days": "7"}
    return saved.save_report(user=mona, name="Our week", report="sample", query=query, plan=plan, now=at)


def letters():
    return list(Delivery.objects.filter(template="report").order_by("pk"))


def test_each_reader_has_one_letter_for_each_occurrence(daily, mona, adam, open_ticket, time, at):
    open_ticket()
    time.move_to(at + timedelta(hours=21, minutes=59))
    assert sending.run() == 0

    time.move_to(at + timedelta(hours=22))
    assert (sending.run(), sending.run()) == (2, 0)

    assert [letter.recipient for letter in letters()] == [adam, mona]
    context = letters()[0].context
    assert (context["title"], context["days"]) == ("Our week", "12 Nov 2026 to 18 Nov 2026")
    opened = next(figure for figure in context["figures"] if figure["title"] == "Tickets opened")
    assert (opened["headline"], opened["table"]["rows"]) == ("1", [["Payments", "1"]])
    assert context["action_url"].endswith("/reports/sample/?since=2026-11-12&until=2026-11-18")
    time.move_to(at + 3 * DAY)
    assert (sending.run(), len(letters())) == (2, 4)


def test_a_crash_writes_no_letter_and_the_next_look_all(daily, time, at, monkeypatch):
    time.move_to(at + DAY)
    real, calls = sending.post, []

    def crash(**given):
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError
        real(**given)

    monkeypatch.setattr(sending, "post", crash)
    assert (sending.run(), letters()) == (0, [])
    monkeypatch.setattr(sending, "post", real)
    assert sending.run() == 0
    time.move_to(at + DAY + sending.AGAIN_AFTER)

    assert (sending.run(), len(letters())) == (2, 2)
    assert letters()[0].dedupe_key.startswith(f"report:{daily.pk}:2026-11-19T08:00:00")


def test_one_that_fails_stops_no_other(daily, mona, time, at):
    broken = SavedReport.objects.create(
        name="Old", report="gone", owner=mona, every="day", next_moment=at, next_try_at=at
    )
    broken.recipients.add(mona)
    time.move_to(at + DAY)

    assert sending.run() == 2
    broken.refresh_from_db()
    assert (broken.next_moment, broken.next_try_at) == (at, at + DAY + sending.AGAIN_AFTER)


def test_another_process_that_was_quicker_leaves_nothing_to_do(daily, time, at):
    time.move_to(at + DAY)
    seen = SavedReport.objects.select_related("owner").get()
    sending.run()

    assert (sending._send(seen, at + DAY), len(letters())) == (0, 2)


def test_it_is_in_the_readers_language_and_zone_and_of_what_he_sees(daily, adam, open_ticket, time, at):
    User.objects.filter(pk=adam.pk).update(language="pt-br", time_zone="Pacific/Auckland")
    time.move_to(at + DAY)

    sending.run()

    his = letters()[0]
    # It is already the next day there.
    assert his.context["days"] == "12 nov 2026 a 18 nov 2026"
    assert "95,8 %" in str(his.context["figures"])


def test_a_letter_says_of_whom_its_figures_are(daily, time, at):
    team = make_team("Risk")
    SavedReport.objects.update(query={"days": "7", "team": team.slug, "tier": "enterprise"})
    time.move_to(at + DAY)

    sending.run()
    delivery.run()

    sent = mail.outbox[0]
    html = next(str(body) for body, kind in sent.alternatives if kind == "text/html")
    (said,) = {letter.context["narrowed"] for letter in letters()}
    assert sorted(said.split(", ")) == ["Enterprise", "Risk"]
    assert said in html and f"\n{said}\n" in sent.body


@pytest.mark.parametrize("who", ["reader", "owner"])
def test_whoever_is_no_manager_any_more_is_sent_nothing(daily, mona, adam, time, at, who):
    User.objects.filter(pk=(adam if who == "reader" else mona).pk).update(role="agent")
    time.move_to(at + DAY)

    sending.run()

    assert [letter.recipient for letter in letters()] == ([mona] if who == "reader" else [])


def test_a_filter_that_means_nothing_any_more_is_said_and_left_out(daily, time, at):
    SavedReport.objects.update(query={"days": "7", "team": "gone", "contract": "x"})
    time.move_to(at + DAY)

    sending.run()

    assert sorted(letters()[0].context["wrong"]) == [
        "Team: there is no “gone” any more.",
        "This report cannot be narrowed by “contract”.",
    ]


@pytest.mark.parametrize("with_pdf", [True, False])
def test_the_letter_has_bars_without_pictures_and_a_pdf_where_it_can_be_printed(
    daily, time, at, monkeypatch, settings, with_pdf
):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(printing, "is_there", lambda: with_pdf)
    monkeypatch.setattr(printing, "as_pdf", lambda html: b"%PDF-1.7 " + html[:60].encode())
    time.move_to(at + DAY)
    sending.run()

    delivery.run()

    sent = mail.outbox[0]
    html = next(str(body) for body, kind in sent.alternatives if kind == "text/html")
    assert "Slow first reply under load" in html and "<img" not in html and "<svg" not in html
    assert "Bank rejects a batch" in sent.body
    assert [one[0] for one in sent.attachments] == (["sample.pdf"] if with_pdf else [])
    assert "PDF" not in sent.body


def test_it_is_a_pdf_that_fetches_nothing():
    pytest.importorskip("weasyprint")

    pdf = printing.as_pdf('<p>Kept</p><img src="http://127.0.0.1:1/logo.png" alt="">')

    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (saved.Plan(Every.WEEK, 7, 8), "There is no such day."),
        (saved.Plan(Every.MONTH, 0, 8), "There is no such day."),
        (saved.Plan(Every.DAY, 0, 24), "There is no such hour."),
        (saved.Plan(Every.DAY, 0, 8), "Choose who is to have it."),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(mona, at, plan, sentence):
    with pytest.raises(InvalidInput, match=sentence), transaction.atomic():
        saved.save_report(user=mona, name="x", report="sample", query={}, plan=plan, now=at)

    assert not SavedReport.objects.exists()


def test_who_is_erased_leaves_neither_reports_nor_is_sent_any(daily, mona, adam, at):
    assert dict(personal.goes(mona))["Saved reports"].count() == 1
    personal.erase(Leaving(adam, (adam.email,), at))
    assert list(daily.recipients.all()) == [mona]
    personal.erase(Leaving(mona, (mona.email,), at))

    assert not SavedReport.objects.exists()


def test_sight_of_saved_reports(daily, mona, adam, anna, at):
    team = make_team("Risk", members=[anna])
    SavedReport.objects.create(name="Theirs", report="sla", owner=mona, team=team)
    SavedReport.objects.create(name="All", report="sla", owner=mona, is_shared=True)
    SavedReport.objects.create(name="For managers", report="sample", owner=mona, is_shared=True)
    other = make_user("Otto Else")

    seen = {person.name: [one.name for one in saved.visible_reports(person)] for person in (mona, anna, other)}

    assert seen == {
        mona.name: ["All", "For managers", "Our week", "Theirs"],
        anna.name: ["All", "Theirs"],
        other.name: ["All"],
    }


def test_a_reader_whose_letter_cannot_be_made_keeps_nobody_from_this_one_nor_from_the_next(
    daily, mona, adam, time, at, monkeypatch
):
    make = sending._letter

    def fails(saved, reader, now):
        if reader == mona:
            raise ValueError
        return make(saved, reader, now)

    monkeypatch.setattr(sending, "_letter", fails)
    time.move_to(at + timedelta(hours=22))
    assert (sending.run(), sending.run()) == (1, 0)
    time.move_to(at + timedelta(hours=46))
    assert sending.run() == 1
    assert [letter.recipient for letter in letters()] == [adam, adam]

    monkeypatch.setattr(sending, "_letter", make)
    time.move_to(at + timedelta(hours=47))
    assert (sending.run(), sending.run()) == (1, 0)

    assert [letter.recipient for letter in letters()] == [adam, adam, mona]
