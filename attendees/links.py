"""Personal links: made, found, exchanged for a short session, withdrawn.

The token is 160 bits, derived from the row's nonce with the secret key of the installation, so that a letter
can be sent again; the row keeps its SHA-256 only, and a copy of the database opens nothing. A link is no
sign-in: whoever exchanged it is a `Guest` of one delegation or one person, and every request reads the link
anew, so that a link that is withdrawn, over or of another purpose opens nothing from the next request on.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from attendees import codes
from attendees.guests import Link, LinkQuerySet
from attendees.models import Attendee, Delegation
from conference import journal
from conference.guests import SESSION_KEY, Guest
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import Conference
from mailing.errors import MailError

Subject = Delegation | Attendee

SALT = "attendees.links.token"
SESSION_SECONDS = 2 * 60 * 60
MOST_AT_ONCE = 10  # links that one browser holds side by side
# How long a link is good, if nothing else is said.
AFTER_DEADLINE, AFTER_CONFERENCE = datetime.timedelta(days=7), datetime.timedelta(days=90)
WHERE_THE_CLOCK_STANDS = datetime.timedelta(days=60)
SHORTEST = datetime.timedelta(days=1)


class NoAddress(MailError, ValueError):
    """The link opens nothing any more; the message is a sentence for people."""


# ── The token ─────────────────────────────────────────────────────────────────────────────────────


def token_of(link: Link) -> str:
    """The secret in the address, under whichever key of the installation it was made with."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derived(link.nonce, key)
        if secrets.compare_digest(codes.hashed(token), link.token_hash):
            return token
    raise NoAddress(_("Liên kết này lập bằng khóa cũ, không dựng lại được. Lập liên kết mới."))


def address_for(pk: int) -> str:
    """The whole address of a link, for letters and papers. Raises `NoAddress` when it opens nothing."""
    link = Link.objects.filter(pk=pk).first()
    if link is None:
        raise NoAddress(_("Liên kết này không còn. Lập liên kết mới."))
    return address_of(link)


def address_of(link: Link) -> str:
    """The same for a row at hand."""
    if link.revoked_at is not None:
        raise NoAddress(_("Liên kết này đã thu hồi. Lập liên kết mới."))
    if not link.is_good:
        raise NoAddress(_("Liên kết này đã hết hạn. Lập liên kết mới."))
    return f"{settings.SITE_URL}{reverse('attendees:link', args=(token_of(link),))}"


def find(token: str) -> Link | None:
    """The link of a token, good or not; None for everything else, whatever its shape: one query each."""
    rows = Link.objects.select_related("conference", "delegation__conference", "attendee__delegation")
    return rows.filter(token_hash=codes.hashed(codes.spelled_as_stored(token))).first()


def of_former_keys() -> Iterator[Link]:
    """Good links that today's key did not make. Who has theirs and a copy of the rows has their addresses."""
    for link in Link.objects.good().select_related("conference").order_by("pk"):
        if codes.hashed(_derived(link.nonce, settings.SECRET_KEY)) != link.token_hash:
            yield link


def _derived(nonce: str, key: str) -> str:
    digest = salted_hmac(SALT, nonce, secret=key, algorithm="sha256").digest()
    return codes.spelled(digest[: codes.LONG_BYTES])


# ── Acts of the organisers ────────────────────────────────────────────────────────────────────────


@transaction.atomic
def make(
    subject: Subject, purpose: str, *, by: Actor | None, expires_at: datetime.datetime | None = None
) -> Link:
    """A new link for a delegation (`ANSWER`) or a person (`PERSON`); those made before stay good.

    For those who run the conference, and for the system (`by` None).
    """
    conference = subject.conference
    _require_organiser(conference, by)
    is_person = isinstance(subject, Attendee)
    if is_person != (purpose == Link.Purpose.PERSON):
        raise TypeError(f"a link to {purpose} is not for {subject._meta.label}")
    link = Link(
        conference=conference,
        purpose=purpose,
        created_by=None if by is None or isinstance(by, Guest) else by,
        expires_at=expires_at or default_expiry(subject),
        **{"attendee" if is_person else "delegation": subject},
    )
    link.token_hash = codes.hashed(_derived(link.nonce, settings.SECRET_KEY))
    link.save()
    journal.record("make_link", link, by=by, conference=conference)
    return link


