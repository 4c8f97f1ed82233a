"""R1 in small: certificates issued under 40 faults, and the controls that show what the checks would find."""

import json
import subprocess
import sys

import pytest

from tests.storm.processes import ROOT

FAULTS, PEOPLE = 40, 1000


@pytest.mark.slow
def test_nothing_is_lost_doubled_or_wrong_under_a_storm_of_kills() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.storm", "--faults", str(FAULTS), "--people", str(PEOPLE), "--controls"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=3600,
    )
    report = json.loads(done.stdout.strip().splitlines()[-1])
    assert sum(report["faults"].values()) == FAULTS, report
    found = {name: count for name, count in report["found"].items() if count and name != "temporary files"}
    assert found == {}, report["seed"]
    assert sum(report["presses"]) >= 63, report
    controls = report["controls"]
    assert controls["stuck without the sweeper"]["stuck"] > 0, report
    assert controls["stuck without the sweeper"]["with it again"] == 0, report
    assert controls["finished twice with the fence"] == 0, report
    assert controls["finished twice without the fence"] > 0, report
