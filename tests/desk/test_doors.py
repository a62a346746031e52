"""Every door of the desk, tried by everybody (SECURITY, missing authorisation).

The addresses are read from the address table: a new one without a row here fails. An answer is one of

    in      the page, or a refusal of what was asked from somebody who may see it
    login   sign in first
    none    there is nothing here for you: absent, foreign and forbidden alike
    method  this address does not answer this method, whoever asks
    sign    401, for programs and scripts
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from desk.pages.room_verbs import VERBS
from desk.pages.ticket import CHANGES
from escalation import services as escalations
from escalation.alerting import links
from knowledge import services as knowledge
from knowledge.actions import Draft
from mailroom import services as mailroom
from mailroom.models import Mailbox
from people.enums import Role
from people.models import User
from reports import register
from reports.models import SavedReport
from tests.conftest import AT
from tests.desk import made, setup_doors
from tests.desk.addresses import Address, addresses
from tests.desk.doors_of_people import PEOPLE
from tests.desk.doors_of_portal import PORTAL
from tests.desk.doors_of_reports import REPORTS
from tests.desk.doors_of_routing import ROUTING, ruled
from tests.desk.doors_of_rules import RULES, aiming
from tests.desk.helpers import count_nothing, signed_in
from tests.desk.outcomes import (
    ADMIN,
    ALERTED,
    ASKER,
    CHANGERS,
    GONE,
    MANAGER,
    MANAGERS,
    OPEN,
    READERS,
    ROLES,
    ROOM,
    SCRIPT,
    STAFF,
    TEAM,
    WRONG,
    Row,
)
from tests.factories.calendars import make_calendar
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tests.reports.sample import SAMPLE
from tests.worlds import lasting
from tickets import actions
from tickets import services as tickets
from tickets.files import Upload
from tickets.models import Attachment, BulkAct, CustomField, QuickReply, SavedView, Ticket

pytestmark = pytest.mark.each

HOOK = {"provider": "postmark", "key": "sample", "form": "csv", "word": "altered"}

DOORS: dict[str, Row] = {
    **PEOPLE,
    **REPORTS,
    **ROUTING,
    **RULES,
    "desk:add_watcher": Row(WRONG, TEAM, about="message"),
    "desk:address_works": Row(WRONG, TEAM),
    "desk:as_sent": Row(TEAM, about="message"),
    "desk:forward": Row(TEAM, TEAM, about="message"),
    "desk:letterhead": Row(ADMIN, ADMIN),
    "desk:letterheads": Row(ADMIN),
    "desk:remove_watcher": Row(WRONG, TEAM, about="follower"),
    "desk:side": Row(TEAM, TEAM, about="side"),
    "desk:side_file": Row(TEAM, about="side_file"),
    "desk:side_new": Row(TEAM, TEAM),
    "attachment": Row(READERS, about="attachment"),
    "desk:alert_acknowledge": Row(WRONG, ALERTED, about="alert"),
    "desk:alert_read": Row(WRONG, STAFF, about="alert"),
    "desk:alerts": Row(STAFF),
    "desk:alerts_read_all": Row(WRONG, STAFF),
    "desk:acknowledge_by_link": Row(("login", *GONE[1:]), ("login", *GONE[1:])),
    "desk:alerting": Row(STAFF, STAFF),
    "desk:outbox": Row(MANAGERS),
    # This mail is about no ticket: an administrator's business.
    "desk:outbox_one": Row(ADMIN, about="delivery"),
    **{f"desk:outbox_{deed}": Row(WRONG, ADMIN, about="delivery") for deed in ("retry", "stop", "redirect")},
    "desk:reach": Row(ADMIN),
    "desk:way_ask": Row(WRONG, STAFF),
    "desk:way_browser": Row(WRONG, STAFF),
    "desk:way_confirm": Row(("login", *GONE[1:]), ("login", *GONE[1:])),
    "desk:way_messenger": Row(WRONG, STAFF),
    **{f"desk:way_{deed}": Row(WRONG, MANAGER, about="way") for deed in ("code", "remove", "resend")},
    "desk:webhook": Row(ADMIN, ADMIN, about="endpoint"),
    "desk:webhook_new": Row(ADMIN, ADMIN),
    **{f"desk:webhook_{deed}": Row(WRONG, ADMIN, about="endpoint") for deed in ("remove", "rotate", "test")},
    "desk:webhooks": Row(ADMIN),
    "desk:article": Row(STAFF),
    "desk:article_approve": Row(WRONG, MANAGERS, about="version"),
    "desk:article_archive": Row(WRONG, MANAGERS),
    "desk:article_settings": Row(MANAGERS, MANAGERS),
    "desk:article_edit": Row(STAFF, STAFF),
    "desk:article_new": Row(STAFF, STAFF),
    "desk:article_version": Row(STAFF, about="version"),
    "desk:articles": Row(STAFF),
    "desk:calendar": Row(ADMIN, ADMIN, about="calendar"),
    **{f"desk:calendar_{deed}": Row(WRONG, ADMIN, about="calendar") for deed in ("archive", "bring_back")},
    "desk:calendar_new": Row(ADMIN, ADMIN),
    "desk:calendar_versions": Row(ADMIN, ADMIN, about="calendar"),
    "desk:calendar_year": Row(ADMIN, about="calendar"),
    "desk:calendars": Row(ADMIN),
    "desk:callers": Row(STAFF),
    "desk:chat": Row(STAFF, STAFF),
    "desk:chat_team": Row(TEAM, TEAM),
    "desk:chat_ticket": Row(TEAM, TEAM),
    "desk:customer": Row(STAFF, about="organisation"),
    "desk:customer_escalations": Row(STAFF, about="organisation"),
    "desk:customer_person": Row(STAFF, about="customer"),
    "desk:person_escalations": Row(STAFF, about="customer"),
    "desk:customers": Row(STAFF),
    "desk:complete": Row(STAFF),
    "desk:decision": Row(TEAM, TEAM, about="decision"),
    "desk:decision_pass_on": Row(WRONG, CHANGERS, about="decision"),
    "desk:decide_by_link": Row(MANAGER),
    "desk:decisions": Row(STAFF),
    **{f"desk:{deed}": Row(WRONG, MANAGERS, about="raw") for deed in ("bring_mail_back", "drop_mail")},
    "desk:drop_mails": Row(WRONG, MANAGERS),
    "desk:escalate": Row(TEAM, TEAM),
    "desk:analysis": Row(ROOM, about="escalation"),
    **{
        f"desk:analysis_{deed}": Row(WRONG, ROOM, about="escalation")
        for deed in ("action", "check", "compose", "prevent", "send", "write")
    },
    "desk:chat_force": Row(ROOM, ROOM, about="escalation"),
    "desk:escalation": Row(ROOM, about="escalation"),
    "desk:escalation_customers": Row(ROOM, about="escalation"),
    **{
        f"desk:escalation_customers_{deed}": Row(WRONG, ROOM, about="escalation")
        for deed in ("add", "confirm", "leave_out", "list", "remove", "search", "take_back", "waive")
    },
    "desk:escalation_asked": Row(ASKER, ASKER, about="escalation"),
    "desk:escalation_communicate": Row(WRONG, ROOM, about="escalation"),
    "desk:escalation_contacts": Row(ROOM, about="escalation"),
    **{f"desk:escalation_{x}": Row(ROOM, ROOM, about="escalation") for x in ("details", "link", "problem", "services")},
    "desk:escalation_summary": Row(ROOM, CHANGERS, about="escalation"),
    "desk:escalation_plan": Row(WRONG, ROOM, about="escalation"),
    "desk:escalation_plan_versions": Row(ROOM, about="escalation"),
    "desk:escalation_verb": Row(WRONG, ROOM, about="escalation"),
    "desk:escalations": Row(STAFF),
    "desk:bulk": Row(WRONG, STAFF),
    "desk:bulk_undo": Row(WRONG, MANAGER, about="act"),
    "desk:inbox": Row(STAFF),
    "desk:inbox_export": Row(STAFF),
    "desk:inbox_rows": Row(STAFF),
    "desk:jump": Row(STAFF),
    "desk:next_in_line": Row(STAFF),
    "desk:peek": Row(TEAM),
    "desk:view": Row(CHANGERS, CHANGERS, about="view"),
    "desk:view_delete": Row(WRONG, CHANGERS, about="view"),
    "desk:view_new": Row(STAFF, STAFF),
    **dict.fromkeys(("desk:views", "desk:views_arrange"), Row(STAFF)),
    **{f"desk:view_{deed}": Row(WRONG, STAFF, about="view") for deed in ("hide", "move")},
    "desk:rail": Row(STAFF),
    "desk:blocked": Row(MANAGERS, MANAGERS),
    "desk:bring_back": Row(WRONG, TEAM, about="away"),
    "desk:empty_trash": Row(WRONG, MANAGERS),
    "desk:fields": Row(TEAM, TEAM),
    **{f"desk:{one}": Row(TEAM, TEAM) for one in ("hand_over", "watcher_new")},
    "desk:incidents": Row(TEAM, TEAM),
    "desk:ledger": Row(TEAM),
    "desk:link": Row(TEAM, TEAM),
    "desk:mail": Row(STAFF),
    "desk:mail_html": Row(STAFF, about="delivery"),
    "desk:mail_one": Row(STAFF, about="delivery"),
    "desk:merge": Row(TEAM, TEAM),
    "desk:new_ticket": Row(STAFF, STAFF),
    "desk:own_field": Row(ADMIN, ADMIN, about="field"),
    "desk:own_field_new": Row(ADMIN, ADMIN),
    **{f"desk:own_field_{deed}": Row(WRONG, ADMIN, about="field") for deed in ("order", "switch")},
    "desk:own_fields": Row(ADMIN),
    "desk:conditions": Row(WRONG, ADMIN),
    "desk:policies": Row(ADMIN),
    "desk:policy": Row(ADMIN, ADMIN, about="policy"),
    "desk:policy_new": Row(ADMIN, ADMIN),
    **{f"desk:policy_{deed}": Row(WRONG, ADMIN, about="policy") for deed in ("discard", "order", "proof", "publish")},
    **{f"desk:policy_{deed}": Row(WRONG, ADMIN, about="policy") for deed in ("return", "switch")},
    "desk:policy_rehearsal": Row(ADMIN, about="policy"),
    "desk:mailbox": Row(ADMIN, ADMIN, about="mailbox"),
    "desk:mailbox_new": Row(ADMIN, ADMIN),
    "desk:mailbox_remove": Row(WRONG, ADMIN, about="mailbox"),
    "desk:mailbox_returns": Row(WRONG, ADMIN, about="mailbox"),
    "desk:mailbox_switch": Row(WRONG, ADMIN, about="mailbox"),
    "desk:mailbox_try": Row(WRONG, ADMIN, about="mailbox"),
    "desk:mailboxes": Row(ADMIN),
    "desk:quarantine": Row(MANAGERS),
    **{f"desk:{one}": Row(MANAGERS, about="raw") for one in ("quarantined_mail", "raw_mail")},
    "desk:release_mail": Row(WRONG, MANAGERS, about="raw"),
    "desk:retry_mail": Row(WRONG, MANAGERS, about="raw"),
    **{f"desk:{one}": Row(TEAM, TEAM) for one in ("put_away", "snooze", "split", "ticket_macro_new", "ticket_macros")},
    "desk:ticket": Row(TEAM),
    "desk:ticket_change": Row(WRONG, TEAM),
    "desk:ticket_find": Row(STAFF),
    "desk:ticket_draft": Row(WRONG, TEAM),
    "desk:ticket_files": Row(WRONG, TEAM),
    "desk:ticket_preview": Row(WRONG, TEAM),
    "desk:ticket_presence": Row(WRONG, TEAM),
    **{f"desk:ticket_{list_}": Row(TEAM) for list_ in ("articles", "quick_replies")},
    "desk:ticket_unsend": Row(WRONG, TEAM),
    "desk:ticket_write": Row(WRONG, TEAM),
    "desk:own_replies": Row(STAFF),
    "desk:own_reply": Row(ASKER, ASKER, about="own_reply"),
    "desk:own_reply_new": Row(STAFF, STAFF),
    "desk:own_reply_remove": Row(WRONG, ASKER, about="own_reply"),
    "desk:relink": Row(WRONG, TEAM, about="removal"),
    "desk:trash": Row(STAFF),
    "desk:unblock": Row(WRONG, MANAGERS, about="blocked"),
    "desk:unlink": Row(WRONG, TEAM, about="link"),
    "desk:unmerge": Row(WRONG, TEAM, about="merge"),
    "desk:wake": Row(WRONG, TEAM),
    "desk:why_here": Row(TEAM),
    "desk:why_policy": Row(TEAM),
    # The token of another letter opens no file.
    "file_by_link": Row(GONE),
    "home": Row(OPEN),
    "live": Row(SCRIPT),
    "live_poll": Row(SCRIPT),
    "livez": Row(OPEN, OPEN),
    "mail_hook": Row(WRONG, GONE),
    "metrics": Row(GONE),
    "push_worker": Row(OPEN),
    "desk:follow_up": Row(TEAM, TEAM),
    "readyz": Row(OPEN, OPEN),
    "setup": Row(GONE, GONE),
    **PORTAL,
    **setup_doors.ROWS,
}
# The API has its own table of calls, roles and answers in tests/api.
OURS = [address for address in addresses() if not address.name.startswith("api:")]


@dataclass(frozen=True)
class House:
    """The made things by name, and a signed-in browser for each role."""

    things: dict[str, int]
    browsers: dict[str, Client]
    token: str

    def paths(self, address: Address) -> Iterator[str]:
        thing = self.things[DOORS[address.name].about]
        values: dict[str, Any] = {"number": thing, "pk": thing, "slug": "canary", "token": self.token, **HOOK}
        if "what" in address.takes:
            yield from (address.path({**values, "what": what}) for what in CHANGES)
        elif "verb" in address.takes:
            yield from (address.path({**values, "verb": verb}) for verb in VERBS)
        else:
            yield address.path(values)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[House]:
    """Made once for all doors; each try is taken back, and this whole house at the end."""
    with lasting(django_db_blocker, AT):
        yield _build(AT)


@pytest.fixture
def house(built: House, db, settings, monkeypatch) -> House:
    settings.DEMO = True
    monkeypatch.setitem(register.REPORTS, SAMPLE.key, SAMPLE)
    # A door is asked whether it opens, not what the rail beside it counts.
    count_nothing(monkeypatch)
    return built


def _build(at: datetime) -> House:
    rosa, anna = make_user("Rosa Quiroga"), make_user("Anna Lindqvist")
    mona, adam = make_user("Mona Farias", Role.MANAGER), make_user("Adam Berg", Role.ADMIN)
    cora = make_user("Cora Menezes", Role.CUSTOMER, organisation=make_organisation())
    stan = make_user("Stan Strange", Role.CUSTOMER)
    make_team("Payments", lead=rosa, managers=[mona], members=[anna, rosa], is_fallback=True)
    policy = make_policy(at)
    ada, olga, cleo = make_user("Ada Inside"), make_user("Olga Outside"), make_user("Cleo Called")
    risk = make_team("Risk", lead=rosa, managers=[mona], members=[ada], restricted=True)
    make_team("Canary", lead=rosa, managers=[mona], members=[ada], restricted=True)
    ticket = _open(cora, at, team=risk, attachments=[Upload("log.txt", b"line")])
    knowledge.write(user=ada, slug="canary", draft=Draft("How", "So."), now=at)
    common = {"user": ada, "ticket_number": ticket.number, "severity": 2, "reason": "technical", "now": at}
    cards = make_team("Cards", lead=rosa, restricted=True, members=[ada])
    asked = escalations.escalate(kind="hierarchical", summary="May we?", **common)
    handed = escalations.escalate(kind="functional", summary="Look", team_slug=cards.slug, **common)
    return House(
        {
            "ticket": ticket.number,
            "version": 1,
            "attachment": Attachment.objects.get().pk,
            "escalation": handed.number,
            "decision": asked.number,
            "document": made.analysed(handed, cora, cleo, at),
            **made.learned(handed, at),
            "recommendation": aiming(handed.recommendations.create(title="Two banks", about="process", made_at=at)),
            "alert": made.alert(mona, handed.number, at).pk,
            "delivery": made.mail(at).pk,
            **made.ways_of_alerts(mona, at),
            "raw": made.quarantined(at).pk,
            "mailbox": Mailbox.objects.create(address="canary@desk.example", changed_at=at).pk,
            "policy": policy.pk,
            "organisation": cora.organisation.pk,
            "customer": cora.pk,
            "calendar": make_calendar(at).pk,
            "field": CustomField.objects.create(key="contract", label="Contract").pk,
            **made.colleagues(at),
            **made.of_teams(mona, risk, ada, at),
            **ruled(),
            **made.proposed(ticket, at),
            **made.written(ticket, ada, stan, at),
            **setup_doors.made(adam),
            "own_reply": QuickReply.with_own.create(owner=ada, title="Canary", body="Hi.").pk,
            **made.joined(ticket, ada, [_open(cora, at, team=risk) for _ in range(3)], at),
            "act": BulkAct.objects.create(author=mona, at=at, deed="tag", value="x").pk,
            "saved_report": SavedReport.objects.create(owner=mona, name="Ours", report="sample", is_shared=True).pk,
            "view": SavedView.objects.create(owner=mona, name="Ours", is_shared=True).pk,
            "away": tickets.put_away(user=ada, number=_open(cora, at, team=risk).number, what="trash", now=at).number,
            "blocked": mailroom.block(user=mona, pattern="@spam.example", now=at).pk,
        },
        dict(zip(ROLES, (_browser(person) for person in (None, cora, stan, ada, olga, mona, adam, cleo)), strict=True)),
        links.path_of(asked.asks.get()).split("/")[2],
    )


def _open(requester: User, at: datetime, **fields) -> Ticket:
    return actions.open_ticket(subject="Payouts are stuck", body="Since then.", requester=requester, now=at, **fields)


def test_every_address_has_a_row_and_every_row_an_address():
    assert {address.name for address in OURS} == set(DOORS)


@pytest.mark.once
@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_a_door_opens_for_those_who_may(house: House, address: Address):
    for method in ("get", "post"):
        expected = dict(zip(ROLES, getattr(DOORS[address.name], method), strict=True))
        for path in house.paths(address):
            found = {role: _tried(house.browsers[role], method, path) for role in expected}
            assert found == expected, (method, path)
            # Of an address with many words each word is tried by all who are refused, and by one who is not.
            one_who_may = next((role for role, outcome in expected.items() if outcome == "in"), None)
            expected = {role: end for role, end in expected.items() if end != "in" or role == one_who_may}


@pytest.mark.once
@pytest.mark.parametrize("address", [address for address in OURS if address.takes], ids=lambda address: address.name)
def test_what_is_absent_answers_like_what_is_foreign(house: House, address: Address):
    words = {
        **HOOK,
        "key": "nowhere",
        "slug": "nowhere",
        "token": "altered",
        "what": next(iter(CHANGES)),
        "verb": next(iter(VERBS)),
    }
    # Reading an alert that one does not have changes nothing and says nothing.
    expected = {"none", "method"} | ({"in"} if address.name == "desk:alert_read" else set())

    odd = product((0, 10**30), ("get", "post"), ("agent",))
    for number, method, role in chain(product((987654,), ("get", "post"), ("owner", "agent", "admin")), odd):
        path = address.path({"number": number, "pk": number, **words})
        assert _tried(house.browsers[role], method, path) in expected, (number, method, role)


def _tried(browser: Client, method: str, path: str) -> str:
    """The outcome of one try, which leaves nothing behind for the next."""
    with transaction.atomic():
        answer = getattr(browser, method)(path)
        transaction.set_rollback(True)
    if answer.status_code == 302:
        return "login" if answer["Location"].startswith("/accounts/login/?next=") else "in"
    if path == "/readyz" and answer.status_code == 503:
        return "in"
    named = {404: "none", 405: "method", 401: "sign"}
    assert answer.status_code < 500, path
    return named.get(answer.status_code, "in")


def _browser(person: User | None) -> Client:
    return Client() if person is None else signed_in(person)
