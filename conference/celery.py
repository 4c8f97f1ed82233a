"""The Celery application. `ConferenceConfig.ready()` imports it, so no task goes to a default broker."""

import os
import resource
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from conference import broker as broker  # registers the file transport before a URL names it

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")

# Address space of a process that works: four times what the largest piece takes. What would eat the machine
# ends with a MemoryError in its own task.
MOST_MEMORY = 1536 * 1024 * 1024

app = Celery("conference")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()


@worker_process_init.connect
def limit(**_told: Any) -> None:
    """Take away what no task needs from a process that works: endless memory, and dumps of it."""
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
