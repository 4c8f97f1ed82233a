"""`make mutants`: takes the safeguards of the product out one by one, and sees that a test fails for each.

`python -m tests.mutants --only lease --only fence` tries those whose name holds a word; `--skip-control`
leaves out the first run, which shows that all these tests pass while nothing is taken out. Ends with 1 where
a mutant survived or gave no verdict.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests import servers
from tests.mutants.mutant import Mutant
from tests.mutants.running import PASSED, Copy, Outcome
from tests.mutants.table import MUTANTS

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_OF_CONTROL = 30 * 60  # seconds for all tests of the table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--only", action="append", default=[], metavar="WORD")
    parser.add_argument("--skip-control", action="store_true")
    parser.add_argument("--list", action="store_true", help="print the table and run nothing")
    asked = parser.parse_args()
    chosen = [one for one in MUTANTS if not asked.only or any(word in one.name for word in asked.only)]
    chosen.sort(key=lambda one: one.is_of_the_schema)  # a database of its own for each comes last
    if asked.list:
        print(*(f"{one.file:<34} {one.name}" for one in chosen), sep="\n")
        return 0
    if not chosen:
        parser.error("no mutant has such a name")
    servers.start()  # one PostgreSQL and one Redis for all runs
    try:
        with tempfile.TemporaryDirectory(prefix="hn-mutants-") as folder:
            copy = Copy(ROOT, Path(folder))
            if not asked.skip_control and not control(copy, chosen):
                return 1
            return summary([tried(copy, one) for one in chosen])
    finally:
        servers.stop()


def control(copy: Copy, chosen: list[Mutant]) -> bool:
    """With every safeguard in its place all the tests pass; else a failure would say nothing."""
    begun = time.monotonic()
    every = (test for one in chosen for test in one.tests)
    code = copy.pytest(every, "--create-db", patience=PATIENCE_OF_CONTROL)
    print(
        f"control: {'all tests pass' if code == PASSED else 'FAILED'}, {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    for name, said in copy.failures():
        print(f"  {name}: {said}")
    return code == PASSED


def tried(copy: Copy, mutant: Mutant) -> Outcome:
    """One line of the table, as soon as it is known."""
    outcome = copy.try_out(mutant, fresh_schema=mutant.is_of_the_schema)
    line = (
        f"{outcome.verdict:<10} {outcome.seconds:5.1f} s  {mutant.name:<51} {mutant.file:<34} {outcome.told}"
    )
    print(line, flush=True)
    return outcome


def summary(outcomes: list[Outcome]) -> int:
    caught = sum(one.is_caught for one in outcomes)
    spent = sum(one.seconds for one in outcomes)
    print(f"{len(outcomes)} mutants, {caught} caught, {len(outcomes) - caught} not; {spent / 60:.1f} min")
    return 0 if caught == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
