"""Who may read about the programme."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from conference import access
from conference.models import Conference


def conference_for(user: Any, slug: str) -> Conference:
    """A conference that everybody may read about; its desk sees a draft of one too. Else 404."""
    return get_object_or_404(access.readable_by(user), slug=slug)
