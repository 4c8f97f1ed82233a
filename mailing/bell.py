"""The doorbell of the workers: a message names letters, no more. Losing one costs seconds, not letters."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from celery import current_app
from django.utils import timezone

from mailing.models import Message

SEND = "mailing.send"
AT_ONCE = 20  # letters of one task: they leave through one connection
_log = logging.getLogger(__name__)


def ring(letters: Sequence[int]) -> bool:
    """Tell the workers, best effort: at the first refusal leave the rest to the sweeper. Never raises."""
    rung: list[int] = []
    try:
        for start in range(0, len(letters), AT_ONCE):
            some = list(letters[start : start + AT_ONCE])
            current_app.send_task(SEND, (some,))
            rung += some
    except Exception:
        _log.warning("The broker did not take a message; the sweeper will send it", exc_info=True)
        return False
    finally:
        Message.objects.filter(pk__in=rung).update(rung_at=timezone.now())
    return True
