"""Nothing internal reaches a customer: a marked phrase of its own sits in every internal text (R62, DESIGN §3.12)."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client

from api.actions import create_token
from escalation.models import Communication, CustomerAnalysis
from knowledge.models import Article
from mailroom.models import SideConversation, SideFile
from notifications.models import Alert, Delivery
from tests.conftest import AT
from tests.desk.addresses import Address, addresses
from tests.desk.helpers import names_an_escalation
from tests.portal.phrases import FOUND, INTERNAL_ROWS, KEYS, PUBLIC
from tests.portal.secrets import FOR_CUSTOMERS, IN_THE_FILE, KEY, WORD, Secrets, build
from tests.worlds import lasting
from tickets import services as tickets
from tickets.models import Attachment, Message

AT_LEAST = 200


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[Secrets]:
    """Made once; whatever a test does is taken back."""
    with lasting(django_db_blocker, AT):
        yield build(AT)


@pytest.fixture
def secrets(built: Secrets, db: None, time: Any) -> Secrets:
    time.move_to(built.now)
    return built


@pytest.fixture
def visiting(secrets: Secrets, client: Client) -> Client:
    client.force_login(secrets.people["cora"])
    return client


def phrases_in(found: bytes | str) -> list[str]:
    text = found.decode(errors="replace") if isinstance(found, bytes) else found
    return FOUND.findall(text)


def _values(secrets: Secrets) -> dict[str, list[Any]]:
    """What the addresses take: the customer's own keys, and the first and the last of the internal ones."""
    numbers = [secrets.ticket.number, secrets.escalation.number]
    keys: set[int] = set()
    for model in (Attachment, Delivery, Alert, Message, CustomerAnalysis, SideConversation, SideFile):
        rows = model.objects.order_by("pk").values_list("pk", flat=True)
        keys |= {rows.first(), rows.last()}
    words = {
        "slug": ["refunds", "for-all", "payouts"],
        "metric": ["resolution"],
        "what": ["note"],
        "token": ["resolution"],
    }
    words |= {"provider": ["postmark"], "key": [KEY, "sla"], "word": [WORD], "form": ["csv"]}
    files = list(SideFile.objects.values_list("pk", flat=True)[:1])
    return {
        "number": sorted(set(numbers)),
        "pk": sorted(keys),
        "file": files,
        "call": sorted(keys)[:1],
        "verb": ["solve", "acknowledge"],
        **words,
    }


def _paths(address: Address, values: dict[str, list[Any]]) -> Iterator[str]:
    for chosen in product(*(values[key] for key in address.takes)):
        yield address.path(dict(zip(address.takes, chosen, strict=True)))


def _leaks(client: Client, paths: list[str], **headers: str) -> dict[str, list[str]]:
    return {path: found for path in paths if (found := phrases_in(_bytes(client, path, **headers)))}


def _bytes(client: Client, path: str, **headers: str) -> bytes:
    answer = client.get(path, headers=headers)
    body = b"".join(answer.streaming_content) if _is_file(answer) else b"" if answer.streaming else answer.content
    return body + str(dict(answer.items())).encode()


def _is_file(answer: Any) -> bool:
    return answer.streaming and "attachment" in answer.get("Content-Disposition", "")


def test_every_text_of_every_model_is_marked_or_said_to_be_public(secrets):
    assert secrets.marked.empty == []
    assert {*PUBLIC, *KEYS, *INTERNAL_ROWS} <= secrets.marked.known
    assert not KEYS & PUBLIC.keys()
    assert len(secrets.marked.where) >= AT_LEAST


