"""The doors, for whoever watches the installation. Named in `FIGURES`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from checkin.models import Device, Scan
from conference.figures import Figure

MINUTE = timedelta(minutes=1)


def figures() -> Iterator[Figure]:
    """Scans that phones brought, and phones that spoke to us a moment ago."""
    verdicts = dict(Scan.objects.order_by().values_list("verdict").annotate(Count("pk")))
    told = [({"verdict": one}, float(verdicts.get(one, 0))) for one in Scan.Verdict.values]
    yield Figure("scans_total", "Scans taken.", told, type="counter")
    seen = Device.objects.standing().filter(last_seen_at__gte=timezone.now() - MINUTE).count()
    yield Figure("doors_seen", "Phones at the doors that spoke to us in the last minute.", [({}, seen)])
