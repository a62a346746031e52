from datetime import timedelta

import pytest
from django.urls import reverse

from escalation.models import Escalation, Procedure
from escalation.procedures.procedures import install_procedures
from knowledge import services as knowledge
from knowledge.actions import Draft
from people.models import Absence, Skill, UserSkill
from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets.models import CustomField

ASKED = {
    "severity": "2",
    "reason": "technical",
    "summary": "Check the contactless kernel",
    "tried": "Restarted twice, same code.",
}


def test_it_says_what_will_happen_with_names_and_times(policy, open_ticket, anna, terminals):
    page = words(get(anna, "desk:escalate", open_ticket().number))

    assert "Hand over to Terminals" in page
    assert "Inger Ravn is told" in page
    assert "10:15" in page
    assert "First reply is due 16:00." in page


def test_it_is_a_page_and_a_dialog(open_ticket, anna, terminals):
    ticket = open_ticket()

    dialog = words(fragment(anna, "desk:escalate", ticket.number))

    assert "<html" not in dialog
    assert 'class="dlg-x"' in dialog
    assert 'class="dlg-x"' in words(get(anna, "desk:escalate", ticket.number))


def test_another_kind_is_computed_anew(policy, open_ticket, anna, terminals, mona):
    part = words(
        fragment(anna, "desk:escalate", open_ticket().number, part="happens", kind="hierarchical", severity="1")
    )

    assert "Mona Farias is asked to decide" in part
    assert "Ask Mona to decide" in part
    assert "12:00" in part
    assert "The first hour starts with the approval." in part


def test_r1_teams_are_suggested_with_what_speaks_for_and_against_them(open_ticket, anna, terminals, at):
    make_team("Records", scope="Contracts and letters.")
    marta = terminals.members.get(name="Marta Kowal")
    UserSkill.objects.create(user=marta, skill=Skill.objects.create(name="Contactless"), level=4)
    ticket = open_ticket(subject="Contactless fails")

    page = words(get(anna, "desk:escalate", ticket.number))

    assert page.index("Has Contactless (1 person)") < page.index("Contracts and letters.")
    assert page.index("Best match") < page.index("Unlikely") < page.index("Has it now")
    assert 'value="terminals" checked' in page
    assert "Contactless 4 of 5, 0 open" in page
    Absence.objects.create(user=marta, starts_at=at, ends_at=at + timedelta(days=1))
    assert "Contactless 4 of 5, away" in words(get(anna, "desk:escalate", ticket.number))


def test_r1_the_chosen_team_stays_chosen_whatever_is_suggested(open_ticket, anna, terminals):
    make_team("Records")

    part = words(fragment(anna, "desk:escalate", open_ticket().number, part="happens", team="records"))

    assert "Hand over to Records" in part


@pytest.mark.once
def test_the_dialog_asks_as_often_for_many_teams_as_for_few(open_ticket, anna, terminals, policy, at):
    ticket, client, counted = open_ticket(), signed_in(anna), []
    # An empty desk gets its procedures and its ladder by the first look.
    queries(client, reverse("desk:escalate", args=[ticket.number]))
    for more in (1, 2, 12):
        for number in range(more):
            person = make_user(f"P{number}x{more} One", email=f"p{number}x{more}@meridiano.example")
            skill = Skill.objects.create(name=f"Skill {number} {more}")
            UserSkill.objects.create(user=person, skill=skill)
            make_team(f"Team {number} {more}", members=[person])
        counted.append(queries(client, reverse("desk:escalate", args=[ticket.number])))

    assert len(set(counted)) == 1


def test_a_functional_escalation_goes_to_the_team(open_ticket, anna, terminals):
    ticket = open_ticket()

    answer = post(anna, "desk:escalate", ticket.number, kind="functional", team="terminals", **ASKED)

    escalation = ticket.escalations.get()
    ticket.refresh_from_db()
    assert answer["Location"] == f"/escalations/{escalation.number}/"
    assert (escalation.severity, escalation.summary) == (2, "Check the contactless kernel")
    assert ticket.team == terminals


def test_a_hierarchical_one_waits_for_the_manager(open_ticket, anna, mona):
    ticket = open_ticket()

    post(anna, "desk:escalate", ticket.number, kind="hierarchical", wanted_by="2026-11-18T11:30", **ASKED)

    escalation = ticket.escalations.get()
    assert (escalation.state, escalation.decider) == ("requested", mona)
    assert escalation.wanted_by.isoformat() == "2026-11-18T11:30:00+00:00"


def test_wanted_by_is_read_in_the_readers_zone(open_ticket, anna, mona):
    anna.time_zone = "America/Sao_Paulo"
    anna.save()
    ticket = open_ticket()

    post(anna, "desk:escalate", ticket.number, kind="hierarchical", wanted_by="2026-11-18T09:00", **ASKED)

    assert ticket.escalations.get().wanted_by.isoformat() == "2026-11-18T12:00:00+00:00"


def test_what_is_missing_is_named_and_what_was_typed_is_kept(open_ticket, anna, terminals):
    ticket = open_ticket()

    answer = post(anna, "desk:escalate", ticket.number, kind="functional", tried="Restarted twice.", reason="technical")

    page = words(answer)
    assert answer.status_code == 422
    assert "Restarted twice." in page
    assert "Say how severe it is." in page
    assert "What I ask for: This field is required." in page
    assert not ticket.escalations.exists()


def test_a_functional_one_without_a_team_is_refused_in_words(open_ticket, anna, terminals):
    answer = post(anna, "desk:escalate", open_ticket().number, kind="functional", **ASKED)

    assert answer.status_code == 422
    assert "A functional escalation needs a team." in words(answer)


