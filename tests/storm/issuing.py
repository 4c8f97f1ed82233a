"""Batches of certificates that are approved, and the presses that issue them."""

from __future__ import annotations

from django.urls import reverse

from conference.models import Conference
from documents import issuing
from documents.batches import CertificateBatch, content_hash
from documents.requests import Scope
from tests.storm.clicks import Press

REFERENCE = "Phiếu trình số 1/PTr"


def approved(conference: Conference) -> list[CertificateBatch]:
    """A batch of each delegation, submitted and approved."""
    found = []
    for one in conference.delegations.order_by("pk"):
        batch = issuing.draft(conference, Scope(delegations=[one]), by=None)
        issuing.approve(batch, content_hash(batch.lines.all()), by=None, paper_reference=REFERENCE)
        found.append(batch)
    return found


def presses(conference: Conference) -> list[Press]:
    """One for the batch of each delegation; whoever presses one again gets the same answer."""
    return [Press(reverse("admin:issuing_issue", args=(batch.pk,)), {}) for batch in approved(conference)]
