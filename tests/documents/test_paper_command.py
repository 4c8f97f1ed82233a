"""`manage.py paper`: the same engine, here and now, without a queue."""

import hashlib
import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from attendees.models import Attendee
from documents import storing
from documents.kinds import KINDS
from documents.models import Document

pytestmark = pytest.mark.django_db


def paper(*arguments: str) -> dict[str, object]:
    printed = StringIO()
    call_command("paper", *arguments, "--conference", "da-lat-2024", "--json", stdout=printed)
    figures: dict[str, object] = json.loads(printed.getvalue())
    return figures


@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize("kind", [slug for slug, kind in KINDS.items() if kind.is_offered])
def test_a_paper_of_each_kind_is_written_and_measured(
    people: list[Attendee], tmp_path: Path, kind: str
) -> None:
    out = tmp_path / "new folder" / "paper.pdf"
    figures = paper(kind, "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF-1.7")
    assert figures["bytes"] == out.stat().st_size
    assert figures["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    counts = {"agenda": 1, "agenda-grid": 1, "erratum": 1, "morning": 1}
    counts |= {"badges-blank": 8, "badges-label-blank": 8}
    assert figures["people"] == counts.get(kind, 4 if KINDS[kind].of_people else 2)
    assert not Document.objects.exclude(kind="certificate-files").exists()
    assert not list(storing.path(storing.PIECES).glob("*"))


def test_one_delegation_and_one_file_each(people: list[Attendee], tmp_path: Path) -> None:
    figures = paper("badges", "--delegation", "lam-dong", "--each", "--out", str(tmp_path / "a.zip"))
    assert (figures["people"], figures["pages"]) == (3, 3)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert len(archive.namelist()) == 3


def test_the_same_paper_twice_is_the_same_file(people: list[Attendee], tmp_path: Path) -> None:
    first, second = (paper("badges", "--out", str(tmp_path / name)) for name in ("a.pdf", "b.pdf"))
    assert first["sha256"] == second["sha256"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["badges", "--delegation", "no-such"], "There is no delegation no-such"),
        (["agenda", "--each"], "agenda is one document"),
    ],
)
def test_what_cannot_be_made_is_said(
    people: list[Attendee], tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        paper(*arguments, "--out", str(tmp_path / "x"))


@pytest.mark.parametrize(
    ("place", "sentence"),
    [("", "is a folder; name the file in it"), ("file/paper.pdf", "paper.pdf cannot be written")],
)
def test_where_it_cannot_be_written_nothing_is_made(
    people: list[Attendee], tmp_path: Path, place: str, sentence: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match=sentence):
        paper("invitation", "--out", str(tmp_path / place))


def test_an_unknown_conference_is_said(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no conference da-lat-2024"):
        paper("badges", "--out", str(tmp_path / "x"))
