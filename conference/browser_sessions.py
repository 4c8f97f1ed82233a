"""Where Django keeps what a browser is known by; named in `SESSION_ENGINE`."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from conference import room


class SessionStore(db.SessionStore):
    """Django's, with two differences.

    It takes every error of a save for a sign-in that was ended meanwhile, a mistake of the browser (400): a
    database that could not save is told as one (503). And it changes its key of its own accord, as when
    `SECRET_KEY` did: the list of an account's sign-ins follows, or nobody could end that one any more.
    """

    def cycle_key(self) -> None:
        before = self.session_key
        super().cycle_key()
        UserSession.objects.filter(session_key=before).update(session_key=self.session_key)

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            if (context := error.__context__) and room.is_away(context):
                raise context from None
            raise
