"""A badge that was lost is made anew: what the old one says opens no door any more.

The short code under the QR stays: it names the person in lists and letters. Who types it sees the name, and
asks for it.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees import codes
from attendees.holding import hold_person
from attendees.models import Attendee
from attendees.walking_in import may_register
from conference import journal
from conference.models import User


def mark(attendee: Attendee) -> str:
    """Names the badge that stands, and tells nothing of it: what a press says it has seen."""
    return codes.hashed(attendee.badge_token)[:16]


@transaction.atomic
def renew(attendee: Attendee, *, by: User, seen: str) -> bool:
    """A new token, and the old one among the dead. `seen`: the `mark` on the screen; pressed twice it is one.

    By whom may register people at the desk, else `PermissionDenied`; `ValidationError` for who has no seat.
    Returns whether the badge was renewed now.
    """
    if not may_register(attendee.conference, by):
        raise PermissionDenied
    _held, current = hold_person(attendee, by=None)
    if not current.is_active:
        raise ValidationError(_("Người này không giữ suất, không có thẻ."), code="gone")
    if seen != mark(current):
        return False
    current.former_badges = [*current.former_badges, codes.hashed(current.badge_token)]
    current.badge_token = codes.new_token()
    current.version += 1
    current.save(update_fields=("former_badges", "badge_token", "version"))
    journal.record("renew_badge", current, by=by, conference=current.conference)
    return True
