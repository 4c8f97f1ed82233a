"""The Celery application. `ConferenceConfig.ready()` imports it, so no task goes to a default broker."""

import os

from celery import Celery, bootsteps

from conference import broker as broker  # registers the file transport before a URL names it

# Where cores are short, a page that somebody waits for comes before a paper: it gets three times as much.
NICE = 5

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")

app = Celery("conference", task_cls="conference.working:Task")
app.config_from_object("conference.celery_config")
app.set_default()
app.autodiscover_tasks()


class StandBack(bootsteps.Step):
    """Done before the worker starts its processes, which inherit it."""

    def create(self, parent: object) -> None:
        os.nice(NICE)


app.steps["worker"].add(StandBack)
