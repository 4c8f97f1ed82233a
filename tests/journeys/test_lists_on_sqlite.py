"""A list through the small installation, on SQLite: looked at, taken, sent again, taken back."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import pytest

from tests.attendees.lists import AN, BINH, HEADINGS, workbook
from tests.attendees.test_importing_travels import ON_THE_WAY, TRAVEL
from tests.installation import environment, manage, prepared

pytestmark = pytest.mark.slow
BEGIN = """
import json
from attendees import importing, travel
from attendees.models import Attendee, ImportBatch
from tests.conftest import make_categories, make_conference, make_delegation
"""
GROUND = """
conference = make_conference("da-lat-2024")
make_categories(conference)
make_delegation(conference, "lam-dong")
travel.ask(conference, by=None)
"""
AGREE = """
batch = importing.choose(ImportBatch.objects.get(state="read"), {"agree=diet": "yes"}, by=None)
importing.take(batch, by=None)
"""
UNDO = """
importing.undo(ImportBatch.objects.filter(state="taken").first(), by=None)
"""
STANDS = """
rows = Attendee.objects.order_by("pk").values_list("full_name", "position", "extra__room", "extra__diet")
print(">>>", json.dumps(list(rows)))
"""


def run(env: dict[str, str], code: str) -> Any:
    arguments = ("shell", "--verbosity", "0", "--no-imports", "--command", BEGIN + code + STANDS)
    return json.loads(manage(env, *arguments).rpartition(">>>")[2])


def test_a_list_is_taken_sent_again_and_taken_back_on_sqlite(tmp_path: Path) -> None:
    env = environment(tmp_path)
    prepared(tmp_path)
    assert run(env, GROUND) == []
    path, command = tmp_path / "danh-sach.xlsx", ("--conference", "da-lat-2024", "--unit", "lam-dong")

    def send(*rows: Any) -> dict[str, Any]:
        path.write_bytes(workbook(*rows, headings=(*HEADINGS, *TRAVEL)))
        said: dict[str, Any] = json.loads(manage(env, "import_people", str(path), *command, "--json"))
        return said

    nothing = [""] * 8
    binh = (*BINH, *nothing[:5], "Phòng đơn", "", "")
    assert send(binh)["counts"] == {"new": 1}
    assert run(env, "") == [["Trần Thị Bình", "Phóng viên", "Phòng đơn", None]]
    moved = (*BINH[:3], "Biên tập viên", *BINH[4:], *nothing[:5], "Không cần phòng", "", "")
    assert send((*AN, *nothing), moved)["counts"] == {"new": 1, "changed": 1}
    after = [
        ["Trần Thị Bình", "Biên tập viên", "Không cần phòng", None],
        ["Nguyễn Văn An", "Phó Giám đốc", None, None],
    ]
    assert run(env, "") == after
    assert run(env, UNDO) == [["Trần Thị Bình", "Phóng viên", "Phòng đơn", None]]
    with pytest.raises(CalledProcessError) as refused:  # whether people agreed, no command can say
        send((*AN, *ON_THE_WAY))
    assert refused.value.returncode == 1
    assert run(env, AGREE)[1] == ["Nguyễn Văn An", "Phó Giám đốc", "Ghép hai người", ["Ăn chay"]]
