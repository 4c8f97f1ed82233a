"""More than one machine: two webs, a worker and a sweeper, no two of which see one disk.

They share PostgreSQL, Redis over TCP and a bucket. What one keeps another hands out, byte for byte. The
control is the same story with a folder on each machine, in which nothing is found again.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from attendees import importing, links
from attendees.models import ImportBatch, Link
from conference.models import Conference
from documents.models import Certificate, CertificateFile, Document
from sessions.models import Material, Session
from tests import buckets, conftest, machines, workers
from tests.attendees import lists
from tests.machines import Machine, Visitor
from tests.patience import until
from tests.storm import issuing, people
from tests.storm.clicks import TAKEN

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("units_outlive_a_flush"),
]
WORKER = ("-m", "celery", "--app", "conference.celery", "worker", "--concurrency", "1", "--loglevel", "ERROR",
          "--without-gossip", "--without-mingle")  # fmt: skip


@contextmanager
def started(disks: Path, shared: dict[str, str]) -> Iterator[tuple[Machine, Machine, Machine, Machine]]:
    """Two webs, a worker, a sweeper."""
    disks.mkdir()
    first, second, worker, sweeper = (Machine(name, disks, shared) for name in ("a", "b", "c", "d"))
    first.serve()
    second.serve()
    worker.start(*WORKER)
    sweeper.start("manage.py", "sweeper")
    try:
        machines.wait_until_healthy(first, second)
        yield first, second, worker, sweeper
    finally:
        for machine in (first, second, worker, sweeper):
            machine.stop()


def told(first: Machine, second: Machine) -> dict[str, bool]:
    """The story: what is kept on the first machine or by the worker, and whether others have it."""
    conference = people.make_conference(6, 2)
    organiser = Visitor(people.organiser(conference))
    return {
        "a list is taken where it was not sent": _list(conference, first, second),
        "a photo is shown where it was not sent": _photo(conference, organiser, first, second),
        "a material is stamped where it was not kept": _material(conference, organiser, first, second),
        "certificates made elsewhere are handed out": _certificates(conference, organiser, first, second),
    }


def _list(conference: Conference, first: Machine, second: Machine) -> bool:
    delegation = conference.delegations.order_by("pk")[0]
    officer = conftest.make_user(f"dau-moi-{conference.pk}", "Dan")
    delegation.officers.add(officer)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(officer)
    visitor = Visitor({"session": client.cookies["session"].value})
    before = delegation.attendees.count()
    path = f"/{conference.slug}/delegations/{delegation.code}/list/"
    sent = machines.file("ds.xlsx", lists.workbook(lists.AN, lists.CUONG))
    status, body = visitor.post(first, path, file=sent)
    assert status in TAKEN, body.decode()
    batch = ImportBatch.objects.get(delegation=delegation)
    marked, book = visitor.get(second, f"{path}{batch.public_id}/marked/")
    seen = importing.preview(batch, by=officer).version
    status, body = visitor.post(second, f"{path}{batch.public_id}/take/", version=seen)
    assert (status in TAKEN, delegation.attendees.count()) == (True, before + 2), body.decode()
    return marked == 200 and zipfile.ZipFile(io.BytesIO(book)).testzip() is None


def _photo(conference: Conference, organiser: Visitor, first: Machine, second: Machine) -> bool:
    person = conference.attendees.order_by("pk")[0]
    picture = io.BytesIO()
    Image.new("RGB", (300, 400), "#345").save(picture, "PNG")
    path = f"/admin/attendees/attendee/{person.pk}/photo/"
    status, body = organiser.post(first, path, photo=machines.file("anh.png", picture.getvalue()))
    assert status in TAKEN, body.decode()
    shown = organiser.get(first, f"{path}picture/")
    assert shown[0] == 200
    return organiser.get(second, f"{path}picture/") == shown


def _material(conference: Conference, organiser: Visitor, first: Machine, second: Machine) -> bool:
    person = conference.attendees.order_by("pk")[1]
    topic = Session.objects.create(
        conference=conference, code="khai-mac", title="Khai mạc", day=conference.starts_on,
        starts=datetime.time(8), ends=datetime.time(9),
    )  # fmt: skip
    material = Material.objects.create(session=topic, title="Bài 1", opens_with_session=False)
    slides = _slides()
    path = f"/admin/thematic/material/{material.pk}/change/"
    sent = {"session": topic.pk, "title": "Bài 1", "classification": material.classification}
    status, body = organiser.post(first, path, **sent, file=machines.file("bai-1.pdf", slides))
    assert (status in TAKEN, material.versions.count()) == (True, 1), body.decode()
    link = links.make(person, Link.Purpose.PERSON, by=None)
    bearer = Visitor()
    status, body = bearer.post(second, f"/l/{links.token_of(link)}/")
    assert status in TAKEN, body.decode()
    page = f"/{conference.slug}/people/{person.code}/materials/{material.code}/"
    status, copy = bearer.post(second, page)
    return status == 200 and copy.startswith(b"%PDF") and copy != slides


def _slides() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(842, 595))
        pdf.save(out)
    return out.getvalue()


def _certificates(conference: Conference, organiser: Visitor, first: Machine, second: Machine) -> bool:
    for press in issuing.presses(conference):
        status, body = organiser.post(second, press.path)
        assert status in TAKEN, body.decode()
    papers = Document.objects.filter(conference=conference)
    until(
        lambda: not papers.moving().exists() and papers.exists(),
        lambda: list(papers.values_list("state", flat=True)),
        seconds=300,
    )
    assert set(papers.values_list("state", flat=True)) == {Document.State.READY}
    issued = Certificate.objects.filter(series__conference=conference)
    files = CertificateFile.objects.filter(certificate__in=issued)
    kept = set(files.values_list("sha256", flat=True))
    assert len(kept) == issued.count() >= 6
    found: set[str] = set()
    for paper in papers:
        path = f"/{conference.slug}/documents/{paper.public_id}/file/"
        answers = [organiser.get(machine, path) for machine in (first, second)]
        if {(status, hashlib.sha256(body).hexdigest()) for status, body in answers} != {(200, paper.sha256)}:
            return False
    for delegation in conference.delegations.all():
        path = f"/{conference.slug}/delegations/{delegation.code}/certificates/"
        (status, body), (again, same) = (organiser.get(machine, path) for machine in (first, second))
        if (status, again, body) != (200, 200, same):
            return False
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            found |= {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    return found == kept


def test_what_one_machine_keeps_another_hands_out(settings: LazySettings, tmp_path: Path) -> None:
    with machines.redis() as redis, buckets.s3() as s3:
        shared = workers.environment(settings, REDIS_URL=redis, SITE_URL="http://127.0.0.1:8000")
        shared.pop("MEDIA_ROOT")
        with started(tmp_path / "disks", {**shared, "FILES_URL": s3.url("papers")}) as (a, b, _c, sweeper):
            story = told(a, b)
            assert story == dict.fromkeys(story, True)
            _ledger_is_in_the_bucket(s3)
            _looked_after(sweeper, b, tmp_path / "backups")
        with started(tmp_path / "control", shared) as (a, b, _c, _d):
            assert told(a, b) == dict.fromkeys(story, False)
            assert json.loads(b.run("doctor", "--json").stdout)["files"] != []


def _ledger_is_in_the_bucket(s3: buckets.S3) -> None:
    """The mark of numbers that the second machine gave is on nobody's disk."""
    keys = [one["Key"] for one in s3.client.list_objects_v2(Bucket="papers")["Contents"]]
    assert [key for key in keys if key.startswith("hoi-nghi/ledgers/numbers.jsonl/")]
    assert not [key for key in keys if "/pieces/" in key]


def _looked_after(sweeper: Machine, second: Machine, folder: Path) -> None:
    """Doctor and backup say the same on a machine whose disk is empty; the backup is whole."""
    made = sweeper.run("backup", str(folder))
    assert made.returncode == 0, made.stderr
    checked = second.run("restore", made.stdout.split(":")[0], "--check")
    assert "all is there" in checked.stdout, checked.stdout + checked.stderr
    [numbers] = folder.glob("*/numbers.jsonl")
    assert numbers.read_text().count('"number"') >= 1
    said = json.loads(second.run("doctor", "--json").stdout)
    assert [said[part] for part in ("broker", "database", "files")] == [[], [], []]
