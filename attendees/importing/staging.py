"""A file before it is taken: read, its columns assigned, its questions answered. No list changes here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendees import holding, workbooks
from attendees.importing.comparing import compare
from attendees.importing.ground import Ground
from attendees.importing.rows import Comparison
from attendees.models import ColumnMemory, Delegation, ImportBatch
from attendees.workbook_marks import mark_of
from attendees.workbooks import Plan, Reading
from attendees.workbooks.running import LARGEST
from conference import storing, vietnamese
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import Conference, Unit, User

FOLDER = "lists"
KINDS = ("xlsx", "xls", "ods", "csv")
REMEMBERED = 200  # headings of one unit that are kept in mind


def stage(
    conference: Conference, file: File, *, by: Actor | None, delegation: Delegation | None = None
) -> ImportBatch:
    """Reads a file and keeps it, inert, for a preview. The same file of the same person is one batch.

    Without a delegation the rows say theirs, which is for organisers. Raises `workbooks.Unreadable`.
    """
    require_may_import(conference, delegation, by)
    shown, data, reading = read(conference, file, delegation)
    name, sha256, _size = storing.keep_bytes(data, FOLDER, reading.kind if reading.kind in KINDS else "bin")
    one: dict[str, Any] = {"conference": conference, "delegation": delegation, "sha256": sha256}
    one |= {
        "given_by": by if isinstance(by, User) else None,
        "given_by_name": str(by) if by else _("Hệ thống"),
    }
    again = ImportBatch.objects.filter(**one, state=ImportBatch.State.READ).first()
    with in_vietnamese():
        title = vietnamese.clean(shown)[:200] or _("Bảng đã dán")
    kept = {"name": title, "file": name, "given_at": conference.now(), **_read(reading)}
    return again or ImportBatch.objects.create(**one, **kept)


def read(conference: Conference, file: File, delegation: Delegation | None) -> tuple[str, bytes, Reading]:
    """Name, bytes and what stands in them; keeps nothing. Raises `workbooks.Unreadable`."""
    file.seek(0)
    data = file.read(LARGEST + 1)  # one byte more than may be read: the reader then says that it is too large
    shown = PurePosixPath(str(file.name or "").replace("\\", "/")).name
    known = _remembered(_unit(delegation))
    return shown, data, workbooks.read(data, shown, remembered=known, today=conference.today())


def remap(batch: ImportBatch, plans: Sequence[Plan], *, by: Actor | None) -> ImportBatch:
    """Reads the file again under these plans, and keeps them in mind for the next such file."""
    reading = workbooks.read(data_of(batch), batch.name, plans=plans, today=batch.conference.today())
    with transaction.atomic():
        held = hold_batch(batch, by=by)
        for field, value in _read(reading).items():
            setattr(held, field, value)
        held.version += 1
        held.save()
        _remember(_unit(held.delegation), [plan for plan in plans if plan.used and plan.signature])
    return held


@transaction.atomic
def choose(batch: ImportBatch, answers: Mapping[str, str], *, by: Actor | None) -> ImportBatch:
    """Keeps answers by the keys of their questions; an empty one takes an answer back."""
    held = hold_batch(batch, by=by)
    choices = {**held.choices, **answers}
    held.choices = {key: answer for key, answer in choices.items() if answer}
    held.version += 1
    held.save(update_fields=("choices", "version"))
    return held


@transaction.atomic
def drop(batch: ImportBatch, *, by: Actor | None) -> None:
    """Forgets a file that is not going to be taken: what was read in it too."""
    held = hold_batch(batch, by=by)
    held.state, held.reading, held.choices = ImportBatch.State.DROPPED, {}, {}
    held.version += 1
    held.save()
    if not ImportBatch.objects.filter(file=held.file).exclude(state=ImportBatch.State.DROPPED).exists():
        transaction.on_commit(lambda: storing.forget(held.file), robust=True)


def preview(batch: ImportBatch, *, by: Actor | None) -> Comparison:
    """What the list would do now, row by row."""
    return compare(Ground(batch, by), reading_of(batch), batch.choices, batch.version)


def marked(batch: ImportBatch, *, by: Actor | None) -> bytes:
    """The same workbook with its problems as red cells and comments, those of the database among them."""
    return workbooks.annotate(data_of(batch), batch.name, preview(batch, by=by).problems, translate=_)


def hold_batch(batch: ImportBatch, *, by: Actor | None) -> ImportBatch:
    """The row of a batch that is still only looked at, until the transaction ends."""
    rows = ImportBatch.objects.select_for_update(of=("self",)).select_related(
        "conference", "delegation__unit"
    )
    held = rows.get(pk=batch.pk)
    require_may_import(held.conference, held.delegation, by)
    if held.state != ImportBatch.State.READ:
        raise ValidationError(_("Danh sách này đã được nhập hoặc đã bỏ."), code="gone")
    return held


def are_settled(batch: ImportBatch) -> bool:
    """Has a person assigned columns under just these headings before, or is it our own workbook?"""
    if mark_of(reading_of(batch).previews):
        return True
    plans = [plan for plan in plans_of(batch) if plan.used]
    rows = ColumnMemory.objects.filter(unit=_unit(batch.delegation))
    known = set(
        rows.filter(signature__in=[plan.signature for plan in plans]).values_list("signature", flat=True)
    )
    return bool(plans) and all(plan.signature in known for plan in plans)


def taken_before(batch: ImportBatch) -> ImportBatch | None:
    """The same file, taken already."""
    same = ImportBatch.objects.filter(conference=batch.conference, delegation=batch.delegation)
    return same.filter(sha256=batch.sha256, state=ImportBatch.State.TAKEN).first()


def plans_of(batch: ImportBatch) -> list[Plan]:
    return [Plan.from_json(plan) for plan in batch.plans]


def reading_of(batch: ImportBatch) -> Reading:
    return Reading.from_json(batch.reading)


def data_of(batch: ImportBatch) -> bytes:
    return storing.read(batch.file)


def _read(reading: Reading) -> dict[str, object]:
    """What is kept of a reading. The cells as they were stand in the file, which is kept too."""
    read = reading.to_json()
    for person in read["people"]:
        person["raw"] = {}
    return {"plans": read["plans"], "reading": read}


def require_may_import(conference: Conference, delegation: Delegation | None, by: Actor | None) -> None:
    if delegation is not None:
        delegation.conference = conference
        holding.require_open(delegation, by)
    elif by is not None and not conference.is_run_by(by):
        raise PermissionDenied


# ── Headings that a person has assigned before ────────────────────────────────────────────────────


def _unit(delegation: Delegation | None) -> Unit | None:
    return delegation.unit if delegation else None


def _remembered(unit: Unit | None) -> dict[str, dict[str, str | None]]:
    rows = ColumnMemory.objects.filter(unit=unit).order_by("-used_at")[:REMEMBERED]
    return {row.signature: row.plan for row in rows}


def _remember(unit: Unit | None, plans: Sequence[Plan]) -> None:
    for plan in plans:
        fields = {column.letter: column.field for column in plan.columns}
        ColumnMemory.objects.update_or_create(
            unit=unit, signature=plan.signature, defaults={"plan": fields, "used_at": timezone.now()}
        )
