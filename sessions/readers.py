"""Who may read about the programme."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from conference.models import Conference


def conference_for(user: Any, slug: str) -> Conference:
    """A conference that everybody may read about; its desk sees a draft of one too. Else 404."""
    found = Conference.objects.public() | Conference.objects.on_desk_of(user)
    return get_object_or_404(found, slug=slug)
