"""What the tests of several pages share."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

NOWHERE = "There is nothing here for you"


def signed_in(user) -> Client:
    """What the sign-in page leaves behind, a session, without its ceremony, which costs more than many a page."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def get(user, name, /, *args, **query):
    return signed_in(user).get(reverse(name, args=args), query)


def post(user, name, /, *args, **data):
    return signed_in(user).post(reverse(name, args=args), data)


def fragment(user, name, /, *args, **query):
    return signed_in(user).get(reverse(name, args=args), query, headers={"HX-Request": "true"})


def words(response) -> str:
    """The page's text as it was sent, with the apostrophes that the templates escape."""
    return response.content.decode().replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)