def test_a_second_one_of_a_kind_is_a_conflict_and_keeps_the_text(open_ticket, anna, terminals, escalate):
    ticket = open_ticket()
    escalation = escalate(ticket)
    make_team("Integrations")

    answer = post(anna, "desk:escalate", ticket.number, kind="functional", team="integrations", **ASKED)

    assert answer.status_code == 409
    assert f"{escalation.reference} is under way for this ticket already." in words(answer)
    assert "Restarted twice, same code." in words(answer)


def test_nonsense_in_the_address_breaks_nothing(open_ticket, anna, terminals):
    number = open_ticket().number

    answers = [
        get(anna, "desk:escalate", number, kind="x", team="<b>", severity="9", wanted_by="never"),
        fragment(anna, "desk:escalate", number, part="happens", severity="²", wanted_by="0000-00-00T00:00"),
    ]

    assert {answer.status_code for answer in answers} == {200}


def test_it_is_for_those_who_may_see_the_ticket(open_ticket, anna, cora, terminals):
    secret = open_ticket(team=make_team("Fraud", restricted=True))

    assert NOWHERE in words(get(anna, "desk:escalate", secret.number))
    assert NOWHERE in words(post(anna, "desk:escalate", secret.number, kind="functional", team="terminals", **ASKED))
    assert NOWHERE in words(get(cora, "desk:escalate", secret.number))


def test_a_solved_ticket_cannot_be_escalated(open_ticket, anna, terminals, at):
    ticket = open_ticket()
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)

    answer = post(anna, "desk:escalate", ticket.number, kind="functional", team="terminals", **ASKED)

    assert answer.status_code == 409
    assert "reopen it to escalate it" in words(answer)


@pytest.fixture
def guide(rosa, mona, at):
    """Of hand-overs; nothing is written down about asking for a decision."""
    install_procedures()
    Procedure.objects.filter(kind="functional").update(guide="hand-over")
    steps = (("Ask the bank", True), ("Look for others", False))
    knowledge.write(user=rosa, slug="hand-over", draft=Draft("Hand-over", "So.", steps), now=at)
    return knowledge.approve(user=mona, slug="hand-over", number=1, now=at)


def test_r70_the_dialog_has_the_guide_as_a_checklist(open_ticket, anna, terminals, guide):
    number = open_ticket().number
    page = words(get(anna, "desk:escalate", number, severity="3"))
    assert "Procedure: Hand-over (v1)" in page and "0 of 2 checks ticked" in page
    assert 'name="steps" value="1"' in page and f'name="guide" value="{guide.pk}"' in page

    given = {**ASKED, "severity": "3", "kind": "functional", "team": "terminals", "steps": ["2"], "guide": guide.pk}
    answer = post(anna, "desk:escalate", number, **given)

    escalation = Escalation.objects.get()
    assert answer["Location"] == f"/escalations/{escalation.number}/"
    assert list(escalation.guide_ticks.values_list("step", "by")) == [(2, anna.pk)]


def test_r70_another_choice_has_its_own_guide_and_the_ticks_stay_with_theirs(open_ticket, anna, terminals, guide):
    number = open_ticket().number
    chosen = {"part": "happens", "severity": "3", "kind": "functional", "steps": ["1"], "guide": guide.pk}

    same = words(fragment(anna, "desk:escalate", number, **chosen))
    other = words(fragment(anna, "desk:escalate", number, **{**chosen, "kind": "hierarchical"}))

    # What somebody is ticking is not exchanged under his hand.
    assert "1 of 2 checks ticked" in same and 'id="guide-steps"' not in same
    assert 'id="guide-steps"' in other and "Ask the bank" not in other


def test_r70_ticks_of_another_guide_are_refused_and_every_word_is_kept(open_ticket, anna, terminals, guide):
    given = {**ASKED, "severity": "1", "kind": "functional", "team": "terminals", "steps": ["2"], "guide": guide.pk}

    refused = post(anna, "desk:escalate", open_ticket().number, **given)

    assert refused.status_code == 422
    assert "Another guide holds for this choice" in words(refused)
    assert ASKED["tried"] in words(refused)
    assert not Escalation.objects.exists()


@pytest.fixture
def regulator(db) -> CustomField:
    CustomField.objects.create(key="plan", label="Plan", is_required=True)
    CustomField.objects.create(key="later", label="Later", belongs_to="escalation", when_opened=False)
    return CustomField.objects.create(
        key="regulator", label="Regulator", belongs_to="escalation", is_required=True, type="choice", choices=["Told"]
    )


def test_r22_the_dialog_asks_what_escalations_are_asked_and_a_refusal_loses_nothing(open_ticket, anna, regulator):
    number = open_ticket().number
    page = words(get(anna, "desk:escalate", number))
    given = {**ASKED, "kind": "hierarchical", "impact": "Nine merchants"}

    missing = post(anna, "desk:escalate", number, **given, **{"fields.regulator": ""})
    none = Escalation.objects.count()
    post(anna, "desk:escalate", number, **given, **{"fields.regulator": "Told"})

    assert 'name="fields.regulator"' in page
    assert "fields.plan" not in page and "fields.later" not in page
    assert (missing.status_code, none) == (422, 0)
    assert words(missing).count("This is needed.") == 1
    assert "Nine merchants" in words(missing) and "Restarted twice" in words(missing)
    made = Escalation.objects.get()
    assert (made.impact, made.fields) == ("Nine merchants", {"regulator": "Told"})


def test_r22_what_stands_in_the_address_is_filled_in(open_ticket, anna, regulator):
    path = reverse("desk:escalate", args=[open_ticket().number])

    page = words(signed_in(anna).get(path, {"impact": "Nine merchants", "fields.regulator": "Told"}))

    assert "Nine merchants" in page
    assert '<option value="Told" selected>' in page
