"""Housekeeping that beat asks for."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="conference.forget_old_sessions")
def forget_old_sessions() -> None:
    """Delete sign-ins that have run out."""
    call_command("clearsessions")
