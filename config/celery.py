"""The task application and its timetable. Tasks are doorbells: each may be lost, doubled or late without harm."""

import ctypes
import os
import signal
import sys
import warnings
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import (
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_process_init,
)
from django.conf import settings
from django.db import close_old_connections

from config import pulse
from config.environment import one_line_errors

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# A ring that nobody heard in time is worthless: the next one follows in two seconds.
RING_EXPIRES = 10
TIMETABLE = {
    "sweep": {"task": "escalation.tasks.sweep", "schedule": 2.0, "options": {"expires": RING_EXPIRES}},
    "send replies": {"task": "tickets.tasks.send_replies", "schedule": 2.0, "options": {"expires": RING_EXPIRES}},
    "wake": {"task": "tickets.tasks.wake", "schedule": 3.0, "options": {"expires": RING_EXPIRES}},
    "route": {"task": "tickets.tasks.route", "schedule": 2.0, "options": {"expires": RING_EXPIRES}},
    "ask customers": {"task": "surveys.tasks.ask", "schedule": 5.0, "options": {"expires": RING_EXPIRES}},
    "try rules": {"task": "tickets.tasks.try_rules", "schedule": 3.0, "options": {"expires": RING_EXPIRES}},
    "broadcast": {"task": "escalation.tasks.broadcast", "schedule": 3.0, "options": {"expires": RING_EXPIRES}},
    "tell": {"task": "escalation.tasks.tell", "schedule": 2.0, "options": {"expires": RING_EXPIRES}},
    "keep facts": {"task": "reports.tasks.keep", "schedule": 5.0, "options": {"expires": RING_EXPIRES}},
    "deliver": {"task": "notifications.tasks.deliver", "schedule": 2.0, "options": {"expires": RING_EXPIRES}},
    "file mail": {"task": "mailroom.tasks.file_pending", "schedule": 5.0, "options": {"expires": RING_EXPIRES}},
    "mail the gone": {"task": "mailroom.tasks.mail_the_gone", "schedule": 5.0, "options": {"expires": RING_EXPIRES}},
    "look up senders": {"task": "mailroom.tasks.look_up_senders", "schedule": 60.0, "options": {"expires": 50}},
    "digest": {"task": "escalation.tasks.digest", "schedule": 600.0, "options": {"expires": 600}},
    "send reports": {"task": "reports.tasks.send", "schedule": 60.0, "options": {"expires": 50}},
    "measure effects": {"task": "reports.tasks.measure", "schedule": 60.0, "options": {"expires": 50}},
    "prove ladders": {
        "task": "escalation.tasks.prove_ladders",
        "schedule": crontab(minute="41"),
        "options": {"expires": 1800},
    },
    "review articles": {
        "task": "knowledge.tasks.review",
        "schedule": crontab(minute="23"),
        "options": {"expires": 1800},
    },
    "look ahead": {"task": "reports.tasks.look_ahead", "schedule": 600.0, "options": {"expires": 600}},
    "learn forecast": {
        "task": "reports.tasks.learn_forecast",
        "schedule": crontab(hour="1", minute="37"),
        "options": {"expires": 3600},
    },
    "look around": {"task": "config.tasks.look_around", "schedule": 60.0, "options": {"expires": 50}},
    "make archives": {"task": "config.tasks.make_archives", "schedule": 5.0, "options": {"expires": RING_EXPIRES}},
    "remove old": {
        "task": "config.tasks.remove_old",
        "schedule": crontab(hour="2-4", minute="*/10"),
        "options": {"expires": 540},
    },
    "tidy": {"task": "config.tasks.tidy", "schedule": crontab(hour="3", minute="17"), "options": {"expires": 3600}},
}
PR_SET_PDEATHSIG = 1

# Celery warns of root because of pickle; here every message is JSON.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery("escala")
with one_line_errors():
    # Celery would close a child's connection before and after each task: so seldom that `CONN_MAX_AGE` comes first.
    app.conf.update(settings.CELERY, beat_schedule=TIMETABLE, CELERY_DB_REUSE_MAX=sys.maxsize)
app.autodiscover_tasks()
app.set_default()


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Django's LOGGING is already in force; Celery must not add its own handlers."""


@task_postrun.connect
@before_task_publish.connect
def show_life(**kwargs: Any) -> None:
    """The worker after each task, beat before each ring."""
    pulse.feel()


@task_prerun.connect
@task_postrun.connect
def keep_what_lives(**kwargs: Any) -> None:
    """A connection is kept from one task to the next, as from one request to the next: while it lives and is young."""
    close_old_connections()


@worker_init.connect
def remember_parent(**kwargs: Any) -> None:
    os.environ["ESCALA_WORKER_PID"] = str(os.getpid())


@worker_process_init.connect
def die_with_parent(**kwargs: Any) -> None:
    """A pool child whose worker is killed with -9 would otherwise live on, and work on, unseen (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The worker may have died between the fork and the line above.
    if os.getppid() != int(os.environ.get("ESCALA_WORKER_PID", os.getppid())):
        os.kill(os.getpid(), signal.SIGKILL)
