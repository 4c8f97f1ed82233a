"""Papers, for whoever watches the installation. Named in `FIGURES`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.utils import timezone

from conference import leases
from conference.figures import HELD, OLDEST, Figure, states
from documents.making import open_parts
from documents.models import Certificate, Document

KIND = "paper"


def figures() -> Iterator[Figure]:
    """How many in which state, and how long the oldest piece has waited for a worker."""
    now = timezone.now()
    papers = dict(Document.objects.order_by().values_list("state").annotate(Count("pk")))
    counts = [(state, papers.get(state, 0)) for state in Document.State.values]
    yield states("jobs", "Papers and letters by state.", counts, kind=KIND)
    since = Coalesce("run_after", "document__requested_at")
    first = open_parts().filter(leases.free(now)).aggregate(at=Min(since))["at"]
    age = (now - first).total_seconds() if first else 0.0
    yield Figure(OLDEST, "How long the oldest job has waited for a worker.", [({"kind": KIND}, age)])
    held = open_parts().filter(leases.held(now)).count()
    yield Figure(HELD, "Jobs in the hands of workers.", [({"kind": KIND}, held)])
    issued = dict(Certificate.objects.order_by().values_list("state").annotate(Count("pk")))
    given = [(state, issued.get(state, 0)) for state in Certificate.State.values]
    yield states("certificates", "Certificates by state.", given)
