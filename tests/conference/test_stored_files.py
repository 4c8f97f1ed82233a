"""No column that names a file is forgotten by the doctor and the drill; what none names goes after a day."""

import errno
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from attendees.models import Attendee, Delegation, ImportBatch, Upload
from conference import stored_files, storing
from documents.models import Document, DocumentPart
from sessions.models import Material, SpeakerProfile
from tests.conftest import MakeAttendee
from tests.sessions.papers import topic_of


def test_every_column_that_names_a_file_is_listed() -> None:
    found = {
        f"{model._meta.label.replace('sessions.', 'thematic.')}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.name in {"file", "photo", "logo", "background"}
    }
    assert found == {*settings.STORED_FILES, *stored_files.MAY_BE_GONE}


def old(folder: str, content: bytes) -> str:
    """A file that was kept two days ago."""
    name, _sha256, _size = storing.keep_bytes(content, folder, "bin")
    then = time.time() - 48 * 60 * 60
    os.utime(storing.path(name), (then, then))
    return name


def make_stuck(name: str, patch: pytest.MonkeyPatch) -> None:
    """The disk does not let go of this file."""
    remove, path = os.remove, str(storing.path(name))

    def refused(wanted: str, *given: Any, **more: Any) -> None:
        if wanted == path:
            raise OSError(errno.EIO, "input/output error", wanted)
        remove(wanted, *given, **more)

    patch.setattr(os, "remove", refused)


def left(*names: str) -> list[bool]:
    return [storing.exists(name) for name in names]


def row_in(folder: str, name: str, person: Attendee) -> None:
    """Some row names this file."""
    conference, delegation, now = person.conference, person.delegation, person.conference.now()
    told: dict[str, Any] = {"delegation": delegation, "name": "a", "sha256": "0" * 64, "size": 1}
    if folder == "portraits":
        Attendee.objects.filter(pk=person.pk).update(photo=name)
    elif folder == "uploads":
        Upload.objects.create(file=name, kind="answer", given_by="Dan", content_type="a/b", **told)
    elif folder == "lists":
        ImportBatch.objects.create(conference=conference, file=name, sha256="0" * 64, given_at=now)
    elif folder == "speakers":
        SpeakerProfile.objects.create(attendee=person, proposed={"photo": name}, state="waiting")
    elif folder == "materials":
        material = Material.objects.create(session=topic_of(conference), title="Sơ đồ")
        material.versions.create(file=name, number=1, name="a", sha256="0" * 64, size=1)
    else:
        paper = Document.objects.create(conference=conference, kind="agenda", state="cancelled")
        DocumentPart.objects.create(document=paper, index=0, state="done", file=name)


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["lists", "materials", "pieces", "portraits", "speakers", "uploads"])
def test_what_no_row_names_any_more_goes_after_a_day(
    folder: str, media: Path, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    superseded, named = old(folder, b"before"), old(folder, b"now")
    fresh, _sha256, _size = storing.keep_bytes(b"on its way", folder, "bin")
    row_in(folder, named, make_attendee(delegation))
    assert stored_files.forget_unnamed() == 1
    assert left(superseded, named, fresh) == [False, True, True]


@pytest.mark.django_db
def test_what_is_given_again_while_names_are_read_stays(
    media: Path, delegation: Delegation, make_attendee: MakeAttendee, monkeypatch: pytest.MonkeyPatch
) -> None:
    again, gone, names = old("uploads", b"again"), old("uploads", b"gone"), stored_files._names

    def read() -> set[str]:
        found = names()
        storing.keep_bytes(b"again", "uploads", "bin")
        row_in("uploads", again, make_attendee(delegation))
        return found

    monkeypatch.setattr(stored_files, "_names", read)
    assert stored_files.forget_unnamed() == 1
    assert left(again, gone) == [True, False]


@pytest.mark.django_db
def test_a_file_that_cannot_be_removed_keeps_no_other(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, gone = sorted(old("uploads", bytes([number])) for number in range(2))
    make_stuck(stuck, monkeypatch)
    assert stored_files.forget_unnamed() == 1
    assert left(stuck, gone) == [True, False]


@pytest.mark.django_db
def test_it_asks_once_for_each_column_however_many_files_there_are(
    media: Path, django_assert_num_queries: Any
) -> None:
    columns = [*settings.STORED_FILES, *stored_files.MAY_BE_GONE, *stored_files.INSIDE]
    for number in range(5):
        old("uploads", bytes([number]))
    with django_assert_num_queries(len(columns)):
        assert stored_files.forget_unnamed() == 5
