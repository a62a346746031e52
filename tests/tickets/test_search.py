import pytest

from common.errors import InvalidInput
from tests.factories.people import make_team
from tickets import actions
from tickets.actions import set_attention
from tickets.search import Term, find, parse


def _found(user, query):
    return {ticket.subject for ticket in find(user, query)}


def test_every_word_must_occur_somewhere(anna, open_ticket):
    open_ticket(subject="Payout stuck", body="Since Friday")
    open_ticket(subject="Payout late", body="Since Monday")

    assert _found(anna, "payout") == {"Payout stuck", "Payout late"}
    assert _found(anna, "PAYOUT friday") == {"Payout stuck"}
    assert _found(anna, "payout sunday") == set()


def test_a_phrase_is_one_word(anna, open_ticket):
    open_ticket(subject="Payout stuck again")
    open_ticket(subject="Stuck payout")

    assert _found(anna, '"payout stuck"') == {"Payout stuck again"}


def test_the_customer_is_found_by_name_and_address(anna, cora, open_ticket):
    open_ticket(subject="One")

    assert _found(anna, "menezes") == {"One"}
    assert _found(anna, "livraria-aurora.example") == {"One"}
    assert _found(anna, f"requester:{cora.email.upper()}") == {"One"}


def test_a_ticket_is_found_by_its_number(anna, open_ticket):
    ticket = open_ticket(subject="One")

    assert _found(anna, f"#{ticket.number}") == {"One"}
    assert _found(anna, str(ticket.number)) == {"One"}


@pytest.mark.parametrize("query", ["PAGAMENTO ÓRFÃO", "órfão", "Órfão", "ПЛАТЁЖ", "платёж"])
def test_the_case_of_letters_with_accents_does_not_matter(query, anna, open_ticket):
    open_ticket(subject="Pagamento órfão: Платёж")

    assert _found(anna, query) == {"Pagamento órfão: Платёж"}


@pytest.mark.parametrize("query", ["%", "_", "100%", "\\", "'; DROP TABLE tickets_ticket; --"])
def test_wildcards_and_quotes_are_letters_like_others(query, anna, open_ticket):
    open_ticket(subject="Nothing special", body="Plain words")

    assert _found(anna, query) == set()


def test_terms_narrow_the_search(anna, mona, open_ticket, at):
    team = make_team("Billing")
    mine = open_ticket(subject="Mine", priority="high", tags=["vip"])
    actions.assign(ticket=mine, now=at, by=anna, assignee=anna)
    open_ticket(subject="Billing", team=team)
    done = open_ticket(subject="Done")
    actions.change_status(ticket=done, verb="solve", now=at, by=anna)
    escalated = open_ticket(subject="Escalated")
    set_attention(ticket=escalated, escalation_state="initiated")

    assert _found(anna, "assignee:me") == {"Mine"}
    assert _found(anna, f"assignee:{anna.email}") == {"Mine"}
    assert _found(anna, "assignee:none is:open") == {"Billing", "Escalated"}
    assert _found(anna, "is:unowned team:billing") == {"Billing"}
    assert _found(anna, "priority:high") == {"Mine"}
    assert _found(anna, "tag:vip") == {"Mine"}
    assert _found(anna, "is:closed") == _found(anna, "status:solved") == {"Done"}
    assert _found(anna, "escalated:yes") == _found(anna, "is:escalated") == {"Escalated"}
    assert _found(anna, "escalated:no is:open priority:normal team:payments") == set()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ('"open', "not closed"),
        ("status:", "needs a value"),
        ("status:lost", "there are new, open"),
        ("priority:asap", "there are low"),
        ("colour:red", "there are is:"),
        ("team:nowhere", "no team"),
        ("is:great", "there are open"),
        ("a\x00b", "printable"),
        ("x" * 301, "at most 300"),
        ("a " * 13, "at most 12"),
    ],
)
def test_a_query_that_means_nothing_says_what_is_wrong(query, says, anna, payments):
    with pytest.raises(InvalidInput, match=says) as caught:
        find(anna, query)

    assert list(caught.value.errors) == ["q"]


def test_an_address_is_a_word_and_no_term():
    assert parse("see https://desk.example/x status:open") == [
        Term("", "see"),
        Term("", "https://desk.example/x"),
        Term("status", "open"),
    ]


def test_customers_find_their_own_tickets_by_public_words_only(anna, cora, stan, open_ticket, at):
    ticket = open_ticket(subject="Mine")
    open_ticket(subject="His", requester=stan, body="secret of stan")
    actions.note(ticket=ticket, author=anna, body="internal canary", now=at)
    actions.reply(ticket=ticket, author=anna, body="public answer", now=at)

    assert _found(cora, "") == {"Mine"}
    assert _found(cora, "answer") == {"Mine"}
    assert _found(cora, "canary") == set()
    assert _found(cora, "stan") == set()
    assert _found(anna, "canary") == {"Mine"}


@pytest.mark.parametrize("query", ["team:payments", "assignee:anna@meridiano.example", "tag:vip", "is:unowned"])
def test_customers_cannot_search_by_what_is_internal(query, cora, open_ticket):
    open_ticket(subject="Mine")

    with pytest.raises(InvalidInput):
        find(cora, query)


def test_a_restricted_teams_tickets_are_not_found_from_outside(anna, mona, open_ticket):
    open_ticket(subject="Lawsuit", team=make_team("Legal", restricted=True))

    assert _found(anna, "lawsuit") == set()
    assert _found(mona, "lawsuit") == {"Lawsuit"}


def test_what_no_blank_parts_is_found_by_any_piece_of_it(anna, cora, open_ticket):
    """Chinese, Japanese and Korean; on the desk and for the customer, whose words have no index."""
    subjects = ["銀行振込が届かない", "決済端末POSの故障", "은행에서 지급이 늦어요", "Bank transfer"]
    for subject in subjects:
        open_ticket(subject=subject)

    pieces = {
        "振込": 0,
        "込": 0,
        "届かない": 0,
        '"振込が"': 0,
        "決済 pos": 1,
        "pos": 1,
        "は": None,
        "은행": 2,
        "지급*": 2,
    }
    for query, place in pieces.items():
        for user in (anna, cora):
            found = [ticket.subject for ticket in find(user, query)]
            assert found == ([] if place is None else [subjects[place]]), (query, user)
    assert {ticket.subject for ticket in find(anna, "-銀行")} == set(subjects[1:])
