"""Files that outlive the database: a line is on the disk before we go on, and a torn one harms no other."""

import os
import stat
from pathlib import Path

import pytest

from conference import appending


def test_lines_come_back_in_their_order_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "numbers.jsonl"
    for number in (1, 2):
        appending.append(file, {"number": number})
    assert [one["number"] for one in appending.entries(file)] == [1, 2]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_behind_a_torn_line_the_next_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "numbers.jsonl"
    appending.append(file, {"number": 1})
    with file.open("a") as torn:
        torn.write('{"numb')
    appending.append(file, {"number": 2})
    assert [one["number"] for one in appending.entries(file)] == [1, 2]


def test_a_line_and_a_new_file_are_flushed_before_we_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a power cut would take cannot be shown here; that the kernel was asked for it can."""
    flushed: list[str] = []
    sync = os.fsync

    def noted(handle: int) -> None:
        flushed.append(os.readlink(f"/proc/self/fd/{handle}"))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    file = tmp_path / "numbers.jsonl"
    appending.append(file, {"number": 1})
    assert flushed == [str(file), str(tmp_path)]
    appending.append(file, {"number": 2})
    assert flushed[2:] == [str(file)]
