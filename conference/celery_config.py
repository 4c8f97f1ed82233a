"""How Celery works here: a row in the database is the truth and a message only a doorbell.

So there are no results, no chords and no countdowns. Read by `conference.celery`.
"""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab
from django.conf import settings

broker_url = settings.REDIS_URL or "files://localhost//"  # conference/broker.py
broker_transport_options: dict[str, Any] = {
    "data_folder_in": str(settings.DATA_DIR / "broker" / "messages"),
    "data_folder_out": str(settings.DATA_DIR / "broker" / "messages"),
    "control_folder": str(settings.DATA_DIR / "broker" / "control"),
    "polling_interval": 0.1,
}
if settings.REDIS_URL:
    broker_transport_options = {
        "visibility_timeout": 900,  # far above every time limit: speed comes from the sweeper
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,  # a hung Redis must not hang a page
        "socket_connect_timeout": 2,
        "health_check_interval": 5,
        "socket_keepalive": True,
    }
broker_connection_timeout = 1
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
task_publish_retry = False
accept_content = ["json"]
task_serializer = "json"
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = False  # the lease on the row recovers; True never ends on a poison row
task_soft_time_limit = 60
task_time_limit = 75  # below the lease of 90 s, so that a living worker is never overtaken
worker_prefetch_multiplier = 1
worker_max_tasks_per_child = 200
worker_max_memory_per_child = 400_000  # KiB
worker_soft_shutdown_timeout = 20  # with REMAP_SIGTERM=SIGQUIT; the supervisor waits longer than this
worker_enable_remote_control = bool(settings.REDIS_URL)  # `inspect ping` is the worker's health check
worker_hijack_root_logger = False
imports = ("documents.pdf", settings.ROOT_URLCONF)  # loaded once, before the worker forks its processes
timezone = settings.TIME_ZONE
beat_schedule_filename = str(settings.DATA_DIR / "beat-schedule")
_FORGET = {"task": "conference.forget_old_sessions", "schedule": 6 * 60 * 60.0}
# By the clock, as the pages promise; a night in which beat was away is made up when it is back.
_NIGHTLY = {"task": "conference.forget_in_time", "schedule": crontab(hour=2, minute=17)}
_SWEEPING = {"task": "conference.forget_unnamed", "schedule": crontab(hour=3, minute=17)}
beat_schedule = {
    "forget old sign-ins": _FORGET,
    "forget what is over its time": _NIGHTLY,
    "forget files that no row names": _SWEEPING,
}
