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
import tempfile
from pathlib import Path

import django

from tests.installation import manage
from tests.storm.__main__ import environment
from tests.storm.machines import Broker, Postgres


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--quiet-minutes", type=float, default=1, help="officers alone, before")
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--pause", type=float, nargs=2, default=(4.0, 10.0), metavar="SECONDS")
    parser.add_argument("--fault-every", type=float, default=60.0, metavar="SECONDS", help="0: never")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hn-load-") as name:
        folder = Path(name)
        postgres, broker = Postgres(folder), Broker(folder)
        postgres.start()
        broker.start()
        try:
            os.environ |= environment(folder, postgres, broker)
            manage(dict(os.environ), "prepare")
            django.setup()
            from tests.load import playing  # its models need the settings

            report = playing.play(folder, postgres, broker, playing.Asked(**vars(asked)))
        finally:
            broker.stop()
            postgres.stop()
    print(json.dumps(report, ensure_ascii=False))
    return 0 if report["is_whole"] else 1


if __name__ == "__main__":
    sys.exit(main())
