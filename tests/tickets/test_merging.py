"""Two tickets about one matter become one, and two again."""

from datetime import timedelta

import pytest

from common.errors import NotAllowedNow, NotFound, Refused
from escalation import services as escalations
from escalation import sweep
from sla.enums import ClockState, Metric
from sla.explain import account_of
from sla.models import Breach, Clock
from sla.publishing import create_policy
from tests.factories.people import make_team
from tests.factories.sla import same_for_all
from tickets import actions, services
from tickets.enums import EventKind, Status
from tickets.files import Upload
from tickets.models import Message, Ticket
from tickets.permissions import access_attachment

HOUR = timedelta(hours=1)


@pytest.fixture
def pair(policy, open_ticket):
    """The second ticket of a customer about the same thing, and the first."""
    return open_ticket(subject="Again", tags=["payout"]), open_ticket(subject="Payouts are stuck", tags=["vip"])


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(number=ticket.number)


def live(ticket: Ticket) -> dict[str, Clock]:
    return {clock.metric: clock for clock in ticket.clocks.all()}


def test_words_files_tags_and_watchers_go_to_the_ticket_that_stays(pair, anna, rosa, at):
    source, target = pair
    actions.customer_wrote(
        ticket=source, author=source.requester, body="See the list.", now=at, attachments=[Upload("a.txt", b"a")]
    )
    source.watchers.add(rosa)

    services.merge(user=anna, source=source.number, target=target.number, now=at + HOUR)

    source, target = fresh(source), fresh(target)
    assert not source.messages.exists()
    assert target.messages.count() == 3
    assert target.messages.filter(attachments__name="a.txt").exists()
    assert set(target.tags.values_list("name", flat=True)) == {"payout", "vip"}
    assert list(target.watchers.all()) == [rosa]
    assert (source.status, source.merged_into) == (Status.CLOSED, target)
    assert source.events.filter(kind=EventKind.MERGED, data__side="away").exists()
    assert target.events.filter(kind=EventKind.MERGED, data__side="in").exists()


def test_a_merge_taken_apart_leaves_both_as_they_were(pair, anna, rosa, at):
    source, target = pair
    services.reply(user=anna, number=source.number, body="On it.", now=at, then_wait=True)
    target.tags.add(*source.tags.all())
    source.watchers.add(rosa)
    before = {
        one.number: (
            set(one.messages.values_list("pk", flat=True)),
            set(one.tags.values_list("name", flat=True)),
            set(one.watchers.all()),
            fresh(one).status,
            fresh(one).last_customer_message_at,
            fresh(one).last_agent_reply_at,
        )
        for one in pair
    }

    made = services.merge(user=anna, source=source.number, target=target.number, now=at + HOUR)
    services.unmerge(user=anna, merge=made.pk, now=at + 2 * HOUR)

    for one in pair:
        again = fresh(one)
        assert before[one.number] == (
            set(again.messages.values_list("pk", flat=True)),
            set(again.tags.values_list("name", flat=True)),
            set(again.watchers.all()),
            again.status,
            again.last_customer_message_at,
            again.last_agent_reply_at,
        )
        assert again.merged_into_id is None


@pytest.mark.parametrize("verb", ["", "hold", "wait", "solve"])
def test_every_status_comes_back(pair, anna, at, verb):
    source, target = pair
    if verb:
        services.change_status(user=anna, number=source.number, verb=verb, now=at)
    before = fresh(source)

    made = services.merge(user=anna, source=source.number, target=target.number, now=at + HOUR)
    services.unmerge(user=anna, merge=made.pk, now=at + 2 * HOUR)

    again = fresh(source)
    assert (again.status, again.solved_at, again.closed_at) == (before.status, before.solved_at, before.closed_at)


def test_a_merged_ticket_has_no_clock_running_and_keeps_or_misses_nothing_by_it(pair, anna, at):
    source, target = pair

    services.merge(user=anna, source=source.number, target=target.number, now=at + HOUR)
    sweep.clocks.collect(at + 48 * HOUR)

    assert {clock.state for clock in live(source).values()} == {ClockState.CANCELLED}
    assert fresh(source).next_due_at is None
    assert not Breach.objects.filter(ticket=source).exists()


def test_a_clock_past_due_is_broken_before_it_is_set_aside(pair, anna, at):
    """DESIGN §3.2: a merge before a late sweep hides no breach."""
    source, target = pair

    services.merge(user=anna, source=source.number, target=target.number, now=at + 7 * HOUR)

    breach = Breach.objects.get(ticket=source)
    assert (breach.metric, breach.due_at) == (Metric.FIRST_RESPONSE, at + 6 * HOUR)
    assert live(source)[Metric.FIRST_RESPONSE].state == ClockState.BREACHED


