import pytest
from django.urls import reverse

from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from notifications.models import Alert
from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words


@pytest.fixture
def tell(at):
    def make(person, title, **fields):
        letter = Letter(kind=AlertKind.WARNING, title=title, path="/tickets/1/", **fields)
        notify(recipients=[person], compose=lambda _: letter, dedupe=title, now=at)
        return Alert.objects.get(recipient=person, title=title)

    return make


def titles(response) -> list[str]:
    return [row.alert.title for row in response.context["look"].rows]


def test_the_unread_stand_first(tell, mona, anna):
    first, second = tell(mona, "First"), tell(mona, "Second")
    tell(anna, "For somebody else")
    post(mona, "desk:alert_read", second.pk)

    page = get(mona, "desk:alerts")

    assert titles(page) == ["First", "Second"]
    assert "1 unread" in words(page)
    first.refresh_from_db()
    assert first.read_at is None


def test_all_are_read_at_once(tell, mona):
    tell(mona, "First"), tell(mona, "Second")

    assert post(mona, "desk:alerts_read_all").status_code == 302

    assert not Alert.objects.for_person(mona).unread().exists()


def test_a_breach_is_acknowledged_from_its_alert(breached, mona):
    _ticket, escalation = breached()
    alert = Alert.objects.filter(recipient=mona, escalation_number=escalation.number).first()
    assert f"Acknowledge {escalation.reference}" in words(get(mona, "desk:alerts"))

    post(mona, "desk:alert_acknowledge", alert.pk)

    escalation.refresh_from_db()
    alert.refresh_from_db()
    assert escalation.acknowledged_by == mona
    assert alert.read_at is not None
    assert "Acknowledge E-" not in words(get(mona, "desk:alerts"))


def test_one_kind_alone_is_shown_and_counted_and_a_kind_that_is_none_shows_all(tell, breached, mona):
    breached()
    tell(mona, "At risk")

    page = get(mona, "desk:alerts", kind=AlertKind.BREACH)

    assert {row.alert.kind for row in page.context["look"].rows} == {AlertKind.BREACH}
    assert page.context["look"].total == Alert.objects.for_person(mona).filter(kind=AlertKind.BREACH).count()
    assert "Promise at risk (1)" in words(page)
    everything = get(mona, "desk:alerts", kind="nonsense").context["look"]
    assert everything.total == len(everything.rows) == Alert.objects.for_person(mona).count()


def test_looking_reads_nothing(breached, mona):
    breached()
    get(mona, "desk:alerts")
    fragment(mona, "desk:alerts")

    assert Alert.objects.for_person(mona).unread().exists()


def test_somebody_elses_alert_is_not_there(tell, breached, mona, anna):
    theirs = tell(mona, "For mona")
    breach = breached() and Alert.objects.filter(recipient=mona, escalation_number__isnull=False).first()

    post(anna, "desk:alert_read", theirs.pk)
    answer = post(anna, "desk:alert_acknowledge", breach.pk)

    theirs.refresh_from_db()
    assert theirs.read_at is None
    assert NOWHERE in words(answer)


def test_an_empty_page_says_what_comes_here(mona, cora):
    assert "Nobody has told you anything" in words(get(mona, "desk:alerts"))
    assert NOWHERE in words(get(cora, "desk:alerts"))


def test_titles_are_text(tell, mona):
    tell(mona, "<script>alert(1)</script>")

    assert "<script>alert" not in get(mona, "desk:alerts").content.decode()


@pytest.mark.once
def test_the_queries_do_not_grow(tell, mona):
    client, counted = signed_in(mona), []
    for more in (1, 2, 47):
        for number in range(more):
            tell(mona, f"{more} {number}")
        counted.append(queries(client, reverse("desk:alerts")))

    assert len(set(counted)) == 1
    assert counted[0] <= 16
