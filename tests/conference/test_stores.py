"""A folder and a bucket keep the same promises; what only one of them can do is tested beside it."""

import hashlib
import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from conference import (
    appending,
    backups,
    bringing_back,
    dumping,
    env,
    journal,
    proving,
    readiness,
    sealing,
    storing,
)  # fmt: skip
from conference.buckets import Bucket
from conference.models import Conference, User
from tests import buckets

_buckets = count(1)


@pytest.fixture(scope="module")
def s3() -> Iterator[buckets.S3]:
    with buckets.s3() as server:
        yield server


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, settings: LazySettings, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    if request.param == "bucket":
        use_bucket(settings, request.getfixturevalue("s3").url(f"tests-{next(_buckets)}"))
    return storing.store()


@pytest.fixture
def bucket(s3: buckets.S3, settings: LazySettings, tmp_path: Path) -> Bucket:
    settings.MEDIA_ROOT = tmp_path / "media"
    use_bucket(settings, s3.url(f"tests-{next(_buckets)}"))
    found = storing.store()
    assert isinstance(found, Bucket)
    return found


def use_bucket(settings: LazySettings, url: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILES_URL", url)
        settings.STORAGES = {**settings.STORAGES, "default": env.files("FILES_URL")}


@pytest.mark.usefixtures("store")
def test_what_was_kept_is_read_from_anywhere_in_it_until_it_is_forgotten() -> None:
    name, sha256, size = storing.keep_bytes(b"paper", "papers", "pdf")
    assert (name, size) == (f"papers/{sha256[:2]}/{hashlib.sha256(b'paper').hexdigest()}.pdf", 5)
    assert (storing.exists(name), storing.exists("papers/none.pdf"), storing.exists("")) == (
        True,
        False,
        False,
    )
    with storing.opened(name) as file:
        file.seek(2)
        assert file.read() == b"per"
    storing.forget(name)
    storing.forget(name)  # twice is once
    assert not storing.exists(name)
    with pytest.raises(FileNotFoundError):
        storing.read(name)


@pytest.mark.django_db
@pytest.mark.usefixtures("store")
def test_heads_are_found_wherever_ledgers_lie(settings: LazySettings, tmp_path: Path, olga: User) -> None:
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    journal.record("demo", olga, by=None, conference=None)
    assert sealing.seal() == 1
    assert proving.prove().faults == []
    settings.HEADS_FILE = tmp_path / "elsewhere.jsonl"
    [fault] = proving.prove().faults
    assert fault.endswith("is missing: a tail that was cut cannot be seen")


@pytest.mark.django_db
def test_what_is_written_at_once_into_a_ledger_is_one_object(
    bucket: Bucket, settings: LazySettings, tmp_path: Path, olga: User, conference: Conference
) -> None:
    """The heads of a round, however many chains, and all the lines that a restore brings back."""
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    for place in (None, conference):
        journal.record("demo", olga, by=None, conference=place)
    sealing.seal()
    appending.add_lacking(tmp_path / "numbers.jsonl", [b'{"number": %d}' % number for number in range(500)])
    objects = bucket.bucket.objects.filter(Prefix="hoi-nghi/ledgers/")
    assert sorted(one.key.split("/")[2] for one in objects) == ["heads.jsonl", "numbers.jsonl"]
    assert len(appending.lines(settings.HEADS_FILE)) == 2
    assert len(appending.lines(tmp_path / "numbers.jsonl")) == 500


@pytest.mark.usefixtures("store")
def test_a_file_larger_than_what_stays_in_memory_comes_back_whole(tmp_path: Path) -> None:
    data = os.urandom(9 << 20)
    name, *_ = storing.keep_bytes(data, "papers", "zip")
    storing.copy(name, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == data


@pytest.mark.usefixtures("store")
def test_many_files_at_once_come_back_each() -> None:
    texts = [b"%d" % number for number in range(20)]
    with storing.together("papers", "pdf") as keep_one:
        names = [keep_one(text)[0] for text in texts]
    assert [storing.read(name) for name in names] == texts
    assert sorted(found.name for found in storing.walk("papers")) == sorted(names)


@pytest.mark.usefixtures("store")
def test_a_folder_is_walked_and_forgotten_without_its_neighbours() -> None:
    kept = sorted(storing.keep_bytes(text, "pieces/1", "pdf")[0] for text in (b"a", b"b"))
    near, *_ = storing.keep_bytes(b"c", "pieces/12", "pdf")
    assert sorted(one.name for one in storing.walk("pieces/1")) == kept
    assert {(one.name, one.size) for one in storing.walk()} == {(name, 1) for name in (*kept, near)}
    assert sorted(storing.store().listdir("pieces")[0]) == ["1", "12"]
    storing.forget_folder("pieces/1")
    assert [one.name for one in storing.walk()] == [near]


def test_the_marks_of_folders_in_a_bucket_are_no_files(bucket: Bucket, tmp_path: Path) -> None:
    """Consoles of stores put them there; none may break a backup."""
    name, _sha256, _size = storing.keep_bytes(b"paper", "documents", "pdf")
    client = bucket.connection.meta.client
    ledger = tmp_path / "numbers.jsonl"
    appending.append(ledger, {"number": 7})
    for folder in ("", "documents/", "ledgers/", "ledgers/numbers.jsonl/"):
        client.put_object(Bucket=bucket.bucket_name, Key=f"hoi-nghi/{folder}")
    assert [one.name for one in storing.walk()] == [name]
    assert [one.name for one in storing.walk("documents")] == [name]
    assert [entry["number"] for entry in appending.entries(ledger)] == [7]
    backups._copy_media(tmp_path / "backup", None)
    assert [one for one in (tmp_path / "backup").rglob("*") if one.is_file()] == [tmp_path / "backup" / name]


@pytest.mark.usefixtures("store")
def test_what_is_touched_was_kept_now() -> None:
    name, *_ = storing.keep_bytes(b"logo", "designs", "png")
    time.sleep(1.1)  # the moments of a bucket are seconds
    before = time.time() - 1
    storing.touch(name)
    assert [one.at >= before for one in storing.walk("designs")] == [True]
    assert storing.kept_at(name) >= before
    assert storing.read(name) == b"logo"


@pytest.mark.usefixtures("store")
def test_a_ledger_keeps_its_lines_in_their_order_and_is_no_stored_file(tmp_path: Path) -> None:
    ledger = tmp_path / "numbers.jsonl"
    assert list(appending.entries(ledger)) == []
    for number in range(3):
        appending.append(ledger, {"number": number})
    assert [entry["number"] for entry in appending.entries(ledger)] == [0, 1, 2]
    lines = appending.lines(ledger)
    more = [b'{"number": 9}', b'{"number": 8}']
    appending.add_lacking(ledger, [*lines, *more])
    assert appending.lines(ledger) == [*lines, *more]
    appending.append(ledger, {"number": 10})
    assert [entry["number"] for entry in appending.entries(ledger)] == [0, 1, 2, 9, 8, 10]
    assert list(storing.walk()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("store")
def test_a_backup_holds_files_and_ledgers_and_brings_them_back(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.NUMBERS_FILE, settings.HEADS_FILE = tmp_path / "numbers.jsonl", tmp_path / "heads.jsonl"
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    settings.DATA_DIR = tmp_path
    name, *_ = storing.keep_bytes(b"paper", "papers", "pdf")
    appending.append(settings.NUMBERS_FILE, {"number": 7})
    call_command("backup", tmp_path / "backups")
    [made] = (tmp_path / "backups").iterdir()
    assert backups.check(made) == []
    storing.forget(name)
    appending.append(settings.NUMBERS_FILE, {"number": 8})
    monkeypatch.setattr(dumping, "load", lambda database: None)  # its own tests load it
    bringing_back.bring_back(made)
    bringing_back.bring_back(made)
    assert storing.read(name) == b"paper"
    assert [entry["number"] for entry in appending.entries(settings.NUMBERS_FILE)] == [7, 8]


def test_in_a_bucket_nothing_has_a_path_and_nothing_is_left_on_the_disk(
    bucket: Bucket, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    name, *_ = storing.keep_bytes(b"paper", "papers", "pdf")
    with pytest.raises(NotImplementedError):
        storing.path(name)
    assert (list(tmp_path.iterdir()), bucket.fault()) == ([], "")
    assert [
        one["Key"]
        for one in bucket.connection.meta.client.list_objects_v2(Bucket=bucket.bucket_name)["Contents"]
    ] == [f"hoi-nghi/{name}"]


def test_a_bucket_that_is_away_or_refuses_is_an_error_of_the_disk(
    bucket: Bucket, s3: buckets.S3, settings: LazySettings
) -> None:
    bucket.bucket_name = "none"
    bucket._bucket = None
    assert "NoSuchBucket" in bucket.fault()
    with pytest.raises(OSError, match="NoSuchBucket"):
        storing.keep_bytes(b"paper", "papers", "pdf")
    use_bucket(settings, "s3+http://key:secret@127.0.0.1:1/bucket")  # nobody listens there
    assert not readiness.has_store()
    for act in (
        lambda: storing.read("papers/a.pdf"),
        lambda: storing.exists("a"),
        lambda: list(storing.walk()),
    ):
        with pytest.raises(OSError, match=r"127\.0\.0\.1:1"):
            act()


@pytest.mark.parametrize(
    "url",
    [
        "https://key:secret@store.example/bucket",
        "s3://store.example/bucket",
        "s3://key:secret@store.example/",
        "bucket",
    ],
)
def test_an_address_that_is_none_stops_the_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILES_URL", url)
    with pytest.raises(ImproperlyConfigured, match="FILES_URL must look like s3://key:secret@"):
        env.files("FILES_URL")


def test_a_misspelt_part_of_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILES_URL", "s3://key:secret@store.example/bucket?regoin=hn")
    with pytest.raises(ImproperlyConfigured, match="regoin is not known"):
        env.files("FILES_URL")


def test_an_address_says_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILES_URL", "s3://key:a%2Fb@store.example:9000/bucket/some/where?region=hn-1")
    assert env.files("FILES_URL")["OPTIONS"] == {
        "access_key": "key", "secret_key": "a/b", "endpoint_url": "https://store.example:9000",
        "bucket_name": "bucket", "location": "some/where", "region_name": "hn-1", "style": "path",
    }  # fmt: skip
