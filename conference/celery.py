"""The Celery application. `ConferenceConfig.ready()` imports it, so no task goes to a default broker."""

import os

from celery import Celery

from conference import broker as broker  # registers the file transport before a URL names it

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")

app = Celery("conference", task_cls="conference.working:Task")
app.config_from_object("conference.celery_config")
app.set_default()
app.autodiscover_tasks()
