"""R1, the kill storm: certificates are issued while everything that works for them is killed.

`python -m tests.storm --faults 200 --people 1000 --seed 7` prints what happened as JSON and ends with status
1 where something was lost, doubled or wrong. `--controls` also shows that a storm without the sweeper, and
one without the fence, would be found out.
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

from tests.installation import free_port, manage
from tests.storm.machines import Broker, Postgres


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.storm")
    parser.add_argument("--faults", type=int, default=40)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--controls", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hn-storm-") as name:
        folder = Path(name)
        postgres, broker = Postgres(folder), Broker(folder)
        postgres.start()
        broker.start()
        try:
            os.environ |= environment(folder, postgres, broker)
            manage(dict(os.environ), "migrate", "--verbosity", "0")
            django.setup()
            from tests.storm import playing  # its models need the settings

            report = playing.storm(folder, postgres, broker, asked.people, asked.faults, asked.seed)
            if asked.controls:
                report["controls"] = playing.controls(folder, postgres, broker)
        finally:
            broker.thaw()
            broker.stop()
            postgres.stop()
    print(json.dumps(report))
    return 0 if report["is_whole"] else 1


def environment(folder: Path, postgres: Postgres, broker: Broker) -> dict[str, str]:
    """What the processes of a storm read: an installation of its own."""
    port = str(free_port())
    return {
        "DJANGO_SETTINGS_MODULE": "conference.settings",
        "DATABASE_URL": postgres.address,
        "REDIS_URL": broker.address,
        "DATA_DIR": str(folder / "data"),
        "MEDIA_ROOT": str(folder / "media"),
        "FINISHES": str(folder / "finishes"),
        "SECRET_KEY": "a key for storms only, long enough for every check of its length",
        "PORT": port,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }


if __name__ == "__main__":
    sys.exit(main())
