"""R1, the kill storm: certificates are issued while everything that works for them is killed.

`python -m tests.storm --faults 200 --people 1000 --seed 7` prints what happened as JSON and ends with status
1 where something was lost, doubled or wrong. `--controls` also shows that a storm without the sweeper, and
one without the fence, would be found out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys

from tests.storm.ground import ground


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.storm")
    parser.add_argument("--faults", type=int, default=40)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--controls", action="store_true")
    asked = parser.parse_args()
    with ground("hn-storm-") as there:
        from tests.storm import playing  # its models need the settings

        folder, postgres, broker = there.folder, there.postgres, there.broker
        report = playing.storm(folder, postgres, broker, asked.people, asked.faults, asked.seed)
        if asked.controls:
            report["controls"] = playing.controls(folder, postgres, broker)
    print(json.dumps(report))
    return 0 if report["is_whole"] else 1


if __name__ == "__main__":
    sys.exit(main())
