"""The presses that issue certificates."""

from __future__ import annotations

import uuid

from django.urls import reverse

from conference.models import Conference
from tests.storm.clicks import Press


def presses(conference: Conference) -> list[Press]:
    """One for each delegation."""
    path = reverse("admin:documents_document_add")
    return [
        Press(
            path, {"kind": "certificates", "delegations": str(one.pk), "each": "on", "key": str(uuid.uuid4())}
        )
        for one in conference.delegations.order_by("pk")
    ]
