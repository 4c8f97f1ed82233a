"""Housekeeping that beat and the sweeper ask for."""

from celery import shared_task
from django.core.management import call_command

from conference import pulses, retention


@shared_task(name=pulses.TASK)
def pulse() -> None:
    """Nothing: a sign of life comes before every task (conference/celery.py)."""


@shared_task(name="conference.forget_old_sessions")
def forget_old_sessions() -> None:
    """Delete sign-ins that have run out."""
    call_command("clearsessions")


@shared_task(name="conference.forget_in_time")
def forget_in_time() -> None:
    """What was held long enough goes."""
    retention.forget_everywhere()
