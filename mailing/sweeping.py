"""Which letters wait for a worker although nobody rings: due by now, or left behind. Named in `SWEEPS`."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from conference import leases, sweeping
from mailing import bell, sending
from mailing.models import Message, State


def sweep() -> list[int]:
    """One round. Returns the letters that were rung for."""
    _give_up_hopeless()
    found = sweeping.forgotten(Message.objects.due(), most=sending.MOST_ATTEMPTS)
    if found:
        bell.ring(found)
    return found


def _give_up_hopeless() -> None:
    """A letter that took its worker down every time is not tried for ever."""
    spent = leases.free(timezone.now()) & Q(attempts__gte=sending.MOST_ATTEMPTS)
    hopeless = Message.objects.filter(spent, state__in=Message.MOVING)
    hopeless.update(state=State.FAILED, error=sending.broken_sentence(), token=None, lease_until=None)
