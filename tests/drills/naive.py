"""The control of the drill of crashes: our pages, answered as Django answers what it does not understand."""

from importlib import import_module

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
vars(import_module("conference.urls"))["handler500"] = "django.views.defaults.server_error"
