"""Files of a delegation: taken, withdrawn. The row says who gave it; the bytes lie inert under their hash."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.holding import hold
from attendees.inspecting import Inert
from attendees.models import Attendee, Delegation
from attendees.submissions import Upload
from conference import journal, storing
from conference.journal import Actor

FOLDER = "uploads"
MOST = 10  # letters that stand at a delegation at a time; of answers there is one a question


@transaction.atomic
def give(delegation: Delegation, letters: Sequence[Inert], *, by: Actor | None) -> list[Upload]:
    """Takes letters, all or none. The same file a second time is the first one.

    They were inspected before, in no transaction: that takes a while, and here the delegation is held.
    Raises `ValidationError` (codes many, closed) and `PermissionDenied`.
    """
    if not letters:
        return []
    held = hold(delegation, by=by)
    return [record(held, one, by=by, kind=Upload.Kind.NOMINATION) for one in letters]


def record(
    held: Delegation, inert: Inert, *, by: Actor | None, kind: str, attendee: Attendee | None = None
) -> Upload:
    """Writes down a file that was inspected, while its delegation is held."""
    name, sha256, size = storing.keep_bytes(inert.data, FOLDER, inert.suffix)
    standing = held.uploads.standing().filter(kind=kind, attendee=attendee)
    if (known := standing.filter(sha256=sha256).first()) is not None:
        return known
    if kind == Upload.Kind.NOMINATION and standing.count() >= MOST:
        raise ValidationError(_("Đã có %d tệp. Gỡ bớt rồi gửi thêm.") % MOST, code="many")
    upload = Upload.objects.create(
        delegation=held,
        attendee=attendee,
        kind=kind,
        name=inert.name,
        file=name,
        content_type=inert.content_type,
        size=size,
        sha256=sha256,
        given_by=str(by or ""),
        given_at=held.conference.now(),
    )
    journal.record("upload", upload, by=by, conference=held.conference)
    return upload


@transaction.atomic
def withdraw(upload: Upload, *, by: Actor | None) -> None:
    """The file stands no more among those of the delegation; the row stays. Twice changes nothing."""
    held = hold(upload.delegation, by=by)
    now = held.conference.now()
    if Upload.objects.standing().filter(pk=upload.pk).update(withdrawn_at=now):
        journal.record("withdraw", upload, by=by, conference=held.conference)