def test_taken_apart_the_clocks_are_due_when_they_were_always_due(pair, anna, at):
    source, target = pair

    made = services.merge(user=anna, source=source.number, target=target.number, now=at + HOUR)
    services.unmerge(user=anna, merge=made.pk, now=at + 3 * HOUR)

    clocks = live(source)
    assert clocks[Metric.FIRST_RESPONSE].due_at == at + 6 * HOUR
    assert clocks[Metric.RESOLUTION].due_at == at + 24 * HOUR
    for clock in clocks.values():
        assert clock.state == ClockState.RUNNING
        assert account_of(clock, at + 3 * HOUR).due_at == clock.due_at
        assert account_of(clock, at + 3 * HOUR).used == 3 * HOUR
    assert fresh(source).next_due_at == at + 6 * HOUR


def test_a_due_time_that_passed_meanwhile_is_missed_at_its_own_time(pair, anna, at):
    source, target = pair

    made = services.merge(user=anna, source=source.number, target=target.number, now=at + HOUR)
    services.unmerge(user=anna, merge=made.pk, now=at + 9 * HOUR)
    sweep.clocks.collect(at + 9 * HOUR)

    assert live(source)[Metric.FIRST_RESPONSE].breached_at == at + 6 * HOUR


def test_a_paused_clock_comes_back_paused_with_what_was_left(pair, anna, at):
    source, target = pair
    services.change_status(user=anna, number=source.number, verb="wait", now=at + 2 * HOUR)

    made = services.merge(user=anna, source=source.number, target=target.number, now=at + 3 * HOUR)
    services.unmerge(user=anna, merge=made.pk, now=at + 8 * HOUR)

    assert live(source)[Metric.RESOLUTION].state == ClockState.PAUSED
    services.change_status(user=anna, number=source.number, verb="resume", now=at + 10 * HOUR)
    assert live(source)[Metric.RESOLUTION].due_at == at + 32 * HOUR


def test_a_breach_that_had_happened_stays_and_is_still_owed_afterwards(pair, anna, mona, at, time):
    source, target = pair
    time.move_to(at + 7 * HOUR)
    sweep.run()
    for escalation in source.escalations.all():
        escalations.deescalate(user=mona, number=escalation.number, reason="The same as the other.", now=time.now)

    made = services.merge(user=anna, source=source.number, target=target.number, now=at + 8 * HOUR)
    merged = live(source)[Metric.FIRST_RESPONSE]
    services.unmerge(user=anna, merge=made.pk, now=at + 9 * HOUR)

    again = live(source)[Metric.FIRST_RESPONSE]
    assert (merged.state, merged.breached_at) == (ClockState.BREACHED, at + 6 * HOUR)
    assert (again.state, again.breached_at, again.met_at) == (ClockState.BREACHED, at + 6 * HOUR, None)


def test_an_answer_that_was_owed_on_the_one_is_owed_on_the_other(payments, open_ticket, anna, at):
    metrics = ("first_response", "next_response")
    create_policy(name="P", targets=[one for metric in metrics for one in same_for_all(metric, 3600)], now=at)
    source, target = open_ticket(), open_ticket()
    services.reply(user=anna, number=target.number, body="On it.", now=at, then_wait=True)

    made = services.merge(user=anna, source=source.number, target=target.number, now=at + HOUR / 2)

    assert fresh(target).status == Status.OPEN
    assert live(target)[Metric.NEXT_RESPONSE].due_at == at + HOUR * 1.5
    services.unmerge(user=anna, merge=made.pk, now=at + HOUR)
    assert live(target)[Metric.NEXT_RESPONSE].state == ClockState.CANCELLED
    assert live(source)[Metric.FIRST_RESPONSE].due_at == at + HOUR


def test_what_is_said_on_a_merged_ticket_lands_where_the_matter_goes_on(pair, anna, cora, at):
    source, target = pair
    services.merge(user=anna, source=source.number, target=target.number, now=at)

    by_cora = services.reply(user=cora, number=source.number, body="And Moema too.", now=at)
    by_anna = services.reply(user=anna, number=source.number, body="Noted.", now=at)
    note = services.note(user=anna, number=source.number, body="Careful.", now=at)

    assert {message.ticket_id for message in (by_cora, by_anna, note)} == {target.number}
    assert by_cora.is_public
    assert fresh(source).status == Status.CLOSED


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        (services.change_status, {"verb": "reopen"}),
        (services.set_priority, {"priority": "high"}),
        (services.assign, {"team_slug": "payments"}),
    ],
)
def test_nothing_else_is_done_to_a_merged_ticket(pair, anna, at, act, fields):
    source, target = pair
    services.merge(user=anna, source=source.number, target=target.number, now=at)

    with pytest.raises(NotAllowedNow, match=f"merged into #{target.number}"):
        act(user=anna, number=source.number, now=at, **fields)


