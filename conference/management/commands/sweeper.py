"""`manage.py sweeper`: the process that sends again what was lost."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from conference import sweeping


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C."""

    help = "Ring again for work that a dead worker or a lost message left behind."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("sweeping")
        self.stdout.flush()
        sweeping.run(stop)
