"""The photo of a person, for the door only: cut to 3:4, small, given to nobody but desk and paired phones.

A stranger's picture is decoded in a process with limits (`inspecting`) and written anew: nothing of it but
the pixels remains.
"""

from __future__ import annotations

import hashlib
import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.holding import hold_person
from attendees.inspecting import Inert, inspect, plain_name
from attendees.models import Attendee
from conference import journal, storing
from conference.models import User

FOLDER = "portraits"
LARGEST = 8 * 1024 * 1024


def read(file: File) -> Inert:
    """A JPEG of 240 × 320 points from a JPEG, PNG or WebP; `ValidationError` with a sentence for the rest."""
    if file.size > LARGEST:
        size = f"{file.size / 1024 / 1024:.1f}".replace(".", ",")
        sentence = _("Ảnh “%(name)s” nặng %(size)s MB, tối đa 8 MB. Chọn ảnh nhỏ hơn.")
        raise ValidationError(sentence % {"name": plain_name(file.name or ""), "size": size}, code="size")
    return inspect(file, "door")


@transaction.atomic
def put(attendee: Attendee, photo: Inert, *, by: User) -> None:
    """Takes the photo in the place of the one before, which is deleted. For organisers only.

    Every photo has a name that none had before: who deletes an old one never deletes a new one.
    """
    current = _hold(attendee, by)
    if hashlib.sha256(photo.data).hexdigest() in current.photo:
        return
    folder = f"{FOLDER}/{current.pk}-{secrets.token_hex(4)}"
    name, _sha256, _size = storing.keep_bytes(photo.data, folder, photo.suffix)
    _write(current, name, by)


@transaction.atomic
def take_away(attendee: Attendee, *, by: User) -> None:
    """No photo any more; the file is deleted. Where there is none nothing happens."""
    current = _hold(attendee, by)
    if current.photo:
        _write(current, "", by)


def _hold(attendee: Attendee, by: User) -> Attendee:
    _held, current = hold_person(attendee, by=by)
    if not current.conference.is_run_by(by):
        raise PermissionDenied
    return current


def _write(current: Attendee, name: str, by: User | None) -> None:
    before, current.photo = current.photo, name
    current.version += 1
    current.save(update_fields=("photo", "version"))
    changes = {"photo": [bool(before), bool(name)]}  # that there is one, not where it lies
    journal.record("edit", current, by=by, conference=current.conference, changes=changes)
    transaction.on_commit(lambda: storing.forget(before), robust=True)
