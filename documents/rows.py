"""A paper as people see it in a list: its name, its state in words, what can be done."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference import moments, vietnamese_dates
from conference.guests import Guest
from conference.journal import Actor
from conference.models import Conference, User
from documents import requests
from documents.kinds import KINDS
from documents.kinds.base import DocumentKind, delegation_title
from documents.models import Document, DocumentQuerySet

_TAGS = {
    Document.State.QUEUED: "wait",
    Document.State.RUNNING: "part",
    Document.State.READY: "ok",
    Document.State.FAILED: "err",
    Document.State.CANCELLED: "off",
}
LONGEST = timedelta(hours=1)  # any paper is made by then; what was asked for before was begun again


@dataclass
class Row:
    """One paper, for the component `_ui/paper.html`; `document` comes from `of()`, with its progress."""

    document: Document
    may_change: bool

    @property
    def id(self) -> str:
        return f"paper-{self.document.public_id}"

    @cached_property
    def title(self) -> str:
        kind = KINDS[self.document.kind]
        how = f", {kind.each_title}" if self.document.each else ""
        day = f", {vietnamese_dates.short_date(self.document.day)}" if self.document.day else ""
        return f"{kind.title}{how} · {self._scope()}{day}"

    def _scope(self) -> str:
        document = self.document
        if document.attendee_ids:
            count = len(document.attendee_ids)
            return ngettext("%d người được chọn", "%d người được chọn", count) % count
        if document.delegation is not None:
            return delegation_title(document.delegation)
        if document.delegation_ids:
            return _("%d đoàn") % len(document.delegation_ids)
        if document.since_id:
            return _("thẻ mới, đã đổi")
        if document.subject_ids and KINDS[document.kind].keeps_in:
            count = len(document.subject_ids)
            return ngettext("%d giấy", "%d giấy", count) % count
        return _("cả hội nghị")

    @property
    def kind(self) -> str:
        return "part" if self._lacks else _TAGS[Document.State(self.document.state)]

    @property
    def _lacks(self) -> bool:
        """Did it come out without some of its subjects?"""
        return self.document.state == Document.State.READY and bool(self.document.error)

    @property
    def state_label(self) -> str:
        if self._lacks:
            return _("Xong, còn thiếu")
        return str(Document.State(self.document.state).label)

    @property
    def done(self) -> int:
        return int(getattr(self.document, "done", 0))

    @property
    def total(self) -> int:
        return self.document.total

    @cached_property
    def sentence(self) -> str:
        document = self.document
        if document.state == Document.State.READY:
            facts = {
                "people": document.total,
                "pages": document.pages,
                "size": vietnamese_dates.file_size(document.size),
                "when": self._finished(),
            }
            told = _("%(pages)d trang, %(size)s. Xong lúc %(when)s.") % facts
            if KINDS[document.kind].of_people:
                told = _("%(people)d đại biểu, %(pages)d trang, %(size)s. Xong lúc %(when)s.") % facts
            return f"{told} {document.error}".strip()
        if document.state == Document.State.FAILED:
            return document.error
        if document.state == Document.State.CANCELLED:
            stopped = _("Đã dừng lúc %(when)s. Bấm Làm lại để lập tiếp.") % {"when": self._finished()}
            return document.error or stopped
        if self.done:
            return f"{self.done}/{self.total}{self._remaining()}"
        if getattr(document, "tried", 0):
            return _("Lần vừa rồi chưa được, hệ thống tự thử lại. Sau 15 phút chưa xong, báo người quản trị.")
        return _("Đang chờ đến lượt. Trang này tự cập nhật, có thể rời đi.")

    def _finished(self) -> str:
        moment = self.document.finished_at or self.document.requested_at
        moment = moment.astimezone(self.document.conference.zone)
        return f"{vietnamese_dates.clock(moment)}, {vietnamese_dates.short_date(moment)}"

    def _remaining(self) -> str:
        """What is left at the pace so far."""
        if self.done >= self.total:
            return _(", đang ghép")
        passed = timezone.now() - self.document.requested_at
        if passed > LONGEST:
            return ""
        left: timedelta = passed * (self.total - self.done) / self.done
        return _(", còn khoảng %s") % moments.duration(max(left, timedelta(minutes=1)))

    @property
    def progress_url(self) -> str:
        return self._url("progress") if self.document.is_moving else ""

    @cached_property
    def acts(self) -> list[dict[str, Any]]:
        document = self.document
        again = {"label": _("Làm lại"), "url": self._url("retry"), "post": True, "icon": "again"}
        if document.state == Document.State.READY:
            size = vietnamese_dates.file_size(document.size)
            label = _("Tải %(type)s (%(size)s)") % {"type": document.suffix.upper(), "size": size}
            acts = [{"label": label, "url": self._url("download"), "icon": "down", "download": True}]
            return [*acts, again] if self._lacks and self.may_change else acts
        if not self.may_change:
            return []
        if document.is_moving:
            return [{"label": _("Hủy"), "url": self._url("cancel"), "post": True, "kind": "plain"}]
        return [again]

    def _url(self, name: str) -> str:
        return reverse(f"documents:{name}", args=(self.document.conference.slug, self.document.public_id))


def of(documents: DocumentQuerySet) -> DocumentQuerySet:
    """With all that a row shows, in one query for any number of papers."""
    counted = documents.select_related("conference", "delegation__unit").with_progress()
    return counted.order_by("-requested_at", "-pk")  # a sum takes the model's own order away


def rows(documents: Iterable[Document], user: Actor) -> list[Row]:
    """Rows as this person sees them."""
    return [Row(document, may_change(document, user)) for document in documents]


def may_change(document: Document, user: Actor) -> bool:
    """May this person stop it or begin it again? Who runs the conference, and who asked for it."""
    if isinstance(user, Guest):
        return False
    return document.conference.is_run_by(user) or document.requested_by_id == user.pk


def offers(conference: Conference, user: User, delegation: Any = None) -> list[dict[str, Any]]:
    """What this person can ask for here: each kind of paper with the ways to have it."""
    if not requests.may_print(conference, user, [delegation] if delegation else []):
        return []
    runs = conference.is_run_by(user)
    return [
        {"kind": kind.slug, "title": kind.title, "about": kind.about, "ways": _ways(kind, delegation)}
        for kind in KINDS.values()
        if kind.is_offered and (runs or kind.for_officers)
    ]


def _ways(kind: DocumentKind, delegation: Any) -> list[dict[str, Any]]:
    found = [{"label": _("Lập PDF"), "each": False, "key": uuid.uuid4()}]
    if kind.may_be_each and not (delegation and kind.each_is_delegation):
        label = f"{capfirst(str(kind.each_title))} (ZIP)"
        found.append({"label": label, "each": True, "key": uuid.uuid4()})
    return found
