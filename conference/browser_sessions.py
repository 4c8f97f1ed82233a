"""Where Django keeps what a browser is known by; named in `SESSION_ENGINE`."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from conference import room


class SessionStore(db.SessionStore):
    """Django's, which takes every error of a save for a sign-in that was ended meanwhile, a mistake of the
    browser (400). A database that could not save is told as one (503).
    """

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            if (context := error.__context__) and room.is_away(context):
                raise context from None
            raise
