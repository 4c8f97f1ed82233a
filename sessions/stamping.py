"""Name and code of a person across every page of a PDF, so that a copy tells whose it was.

A process of its own with limits opens the file, as when it came in (see `attendees.inspecting`).
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ROOT = Path(__file__).resolve().parent.parent
FONT = "@expo-google-fonts/be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf"
PATIENCE = 60  # seconds by the clock
logger = logging.getLogger(__name__)


def stamp(pdf: bytes, lines: Sequence[str]) -> bytes:
    """The file with these lines on every page. Raises `ValidationError` where that fails."""
    question = {"lines": list(lines), "font": str(settings.FONTS_DIR / FONT)}
    command = [sys.executable, "-E", "-s", "-X", "utf8", "-m", "sessions.stamping_child"]
    given = json.dumps(question).encode() + b"\n" + pdf
    try:
        child = subprocess.run(command, cwd=ROOT, env={}, input=given, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        child = None
    if child is None or child.returncode or not child.stdout.startswith(b"%PDF-"):
        logger.error("A material could not be stamped: %s", child.stderr[:500] if child else "too slow")
        raise ValidationError(
            _("Chưa lập được bản mang tên Ông/Bà. Thử lại, hoặc gọi Ban Tổ chức."), code="stamp"
        )
    return child.stdout
