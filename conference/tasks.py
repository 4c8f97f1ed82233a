"""Housekeeping that beat and the sweeper ask for."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from conference import pulses, retention, stored_files
from conference.models import Conference


@shared_task(name=pulses.TASK)
def pulse() -> None:
    """Nothing: a sign of life comes before every task (conference/celery.py)."""


@shared_task(name="conference.forget_old_sessions")
def forget_old_sessions() -> None:
    """Delete sign-ins that have run out or were ended, where they came from, and limits that are over."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute("DELETE FROM cache WHERE expires < %s", [now])


@shared_task(name="conference.forget_in_time")
def forget_in_time() -> None:
    """What was held long enough goes: a task for each conference, so that none waits for another's fault."""
    for pk in Conference.objects.filter(legal_hold=False).order_by("pk").values_list("pk", flat=True):
        forget_of.delay(pk)


@shared_task(name="conference.forget_of")
def forget_of(pk: int) -> None:
    """What one conference has held long enough goes; where a task took out all it may, the next goes on."""
    for conference in Conference.objects.filter(pk=pk):
        if retention.forget(conference, retention.AT_ONCE) and retention.has_more(pk):
            forget_of.delay(pk)


@shared_task(name="conference.forget_unnamed")
def forget_unnamed() -> None:
    """Files that no row has named for a day go."""
    stored_files.forget_unnamed()
