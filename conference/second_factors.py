"""Who lost the telephone and the recovery codes too: the second factor is taken off, and set up anew."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from conference import journal
from conference.models import User


@transaction.atomic
def take_off(account: User, *, by: User | None) -> bool:
    """Whoever found the telephone is out at once. False where there was nothing to take off."""
    if not Authenticator.objects.filter(user=account).delete()[0]:
        return False
    for one in UserSession.objects.filter(user=account):
        one.end()
    journal.record("take_off_factor", account, by=by, conference=None)
    return True
