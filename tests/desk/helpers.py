"""What the tests of several pages share."""

import re
from collections import Counter
from datetime import UTC, datetime
from string import ascii_lowercase

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.crypto import get_random_string

from common import clock
from desk import context
from desk.looks.inbox.figures import Figures
from people.models import SignIn
from people.sign_ins import SESSION_NAME

# Lines that lay out: between two tags, before one that closes, behind one that opens. What is typed keeps its own.
LAYOUT = re.compile(r"(?<=>)\s*\n\s*(?=<)|\s*\n\s*(?=</)|(?<=<br>)\s*\n\s*")
REFERENCE = re.compile(r"(?<![\w-])E-\d")
OPENED = re.compile(r"(<[a-z][^<>]*>)\s*\n\s*")
TYPED = re.compile(r"(<textarea[^>]*>.*?</textarea>)", re.DOTALL)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
NOWHERE = "There is nothing here for you"


def signed_in(user) -> Client:
    """What the sign-in page leaves behind, without its ceremony, which costs more than many a page."""
    key, now = get_random_string(32, ascii_lowercase), clock.now()
    row = SignIn.objects.create(user=user, session_key=key, created_at=now, used_at=now)
    said = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[1],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        SESSION_NAME: {"row": row.pk, "key": key, "used": now.timestamp()},
    }
    Session.objects.create(session_key=key, session_data=Session.objects.encode(said), expire_date=FAR)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def get(user, name, /, *args, **query):
    return signed_in(user).get(reverse(name, args=args), query)


def post(user, name, /, *args, **data):
    return signed_in(user).post(reverse(name, args=args), data)


def fragment(user, name, /, *args, **query):
    return signed_in(user).get(reverse(name, args=args), query, headers={"HX-Request": "true"})


def words(response) -> str:
    """The page as a reader has it: without the escapes of the templates, and without the lines that lay them out."""
    page = response.content.decode().replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    return "".join(part if TYPED.fullmatch(part) else _in_one_line(part) for part in TYPED.split(page))


def _in_one_line(page: str) -> str:
    return re.sub(r"\s*\n\s*", " ", OPENED.sub(r"\1", LAYOUT.sub("", page)))


def names_an_escalation(page: str) -> bool:
    """Whether a reference such as E-207 stands in it. The token of a form has an “E-” in it once in a hundred times."""
    return REFERENCE.search(page) is not None


def count_nothing(monkeypatch) -> None:
    """The rail beside each page has no figures: reckoning them costs as much as many a page."""
    nothing = Figures(clock.now(), Counter(), [], None)
    monkeypatch.setattr(context, "figures_for", lambda user, now, *, fresh: nothing)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)
