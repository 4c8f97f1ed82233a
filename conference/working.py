"""What every task of a worker begins with. Named by `conference.celery`, which is there before any model."""

from __future__ import annotations

from typing import Any

from celery import Task as CeleryTask

from conference import pulses, records


class Task(CeleryTask):
    """A task that shows that its worker lives, and by whose number the log tells of it."""

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        records.current.set(task_id)
        pulses.at_work(pulses.WORKER)