def test_into_itself_is_refused(pair, anna, at):
    with pytest.raises(NotAllowedNow, match="cannot go into itself"):
        services.merge(user=anna, source=pair[0].number, target=pair[0].number, now=at)


def test_into_a_merged_one_is_refused_and_names_the_one_to_choose(pair, open_ticket, anna, at):
    source, target = pair
    third = open_ticket()
    services.merge(user=anna, source=target.number, target=third.number, now=at)

    with pytest.raises(NotAllowedNow, match=f"#{third.number}: choose that one"):
        services.merge(user=anna, source=source.number, target=target.number, now=at)


def test_a_circle_is_refused(pair, anna, at):
    source, target = pair
    services.merge(user=anna, source=source.number, target=target.number, now=at)

    with pytest.raises(NotAllowedNow, match="take those apart first"):
        services.merge(user=anna, source=target.number, target=source.number, now=at)


def test_an_open_one_into_a_done_one_is_refused(pair, anna, at):
    source, target = pair
    services.change_status(user=anna, number=target.number, verb="solve", now=at)

    with pytest.raises(NotAllowedNow, match="is solved: reopen it first"):
        services.merge(user=anna, source=source.number, target=target.number, now=at)


def test_one_with_a_live_escalation_is_refused_by_its_name(pair, anna, at, mona):
    source, target = pair
    make_team("Terminals", lead=mona)
    made = escalations.escalate(
        user=anna,
        ticket_number=source.number,
        kind="functional",
        severity=3,
        reason="technical",
        summary="Look",
        team_slug="terminals",
        now=at,
    )

    with pytest.raises(NotAllowedNow, match=f"{made.reference} is open on #{source.number}"):
        services.merge(user=anna, source=source.number, target=target.number, now=at)


def test_tickets_of_two_customers_are_merged_by_managers_only(pair, open_ticket, anna, mona, stan, at):
    source, target = open_ticket(requester=stan), pair[1]

    with pytest.raises(Refused, match="only a manager"):
        services.merge(user=anna, source=source.number, target=target.number, now=at)

    services.merge(user=mona, source=source.number, target=target.number, now=at)
    assert target.events.get(kind=EventKind.MERGED).data["customer"] == "Stan Strange"


def test_neither_customer_reads_the_others_words_and_both_are_heard(pair, open_ticket, anna, mona, cora, stan, at):
    target = pair[1]
    source = open_ticket(requester=stan, body="My card 4711.", attachments=[Upload("card.txt", b"4711")])
    file = source.messages.get().attachments.get()

    made = services.merge(user=mona, source=source.number, target=target.number, now=at)
    later = services.reply(user=stan, number=source.number, body="Hello?", now=at)

    seen_by_cora = Message.objects.visible_to(cora).filter(ticket=target)
    assert not seen_by_cora.filter(author=stan).exists()
    assert (later.ticket_id, later.is_public) == (target.number, False)
    with pytest.raises(NotFound):
        services.reply(user=stan, number=target.number, body="Hello?", now=at)
    with pytest.raises(NotFound):
        access_attachment(cora, file.pk)
    assert access_attachment(stan, file.pk) == file

    services.unmerge(user=mona, merge=made.pk, now=at)
    assert Message.objects.get(attachments=file).is_public


def test_what_went_on_is_taken_apart_from_the_end(pair, open_ticket, anna, at):
    source, target = pair
    third = open_ticket()
    first = services.merge(user=anna, source=source.number, target=target.number, now=at)
    second = services.merge(user=anna, source=target.number, target=third.number, now=at)

    assert services.reply(user=anna, number=source.number, body="Hello.", now=at).ticket_id == third.number
    with pytest.raises(NotAllowedNow, match="take those apart first"):
        services.unmerge(user=anna, merge=first.pk, now=at)

    services.unmerge(user=anna, merge=second.pk, now=at)
    services.unmerge(user=anna, merge=first.pk, now=at)
    assert source.messages.count() == 1
    with pytest.raises(NotAllowedNow, match="already"):
        services.unmerge(user=anna, merge=first.pk, now=at)


def test_who_may_not_see_both_cannot_merge_them(pair, open_ticket, anna, rosa, at):
    closed = make_team("Risk", lead=rosa, restricted=True)
    hidden = open_ticket(team=closed)

    for source, target in ((pair[0], hidden), (hidden, pair[0])):
        with pytest.raises(NotFound):
            services.merge(user=anna, source=source.number, target=target.number, now=at)
