"""`manage.py import_people`: what is read as JSON, what is taken, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from attendees.models import Delegation, ImportBatch
from tests.attendees.lists import AN, BINH, workbook
from tests.attendees.messy import messy_workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def run(
    capsys: pytest.CaptureFixture[str], path: Path, *options: str, conference: str = "da-lat-2024"
) -> tuple[int, str]:
    """Exit code and what was printed."""
    try:
        call_command("import_people", str(path), "--conference", conference, *options)
        code = 0
    except SystemExit as end:
        code = int(str(end.code))
    return code, capsys.readouterr().out


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(data: bytes, name: str = "danh-sach.xlsx") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("unit", ["lam-dong", "68"])
def test_a_dry_run_lists_people_and_writes_nothing(
    delegation: Delegation, written: Any, capsys: Any, media: Path, unit: str
) -> None:
    path = written(workbook(AN, BINH))
    code, out = run(capsys, path, "--unit", unit, "--dry-run", "--json")
    said = json.loads(out)
    assert (code, said["taken"], said["problems"]) == (0, False, [])
    first = said["people"][0]
    keys = ("name", "birth", "title", "organisation", "phone", "email", "row", "outcome", "component")
    assert [first[key] for key in keys] == [
        "Nguyễn Văn An", "1975", "Phó Giám đốc", "Sở TTTT Lâm Đồng", "+84905123318", "", 2, "new",
        "department",
    ]  # fmt: skip
    assert not ImportBatch.objects.exists()
    assert not delegation.attendees.exists()
    assert not media.exists()


def test_a_clean_list_is_taken(delegation: Delegation, written: Any, capsys: Any) -> None:
    code, out = run(capsys, written(workbook(AN, BINH)), "--unit", "lam-dong")
    assert (code, out.strip()) == (0, "danh-sach.xlsx: Thêm mới 2. Đã nhập danh sách.")
    assert delegation.attendees.count() == 2
    code, out = run(capsys, written(workbook(AN, BINH)), "--unit", "lam-dong", "--json")
    assert (code, json.loads(out)["counts"]) == (0, {"same": 2})
    assert delegation.attendees.count() == 2


def test_every_problem_is_told_by_sheet_row_and_column_and_nothing_is_taken(
    delegation: Delegation, written: Any, capsys: Any
) -> None:
    path = written(workbook(AN, (*BINH[:6], "0912"), (3, "Lê Văn Cường", 1979, "", "", "Báo, Đài", "")))
    code, out = run(capsys, path, "--unit", "lam-dong", "--json")
    said = json.loads(out)
    assert (code, said["taken"]) == (1, False)
    problem = next(one for one in said["problems"] if one["level"] == "error")
    assert (problem["sheet"], problem["row"], problem["column"]) == ("Danh sách", 3, "G")
    assert problem["sentence"].startswith("Số này thiếu nhiều chữ số.")
    assert not delegation.attendees.exists()
    assert ImportBatch.objects.get().state == ImportBatch.State.DROPPED
    code, out = run(capsys, path, "--unit", "lam-dong", "--dry-run")
    assert (code, out.splitlines()[0].split(":")[0]) == (1, "error")


def test_what_only_a_person_decides_is_left_for_the_desk(
    delegation: Delegation, written: Any, capsys: Any
) -> None:
    path = written(workbook((1, "Ai Đó", 1980, "", "Sở Y tế", "", "")))
    code, out = run(capsys, path, "--unit", "lam-dong", "--json")
    said = json.loads(out)
    assert (code, said["taken"]) == (1, False)
    assert [(one["level"], one["code"]) for one in said["problems"]] == [("warning", "choose-part")]
    assert ImportBatch.objects.get().state == ImportBatch.State.READ
    assert run(capsys, path, "--unit", "lam-dong", "--dry-run")[0] == 0


def test_the_list_of_a_province_as_it_comes_is_read(
    delegation: Delegation, written: Any, capsys: Any
) -> None:
    code, out = run(capsys, written(messy_workbook()), "--unit", "lam-dong", "--dry-run", "--json")
    said = json.loads(out)
    assert code == 0
    assert [one["name"] for one in said["people"]] == [
        "Nguyễn Tấn Lực", "Trần Thị Hòa", "Lê Đức Ước", "Phạm Thị Khuyên", "H' Linh Niê Kđăm",
    ]  # fmt: skip


def test_a_list_of_many_units_needs_no_unit(
    delegation: Delegation, other_delegation: Delegation, written: Any, capsys: Any
) -> None:
    rows = [("Nguyễn Văn An", "Lâm Đồng", "Sở TTTT"), ("Trần Thị Bình", "Quảng Nam", "Báo, Đài")]
    path = written(workbook(*rows, headings=("Họ và tên", "Tỉnh", "Thành phần")))
    code, out = run(capsys, path, "--json")
    assert (code, [one["delegation"] for one in json.loads(out)["people"]]) == (0, ["lam-dong", "quang-nam"])


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 half a workbook", b"%PDF-1.7"])
def test_what_cannot_be_read_ends_with_two_and_one_sentence(
    delegation: Delegation, written: Any, capsys: Any, data: bytes
) -> None:
    path = written(data)
    code, out = run(capsys, path, "--json")
    (problem,) = json.loads(out)["problems"]
    assert (code, problem["code"]) == (2, "unreadable")
    assert problem["sentence"].endswith(".")
    with pytest.raises(SystemExit) as end:
        call_command("import_people", str(path), "--conference", "da-lat-2024")
    assert end.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("khong-co.xlsx", "--conference", "da-lat-2024"),
            "khong-co.xlsx cannot be opened: No such file or directory.",
        ),
        ((__file__, "--conference", "khong-co"), "There is no conference khong-co."),
        (
            (__file__, "--conference", "da-lat-2024", "--unit", "99"),
            "There is no delegation 99 in da-lat-2024.",
        ),
    ],
)
def test_wrong_arguments_get_one_sentence(
    delegation: Delegation, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_people", *arguments)
    assert (str(refused.value), refused.value.returncode) == (sentence, 2)
