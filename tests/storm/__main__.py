"""R1, the kill storm: certificates are issued while everything that works for them is killed.

`python -m tests.storm --faults 3000 --people 1000 --seed 7` prints as JSON what happened, a line for each
storm of at most 200 faults, and ends with status 1 where something was lost, doubled or wrong. `--controls`
also shows that a storm without the sweeper, and one without the fence, would be found out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys

from tests.storm.ground import ground

MOST_FAULTS = 200  # of one storm


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.storm")
    parser.add_argument("--faults", type=int, default=40)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--controls", action="store_true")
    asked = parser.parse_args()
    whole = True
    with ground("hn-storm-") as there:
        from tests.storm import playing  # its models need the settings

        folder, postgres, broker = there.folder, there.postgres, there.broker
        for number, faults in enumerate(storms(asked.faults)):
            report = playing.storm(folder, postgres, broker, asked.people, faults, asked.seed + number)
            if asked.controls and number == 0:
                report["controls"] = playing.controls(folder, postgres, broker)
            print(json.dumps(report), flush=True)
            whole = whole and report["is_whole"]
    return 0 if whole else 1


def storms(faults: int) -> list[int]:
    """How many faults each storm has: many short ones with seeds of their own tell more than a long one."""
    count = -(-faults // MOST_FAULTS)
    return [faults // count + (at < faults % count) for at in range(count)]


if __name__ == "__main__":
    sys.exit(main())
