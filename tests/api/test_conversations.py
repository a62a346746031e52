"""A bot hands a conversation over (R72)."""

from datetime import timedelta

import pytest

from escalation.models import Escalation
from people.models import User
from tests.api.matrix_rows import TALKED
from tests.desk.helpers import signed_in
from tickets.models import Ticket
from visits.models import Transcript

SCRIPT = "<script>alert(1)</script>"
TURNS = [
    {"who": "bot", "at": "2026-11-18T09:58:00Z", "text": "Hello, what is it?"},
    {"who": "customer", "at": "2026-11-18T09:58:10Z", "text": "The payout is stuck\nsince yesterday"},
    {"who": "bot", "at": "2026-11-18T06:58:20-03:00", "text": f"I cannot help with that. {SCRIPT}"},
    {"who": "customer", "at": "2026-11-18T09:59:00Z", "text": "A person, please"},
]
SAID = {**TALKED, "turns": TURNS}
NOW = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "A large payout"}


@pytest.fixture
def bot(calling, anna, payments):
    """With a token of anna's that hands over and nothing else."""
    return calling(anna, hands_over_only=True)


def test_r72_a_bot_opens_a_ticket_with_its_transcript(bot, cora, anna):
    answer = bot.post("conversations/", SAID)

    ticket = Ticket.objects.get()
    assert (answer.status_code, answer.json()["number"], answer.json()["channel"]) == (201, ticket.number, "chat")
    assert (ticket.requester, ticket.subject) == (cora, "The payout is stuck")
    message = ticket.messages.get()
    assert (message.author, message.body) == (cora, "The payout is stuck\nsince yesterday\n\nA person, please")
    kept = Transcript.objects.get()
    assert (kept.bot, kept.handed_by, len(kept.turns), kept.turns[2]["at"]) == ("Aria", anna, 4, "2026-11-18T09:58:20Z")


def test_r72_a_bot_escalates_what_cannot_wait_in_the_same_breath(bot):
    answer = bot.post("conversations/", {**SAID, "escalate": NOW})

    assert answer.status_code == 201
    assert answer.json()["escalations"] == [Escalation.objects.get().number]


def test_r72_a_colleague_whose_address_was_typed_to_a_bot_does_not_ask(bot, mona, anna):
    for person in (mona, anna):
        answer = bot.post("conversations/", {**SAID, "requester": {"email": person.email.upper(), "name": "Eve"}})

        assert answer.status_code == 400
        assert answer.json()["errors"] == {
            "requester.email": ["Chat does not take this address. Take another one, or write to us by e-mail."]
        }
    assert not Ticket.objects.exists() and not Transcript.objects.exists()


def test_r72_nor_does_somebody_whose_account_is_closed(bot, cora):
    cora.is_active = False
    cora.save(update_fields=["is_active"])

    assert bot.post("conversations/", SAID).status_code == 400
    assert not Ticket.objects.exists()


def test_what_cannot_be_escalated_is_not_opened_either(bot):
    answer = bot.post("conversations/", {**SAID, "escalate": {**NOW, "kind": "functional", "team": "nowhere"}})

    assert answer.status_code == 400
    assert not Ticket.objects.exists() and not Transcript.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"turns": []}, "turns"),
        ({"turns": [TURNS[0]]}, "turns"),
        ({"turns": TURNS[::-1]}, "turns"),
        ({"turns": [TURNS[1]] * 201}, "turns"),
        ({"turns": [{**TURNS[1], "text": "x" * 5000}] * 30}, "turns"),
        ({"turns": [{**TURNS[1], "text": "x" * 5001}]}, "turns.0.text"),
        ({"turns": [{**TURNS[1], "at": "2026-11-18T10:00:01Z"}]}, "turns.0.at"),
        ({"turns": [{**TURNS[1], "at": "2026-11-18T09:58:10"}]}, "turns.0.at"),
        ({"turns": [{**TURNS[1], "who": "agent"}]}, "turns.0.who"),
        ({"turns": [{**TURNS[1], "html": "x"}]}, "turns.0.html"),
        ({"bot": "A\nB"}, "bot"),
        ({"requester": {"email": "nobody"}}, "requester.email"),
        ({"team": "nowhere"}, "team"),
    ],
)
def test_what_is_no_conversation_is_a_problem_with_its_field_and_opens_nothing(bot, given, field):
    answer = bot.post("conversations/", {**SAID, **given})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]
    assert not Ticket.objects.exists()


def test_handed_over_twice_under_one_key_it_is_one_ticket(bot):
    first, again = (bot.post("conversations/", SAID, **{"Idempotency-Key": "talk-7"}) for _ in range(2))
    other = bot.post("conversations/", {**SAID, "bot": "Bela"}, **{"Idempotency-Key": "talk-7"})

    assert first.json() == again.json() and again["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert Ticket.objects.count() == 1


def test_a_bot_s_token_opens_nothing_else(bot, open_ticket):
    number = open_ticket().number

    for method, path, body in (
        ("GET", "tickets/", None),
        ("GET", f"tickets/{number}/", None),
        ("GET", f"tickets/{number}/transcript/", None),
        ("POST", f"tickets/{number}/reply/", {"body": "x"}),
        ("POST", "tickets/", {}),
    ):
        assert bot.call(method, path, body).status_code == 403, path


def test_for_whom_it_asks_is_the_right_of_its_token(calling, cora, stan, payments):
    own = {key: value for key, value in SAID.items() if key != "requester"}

    foreign = calling(stan).post("conversations/", SAID)
    mine = calling(stan).post("conversations/", own)
    placed = calling(stan).post("conversations/", {**own, "team": "payments"})

    assert (foreign.status_code, mine.status_code, placed.status_code) == (400, 201, 400)
    assert User.objects.get(tickets=mine.json()["number"]) == stan


def test_the_transcript_is_read_by_whoever_reads_the_ticket(bot, calling, anna, cora, stan):
    number = bot.post("conversations/", SAID).json()["number"]

    found = calling(cora).get(f"tickets/{number}/transcript/").json()

    assert [turn["who"] for turn in found["turns"]] == ["bot", "customer", "bot", "customer"]
    assert found["bot"] == "Aria"
    assert calling(anna).get(f"tickets/{number}/transcript/").json() == found
    assert calling(stan).get(f"tickets/{number}/transcript/").status_code == 404


def test_an_agent_reads_it_folded_and_apart_from_the_customer_s_words(bot, anna, time):
    number = bot.post("conversations/", SAID).json()["number"]
    time.move_to(time.now + timedelta(minutes=1))

    page = signed_in(anna).get(f"/tickets/{number}/").content.decode()

    assert "Conversation with the bot Aria, 4 turns" in page
    assert "I cannot help with that." in page and SCRIPT not in page
    assert '<details class="sys transcript">' in page


def test_a_bot_s_token_is_made_on_the_page_of_tokens(anna):
    signed_in(anna).post("/profile/tokens/", {"name": "Aria", "scope": "bot", "days": 90})

    token = anna.api_tokens.get()
    assert token.hands_over_only and token.can_write
    assert "hands over conversations" in signed_in(anna).get("/profile/tokens/").content.decode()
