"""Named relations of an escalation to others and to tickets (R19)."""

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from escalation import services
from escalation.initiate import relations
from escalation.initiate.servicing import set_services
from escalation.models import Escalation, EscalationLink
from escalation.parties.linked import open_related, with_whether_related
from tests.factories.people import make_team, make_user
from tickets.catalogue import services_of
from tickets.models import Event, Service

BOTH_WAYS = [
    ("child_of", "parent_of"),
    ("parent_of", "child_of"),
    ("caused_by", "causes"),
    ("causes", "caused_by"),
    ("related", "related"),
]


@pytest.fixture
def relate(anna, time):
    def make(one, relation, other, by=anna) -> EscalationLink:
        to = other.reference if isinstance(other, Escalation) else f"#{other.number}"
        return relations.link(user=by, number=one.number, to=to, relation=relation, now=time.now)

    return make


@pytest.fixture
def kept(open_ticket, mona, time) -> Escalation:
    """Of a team that keeps its tickets to itself."""
    lena = make_user("Lena Law")
    legal = make_team("Legal", lead=lena, managers=[mona], members=[lena], restricted=True)
    given = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "Settle out of court"}
    number = open_ticket(team=legal, subject="A claim in court", now=time.now).number
    return services.escalate(user=lena, ticket_number=number, now=time.now, **given)


def read(escalation, user):
    """How it stands to what, as far as this person sees it."""
    return [link.seen_from(escalation).value for link in relations.links_of(escalation, user)]


@pytest.mark.parametrize(("there", "back"), BOTH_WAYS)
def test_r19_a_relation_reads_right_from_both_sides(there, back, ask_by_hand, relate, anna):
    one, other = ask_by_hand(), ask_by_hand()

    relate(one, there, other)

    assert (read(one, anna), read(other, anna)) == ([there], [back])


@pytest.mark.parametrize(("there", "back"), BOTH_WAYS)
def test_r19_a_ticket_is_linked_like_an_escalation(there, back, ask_by_hand, open_ticket, relate, anna):
    one, ticket = ask_by_hand(), open_ticket()

    relate(one, there, ticket)

    assert read(one, anna) == [there]
    assert [link.seen_from_afar().value for link in relations.links_of_ticket(ticket, anna)] == [back]


def test_r19_each_side_is_shown_to_whoever_may_see_that_other_side(ask_by_hand, kept, relate, anna, mona):
    one = ask_by_hand()
    relate(one, "child_of", kept, by=mona)
    relate(one, "related", kept.ticket, by=mona)
    relate(kept, "caused_by", one.ticket, by=mona)

    assert (read(one, mona), read(one, anna)) == (["child_of", "related"], [])
    assert read(kept, mona) == ["parent_of", "caused_by"]
    assert len(relations.links_of_ticket(one.ticket, mona)) == 1
    assert len(relations.links_of_ticket(one.ticket, anna)) == 0


def test_r19_what_he_may_not_see_is_for_him_not_there(ask_by_hand, kept, relate, anna, time):
    one = ask_by_hand()
    names = (kept.reference, f"#{kept.ticket_id}", "E-987654", "#987654")

    for name in names:
        with pytest.raises(InvalidInput, match=f"There is no {name} that you may see"):
            relations.link(user=anna, number=one.number, to=name, relation="related", now=time.now)

    assert not EscalationLink.objects.exists()


@pytest.mark.parametrize(("there", "back"), BOTH_WAYS)
def test_r19_the_same_is_not_linked_twice_whichever_side_it_is_said_from(there, back, ask_by_hand, relate):
    one, other = ask_by_hand(), ask_by_hand()
    relate(one, there, other)

    for again in ((one, there, other), (other, back, one)):
        with pytest.raises(NotAllowedNow, match="linked like that already"):
            relate(*again)


def test_r19_a_ticket_is_not_linked_twice_either(ask_by_hand, open_ticket, relate):
    one, ticket = ask_by_hand(), open_ticket()
    relate(one, "caused_by", ticket)

    with pytest.raises(NotAllowedNow, match="linked like that already"):
        relate(one, "caused_by", ticket)


