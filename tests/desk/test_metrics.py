"""What Prometheus reads, and who may."""

from datetime import timedelta

from django.test import Client

from common import heartbeat
from notifications.actions import post
from notifications.models import Delivery


def test_the_machine_itself_reads_how_late_the_engine_is_and_what_waits(client: Client, db, time, at):
    heartbeat.beat("sweep", now=at)
    post(address="a@x.example", subject="x", text="x", dedupe="1", now=at)
    post(address="b@x.example", subject="x", text="x", dedupe="2", now=at)
    Delivery.objects.filter(dedupe_key="2").update(held="quiet")
    time.move_to(at + timedelta(seconds=90))

    answer = client.get("/metrics", headers={"Host": "127.0.0.1"})

    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.content.decode().splitlines()
    assert "escala_sweep_lag_seconds 90.0" in lines
    assert 'escala_outbox_messages{state="waiting"} 2' in lines
    assert "escala_outbox_oldest_seconds 90.0" in lines
    assert 'escala_round_age_seconds{round="sweep"} 90.0' in lines
    assert all(line.startswith(("#", "escala_")) for line in lines)


def test_an_engine_that_never_ran_is_as_late_as_can_be(client: Client, db):
    assert "escala_sweep_lag_seconds +Inf" in client.get("/metrics", headers={"Host": "localhost"}).content.decode()


def test_without_a_token_nobody_else_reads_it(client: Client, db, settings):
    settings.ALLOWED_HOSTS = ["*"]

    for there in (
        {"headers": {"Host": "desk.example.com"}},
        {"headers": {"Host": "127.0.0.1", "X-Forwarded-For": "203.0.113.9"}},
        {"headers": {"Host": "127.0.0.1"}, "REMOTE_ADDR": "203.0.113.9"},
    ):
        answer = client.get("/metrics", **there)
        assert answer.status_code == 404
        assert b"escala_" not in answer.content


def test_with_a_token_whoever_shows_it_reads_it_and_nobody_else(client: Client, db, settings):
    settings.METRICS_TOKEN = "a-long-enough-token"

    shown = client.get("/metrics", headers={"Authorization": "Bearer a-long-enough-token"}, REMOTE_ADDR="203.0.113.9")
    wrong = client.get("/metrics", headers={"Authorization": "Bearer ключ"}, REMOTE_ADDR="127.0.0.1")

    assert (shown.status_code, wrong.status_code) == (200, 404)
