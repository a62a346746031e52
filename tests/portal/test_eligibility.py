"""Which customers may escalate (R8), and what they hear when they may not."""

from datetime import timedelta

import pytest

from common.errors import NotAllowedNow
from escalation import services
from escalation.models import CustomerRight, Escalation
from people.models import Organisation
from tests.desk.helpers import names_an_escalation

GOOD = {"reason": "staff", "summary": "Nobody has told us anything."}


@pytest.fixture
def as_cora(client, cora):
    client.force_login(cora)
    return client


@pytest.mark.parametrize(
    ("right", "sentence"),
    [
        ({"is_allowed": False}, "Requests are not escalated here."),
        ({"lowest_tier": "enterprise"}, "Escalating is not part of your contract."),
        ({"after_minutes": 30}, "You can escalate this request in 20 minutes"),
        ({"one_at_a_time": True}, "is escalated already; one at a time."),
    ],
)
def test_r8_who_may_not_escalate_reads_why_in_one_sentence_by_page_and_api(
    right, sentence, as_cora, cora, mona, open_ticket, time, at
):
    Organisation.objects.update(tier="business")
    other, ticket = open_ticket(), open_ticket()
    as_cora.post(f"/help/{other.number}/escalate/", GOOD)
    CustomerRight.objects.create(**right)
    time.move_to(at + timedelta(minutes=10))

    for answer in (
        as_cora.get(f"/help/{ticket.number}/escalate/"),
        as_cora.post(f"/help/{ticket.number}/escalate/", GOOD),
    ):
        assert answer.status_code == 409
        assert sentence in answer.content.decode()
    with pytest.raises(NotAllowedNow, match=sentence):
        services.escalate(user=cora, ticket_number=ticket.number, kind="hierarchical", severity=3, now=time.now, **GOOD)
    assert not Escalation.objects.filter(ticket=ticket).exists()


@pytest.mark.parametrize(
    ("right", "sentence"),
    [
        ({"lowest_tier": "enterprise"}, "Escalating is not part of your contract."),
        ({"after_minutes": 30}, "minutes, if"),
    ],
)
def test_r8_it_is_offered_to_whoever_may_and_to_nobody_else(right, sentence, as_cora, mona, open_ticket):
    Organisation.objects.update(tier="business")
    address = f"/help/{open_ticket().number}/"
    offered = as_cora.get(address).content.decode()
    CustomerRight.objects.create(**right)

    page = as_cora.get(address).content.decode()

    assert f"{address}escalate/" in offered and f"{address}escalate/" not in page
    assert sentence in page and sentence not in offered


def test_r8_what_a_manager_has_at_hand_is_not_asked_twice_and_nobody_types_in_vain(
    as_cora, anna, mona, open_ticket, at
):
    ticket = open_ticket()
    services.escalate(user=anna, ticket_number=ticket.number, kind="hierarchical", severity=2, now=at, **GOOD)
    services.decide(user=mona, number=Escalation.objects.get().number, decision="approve", now=at)

    page, form = (as_cora.get(f"/help/{ticket.number}/{where}").content.decode() for where in ("", "escalate/"))

    assert "A manager has this at hand already." in page and "A manager has this at hand already." in form
    assert f"/help/{ticket.number}/escalate/" not in page and 'name="summary"' not in form
    assert not names_an_escalation(page)


def test_r8_who_meets_all_of_it_may_escalate(as_cora, mona, open_ticket, time, at):
    CustomerRight.objects.create(lowest_tier="enterprise", after_minutes=30, one_at_a_time=True)
    ticket = open_ticket()
    time.move_to(at + timedelta(minutes=30))

    as_cora.post(f"/help/{ticket.number}/escalate/", GOOD)

    assert Escalation.objects.get().ticket == ticket


def test_r8_the_rule_is_not_for_agents(anna, open_ticket, mona, at):
    CustomerRight.objects.create(is_allowed=False)

    services.escalate(user=anna, ticket_number=open_ticket().number, kind="hierarchical", severity=3, now=at, **GOOD)

    assert Escalation.objects.exists()


def test_r8_once_approved_the_customer_sees_a_name_and_when_he_hears_first(as_cora, mona, open_ticket, at):
    ticket = open_ticket()
    as_cora.post(f"/help/{ticket.number}/escalate/", GOOD)

    services.decide(user=mona, number=Escalation.objects.get().number, decision="approve", now=at)

    page = as_cora.get(f"/help/{ticket.number}/").content.decode()
    assert "11:00" in page
    assert Escalation.objects.get().next_update_by == at + timedelta(hours=1)