def test_no_page_shows_a_customer_what_was_said_among_colleagues(secrets, visiting, settings):
    settings.DEMO = True
    values = _values(secrets)

    paths = [path for address in addresses() for path in _paths(address, values)]

    assert len(paths) > 100
    assert _leaks(visiting, paths) == {}
    page = visiting.get(f"/help/{secrets.ticket.number}/").content.decode()
    assert "Payouts are stuck" in page
    assert "You may pay out again." in visiting.get(f"/help/chat/{KEY}/{WORD}/").content.decode()
    for word in ("E-", ">S1<", ">S2<", "ladder", "Ownership", "ownership", "On hold", "on hold", "on_hold", "Cards"):
        assert word not in _main(page), word


def test_no_page_for_whoever_comes_says_what_was_said_among_colleagues(secrets, client):
    """A service's status is public here, and what customers were told of it went to several."""
    Communication.objects.filter(audience="customers").update(recipients=2)
    values = _values(secrets)
    portal = [address for address in addresses() if address.name.startswith("portal:")]

    paths = [path for address in portal for path in _paths(address, values)]

    assert "/help/status/payouts/" in paths
    assert _leaks(client, paths) == {}
    assert "It works again." in client.get("/help/status/payouts/").content.decode()


def test_no_call_gives_a_customers_program_what_was_said_among_colleagues(secrets, client: Client):
    _token, secret = create_token(user=secrets.people["cora"], name="test", now=secrets.now)
    values = _values(secrets)

    paths = [path for address in addresses() if address.name.startswith("api:") for path in _paths(address, values)]

    assert len(paths) > 50
    assert _leaks(client, paths, Authorization=f"Bearer {secret}") == {}


def test_no_mail_and_no_alert_tells_a_customer_what_was_said_among_colleagues(secrets):
    customers = [secrets.people[name] for name in ("cora", "stan")]

    assert not Alert.objects.filter(recipient__in=customers).exists()
    rows = Delivery.objects.filter(address__in=[one.email for one in customers])
    assert rows.count() >= 3
    for row in rows:
        assert phrases_in(f"{row.subject} {row.text} {row.context} {row.headers}") == [], row


def test_r53_the_document_that_a_customer_is_given_has_nothing_of_the_internal_analysis(secrets, visiting):
    document = CustomerAnalysis.objects.get(person=secrets.people["cora"])

    page = visiting.get(f"/help/analyses/{document.pk}/").content.decode()

    assert FOR_CUSTOMERS in page
    assert phrases_in(page) == []


def test_live_updates_tell_a_customer_nothing_of_what_is_internal(secrets, visiting, time):
    cursor = visiting.get("/live/poll/").json()["cursor"]
    time.move_to(time.now + timedelta(minutes=5))

    tickets.note(user=secrets.people["anna"], number=secrets.ticket.number, body="Once more", now=time.now)
    answer = visiting.get(f"/live/poll/?since={cursor}").json()

    assert (answer["tickets"], answer["escalations"], answer["alerts"]) == ([], [], False)


def test_what_a_customer_is_refused_says_nothing_internal(secrets, visiting):
    form = {"reason": "staff", "summary": "More", "body": "x"}

    for what in ("escalate", "reply", "analysis"):
        page = visiting.post(f"/help/{secrets.ticket.number}/{what}/", form, follow=True).content.decode()
        assert phrases_in(page) == []
        assert not names_an_escalation(_main(page))


def test_the_canaries_sing_where_colleagues_are(secrets, client: Client):
    """Else the tests above would prove nothing."""
    client.force_login(secrets.people["mona"])
    number, room = secrets.ticket.number, secrets.escalation.number
    kept = Attachment.objects.get(message__is_public=False)

    pages = [f"/tickets/{number}/", f"/escalations/{room}/", f"/api/v1/tickets/{number}/", "/articles/refunds/"]
    heard = {phrase for path in pages for phrase in phrases_in(_bytes(client, path))}

    assert len(heard) > 20
    assert IN_THE_FILE in phrases_in(_bytes(client, f"/attachments/{kept.pk}/"))
    assert set(Article.objects.values_list("slug", flat=True)) == {"refunds", "for-all"}


def _main(page: str) -> str:
    """The content, without the frame."""
    return page.partition('id="main"')[2]