def default_expiry(subject: Subject) -> datetime.datetime:
    """A week after the deadline of a delegation, 90 days after the end for a person; by the real clock.

    Where the clock of a demonstration stands still, 60 days from now.
    """
    conference, now = subject.conference, timezone.now()
    if conference.demo_now is not None:
        return now + WHERE_THE_CLOCK_STANDS
    if isinstance(subject, Delegation):
        end = subject.deadline + AFTER_DEADLINE
    else:
        last_day = datetime.datetime.combine(conference.ends_on, datetime.time.max, conference.zone)
        end = last_day + AFTER_CONFERENCE
    return max(end, now + SHORTEST)


@transaction.atomic
def prolong(delegation: Delegation) -> None:
    """After an extension of the deadline, good links for the answer live as long as new ones would."""
    end = default_expiry(delegation)
    delegation.links.good().filter(expires_at__lt=end).update(expires_at=end)


@transaction.atomic
def revoke(link: Link, *, by: Actor | None) -> bool:
    """From the next request on the link opens nothing. Returns False when it was withdrawn before."""
    _require_organiser(link.conference, by)
    now = timezone.now()
    if not Link.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        return False
    link.revoked_at = now
    changes = {"revoked_at": [None, now]}
    journal.record("revoke", link, by=by, conference=link.conference, changes=changes)
    return True


def _require_organiser(conference: Conference, by: Actor | None) -> None:
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied


# ── The bearer ────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def exchange(request: HttpRequest, link: Link) -> Guest:
    """Opens a session of two hours for the bearer; who is signed in stays signed in."""
    now = timezone.now()
    counted = {"uses": models.F("uses") + 1, "last_used_at": now}
    if not Link.objects.good().filter(pk=link.pk).update(**counted):
        raise NoAddress(_("Liên kết này vừa bị thu hồi hoặc hết hạn."))
    held = {**request.session.get(SESSION_KEY, {}), str(link.pk): int(now.timestamp())}
    newest = sorted(held.items(), key=lambda pair: pair[1])[-MOST_AT_ONCE:]
    request.session[SESSION_KEY] = dict(newest)
    request.session.cycle_key()
    guest = _guest(link)
    journal.record("open_link", link, by=guest, conference=link.conference)
    return guest


def destination(link: Link) -> str:
    """Where the bearer goes: to what is to be answered, to what was answered, or to the person's page."""
    if (delegation := link.delegation) is not None:
        is_asked = delegation.is_open() and delegation.status not in Delegation.SENT
        page = "attendees:delegation_answer" if is_asked else "attendees:delegation"
        return reverse(page, args=(link.conference.slug, delegation.code))
    code = link.attendee.code if link.attendee else ""
    return reverse("attendees:attendee_page", args=(link.conference.slug, code))


def guest_of(request: HttpRequest, **about: Any) -> Guest | None:
    """The bearer of a good link, exchanged less than two hours ago; None for everybody else.

    `about`: what the link must open, e.g. `delegation=…` or `attendee__code=…`.
    """
    held = _held(request)
    link = _rows(held, **about).good().first() if held else None
    return _guest(link) if link else None


def lost(request: HttpRequest, **about: Any) -> Link | None:
    """The link by which this browser was here before, when it or the session is over."""
    known: dict[str, int] = request.session.get(SESSION_KEY, {})
    return _rows(known, **about).first() if known else None


def _rows(held: dict[str, int], **about: Any) -> LinkQuerySet:
    rows = Link.objects.filter(pk__in=held, **about).order_by("-pk")
    return rows.select_related("conference", "delegation", "attendee")


def leave(request: HttpRequest, link_id: int) -> None:
    """The bearer has finished with what the link opens; the session goes when nothing else is in it."""
    held = _held(request)
    left = Link.objects.filter(pk=link_id, pk__in=held).first()
    if left is None:
        return
    same = Link.objects.filter(pk__in=held, delegation=left.delegation_id, attendee=left.attendee_id)
    for pk in same.values_list("pk", flat=True):
        held.pop(str(pk), None)
    if held or request.user.is_authenticated:
        request.session[SESSION_KEY] = held
    else:
        request.session.flush()


def _guest(link: Link) -> Guest:
    ids = {"delegation_id": link.delegation_id, "attendee_id": link.attendee_id}
    with in_vietnamese():  # kept as the name of who acted
        return Guest(name=str(link), link_id=link.pk, **ids)


def _held(request: HttpRequest) -> dict[str, int]:
    """Links that this browser exchanged in the last two hours: primary key → moment."""
    known: dict[str, int] = request.session.get(SESSION_KEY, {})
    oldest = timezone.now().timestamp() - SESSION_SECONDS
    return {pk: moment for pk, moment in known.items() if moment > oldest}


def is_bearer(request: HttpRequest) -> bool:
    """Does this browser hold a link, whatever it opens?"""
    return _rows(_held(request)).good().exists()
