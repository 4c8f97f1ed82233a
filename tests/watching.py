"""An installation whose other processes are at work, as far as anybody can tell."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone

from conference import pulses
from conference.models import Pulse


def at_work(*processes: str, silent_for: float = 0) -> None:
    """Fresh signs of life of these, or of all; `silent_for` seconds ago."""
    at = timezone.now() - timedelta(seconds=silent_for)
    for process in processes or (pulses.WORKER, pulses.SWEEPER):
        Pulse.objects.update_or_create(
            process=process, host="box", defaults={"version": settings.VERSION, "at": at}
        )
    forget_answers()


def forget_answers() -> None:
    """What `/readyz` keeps for seconds."""
    caches["rendered"].delete("readyz")
