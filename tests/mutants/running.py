"""Puts mutants into a copy of the tree, one at a time, and lets the tests of each look for it there.

A mutant is caught when one of its tests fails by what it says or meets. A run that cannot collect its tests,
a fixture that breaks, a name that Python does not find and a run without end are no catch and told apart.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.mutants.mutant import Mutant

PATIENCE = 300  # seconds for the tests of one mutant
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", "__pycache__", "*.pyc", ".*_cache", ".hypothesis"
)
LINKED = (".venv", "node_modules")
FAILED, PASSED = 1, 0  # exit codes of pytest
# A mutant that is no code that could have been written proves nothing.
STUMBLES = re.compile(r"(NameError|UnboundLocalError|ImportError|ModuleNotFoundError|SyntaxError)\b")


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant: "caught", "survived" or "no verdict"; by which test, or why not."""

    mutant: Mutant
    verdict: str
    told: str
    seconds: float

    @property
    def is_caught(self) -> bool:
        return self.verdict == "caught"


class Copy:
    """A copy of the tree, without what a tool made of it."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.root = folder / "tree"
        self.report = folder / "report.xml"
        self.is_spoilt = False  # the database, by a run that was ended in its middle
        shutil.copytree(source, self.root, ignore=NOT_COPIED, symlinks=True)
        for name in LINKED:
            if (source / name).exists():
                (self.root / name).symlink_to((source / name).resolve())

    def try_out(self, mutant: Mutant, *, fresh_schema: bool = False) -> Outcome:
        """Let the tests of the mutant run against it."""
        begun = time.monotonic()
        with self._mutated(mutant):
            options = ["-x", *(["--create-db"] if fresh_schema else [])]
            code = self.pytest(mutant.tests, *options)
        verdict, told = self._judged(code)
        return Outcome(mutant, verdict, told, time.monotonic() - begun)

    def pytest(self, tests: Iterable[str], *options: str, patience: int = PATIENCE) -> int | None:
        """Run tests quietly; the exit code, None where they did not end."""
        self.report.unlink(missing_ok=True)
        if self.is_spoilt:
            options = ("--create-db", *options)
        quiet = ["-q", "-p", "no:cacheprovider", "--no-header", "--tb=line", f"--junitxml={self.report}"]
        command = [sys.executable, "-m", "pytest", *quiet, *options, *dict.fromkeys(tests)]
        # Compiled code is kept in the copy: some hundred runs load the same thousand modules.
        elsewhere = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
        env = {name: value for name, value in os.environ.items() if name not in elsewhere}
        try:
            done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, timeout=patience)
        except subprocess.TimeoutExpired:
            self.is_spoilt = True
            return None
        self.is_spoilt = False
        return done.returncode

    def failures(self) -> Iterator[tuple[str, str]]:
        """Tests of the last run that failed themselves, and what they said first; no broken fixtures."""
        if not self.report.exists():
            return
        for case in ElementTree.parse(self.report).iter("testcase"):  # noqa: S314 - written by our own pytest
            for failure in case.iter("failure"):
                yield str(case.get("name")), str(failure.get("message")).splitlines()[0]

    def _judged(self, code: int | None) -> tuple[str, str]:
        if code is None:
            return "no verdict", f"its tests did not end within {PATIENCE} s"
        if code == PASSED:
            return "survived", "every test that should have failed passed"
        failures = list(self.failures())
        if code != FAILED or not failures:
            return "no verdict", f"pytest ended with {code} and no test failed by itself"
        name, said = failures[0]
        if STUMBLES.match(said):
            return "no verdict", f"{name}: {said}"
        return "caught", name

    @contextmanager
    def _mutated(self, mutant: Mutant) -> Iterator[None]:
        path = self.root / mutant.file
        text, whole = mutant.applied(self.root), path.read_text(encoding="utf-8")
        try:
            self._write(path, text)
            yield
        finally:
            self._write(path, whole)

    def _write(self, path: Path, text: str) -> None:
        """Compiled code is recognised by second and length, which a mutant may share: it goes."""
        path.write_text(text, encoding="utf-8")
        if path.suffix == ".py":
            Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
