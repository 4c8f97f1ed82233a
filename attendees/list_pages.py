"""The pages on which a list is worked on: give it, assign its columns, look at it, take it. A step, a page.

The portal of a delegation and the desk of the organisers show the same pages in their own frames: each gives
a `Frame`, which knows the addresses and draws.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from attendees import importing
from attendees.holding import Stale
from attendees.importing.showing import FILTERS, Shown
from attendees.list_forms import GivenForm, PlanForm, SeenForm
from attendees.models import Delegation, ImportBatch
from attendees.workbook_marks import KINDS, XLSX
from attendees.workbooks import Plan, Unreadable
from conference.journal import Actor
from conference.models import Conference

AT_ONCE = 50  # rows of one page
CONFLICT = 409
STEPS = (
    gettext_lazy("Tải lên"),
    gettext_lazy("Đối chiếu cột"),
    gettext_lazy("Xem trước"),
    pgettext_lazy("step", "Nhập"),
)
ONWARD = ("columns", "preview", "take", "undo", "drop", "marked")
STATES = {
    ImportBatch.State.READ: "wait", ImportBatch.State.TAKEN: "ok", ImportBatch.State.UNDONE: "off",
    ImportBatch.State.DROPPED: "off",
}  # fmt: skip


class Frame(ABC):
    """Where the pages stand: in the portal of one delegation, or at the desk."""

    def __init__(self, request: HttpRequest, conference: Conference, by: Actor) -> None:
        self.request, self.conference, self.by = request, conference, by

    @abstractmethod
    def url(self, step: str, batch: ImportBatch | None = None) -> str:
        """The address of a step: upload, template, columns, preview, take, undo, drop, marked."""

    @abstractmethod
    def shell(self, context: dict[str, Any], status: int) -> HttpResponse:
        """Draws a page around `body`."""

    @property
    @abstractmethod
    def back(self) -> str:
        """Where the people of the list are seen."""

    def draw(self, page: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """`page`: upload, columns, preview, taken, undo."""
        batch = context.get("batch")
        urls = {"back": self.back, "upload": self.url("upload"), "template": self.url("template")}
        urls |= {step: self.url(step, batch) for step in ONWARD} if batch else {}
        body = f"attendees/lists/_{page}.html"
        return self.shell({"body": body, "urls": urls, "steps": STEPS, **context}, status)


def upload(frame: Frame, form: GivenForm, delegation: Delegation | None, batches: Any) -> HttpResponse:
    """The first step. `delegation`: whose list it is, None for rows that say it themselves."""
    if form.is_bound and form.is_valid():
        try:
            batch = importing.stage(frame.conference, form.given, by=frame.by, delegation=delegation)
        except Unreadable as refused:
            form.add_error("file" if form.cleaned_data.get("file") else "pasted", refused.told(_))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect(frame.url("preview" if importing.are_settled(batch) else "columns", batch))
    rows = [(one, frame.url("preview", one), STATES[ImportBatch.State(one.state)]) for one in batches]
    return frame.draw("upload", {"form": form, "batches": rows, "step": 1})


def columns(frame: Frame, batch: ImportBatch) -> HttpResponse:
    """The second step: what every column holds."""
    if (elsewhere := _beyond(frame, batch)) is not None:
        return elsewhere
    reading = importing.reading_of(batch)
    data = frame.request.POST if frame.request.method == "POST" else None
    pairs = zip(reading.plans, reading.previews, strict=True)
    forms = [PlanForm(plan, seen, data) for plan, seen in pairs if plan.used or not seen.hidden]
    error = ""
    valid = [form.is_valid() for form in forms]  # each is asked, so that each tells its errors
    if data is not None and all(valid):
        changed = {form.plan.index: form.chosen for form in forms}
        plans = [changed.get(plan.index, plan) for plan in reading.plans]
        if not any(plan.used for plan in plans):
            error = _("Chọn ít nhất một trang để đọc.")
        elif not (error := _remapped(frame, batch, plans)):
            return redirect(frame.url("preview", batch))
    return frame.draw("columns", {"batch": batch, "forms": forms, "error": error, "step": 2})


def _remapped(frame: Frame, batch: ImportBatch, plans: list[Plan]) -> str:
    """Why the file cannot be read like this; empty when it was."""
    try:
        importing.remap(batch, plans, by=frame.by)
    except Unreadable as refused:
        return refused.told(_)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


def preview(frame: Frame, batch: ImportBatch) -> HttpResponse:
    """The third step: row by row what will happen; answers to what must be decided are posted here."""
    if (elsewhere := _beyond(frame, batch)) is not None:
        return elsewhere
    if frame.request.method == "POST":
        return _answer(frame, batch)
    return _show(frame, batch)


def _show(frame: Frame, batch: ImportBatch, *, refusal: str = "", status: int = 200) -> HttpResponse:
    shown = Shown(importing.preview(batch, by=frame.by), frame.request.GET.get("show", ""))
    page = Paginator(shown.rows, AT_ONCE).get_page(frame.request.GET.get("page"))
    context = {
        "batch": batch,
        "shown": shown,
        "page": page,
        "lines": shown.lines(page),
        "refusal": refusal,
        "again": importing.taken_before(batch),
        "step": 3,
    }
    return frame.draw("preview", context, status)


def _answer(frame: Frame, batch: ImportBatch) -> HttpResponse:
    """Keeps the answers of one page; what is no question of this list is not kept."""
    shown = Shown(importing.preview(batch, by=frame.by), "all")
    data = frame.request.POST
    answers = {key: data[key] for key in shown.keys & set(data)}
    rows = set(data.getlist("row")) & {row.key for row in shown.comparison.rows}
    answers |= {f"skip.{key}": data.get(f"skip.{key}", "") and "1" for key in rows}
    try:
        importing.choose(batch, answers, by=frame.by)
    except ValidationError as refused:
        messages.error(frame.request, " ".join(refused.messages))
    else:
        messages.success(frame.request, _("Đã ghi lựa chọn. Chưa nhập gì vào danh sách."))
    kept = {"show": data.get("show", "") if data.get("show") in FILTERS else ""}
    kept["page"] = frame.request.GET.get("page", "")
    query = urlencode({name: value for name, value in kept.items() if value})
    return redirect(frame.url("preview", batch) + (f"?{query}" if query else ""))


def take(frame: Frame, batch: ImportBatch) -> HttpResponse:
    """The last step."""
    form = SeenForm(frame.request.POST)
    if not form.is_valid():
        messages.error(frame.request, str(form.errors["version"][0]))
        return redirect(frame.url("preview", batch))
    try:
        importing.take(batch, by=frame.by, version=form.cleaned_data["version"])
    except Stale:
        batch.refresh_from_db()
        refusal = _("Danh sách đã đổi từ khi xem. Chưa nhập gì: xem lại rồi nhập.")
        return _show(frame, batch, refusal=refusal, status=CONFLICT)
    except ValidationError as refused:
        messages.error(frame.request, " ".join(refused.messages))
    return redirect(frame.url("preview", batch))


def undo(frame: Frame, batch: ImportBatch) -> HttpResponse:
    """Asks, then takes the list back; or says who stands in the way."""
    if batch.state != ImportBatch.State.TAKEN:
        return redirect(frame.url("preview", batch))
    changed: list[tuple[str, str]] = []
    if frame.request.method == "POST":
        try:
            importing.undo(batch, by=frame.by)
        except importing.Changed as refused:
            changed = refused.rows
        except ValidationError as refused:
            messages.error(frame.request, " ".join(refused.messages))
            return redirect(frame.url("preview", batch))
        else:
            messages.success(frame.request, _("Đã hoàn lại: danh sách như trước khi nhập tệp."))
            return redirect(frame.back)
    context = {"batch": batch, "changed": changed, "step": 4}
    return frame.draw("undo", context, CONFLICT if changed else 200)


def drop(frame: Frame, batch: ImportBatch) -> HttpResponse:
    """Forgets a file that was only looked at."""
    try:
        importing.drop(batch, by=frame.by)
    except ValidationError as refused:
        messages.error(frame.request, " ".join(refused.messages))
    else:
        messages.success(frame.request, _("Đã bỏ tệp %(name)s. Danh sách không đổi.") % {"name": batch.name})
    return redirect(frame.url("upload"))


def marked(frame: Frame, batch: ImportBatch) -> HttpResponse:
    """The same workbook with red cells and comments."""
    if (elsewhere := _beyond(frame, batch)) is not None:
        return elsewhere
    try:
        data = importing.marked(batch, by=frame.by)
    except Unreadable as refused:
        messages.error(frame.request, refused.told(_))
        return redirect(frame.url("preview", batch))
    stem = batch.name.rpartition(".")[0] or batch.name
    return attachment(data, f"{stem} - {_('lỗi cần sửa')}.xlsx")


def template(frame: Frame, delegation: Delegation) -> HttpResponse:
    """The workbook of the delegation, to be filled in."""
    from attendees.workbook_form import delegation_workbook  # with it comes openpyxl, 10 MiB of every process

    name = f"{_('Danh sách')} {delegation.name}.xlsx"
    return attachment(delegation_workbook(delegation, by=frame.by), name)


def attachment(data: bytes, name: str, kind: str = KINDS[XLSX]) -> HttpResponse:
    """A file to be kept, never shown in the browser."""
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _beyond(frame: Frame, batch: ImportBatch) -> HttpResponse | None:
    """What a list shows that is no longer looked at: what it did, or that it is gone."""
    if batch.state == ImportBatch.State.READ:
        return None
    if batch.state == ImportBatch.State.DROPPED:
        messages.info(frame.request, _("Tệp này đã bỏ."))
        return redirect(frame.url("upload"))
    counts = [(importing.Act(act), count) for act, count in batch.outcome.get("counts", {}).items()]
    context = {
        "batch": batch,
        "counts": counts,
        "is_undone": batch.state == ImportBatch.State.UNDONE,
        "step": 4,
    }
    return frame.draw("taken", context)
