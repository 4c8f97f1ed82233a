"""Pictures that speakers proposed: named inside what they sent, where no column names them. In `ERASERS`."""

from __future__ import annotations

from django.db.models import QuerySet

from conference.erasing import Erasing, Taking
from conference.purposes import Kept
from conference.retention import Forgetting
from sessions.models import SpeakerProfile

PHOTO = "photo"


def erase(erasing: Erasing) -> None:
    """Called by `conference.erasing`, before the row itself goes by the table."""
    _forget_photos(erasing, SpeakerProfile.objects.filter(attendee=erasing.person))


def forget(forgetting: Forgetting) -> None:
    """Called by `conference.retention`."""
    if forgetting.is_over(Kept.CONTACTS):
        profiles = SpeakerProfile.objects.filter(attendee__conference=forgetting.conference)
        _forget_photos(forgetting, profiles)


def _forget_photos(taking: Taking, going: QuerySet[SpeakerProfile]) -> None:
    taking.forget(one.proposed.get(PHOTO, "") for one in going)
