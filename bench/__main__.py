"""`make bench`, or `python -m bench [PART] [--quick] [--cold]`: set-up, then the parts below.

`python -m bench mutations --count 10000 --seed 1` is apart from these: it needs no database, and minutes.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import (
    agenda,
    board,
    door_app,
    doors,
    imports,
    letters,
    mutations,
    pages,
    papers,
    plans,
    setup,
    signing,
)
from tests import servers

# With a PostgreSQL of their own, in this order.
SERVED: dict[str, Callable[..., None]] = {
    "pages": pages.report,
    "board": board.report,
    "plans": plans.report,
    "agenda": agenda.report,
    "doors": doors.report,
    "door-app": door_app.report,
    "imports": imports.report,
    "papers": papers.report,
    "letters": letters.report,
    "sign": signing.report,
}
PARTS = ("setup", *SERVED)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="one part; without it all of them")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, about a minute")
    parser.add_argument("--cold", action="store_true", help="also set up a fresh clone with empty caches")
    parser.add_argument("--only", choices=PARTS, help="the same as PART")
    parser.add_argument("--people", type=int, help="of papers: one more size, such as 10000")
    options = parser.parse_args()
    wanted = options.part or options.only
    begun = time.perf_counter()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    with tempfile.TemporaryDirectory(prefix="hn-bench-") as folder:
        if wanted in (None, "setup"):
            setup.report(Path(folder), cold=options.cold)
        if wanted != "setup":
            servers.start()
            try:
                for part, report in SERVED.items():
                    if wanted in (None, part):
                        more = {"people": options.people} if part == "papers" else {}
                        report(quick=options.quick, **more)
            finally:
                servers.stop()
    print(f"\nAll in {time.perf_counter() - begun:.0f} s.")


if __name__ == "__main__":
    mutations.main() if sys.argv[1:2] == ["mutations"] else main()
