"""The last ten minutes: 63 officers answer while certificates are made, a backup runs, and things break.

`python -m tests.load` prints a report as JSON and ends with status 1 where an acknowledged word was lost or
an answer was a 500. Its times are of this machine: compare them with those of the officers alone, which come
first.
`--minutes 120 --fault-every 0` is the soak: whether memory, files and connections grow is seen of processes
that nobody kills.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys

from tests.installation import manage, prepared
from tests.servers import FOLDER
from tests.storm.ground import ground

# An officer answers for sixteen people in ten minutes: an act, of up to four pages, each 37 s.
PACE = (20.0, 50.0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--quiet-minutes", type=float, default=1, help="officers alone, before")
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--pause", type=float, nargs=2, default=PACE, metavar="SECONDS")
    parser.add_argument("--fault-every", type=float, default=60.0, metavar="SECONDS", help="0: never")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    with ground("hn-load-") as there:
        if FOLDER in os.environ:
            prepared(there.folder / "data")
        else:
            manage(dict(os.environ), "prepare", "--files-only")
        from tests.load import playing  # its models need the settings

        report = playing.play(there.folder, there.postgres, there.broker, playing.Asked(**vars(asked)))
    print(json.dumps(report, ensure_ascii=False))
    return 0 if report["is_whole"] else 1


if __name__ == "__main__":
    sys.exit(main())
