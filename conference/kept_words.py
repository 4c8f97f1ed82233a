"""What the system writes by itself and keeps is in Vietnamese, whoever presses the button: papers, letters,
reasons, the journal. They are read by everybody, long after the page that was answered.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import translation


def in_vietnamese() -> translation.override:
    """Texts that are translated inside the block are made to be kept."""
    return translation.override(settings.LANGUAGE_CODE)
