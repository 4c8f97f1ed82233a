"""Where Django keeps what a browser is known by; named in `SESSION_ENGINE`."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.utils.crypto import constant_time_compare

from conference import room
from conference.models import User


class SessionStore(db.SessionStore):
    """Django's, with three differences.

    It takes every error of a save for a sign-in that was ended meanwhile, a mistake of the browser (400): a
    database that could not save is told as one (503). Where a session gets another key, the list of the
    account's sign-ins follows, or nobody could end that one any more. And a new `SECRET_KEY` is no reason for
    another: whatever else the browser had under way came with the old one, and signed it out.
    """

    def cycle_key(self) -> None:
        if self._is_known_by_a_former_secret():
            return  # Django goes on to write the proof of today into it
        before = self.session_key
        super().cycle_key()
        UserSession.objects.filter(session_key=before).update(session_key=self.session_key)

    def _is_known_by_a_former_secret(self) -> bool:
        """Is that all? Who changed the password, too, is known by none."""
        account = self.get(auth.SESSION_KEY) if settings.SECRET_KEY_FALLBACKS else None
        user = User.objects.filter(pk=account).first() if account else None
        proofs = user.get_session_auth_fallback_hash() if user else ()
        return any(constant_time_compare(self.get(auth.HASH_SESSION_KEY, ""), proof) for proof in proofs)

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            if (context := error.__context__) and room.is_away(context):
                raise context from None
            raise
