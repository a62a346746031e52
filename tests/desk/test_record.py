"""Services, contacts, problem records and team pages in the browser (R18, R20, R21, R34)."""

import pytest
from asgiref.sync import async_to_sync

from escalation import services
from escalation.initiate.servicing import set_services
from escalation.services import affected as affected_services
from people.enums import Role
from people.models import Skill, UserSkill
from tests.desk.helpers import NOWHERE, get, post, words
from tests.factories.people import make_team, make_user
from tickets.models import CustomField, Service, Ticket


@pytest.fixture
def escalation(breached):
    return breached(priority="urgent")[1]


@pytest.fixture
def payouts(payments) -> Service:
    return Service.objects.create(name="Payouts", slug="payouts", description="Money out.", team=payments)


def test_r18_services_are_chosen_in_the_room_and_stand_on_the_ticket(escalation, anna, payouts):
    assert "Payouts" in words(get(anna, "desk:escalation_services", escalation.number))

    answer = post(anna, "desk:escalation_services", escalation.number, services=["payouts"])

    assert answer.status_code == 302
    assert "<dt>Services</dt><dd>Payouts</dd>" in words(get(anna, "desk:escalation", escalation.number))
    assert "<dt>Services</dt><dd>Payouts</dd>" in words(get(anna, "desk:ticket", escalation.ticket_id))


def test_r18_a_service_that_is_not_there_is_refused(escalation, anna, payouts):
    answer = post(anna, "desk:escalation_services", escalation.number, services=["nonsense"])

    assert answer.status_code == 422
    assert not escalation.affected_services.exists()


def test_r20_a_problem_record_is_opened_in_the_room_and_shown_there_with_its_owner(escalation, anna, rosa):
    page = words(get(anna, "desk:escalation_problem", escalation.number))
    assert escalation.summary in page

    blank = post(anna, "desk:escalation_problem", escalation.number, subject="", findings="<b>kept</b>")
    assert blank.status_code == 422
    assert "&lt;b&gt;kept&lt;/b&gt;" in blank.content.decode()
    post(anna, "desk:escalation_problem", escalation.number, subject="Branch code check", owner=rosa.email)

    problem = Ticket.objects.get(kind="problem")
    room = words(get(anna, "desk:escalation", escalation.number))
    assert f"#{problem.number} Branch code check" in room
    assert "problem · Rosa Quiroga" in room
    assert "opened the problem record" in room
    assert "Branch code check" in words(get(anna, "desk:ticket", escalation.ticket_id))


def test_r21_contacts_are_exported_once_each_and_safe_for_a_spreadsheet(escalation, anna, cora, time):
    evil = make_user("=HYPERLINK(1)", Role.CUSTOMER, email="evil@x.example", language="pt-br", time_zone="Asia/Tokyo")
    for _again in range(2):
        affected_services.add_customers(user=anna, number=escalation.number, emails=[evil.email], now=time.now)

    answer = get(anna, "desk:escalation_contacts", escalation.number)

    async def read() -> bytes:
        return b"".join([part async for part in answer.streaming_content])

    lines = async_to_sync(read)().decode("utf-8-sig").splitlines()
    assert lines[0] == "Name,E-mail,Organisation,Channel,Language,Time zone,Ticket"
    assert lines[1].startswith(f"{cora.name},{cora.email},Livraria Aurora,Web form,English,UTC,")
    assert lines[2] == f"'=HYPERLINK(1),evil@x.example,,E-mail,{evil.get_language_display()},Asia/Tokyo,"
    assert len(lines) == 3
    assert "attachment" in answer["Content-Disposition"]


def test_r34_a_team_has_a_page_that_says_to_whom_one_turns(anna, rosa, payments, payouts):
    payments.scope = "Everything about money."
    payments.save()
    UserSkill.objects.create(user=anna, skill=Skill.objects.create(name="Settlement"))

    page = words(get(anna, "desk:team", payments.slug))

    for told in ("Everything about money.", "Rosa Quiroga", "Mona Farias", "Settlement", "Payouts", "How to escalate"):
        assert told in page


def test_r34_the_escalate_dialog_leads_there_and_a_closed_team_stays_closed(anna, open_ticket, terminals):
    make_team("Legal", restricted=True)

    assert f"/teams/{terminals.slug}/" in words(get(anna, "desk:escalate", open_ticket().number, team=terminals.slug))
    assert NOWHERE in words(get(anna, "desk:team", "legal"))
    assert NOWHERE in words(get(anna, "desk:team", "nowhere"))


def test_r17_affected_customers_see_neither_each_other_nor_anything_internal(
    escalation, anna, cora, stan, payouts, time
):
    """Canary: whatever a customer opens says nothing of the list, the services, the problem, or the others."""
    call = {"user": anna, "number": escalation.number, "now": time.now}
    affected_services.add_customers(emails=[stan.email], **call)
    set_services(services=["payouts"], **call)
    post(anna, "desk:escalation_problem", escalation.number, subject="CANARY problem", findings="CANARY findings")
    secret = (stan.name, stan.email, "CANARY", "Payouts</dd>", "Affected", escalation.reference)

    shown = [words(get(cora, "portal:requests")), words(get(cora, "portal:request", escalation.ticket_id))]
    own = words(get(stan, "portal:requests"))

    for page in shown:
        assert [word for word in secret if word in page] == []
    assert cora.name not in own
    for name in ("desk:escalation_customers", "desk:escalation_contacts", "desk:escalation_problem"):
        assert NOWHERE in words(get(cora, name, escalation.number))


def test_r16_r22_impact_and_fields_are_said_in_the_room_and_told_with_before_and_after(escalation, anna):
    CustomField.objects.create(key="penalty", label="Penalty", belongs_to="escalation", type="number")
    CustomField.objects.create(key="plan", label="Plan")
    room = words(get(anna, "desk:escalation", escalation.number))
    form = words(get(anna, "desk:escalation_details", escalation.number))
    assert "Its impact is on record" in room and f"/escalations/{escalation.number}/details/" in room
    assert 'name="fields.penalty"' in form and "fields.plan" not in form

    wrong = post(anna, "desk:escalation_details", escalation.number, impact="<b>Nine", **{"fields.penalty": "much"})
    post(anna, "desk:escalation_details", escalation.number, impact="Nine", **{"fields.penalty": "1200"})
    post(anna, "desk:escalation_details", escalation.number, impact="Ten", **{"fields.penalty": "1200"})

    assert wrong.status_code == 422
    assert "&lt;b&gt;Nine" in words(wrong) and 'value="much"' in words(wrong)
    room = words(get(anna, "desk:escalation", escalation.number))
    assert "<dt>Penalty</dt><dd>1200</dd>" in room
    assert "changed Penalty: – → 1200" in room
    assert "changed the impact: Nine → Ten" in room
    assert "Ten" in words(get(anna, "desk:escalation_summary", escalation.number))


def test_r22_whoever_does_not_work_on_it_is_refused_and_what_has_ended_stays(escalation, mona, time):
    stranger = make_user("Viktor Outside")
    assert post(stranger, "desk:escalation_details", escalation.number, impact="Nine").status_code == 403
    assert f"/escalations/{escalation.number}/details/" not in words(
        get(stranger, "desk:escalation", escalation.number)
    )
    services.deescalate(user=mona, number=escalation.number, reason="A duplicate.", now=time.now)

    late = post(mona, "desk:escalation_details", escalation.number, impact="Nine")

    assert late.status_code == 409
    assert "what is on record stays" in words(late)
