"""`make bench`, or `python -m bench [--quick] [--cold]`: set-up, pages and papers, in that order.

`python -m bench mutations --count 10000 --seed 1` is apart from these: it needs no database, and minutes.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from bench import mutations, pages, papers, setup
from tests import servers


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, about a minute")
    parser.add_argument("--cold", action="store_true", help="also set up a fresh clone with empty caches")
    parser.add_argument("--only", choices=["setup", "pages", "papers"], help="one part")
    options = parser.parse_args()
    begun = time.perf_counter()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    with tempfile.TemporaryDirectory(prefix="hn-bench-") as folder:
        if options.only in (None, "setup"):
            setup.report(Path(folder), cold=options.cold)
        if options.only in (None, "pages", "papers"):
            servers.start()
            try:
                if options.only != "papers":
                    pages.report(quick=options.quick)
                if options.only != "pages":
                    papers.report(quick=options.quick)
            finally:
                servers.stop()
    print(f"\nAll in {time.perf_counter() - begun:.0f} s.")


if __name__ == "__main__":
    mutations.main() if sys.argv[1:2] == ["mutations"] else main()
