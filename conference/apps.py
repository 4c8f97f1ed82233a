"""The ground floor, and Django's admin with our own site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from conference import redacting


class ConferenceConfig(AppConfig):
    name = "conference"
    verbose_name = _("Hội nghị")

    def ready(self) -> None:
        # Bound here: a shared task that runs before the app exists would quietly talk to amqp on localhost.
        from conference import celery  # noqa: F401  (imported for its effect)

        redacting.install()
        from conference import checks as own  # reads models, which are there only now

        checks.register(own.every_address_has_a_line, checks.Tags.urls)
        checks.register(own.roots_can_be_read, checks.Tags.files)


class DeskConfig(AdminConfig):
    default_site = "conference.desk.Desk"
