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


def test_the_pages_hold_each_alert_once_though_some_are_read_meanwhile(tell, mona):
    tell_of = [tell(mona, f"Alert {number:03}") for number in range(120)]
    Alert.objects.filter(pk__in=[alert.pk for alert in tell_of[:30]]).update(read_at=tell_of[0].created_at)
    client, seen, url = signed_in(mona), [], reverse("desk:alerts")

    while url:
        page = client.get(url)
        seen += titles(page)
        # What is read after it was shown goes behind all that is unread, and is not shown a second time.
        Alert.objects.filter(pk=page.context["look"].rows[0].alert.pk).update(read_at=tell_of[0].created_at)
        onward = page.context["onward"] if page.context["look"].next else ""
        url = f"{reverse('desk:alerts')}?{onward}" if onward else ""

    assert set(seen) == {alert.title for alert in tell_of}
    assert seen[:90] == [f"Alert {number:03}" for number in range(119, 29, -1)]
    assert "First page" in words(page) and "Older alerts" not in words(page)


@pytest.mark.parametrize("after", ["x", "W10:1:2", "9" * 500])
def test_a_place_that_is_not_ours_is_the_first_page(tell, mona, after):
    tell(mona, "One")

    assert titles(get(mona, "desk:alerts", after=after)) == ["One"]


@pytest.mark.once
def test_a_page_further_on_asks_no_more_than_the_first(tell, mona):
    for number in range(120):
        tell(mona, f"Alert {number:03}")
    client, url = signed_in(mona), reverse("desk:alerts")
    onward = client.get(url).context["onward"]

    assert queries(client, f"{url}?{onward}") <= queries(client, url)
