"""The audit log: every change of the settings in words, narrowed, and returned to."""

from datetime import timedelta

import pytest
from django.utils import translation

from calendars.actions import change_calendar
from common import clock
from common.audit import record_change, snapshot
from common.configuring import configure, remove
from common.errors import NotAllowedNow
from common.models import ConfigurationChange
from desk.looks.settings.audit import lines_of
from desk.returns import return_to
from escalation.services import criteria
from mailroom import correspondence
from people.enums import Tier
from people.models import Organisation, Team, User
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.calendars import make_calendar
from tickets.models import QuickReply, Service


@pytest.fixture
def service(adam, payments):
    return configure(Service(), by=adam, name="Pix", slug="pix", team=payments)


def test_a_change_is_told_by_the_names_of_its_fields_and_values(adam, payments, service):
    cards = Team.objects.create(name="Cards", slug="cards")

    configure(service, by=adam, team=cards, is_active=False)

    page = words(get(adam, "desk:audit"))
    assert "service Pix" in page and "Adam Berg" in page
    assert "<dt>Team</dt> <dd><del>Payments</del> to <ins>Cards</ins></dd>".replace(" ", "") in page.replace(" ", "")
    assert "<del>yes</del> to <ins>no</ins>" in page


def test_a_change_is_read_and_found_in_the_readers_language_whoever_made_it(adam, payments):
    with translation.override("es"):
        configure(Service(), by=adam, name="Pix", slug="pix", team=payments)
    english = words(get(adam, "desk:audit"))
    User.objects.filter(pk=adam.pk).update(language="ru")

    russian = words(get(adam, "desk:audit", what="сервис"))

    assert "service Pix" in english
    assert "сервис Pix" in russian


def test_conditions_are_told_as_a_rule_is_read(adam, payments):
    row = criteria.define_criterion(user=adam, name="Money", kind="funding", conditions={"tags": ["refund"]})
    criteria.redefine_criterion(user=adam, pk=row.pk, conditions={"tags": ["refund"], "priority": ["urgent"]})

    phrase = lines_of([ConfigurationChange.objects.latest("pk")])[0].phrases[0]

    assert phrase.what == "Conditions"
    assert "priority is urgent" in phrase.now.lower() and "priority" not in phrase.was


def test_what_was_named_and_is_gone_says_so(adam, payments):
    team = Team.objects.create(name="Cards", slug="cards")
    row = configure(Service(), by=adam, name="Pix", slug="pix", team=team)
    key = team.pk
    team.delete()

    page = words(get(adam, "desk:change", ConfigurationChange.objects.get(key=str(row.pk)).pk))

    assert f"no. {key}, which is gone" in page


def test_the_log_is_narrowed_by_who_what_and_when_and_nonsense_narrows_nothing(adam, mona, time):
    record_change(by=adam, subject="tag early", before={}, after={"name": "early"})
    time.move_to(clock.now() + timedelta(days=3))
    record_change(by=mona, subject="tag late", before={}, after={"name": "late"})

    def shown(**asked):
        page = words(get(adam, "desk:audit", **asked))
        return ("tag early" in page, "tag late" in page)

    assert shown() == (True, True)
    assert shown(who=mona.pk) == (False, True)
    assert shown(what="EARLY") == (True, False)
    assert shown(since="2026-11-20") == (False, True)
    assert shown(until="2026-11-18") == (True, False)
    assert shown(who="x", since="2026-99-99", until="yesterday", before="-1") == (True, True)
    assert shown(what="nowhere") == (False, False)


def test_the_log_goes_on_below_a_key_and_costs_the_same_at_any_length(adam, payments):
    browser = signed_in(adam)
    record_change(by=adam, subject="x 0", before={}, after={"team_id": payments.pk}, of=Service(pk=1))
    few = queries(browser, "/settings/audit/")
    for n in range(1, 60):
        record_change(by=adam, subject=f"x {n}", before={}, after={"team_id": payments.pk}, of=Service(pk=n))

    assert queries(browser, "/settings/audit/") == few
    older = browser.get("/settings/audit/").context["look"].older
    below = browser.get(f"/settings/audit/?before={older}").context["look"]
    assert [line.change.subject for line in below.lines] == [f"x {n}" for n in range(9, -1, -1)]


def test_one_returns_to_before_or_after_a_change_and_later_changes_are_taken_back_too(adam, service):
    configure(service, by=adam, description="Instant payments.")
    change = ConfigurationChange.objects.latest("pk")
    configure(service, by=adam, name="Pix 2", description="Gone.")

    page = words(get(adam, "desk:change", change.pk))
    assert "Back to before this change" in page and "Back to after this change" in page
    answer = post(adam, "desk:change", change.pk, side="after")

    service.refresh_from_db()
    assert answer.status_code == 302
    assert (service.name, service.description) == ("Pix", "Instant payments.")
    last = ConfigurationChange.objects.latest("pk")
    assert last.before == {"name": "Pix 2", "description": "Gone."}
    assert post(adam, "desk:change", change.pk, side="after").status_code == 409


