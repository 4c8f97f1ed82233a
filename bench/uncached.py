"""The settings of an installation that keeps nothing it has rendered."""

from conference.settings import *  # noqa: F403

CACHES = {
    name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in ("default", "rendered")
}
