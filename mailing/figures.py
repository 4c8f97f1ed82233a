"""Letters, for whoever watches the installation. Named in `FIGURES`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from conference import leases
from conference.figures import HELD, OLDEST, Figure, states
from mailing.models import Hold, Message, State

KIND = "mail"


def figures() -> Iterator[Figure]:
    """How many in which state, how long the oldest that may leave has waited, and what holds them."""
    now = timezone.now()
    letters = dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
    yield states(
        "jobs", "Papers and letters by state.", [(s, letters.get(s, 0)) for s in State.values], kind=KIND
    )
    released = Greatest(Coalesce("send_after", "approved_at"), "approved_at")
    waiting = Message.objects.due().filter(leases.free(now))
    first = waiting.aggregate(at=Min(Coalesce("run_after", released)))["at"]
    age = max((now - first).total_seconds(), 0.0) if first else 0.0
    yield Figure(OLDEST, "How long the oldest job has waited for a worker.", [({"kind": KIND}, age)])
    held = Message.objects.filter(leases.held(now), state=State.SENDING).count()
    yield Figure(HELD, "Jobs in the hands of workers.", [({"kind": KIND}, held)])
    yield Figure("mail_holds", "Orders that stop mail; see the desk.", [({}, Hold.objects.count())])
