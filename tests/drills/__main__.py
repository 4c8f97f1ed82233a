"""Fault drills: `python -m tests.drills [NAME …] [--rounds N] [--seed N]`.

Each breaks one thing in front of real processes and prints as JSON what was found, which is to be 0, and what
its controls saw, which is not. Ends with status 1 where one says otherwise.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from importlib import import_module
from typing import Any

from tests.storm.ground import Ground, ground

NAMES = ("redis_away", "full_disk", "full_database", "rolling", "sweepers", "crashes")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no such drill: {', '.join(sorted(unknown))}")
    with ground("hn-drills-") as there:
        reports = {name: played(there, name, asked.rounds, asked.seed) for name in asked.names or NAMES}
    print(json.dumps(reports))
    return 0 if all(report["is_whole"] for report in reports.values()) else 1


def played(there: Ground, name: str, rounds: int, seed: int) -> dict[str, Any]:
    """One drill: what it found, and whether that is what was promised."""
    begun = time.monotonic()
    report = import_module(f"tests.drills.{name}").drill(there, rounds, seed)
    report |= {"seed": seed, "seconds": round(time.monotonic() - begun)}
    report["is_whole"] = not any(report["found"].values()) and all(report["controls"].values())
    print(name, json.dumps(report, ensure_ascii=False), file=sys.stderr)
    return report


if __name__ == "__main__":
    sys.exit(main())