@pytest.mark.parametrize(("there", "back"), [pair for pair in BOTH_WAYS if pair[0] != "related"])
def test_r19_nothing_is_its_own_child_or_its_own_cause_over_others(there, back, ask_by_hand, relate):
    one, two, three = ask_by_hand(), ask_by_hand(), ask_by_hand()
    relate(one, there, two)
    relate(two, there, three)

    for circle in ((three, there, one), (one, back, three), (two, there, one)):
        with pytest.raises(InvalidInput, match="would be a circle"):
            relate(*circle)

    relate(one, there, three)
    relate(three, "related", one)


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("", "Give an escalation, like E-207"),
        ("12", "Give an escalation, like E-207"),
        ("E-", "Give an escalation, like E-207"),
        ("E-1234567890123456789", "Give an escalation, like E-207"),
        ("E-{number}", "not linked to itself"),
        ("e-{number}", "not linked to itself"),
        ("#{ticket} Card machine", "is about this ticket already"),
    ],
)
def test_r19_a_wrong_name_is_one_clear_sentence(to, sentence, ask_by_hand, anna, time):
    one = ask_by_hand()
    name = to.format(number=one.number, ticket=one.ticket_id)

    with pytest.raises(InvalidInput, match=sentence):
        relations.link(user=anna, number=one.number, to=name, relation="related", now=time.now)


def test_r19_only_the_five_relations_are_taken(ask_by_hand, relate):
    with pytest.raises(InvalidInput, match="A relation is one of child_of"):
        relate(ask_by_hand(), "blocks", ask_by_hand())


def test_r19_who_does_not_work_on_it_neither_links_nor_unlinks(ask_by_hand, relate, time):
    one, olga = ask_by_hand(), make_user("Olga")
    made = relate(one, "related", ask_by_hand())

    with pytest.raises(Refused):
        relate(one, "child_of", ask_by_hand(), by=olga)
    with pytest.raises(Refused):
        relations.unlink(user=olga, number=one.number, link=made.pk, now=time.now)


def test_r19_both_sides_lose_it_and_both_timelines_tell(ask_by_hand, open_ticket, relate, anna, time):
    one, other, ticket = ask_by_hand(), ask_by_hand(), open_ticket()
    links = [relate(one, "child_of", other), relate(one, "related", ticket)]

    for link in links:
        relations.unlink(user=anna, number=one.number, link=link.pk, now=time.now)

    def told(number):
        found = Event.objects.filter(ticket=number, kind__contains="link").order_by("pk")
        return [(event.kind.removeprefix("escalation."), event.data["this"], event.data["other"]) for event in found]

    assert not EscalationLink.objects.exists()
    assert told(other.ticket_id) == [
        ("linked", other.reference, one.reference),
        ("unlinked", other.reference, one.reference),
    ]
    assert told(ticket.number) == [
        ("ticket_linked", f"#{ticket.number}", one.reference),
        ("ticket_unlinked", f"#{ticket.number}", one.reference),
    ]
    assert len(told(one.ticket_id)) == 4


def test_r19_a_link_of_others_is_not_taken_away_through_this_one(ask_by_hand, kept, relate, anna, mona, time):
    one = ask_by_hand()
    foreign = relate(ask_by_hand(), "related", ask_by_hand())
    hidden = relate(one, "related", kept, by=mona)

    for link in (foreign, hidden):
        with pytest.raises(NotFound):
            relations.unlink(user=anna, number=one.number, link=link.pk, now=time.now)

    assert EscalationLink.objects.count() == 2


def test_r18_r19_a_ticket_that_is_linked_has_its_services_as_long_as_it_is(
    ask_by_hand, open_ticket, relate, anna, time
):
    one, ticket = ask_by_hand(), open_ticket()
    Service.objects.create(name="Payouts", slug="payouts")
    set_services(user=anna, number=one.number, services=["payouts"], now=time.now)

    made = relate(one, "causes", ticket)
    assert [service.slug for service in services_of(ticket)] == ["payouts"]
    relations.unlink(user=anna, number=one.number, link=made.pk, now=time.now)

    assert not services_of(ticket)


def test_r19_r49_an_open_ticket_that_is_linked_is_among_those_to_be_resolved(ask_by_hand, open_ticket, relate):
    one, ticket = ask_by_hand(), open_ticket()
    assert not with_whether_related(Escalation.objects.filter(pk=one.pk)).get().has_open_related

    relate(one, "parent_of", ticket)

    assert list(open_related(one)) == [ticket]
    assert with_whether_related(Escalation.objects.filter(pk=one.pk)).get().has_open_related
