"""Teams, shifts, absences, skills and limits as their pages set them (R14, R31, R34, R66, R67)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from common.models import ConfigurationChange
from desk.looks.settings.teams import gaps_between
from mailroom.models import Mailbox
from people import chain
from people.authority import Limits
from people.models import Absence, AuthorityLimit, Duty, Skill, Team, User, UserSkill
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team, make_user
from tickets.models import Tag

DAY = timedelta(days=1)
NOON, EVENING = "2026-11-20T12:00", "2026-11-20T18:00"


def form_of(team: Team, **given):
    """What the page has in its fields."""
    plain = {"name": team.name, "scope": team.scope, "how_to_escalate": "", "lead": team.lead_id or ""}
    people = {"managers": [one.pk for one in team.managers.all()], "members": [one.pk for one in team.members.all()]}
    ticks = {"is_fallback": "on"} if team.is_fallback else {}
    return {**plain, **people, **ticks, "parent": "", "calendar": "", "urgent_within": "", **given}


def test_r34_a_team_says_what_it_takes_where_when_and_how_to_escalate_to_it(adam, anna, payments, at):
    hours = make_calendar(at)
    Mailbox.objects.create(address="payments@desk.example", team=payments, changed_at=at)
    told = {"scope": "Payouts and refunds.", "how_to_escalate": "Say the bank's answer.", "calendar": hours.pk}

    assert post(adam, "desk:team_settings", "payments", **form_of(payments, **told)).status_code == 302

    page = words(get(anna, "desk:team", "payments"))
    for said in ("Payouts and refunds.", "Say the bank's answer.", "payments@desk.example", "São Paulo hours, again"):
        assert said in page
    assert "Edit the team" not in page
    change = ConfigurationChange.objects.get(model="people.team")
    assert (change.by, change.key) == (adam, str(payments.pk))
    assert change.after.keys() == {"scope", "how_to_escalate", "calendar_id"}


def test_r33_a_new_team_gets_its_people_and_an_address_of_its_name(adam, mona, rosa, anna):
    given = {"name": "Größe & Co", "lead": rosa.pk, "managers": [mona.pk], "members": [anna.pk, rosa.pk]}

    answer = post(adam, "desk:team_new", **given)

    team = Team.objects.get()
    assert answer["Location"] == reverse("desk:team", args=[team.slug])
    assert (team.slug, team.lead, list(team.managers.all())) == ("groe-co", rosa, [mona])
    assert set(team.members.all()) == {anna, rosa}
    assert ConfigurationChange.objects.get().after["members"] == sorted([anna.pk, rosa.pk])


def test_r14_a_ring_in_the_chain_of_command_is_refused_with_its_names(adam, payments):
    second = make_team("Second", parent=payments)
    third = make_team("Third", parent=second)

    answer = post(adam, "desk:team_settings", "payments", **form_of(payments, parent=third.pk))

    assert answer.status_code == 422
    ring = "Payments → Third → Second → Payments"
    assert f"The chain of command would be a ring: {ring}." in words(answer)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "Cards"}, "already exists"),
        ({"is_fallback": ""}, "make another one the fallback"),
        ({"urgent_within": "0"}, "greater than or equal to 1"),
        ({"lead": "999999"}, "not one of the available choices"),
        ({"scope": "a\x01"}, "control characters"),
    ],
)
def test_what_is_wrong_of_a_team_gets_one_sentence_and_nothing_is_lost(adam, payments, given, sentence):
    make_team("Cards")
    answer = post(adam, "desk:team_settings", "payments", **form_of(payments, **{"scope": "Kept words", **given}))

    assert answer.status_code == 422 and sentence in words(answer).replace("null", "control")
    assert "Kept words" in words(answer) or "scope" in given
    assert not ConfigurationChange.objects.exists()


def test_a_lead_changes_what_is_his_teams_own_business_and_no_rights(rosa, anna, payments):
    newcomer = make_user("Nina Aalto")
    forged = form_of(payments, scope="Ours", name="Mine", members=[anna.pk, newcomer.pk], restricted="on")
    forged["lead"] = anna.pk

    assert post(rosa, "desk:team_settings", "payments", **forged).status_code == 302

    payments.refresh_from_db()
    assert (payments.scope, payments.name, payments.lead, payments.restricted) == ("Ours", "Payments", rosa, False)
    assert set(payments.members.all()) == {anna, newcomer}
    page = words(get(rosa, "desk:team_settings", "payments"))
    assert "Fallback" not in page and "Mailboxes" not in page
    assert "Edit the team" in words(get(rosa, "desk:team", "payments"))
    for foreign in (anna, newcomer):
        assert get(foreign, "desk:team_list").status_code == 404


def test_the_fallback_is_taken_from_the_team_that_had_it(adam, payments):
    cards = make_team("Cards")

    post(adam, "desk:team_settings", "cards", **form_of(cards, is_fallback="on"))

    assert list(Team.objects.filter(is_fallback=True)) == [cards]
    assert ConfigurationChange.objects.count() == 2


def test_r31_an_agent_of_no_managing_rank_becomes_no_manager_of_a_team(adam, anna, payments):
    answer = post(adam, "desk:team_settings", "payments", **form_of(payments, managers=[anna.pk]))

    assert answer.status_code == 422
    payments.managers.add(anna)
    assert post(adam, "desk:team_settings", "payments", **form_of(payments)).status_code == 302


def test_a_shift_is_entered_for_weeks_and_alerts_find_whoever_is_on_duty(rosa, anna, payments, at):
    given = {"duty-person": anna.pk, "duty-starts_at": NOON, "duty-ends_at": EVENING, "duty-weeks": "3", "do": "duty"}

    assert post(rosa, "desk:team_rota", "payments", **given).status_code == 302
    assert Duty.objects.count() == 3 == ConfigurationChange.objects.count()
    noon = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)
    assert chain.on_duty(payments, noon) == [anna]
    again = post(rosa, "desk:team_rota", "payments", **given)
    assert again.status_code == 422 and "Anna Lindqvist is on duty then already." in words(again)

    page = words(get(rosa, "desk:team_rota", "payments"))
    assert "Within two weeks nobody is on duty 3 times" in page
    post(rosa, "desk:duty_remove", Duty.objects.first().pk)
    assert Duty.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"duty-ends_at": NOON}, "This ends before it begins."),
        ({"duty-starts_at": "2026-11-01T12:00", "duty-ends_at": "2026-11-01T13:00"}, "This is over already."),
        ({"duty-ends_at": "2027-11-20T12:00"}, "A duty is two weeks long at most."),
        ({"duty-weeks": "99"}, "less than or equal to 26"),
        ({"duty-starts_at": "soon"}, "Enter a valid date/time."),
    ],
)
def test_a_shift_that_is_wrong_gets_one_sentence(rosa, anna, payments, given, sentence):
    plain = {"duty-person": anna.pk, "duty-starts_at": NOON, "duty-ends_at": EVENING, "duty-weeks": "1", "do": "duty"}
    answer = post(rosa, "desk:team_rota", "payments", **{**plain, **given})

    assert answer.status_code == 422 and sentence in words(answer)
    assert not Duty.objects.exists()


def test_r14_who_enters_an_absence_and_a_deputy_is_replaced_along_the_line(anna, mona, rosa, payments, time, at):
    entered = {"away-starts_at": NOON, "away-ends_at": EVENING, "do": "away"}
    assert post(anna, "desk:away", **entered).status_code == 302
    twice = post(anna, "desk:away", **entered)
    assert twice.status_code == 422 and "This overlaps another absence" in words(twice)
    assert post(anna, "desk:away", do="deputy", deputy=mona.pk).status_code == 302
    assert post(mona, "desk:away", do="deputy", deputy=rosa.pk).status_code == 302
    ring = post(rosa, "desk:away", do="deputy", deputy=anna.pk)
    assert ring.status_code == 422
    assert "Rosa Quiroga → Anna Lindqvist → Mona Farias → Rosa Quiroga" in words(ring)

    noon = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    assert chain.stand_in(User.objects.get(pk=anna.pk), noon, chain.anybody) == mona
    Absence.objects.create(user=mona, starts_at=noon - DAY, ends_at=noon + DAY)
    assert chain.stand_in(User.objects.get(pk=anna.pk), noon, chain.anybody) == rosa
    assert "Rosa Quiroga" in words(get(anna, "desk:away"))


def test_an_absence_is_taken_away_by_its_person_or_whoever_answers_for_him(anna, rosa, payments, at):
    make = lambda: Absence.objects.create(user=anna, starts_at=at, ends_at=at + DAY)  # noqa: E731 - twice the same
    other = make_user("Olga Outside")

    assert post(other, "desk:absence_remove", make().pk).status_code == 404
    assert post(anna, "desk:absence_remove", Absence.objects.get().pk).status_code == 302
    assert post(rosa, "desk:absence_remove", make().pk, next="/settings/teams/").status_code == 302
    assert not Absence.objects.exists()


def test_holes_in_a_rota_are_what_no_shift_covers():
    hour = [datetime(2026, 11, 18, number, tzinfo=UTC) for number in range(12)]

    assert list(gaps_between([], hour[0], hour[3])) == [(hour[0], hour[3])]
    assert list(gaps_between([(hour[4], hour[6]), (hour[1], hour[2])], hour[0], hour[8])) == [
        (hour[0], hour[1]),
        (hour[2], hour[4]),
        (hour[6], hour[8]),
    ]
    assert list(gaps_between([(hour[0], hour[9]), (hour[1], hour[2])], hour[1], hour[8])) == []


def test_r66_a_skill_is_named_held_with_a_level_and_wished_for(adam, rosa, anna, payments):
    post(adam, "desk:skills", name="Pix")
    pix = Skill.objects.get()
    assert post(adam, "desk:skills", name="pix").status_code == 422
    saved = post(rosa, "desk:person_skills", anna.pk, **{f"level.{pix.pk}": "4"})
    assert saved.status_code == 302
    post(anna, "desk:interests", skill=[pix.pk])

    held = UserSkill.objects.get()
    assert (held.user, held.level, held.is_interested) == (anna, 4, True)
    assert get(anna, "desk:person_skills", anna.pk).status_code == 404, "nobody rates himself"
    assert post(rosa, "desk:person_skills", anna.pk, **{f"level.{pix.pk}": "6"}).status_code == 422
    change = ConfigurationChange.objects.get(subject="skills of Anna Lindqvist")
    assert (change.by, change.after) == (rosa, {"Pix": "4"})
    post(adam, "desk:skill", pix.pk, name="Pix and cards")
    assert "Pix and cards" in words(get(adam, "desk:skills"))
    post(adam, "desk:skill", pix.pk, do="remove")
    assert not UserSkill.objects.exists()


def test_r66_who_can_take_this_ranks_people_by_what_they_know(anna, rosa, mona, payments, open_ticket):
    for person, level, wish in ((anna, 2, True), (rosa, 5, False)):
        skill, _made = Skill.objects.get_or_create(name="Settlement")
        UserSkill.objects.create(user=person, skill=skill, level=level, is_interested=wish)
    ticket = open_ticket(subject="The settlement file is late")

    found = get(anna, "desk:who", q="settlement of Monday")
    assert [one.person for one in found.context["takers"]] == [rosa, anna]
    assert found.context["takers"][0].words == "Settlement 5 · 0 open tickets"
    assert "would like more of Settlement" in words(found)
    assert "Rosa Quiroga</b>" in words(get(anna, "desk:who", ticket=f"#{ticket.number}"))
    assert "Nobody stands out" in words(get(anna, "desk:who", q="quantum"))
    assert get(anna, "desk:who", ticket="987654").status_code == 404


def test_r66_the_gap_report_names_what_was_needed_and_who_would_learn_it(
    mona, anna, rosa, payments, open_ticket, escalate, at
):
    settlement, cards = Skill.objects.create(name="Settlement"), Skill.objects.create(name="Cards")
    UserSkill.objects.create(user=anna, skill=settlement, level=2, is_interested=True)
    for person in (anna, rosa):
        UserSkill.objects.create(user=person, skill=cards, level=4)
    tag = Tag.objects.create(name="kernel")
    for subject in ("The settlement is late", "Cards and settlement"):
        ticket = open_ticket(subject=subject)
        ticket.tags.add(tag)
        escalate(ticket)

    report = signed_in(mona).get(reverse("desk:skill_gaps")).context["gaps"]
    rows = {row.skill: (row.asked, row.able, row.learning, row.wish, row.is_gap) for row in report.rows}
    assert rows == {"Settlement": (2, 0, 1, ["Anna Lindqvist"], True), "Cards": (1, 2, 0, [], False)}
    assert report.unnamed == [("kernel", 2)]
    strict = signed_in(mona).get(reverse("desk:skill_gaps"), {"fewest": "3", "days": "365"}).context["gaps"]
    assert all(row.is_gap for row in strict.rows)


def test_r67_a_limit_is_set_for_a_role_or_a_person_and_changed_not_doubled(adam, anna):
    post(adam, "desk:limits", whose="role:agent", amount="1,000", currency="eur")
    post(adam, "desk:limits", whose=f"person:{anna.pk}", amount="2000.50", currency="EUR")
    post(adam, "desk:limits", whose="role:agent", amount="500", currency="EUR")
    post(adam, "desk:limits", whose="role:manager", amount="0", currency="EUR")

    assert AuthorityLimit.objects.count() == 3
    assert [str(Limits("EUR").of(one)) for one in (anna, make_user("Bo"))] == ["2000.50", "500.00"]
    changes = ConfigurationChange.objects.order_by("pk")
    assert changes[2].before == {"amount": "1000.00"} and changes[2].after == {"amount": "500.0"}
    own = AuthorityLimit.objects.get(person=anna)
    post(adam, "desk:limit_remove", own.pk)
    assert str(Limits("EUR").of(anna)) == "500.00"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"whose": "role:customer"}, "is not one of the available choices"),
        ({"amount": "much"}, "Write a sum"),
        ({"amount": "-3"}, "Write a sum"),
        ({"currency": "EU"}, "Name the currency by its three letters"),
    ],
)
def test_r67_a_limit_that_is_wrong_gets_one_sentence(adam, given, sentence):
    answer = post(adam, "desk:limits", **{"whose": "role:agent", "amount": "10", "currency": "EUR", **given})

    assert answer.status_code == 422 and sentence in words(answer)
    assert not AuthorityLimit.objects.exists()


def test_lists_cost_the_same_however_long_they_are(adam, anna, payments, at):
    client, counted = signed_in(adam), []
    for many in (1, 3, 50):
        for number in range(Skill.objects.count(), many):
            skill = Skill.objects.create(name=f"S{number}")
            UserSkill.objects.create(user=anna, skill=skill)
            make_team(f"T{number}", lead=anna, managers=[adam])
            AuthorityLimit.objects.create(person=make_user(f"U{number} X"), currency="EUR", amount=1)
            span = {"starts_at": at + number * DAY, "ends_at": at + (number + 1) * DAY}
            Duty.objects.create(team=payments, person=anna, **span)
            Absence.objects.create(user=anna, **span)
        pages = [reverse(f"desk:{name}") for name in ("team_list", "skills", "limits", "skill_gaps", "away")]
        pages += [reverse("desk:team_rota", args=["payments"]), reverse("desk:person_skills", args=[anna.pk])]
        pages += [reverse("desk:who") + "?q=s1", reverse("desk:team_settings", args=["payments"])]
        counted.append([queries(client, page) for page in pages])

    assert counted[0] == counted[1] == counted[2]
