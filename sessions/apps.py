from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThematicConfig(AppConfig):
    name = "sessions"
    label = "thematic"  # "sessions" is the label of django.contrib.sessions
    verbose_name = _("Chương trình")
