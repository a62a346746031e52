"""Webhooks as an administrator sets them up: which events, of whom, and how much is said."""

from notifications.models import Endpoint
from tests.desk.helpers import get, post, words
from tests.factories.people import make_team

NEW = {"name": "CRM", "url": "https://crm.example/hook", "events": ["ticket.created", "promise.missed"]}


def test_an_administrator_ticks_events_teams_a_severity_and_how_much_is_said(adam):
    legal = make_team("Legal", restricted=True)

    post(adam, "desk:webhook_new", **NEW, kinds=["breach"], teams=[legal.pk], severity="2", with_words="on")

    made = Endpoint.objects.get()
    assert (made.events, made.severity, made.with_words) == (NEW["events"], 2, True)
    assert list(made.teams.all()) == [legal]
    shown = words(get(adam, "desk:webhook", made.pk))
    assert shown.count(" checked") >= 4
    post(adam, "desk:webhook", made.pk, **{**NEW, "events": ["ticket.created"]})
    made.refresh_from_db()
    assert (made.events, made.severity, made.with_words, made.teams.count()) == (["ticket.created"], None, False, 0)


def test_what_makes_no_sense_keeps_what_was_typed_and_stores_nothing(adam):
    for given, sentence in (
        ({"events": []}, "Choose at least one event"),
        ({"events": ["ticket.eaten"]}, "Select a valid choice"),
        ({"severity": "9"}, "Select a valid choice"),
        ({"teams": ["x"]}, "not a valid"),
    ):
        refused = post(adam, "desk:webhook_new", **{**NEW, **given})
        assert refused.status_code == 422
        assert sentence in words(refused) and "https://crm.example/hook" in words(refused)
    assert not Endpoint.objects.exists()
