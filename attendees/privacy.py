"""Who may read a telephone number, who has read the notice on personal data, and the record of both.

Telephones and addresses of people are masked for everybody outside their own delegation. An organiser opens
those of one person for ten minutes, and the journal says so; a list that is taken out is journalled too. Of
the focal point of a delegation organisers work with them daily: its page and its paper show them, masked for
(and kept from) who only looks on. The page of the door, which stands on a screen, masks them for everybody.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import transaction

from attendees.models import Attendee, Delegation
from conference import journal, vietnamese
from conference.guests import Guest
from conference.journal import Actor
from conference.models import Conference, User

# Changed together with the text of templates/attendees/_notice.html: then everybody is shown it again.
NOTICE_VERSION = "2026-11"
CONTACTS = ("phone", "email")
OPEN_SECONDS = 10 * 60
SESSION_KEY, MOST_AT_ONCE = "open-contacts", 50
MASKS = {"phone": vietnamese.mask_phone, "email": vietnamese.mask_email}


def is_own(delegation: Delegation, user: Actor) -> bool:
    """Does this person belong to the delegation: as its officer, or by its link?"""
    if isinstance(user, Guest):
        return user.delegation_id == delegation.pk
    return user.is_authenticated and delegation.officers.filter(pk=user.pk).exists()


def masked(attendee: Attendee) -> dict[str, str]:
    """What is shown of the contacts of a person to whom they are closed."""
    return {field: mask(getattr(attendee, field)) for field, mask in MASKS.items()}


def closed_contacts(attendee: Attendee, user: Actor, session: SessionBase) -> list[str]:
    """Fields that this person may not read now; one that is empty hides nothing."""
    if is_own(attendee.delegation, user) or is_open(attendee, session):
        return []
    return [field for field in CONTACTS if getattr(attendee, field)]


# ── Opening the contacts of one person, or of the focal point of a delegation ─────────────────────


@transaction.atomic
def reveal(whose: Attendee | Delegation, *, by: User, session: SessionBase) -> None:
    """Opens telephone and address for ten minutes in this session. For organisers only."""
    if not whose.conference.is_run_by(by):
        raise PermissionDenied
    journal.record("reveal", whose, by=by, conference=whose.conference)
    now = int(time.time())
    known: dict[str, int] = session.get(SESSION_KEY, {})
    held = {key: moment for key, moment in known.items() if moment > now - OPEN_SECONDS}
    newest = sorted({**held, _key(whose): now}.items(), key=lambda pair: pair[1])[-MOST_AT_ONCE:]
    session[SESSION_KEY] = dict(newest)


def is_open(whose: Attendee | Delegation, session: SessionBase) -> bool:
    """Were these contacts opened here in the last ten minutes?"""
    moment: int = session.get(SESSION_KEY, {}).get(_key(whose), 0)
    return moment > time.time() - OPEN_SECONDS


def _key(whose: Attendee | Delegation) -> str:
    return f"delegation {whose.pk}" if isinstance(whose, Delegation) else str(whose.pk)


# ── Lists that are taken out ──────────────────────────────────────────────────────────────────────


def journal_export(
    conference: Conference,
    what: str,
    *,
    by: Actor | None,
    people: int,
    contacts: bool = False,
    reason: str = "",
    about: Delegation | None = None,
) -> None:
    """Records that a list of people left the house. `what`: its title in Vietnamese; `people`: how many rows.

    `contacts`: with telephones and addresses in full. `about`: the delegation, where the list is of one only.
    """
    changes: dict[str, list[Any]] = {"list": [None, what], "people": [None, people]}
    changes["contacts"] = [None, contacts]
    if reason:
        changes["reason"] = [None, vietnamese.clean(reason)[:300]]
    journal.record("export", about or conference, by=by, conference=conference, changes=changes)


# ── The notice on personal data ───────────────────────────────────────────────────────────────────


def has_read(attendee: Attendee) -> bool:
    """Was the text of today shown to the person?"""
    return attendee.notice_version == NOTICE_VERSION


@transaction.atomic
def acknowledge(attendee: Attendee, *, by: Guest) -> None:
    """The person has read the notice: its version and the moment are kept, as law 91/2025/QH15 asks."""
    if by.attendee_id != attendee.pk:
        raise PermissionDenied
    rows = Attendee.objects.filter(pk=attendee.pk).exclude(notice_version=NOTICE_VERSION)
    now = attendee.conference.now()
    if rows.update(notice_version=NOTICE_VERSION, notice_seen_at=now):
        changes = {"notice_version": [attendee.notice_version, NOTICE_VERSION]}
        journal.record("read_notice", attendee, by=by, conference=attendee.conference, changes=changes)
