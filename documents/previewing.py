"""Papers to be looked at before they are printed: the true page as a picture, drawn by a process of its own.

The web process never loads the PDF engine. It writes the page, and a child with limits draws it
(`documents.previewing_child`); nothing of it is kept.
"""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models.functions import Length
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from attendees.inspecting import ROOT
from attendees.models import Attendee, Category, Delegation
from conference.kept_words import in_vietnamese
from conference.models import Conference
from documents.batches import CertificateBatch, CertificateBatchLine, as_said
from documents.designs import look_of
from documents.errors import PaperError
from documents.kinds.badges import Badges
from documents.kinds.base import Content, DocumentKind
from documents.kinds.certificates import Certificates
from documents.looks import BADGE, CERTIFICATE, Look
from documents.models import Document

KINDS: dict[str, Badges | Certificates] = {BADGE: Badges(), CERTIFICATE: Certificates()}
DPI = {BADGE: 120, CERTIFICATE: 90}
PATIENCE = 30  # seconds by the clock
AT_ONCE = 2  # children of one web process
_turns = threading.BoundedSemaphore(AT_ONCE)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """A page: why this person, who it is, and the picture as an address that holds it."""

    why: str
    who: str
    src: str


def preview(conference: Conference, look: Look, seed: int) -> list[Shown]:
    """The longest, the shortest and a random name in this look. `PaperError` with a sentence for people.

    The look must have passed `designing.check`. The same `seed` shows the same person.
    """
    people = samples(conference, seed)
    kind = KINDS[look.paper]
    document = Document(conference=conference, kind=kind.slug)
    with in_vietnamese():
        content = kind.specimen(document, look, [person for _why, person in people])
    return _shown(kind, content, DPI[look.paper], [(why, person.full_name) for why, person in people])


def batch_preview(batch: CertificateBatch) -> list[Shown]:
    """The longest, the shortest and the first name of a batch, in its look and as approved. `PaperError`."""
    lines = batch.lines.annotate(length=Length("full_name"))
    found: dict[CertificateBatchLine, str] = {}
    for why, order in (
        (_("Tên dài nhất"), ("-length", "position")),
        (_("Tên ngắn nhất"), ("length", "position")),
        (_("Người đầu danh sách"), ("position",)),
    ):
        if line := lines.order_by(*order).first():
            found.setdefault(line, why)
    kind = Certificates()
    document = Document(conference=as_said(batch.conference, batch.said), kind=kind.slug)
    with in_vietnamese():
        look = look_of(batch.design, CERTIFICATE)
        content = kind.shown(document, look, [line.printed for line in found])
    return _shown(kind, content, DPI[CERTIFICATE], [(why, line.full_name) for line, why in found.items()])


def _shown(
    kind: DocumentKind, content: Content, dpi: int, captions: Sequence[tuple[str, str]]
) -> list[Shown]:
    with in_vietnamese():
        html = render_to_string(kind.template, content.context)
    pages = _draw(kind, html, content, dpi)
    return [
        Shown(why, who, f"data:image/png;base64,{page}")
        for (why, who), page in zip(captions, pages, strict=True)
    ]


def samples(conference: Conference, seed: int) -> list[tuple[str, Attendee]]:
    """Of those who come, else of those who were named; somebody invented where there is nobody."""
    everybody = conference.attendees.select_related("delegation__unit", "category")
    for rows in (everybody.confirmed(), everybody.active()):
        ordered = rows.annotate(length=Length("full_name")).order_by("length", "pk")
        if count := ordered.count():
            places = {_("Tên dài nhất"): count - 1, _("Tên ngắn nhất"): 0, _("Ngẫu nhiên"): seed % count}
            return [(why, ordered[at]) for why, at in places.items()]
    return [(_("Người minh họa, hội nghị chưa có đại biểu"), _invented(conference))]


def _invented(conference: Conference) -> Attendee:
    return Attendee(
        conference=conference, full_name="Nguyễn Thị Minh Họa", position="Phó Giám đốc", honorific="ba",
        organisation_name="Sở Thông tin và Truyền thông",
        category=Category(band="delegate"), delegation=Delegation(name="Đoàn minh họa"),
    )  # fmt: skip


def _draw(kind: DocumentKind, html: str, content: Content, dpi: int) -> Sequence[str]:
    asked = {
        "html": html,
        "rules": content.rules,
        "stylesheets": kind.stylesheets,
        "dpi": dpi,
        "codes": {name: one for name, one in content.images.items() if isinstance(one, str)},
        "pictures": {
            name: base64.b64encode(one).decode()
            for name, one in content.images.items()
            if isinstance(one, bytes)
        },
    }
    if not _turns.acquire(timeout=PATIENCE):
        raise PaperError(_("Máy đang vẽ nhiều bản xem thử. Chờ một phút rồi bấm “Xem thử”."))
    try:
        answer = _ask(asked)
    finally:
        _turns.release()
    if "refused" in answer:
        raise PaperError(answer["refused"])
    pages: list[str] = answer["pages"]
    return pages


def _ask(asked: dict[str, Any]) -> dict[str, Any]:
    """Ask a fresh child; a thread of the web server must not fork with its locks."""
    command = [
        sys.executable, "-E", "-s", "-X", "utf8", "-m", "documents.previewing_child",
        str(settings.DATA_DIR), str(settings.FONTS_DIR), str(settings.LOCALE_PATHS[0]),
        translation.get_language() or settings.LANGUAGE_CODE,
    ]  # fmt: skip
    too_slow = PaperError(_("Chưa vẽ được bản xem thử: quá lâu. Dùng ảnh nhẹ hơn rồi bấm “Xem thử”."))
    try:
        child = subprocess.run(
            command, cwd=ROOT, env={}, input=json.dumps(asked).encode(), capture_output=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise too_slow from None
    if child.returncode:
        cause = child.stderr[-500:].decode("utf-8", "replace")
        _log.error("The preview ended with %s: %s", child.returncode, cause)
        if child.returncode < 0:  # killed by a signal: it ran into a limit
            raise too_slow
        raise PaperError(_("Chưa vẽ được bản xem thử do lỗi của hệ thống. Bấm “Xem thử” để thử lại."))
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer
