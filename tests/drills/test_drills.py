"""The fault drills in small: R2 to R4, R10, R12 and F9, on one ground; the long forms go by `make drills`."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.drills.__main__ import NAMES
from tests.storm.processes import ROOT

# They want a core for themselves, as the journeys do; one process plays them all.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


@pytest.fixture(scope="module")
def reports() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.drills"], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=3600
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_doubled_or_wrong(reports: dict[str, Any], name: str) -> None:
    report = reports[name]
    if reason := report.get("skipped"):
        pytest.skip(reason)
    assert {what: count for what, count in report["found"].items() if count} == {}, report
    assert [what for what, count in report["controls"].items() if not count] == [], report
