"""A stored file is whole or absent, and named by what it holds."""

import hashlib
import os
import stat
from contextlib import suppress

import pytest

from conference import storing

pytestmark = pytest.mark.usefixtures("media")


def test_a_file_is_named_by_its_hash() -> None:
    name, sha256, size = storing.keep_bytes(b"paper", "papers", "pdf")
    assert sha256 == hashlib.sha256(b"paper").hexdigest()
    assert name == f"papers/{sha256[:2]}/{sha256}.pdf"
    assert (storing.path(name).read_bytes(), size) == (b"paper", 5)


def test_equal_papers_are_one_file() -> None:
    first, second = (storing.keep_bytes(b"same", "papers", "pdf") for _ in range(2))
    assert first == second
    assert len([path for path in storing.path("").rglob("*") if path.is_file()]) == 1


def test_what_fails_half_way_leaves_nothing() -> None:
    with suppress(ZeroDivisionError), storing.fresh("papers", "pdf") as temporary:
        temporary.write_bytes(b"half")
        1 / 0  # noqa: B018 - the disk is full, say
    assert [path for path in storing.path("").rglob("*") if path.is_file()] == []


def test_files_are_read_by_their_owner_only() -> None:
    name, *_ = storing.keep_bytes(b"private", "papers", "pdf")
    assert stat.S_IMODE(storing.path(name).stat().st_mode) == 0o600
    assert stat.S_IMODE(storing.path(name).parent.stat().st_mode) == 0o700


def test_a_file_is_flushed_before_it_has_its_name_and_the_folder_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a power cut would take cannot be shown here; that the kernel was asked in this order can."""
    asked: list[tuple[bool, bool]] = []  # of each flush: was it of the folder, and had the file its name
    name, *_ = storing.keep_bytes(b"paper", "papers", "pdf")
    storing.forget(name)
    sync = os.fsync

    def noted(handle: int) -> None:
        of_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        asked.append((of_folder, storing.path(name).exists()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    assert storing.keep_bytes(b"paper", "papers", "pdf")[0] == name
    assert asked == [(False, False), (True, True)]


def test_many_files_are_kept_as_one_is() -> None:
    with storing.together("papers", "pdf") as keep_one:
        kept = [keep_one(data) for data in (b"one", b"two", b"one")]
        assert not any(storing.exists(name) for name, *_ in kept)
    assert kept == [storing.keep_bytes(data, "papers", "pdf") for data in (b"one", b"two", b"one")]
    files = [path for path in storing.path("").rglob("*") if path.is_file()]
    assert sorted(path.read_bytes() for path in files) == [b"one", b"two"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_of_many_files_none_is_kept_where_one_fails() -> None:
    with suppress(ZeroDivisionError), storing.together("papers", "pdf") as keep_one:
        keep_one(b"one")
        1 / 0  # noqa: B018 - the next cannot be made, say
    assert [path for path in storing.path("").rglob("*") if path.is_file()] == []


def test_many_files_are_flushed_before_the_first_has_its_name_and_their_folders_after_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[bool, int]] = []  # of each flush: was it of a folder, and how many had their names
    sync = os.fsync

    def noted(handle: int) -> None:
        of_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        asked.append((of_folder, sum(storing.exists(name) for name in names)))
        sync(handle)

    with storing.together("papers", "pdf") as keep_one:
        names = [keep_one(b"%d" % number)[0] for number in range(20)]
        monkeypatch.setattr(os, "fsync", noted)
    folders = {storing.path(name).parent for name in names}
    assert sorted(asked) == [(False, 0)] * 20 + [(True, 20)] * len(folders)
