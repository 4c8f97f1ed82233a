"""The table of mutants keeps up with the code: each takes out one safeguard, and names tests that are there.

Whether they are caught `make mutants` shows; it takes minutes.
"""

import ast
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.installation import name_of_tables
from tests.mutants.mutant import Mutant, Unapplicable
from tests.mutants.running import Copy
from tests.mutants.table import MUTANTS

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_mutant_applies_once_and_its_tests_are_there(mutant: Mutant) -> None:
    assert mutant.applied(ROOT) != (ROOT / mutant.file).read_text()
    assert mutant.tests
    for node in mutant.tests:
        path, _colons, name = node.partition("::")
        functions = {
            one.name for one in ast.parse((ROOT / path).read_text()).body if isinstance(one, ast.FunctionDef)
        }
        assert not name or name in functions, node


def test_there_are_many_of_every_room_and_each_has_a_name() -> None:
    assert max(Counter(one.name for one in MUTANTS).values()) == 1
    rooms = Counter(one.file.split("/")[0] for one in MUTANTS)
    assert set(rooms) == {"conference", "mailing", "attendees", "sessions", "documents", "checkin"}
    assert min(rooms.values()) >= 5
    assert rooms.total() >= 60


def test_a_safeguard_that_moved_is_told() -> None:
    gone = Mutant("gone", "conference/leases.py", "no such line", "", ())
    with pytest.raises(Unapplicable, match="occurs 0 times"):
        gone.applied(ROOT)
    with pytest.raises(Unapplicable, match="no Python any more"):
        Mutant("torn", "conference/leases.py", "def claim(", "def claim", ()).applied(ROOT)


def test_a_mutant_of_the_schema_is_tried_on_tables_of_its_own(tmp_path: Path) -> None:
    """The tables of one run are made once and copied: those of the whole tree would catch nothing."""
    for path in ROOT.glob("*/migrations/*.py"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    assert name_of_tables(tmp_path) == name_of_tables(ROOT)
    mutant = next(one for one in MUTANTS if one.is_of_the_schema)
    (tmp_path / mutant.file).write_text(mutant.applied(ROOT))
    assert name_of_tables(tmp_path) != name_of_tables(ROOT)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    """A tree of one module and its tests, which knows neither Django nor servers."""
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    source = tmp_path / "source"
    source.mkdir()
    (source / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    (source / "wall.py").write_text("LIMIT = 10\n\n\ndef admits(size):\n    return size <= LIMIT\n")
    (source / "test_wall.py").write_text(
        "import pytest\n\nfrom wall import LIMIT, admits\n\n\n"
        "def test_what_is_small_comes_in():\n    assert admits(LIMIT)\n\n\n"
        "def test_what_is_large_stays_out():\n    assert not admits(11)\n\n\n"
        "@pytest.fixture\ndef broken():\n    assert not admits(11)\n\n\n"
        "def test_behind_a_fixture(broken):\n    pass\n"
    )
    return Copy(source, tmp_path)


@pytest.mark.parametrize(
    ("new", "test", "verdict", "told"),
    [
        ("return True", "test_what_is_large_stays_out", "caught", "test_what_is_large_stays_out"),
        (
            "return True",
            "test_what_is_small_comes_in",
            "survived",
            "every test that should have failed",
        ),
        ("return size <= LIMITS", "test_what_is_large_stays_out", "no verdict", "NameError"),
        ("return True", "test_behind_a_fixture", "no verdict", "no test failed by itself"),
        (
            "pass\n\n\ndel LIMIT",
            "test_what_is_large_stays_out",
            "no verdict",
            "pytest ended with",
        ),
    ],
)
def test_only_a_test_that_fails_by_itself_catches(
    small: Copy, new: str, test: str, verdict: str, told: str
) -> None:
    mutant = Mutant("wall", "wall.py", "return size <= LIMIT", new, (f"test_wall.py::{test}",))
    outcome = small.try_out(mutant)
    assert (outcome.verdict, told in outcome.told) == (verdict, True), outcome.told
    assert small.pytest(["test_wall.py::test_what_is_large_stays_out"]) == 0, "the safeguard is back"
