"""What a ladder will do is said before it does it: in the room, in the dialog and in the mail."""

from datetime import timedelta

from django.urls import reverse

from desk.looks.escalations.ladder import ladder
from escalation import services
from escalation.models import Escalation, Ladder
from notifications.models import Delivery
from people.chain import anybody, last_resort
from people.models import Duty
from tests.escalation.conftest import QUARTER, climbed, run
from tests.factories.people import make_team, make_user

MINUTE = timedelta(minutes=1)


def letters_to(person) -> list[dict[str, str]]:
    """The facts of each mail, by their names."""
    mails = Delivery.objects.filter(recipient=person, template="alert").order_by("pk")
    return [{fact["label"]: fact["text"] for fact in mail.context["facts"]} for mail in mails]


def test_r5_the_mail_says_who_is_alerted_when_its_reader_does_nothing(laddered, breached, rosa, mona, adam, time):
    laddered({}, {"reach": "managers", "delay": QUARTER, "repeat_every": 5 * MINUTE, "repeat_times": 2})
    breached()
    run(time, QUARTER)

    opened, *_later = letters_to(rosa)
    assert opened["If you do nothing"] == "The next alert goes to Mona Farias at Wed 18 Nov, 16:15."
    assert letters_to(mona)[-1]["If you do nothing"] == "You are told again at Wed 18 Nov, 16:20."


def test_r36_the_mail_of_a_missed_promise_says_why_who_is_next_and_has_it_acknowledged(lapsed, mona, client):
    mail = Delivery.objects.filter(recipient=mona, kind="overdue").latest("pk")
    facts = {fact["label"]: fact["text"] for fact in mail.context["facts"]}

    assert (
        mail.context["why"] == "You are asked because Rosa Quiroga acknowledged it, and the promise was missed since."
    )
    assert facts["Who waits"] and facts["Was due"] == "Wed 18 Nov, 16:50"
    assert facts["If you do nothing"] == "The next alert goes to Adam Berg at Wed 18 Nov, 17:05."
    client.force_login(mona)
    link = mail.context["action_url"].partition("/acknowledge/")[2]
    assert client.post(f"/acknowledge/{link}").status_code == 302
    assert lapsed.acknowledgements.filter(round=2, by=mona).exists()
    assert client.post(f"/acknowledge/{link}").status_code == 404


def test_what_a_ladder_will_do_is_foretold_with_its_holes_and_comes_true(laddered, breached, payments, adam, time):
    elena = make_user("Elena Petrova")
    laddered(
        {},
        {"reach": "assignee", "delay": QUARTER},
        {"reach": "on_duty", "delay": QUARTER},
        {"reach": "admins", "delay": QUARTER, "repeat_every": 5 * MINUTE, "repeat_times": 3},
    )
    escalation = breached()
    opened = time.now
    Duty.objects.create(team=payments, person=elena, starts_at=opened + 10 * MINUTE, ends_at=opened + 90 * MINUTE)

    told, hole, next_one, last = ladder(escalation, opened)

    assert (told.who, told.state) == ("Rosa Quiroga", "done")
    assert (hole.state, hole.note) == ("skipped", "The ticket has no owner")
    assert (next_one.who, next_one.state, next_one.at) == ("Elena Petrova", "next", opened + QUARTER)
    assert (last.who, last.state, last.at) == ("Adam Berg", "then", opened + 2 * QUARTER)
    assert "again every 5 min, 3 times" in last.note
    run(time, QUARTER)
    run(time, QUARTER)
    assert climbed() == ["Elena Petrova", "Adam Berg"]


def test_the_room_shows_the_round_that_lapsed_and_who_is_next_in_the_new_one(lapsed, time):
    before, first, second = ladder(lapsed, time.now)

    assert "by Rosa Quiroga; it started again" in before.note
    assert (first.number, first.state, first.who) == (1, "next", "Rosa Quiroga")
    assert (second.number, second.state, second.who) == (2, "then", "Adam Berg")


def test_nothing_is_foretold_of_a_ladder_that_was_acknowledged(laddered, breached, rosa, adam, time):
    laddered({}, {"reach": "admins", "delay": QUARTER})
    escalation = breached()
    services.acknowledge(user=rosa, number=escalation.number, now=time.now)

    held, rest = ladder(Escalation.objects.get(), time.now)

    assert held.acknowledged
    assert (rest.who, rest.when) == ("Administrators", "not needed")


def test_r14_a_ladders_page_says_whom_it_would_reach_now_and_where_it_has_a_hole(laddered, client, adam):
    ladder = laddered({"reach": "lead"}, {"reach": "assignee", "delay": QUARTER}, {"reach": "managers"})
    Ladder.objects.filter(pk=ladder.pk).update(team=None)
    make_team("Terminals")
    client.force_login(adam)

    page = client.get(reverse("admin:escalation_ladder_change", args=[ladder.pk])).content.decode()

    said = {name: page.partition(f"<b>{name}:</b>")[2].partition("</ol>")[0] for name in ("Payments", "Terminals")}
    assert "Rosa Quiroga" in said["Payments"] and "Mona Farias" in said["Payments"]
    assert "The ticket has no owner" in said["Payments"]
    assert "The team has no lead" in said["Terminals"]


def test_r5_where_the_last_level_reaches_nobody_the_fallback_team_is_alerted_and_then_the_administrators(
    laddered, breached, payments, rosa, mona, adam, time
):
    """A ladder whose only level has nobody: the last resort is foretold, alerted, and told on the timeline."""
    viktor = make_user("Viktor Sandell")
    laddered({"reach": "on_duty", "delay": QUARTER})
    escalation = breached()
    payments.is_fallback = False
    payments.save()
    operations = make_team("Operations", lead=viktor, managers=[], members=[viktor], is_fallback=True)

    [coming] = ladder(escalation, time.now)
    run(time, QUARTER)

    assert (coming.who, coming.state) == ("Viktor Sandell", "next")
    assert "the last resort is alerted" in coming.note
    assert climbed() == ["Viktor Sandell"]
    said = escalation.ticket.events.get(kind="escalation.rung_last_resort")
    assert said.data["who"] == "Viktor Sandell"
    operations.delete()
    assert last_resort(time.now, anybody) == [adam]
