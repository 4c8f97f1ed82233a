"""What every task of a worker begins with. Named by `conference.celery`, which is there before any model."""

from __future__ import annotations

import resource
from typing import Any

from celery import Task as CeleryTask

from conference import pulses, records

# Address space of a process that works: four times what the largest piece takes. What would eat the machine
# ends with a MemoryError in its own task.
MOST_MEMORY = 1536 * 1024 * 1024


class Task(CeleryTask):
    """A task that shows that its worker lives, and by whose number the log tells of it."""

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        if not self.request.is_eager:
            limit()
        records.current.set(task_id)
        pulses.at_work(pulses.WORKER)


def limit() -> None:
    """Take away what no task needs from this process: endless memory, and dumps of it."""
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
