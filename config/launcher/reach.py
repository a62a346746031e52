"""Are the parts that the settings name really there? One clear sentence each, before anything is started."""

import smtplib
import ssl

import redis
from django.db import DatabaseError, connection

from config.addresses import MailServer, SettingError, redis_client_url

PATIENCE = 5.0


def check_database() -> None:
    """Raises `SettingError` when the database does not answer, or answers that it is something else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise SettingError(f"DATABASE_URL: the database does not answer: {_first_line(error)}") from None


def check_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(
            redis_client_url(url), socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise SettingError(f"REDIS_URL: the server does not answer: {_first_line(error)}") from None


def check_mail(server: MailServer) -> None:
    """Greets the server and signs in, as a delivery would; sends nothing."""
    try:
        with _connect(server) as client:
            if server.starttls:
                client.starttls(context=ssl.create_default_context())
            if server.username:
                client.login(server.username, server.password)
    except (OSError, smtplib.SMTPException) as error:
        raise SettingError(f"EMAIL_URL: the mail server does not take us: {_first_line(error)}") from None


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.ssl:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(server.host, server.port, timeout=PATIENCE)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