def test_a_criterion_returns_by_its_own_rules(adam, payments):
    row = criteria.define_criterion(user=adam, name="Money", kind="funding", conditions={"tags": ["x"]}, severity=3)
    criteria.redefine_criterion(user=adam, pk=row.pk, severity=1, name="Cash")

    return_to(ConfigurationChange.objects.latest("pk"), side="before", by=adam)

    row.refresh_from_db()
    assert (row.name, row.severity) == ("Money", 3)


def test_what_cannot_be_returned_to_says_why(adam, policy, service):
    told = record_change(by=adam, subject="policy x", before={"name": "a"}, after={"name": "b"}, of=policy)
    plain = record_change(by=adam, subject="blocked", before={}, after={"pattern": "@x"})
    remove(service, by=adam)

    assert "It has versions of its own" in words(get(adam, "desk:change", told.pk))
    assert "cannot be returned to from here" in words(get(adam, "desk:change", plain.pk))
    gone = ConfigurationChange.objects.latest("pk")
    assert "It is gone" in words(get(adam, "desk:change", gone.pk))
    with pytest.raises(NotAllowedNow):
        return_to(gone, side="before", by=adam)


def test_a_return_that_its_rules_refuse_says_so_and_changes_nothing(adam):
    row = configure(QuickReply(), by=adam, title="Hello", body="Hi.", language="en")
    QuickReply.objects.filter(pk=row.pk).update(language="de")
    change = ConfigurationChange.objects.get()
    ConfigurationChange.objects.filter(pk=change.pk).update(after={**change.after, "body": ""})
    record_change(by=adam, subject="x", before={"body": ""}, after={"body": "Hi."}, of=row)

    answer = post(adam, "desk:change", change.pk, side="after")

    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.body == "Hi."


def test_secrets_leave_a_mark_and_never_their_value(adam, mona):
    before, hashes = snapshot(mona), [mona.password]
    mona.set_unusable_password()
    hashes.append(mona.password)

    change = record_change(by=adam, subject="user Mona", before=before, after=snapshot(mona), of=mona)

    assert change.before.keys() == change.after.keys() == {"password"}
    assert not any(one in f"{change.before}{change.after}" for one in hashes)
    assert "a secret (" in words(get(adam, "desk:change", change.pk))


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ([{"weekday": day, "start": "09:00", "end": "18:00"} for day in range(5)], "Mon to Fri 09:00–18:00"),
        ([{"shift": "early"}], "shift early"),
    ],
)
def test_the_hours_of_a_new_calendar_are_told_as_a_week(adam, kept, told):
    record_change(by=adam, subject="Hours", before={}, after={"periods": kept}, of=make_calendar(clock.now()))

    line = lines_of([ConfigurationChange.objects.latest("pk")])[0]

    assert [(one.what, one.now) for one in line.phrases] == [("Periods", told)]


def test_a_calendar_is_told_in_its_own_words(adam, at):
    change_calendar(calendar=make_calendar(at), now=at, by=adam, time_zone="Europe/Lisbon", name="Lisbon")

    [line] = lines_of([ConfigurationChange.objects.latest("pk")])

    assert [(one.what, one.was, one.now) for one in line.phrases] == [
        ("Name", "São Paulo hours", "Lisbon"),
        ("", "", "Time zone America/Sao_Paulo → Europe/Lisbon"),
    ]


def test_tiers_are_told_by_their_words(adam):
    row = configure(Organisation(), by=adam, name="Aurora", slug="aurora", tier=Tier.STANDARD)
    configure(row, by=adam, tier=Tier.ENTERPRISE)

    phrase = lines_of([ConfigurationChange.objects.latest("pk")])[0].phrases[0]

    assert (phrase.what, phrase.was, phrase.now) == ("Tier", "Standard", "Enterprise")


def test_what_ends_with_a_name_is_read_in_the_readers_language_too(adam, payments):
    with translation.override("es"):
        correspondence.save_letterhead(user=adam, slug=payments.slug, given={"name": "Pagos"})
    english = words(get(adam, "desk:audit"))
    User.objects.filter(pk=adam.pk).update(language="pt-br")

    portuguese = words(get(adam, "desk:audit"))

    assert "Letters of Payments" in english
    assert "E-mails de Payments" in portuguese
