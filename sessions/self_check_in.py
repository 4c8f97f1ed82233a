"""People tell themselves that they are in the hall: by a code on its screen that changes every 30 seconds.

The code is derived from the secret key, the session and the time step; nothing of it is stored. It opens a
page for three minutes, time enough to type the code of a badge; the page holds a ticket, so a photograph of
the screen is of no use to anybody a minute later. The steps go by the real clock, also where that of a
demonstration stands; whether it is the time of the session is told by the clock of the conference.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Collection
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from attendees import codes
from attendees.models import Attendee
from conference import moments, vietnamese_dates
from conference.models import Conference
from sessions import attending, receiving
from sessions.attending import Answer, Kind
from sessions.models import Session, Source

SALT = "sessions.self_check_in"
STEP_SECONDS = 30
TICKET_SECONDS = 3 * 60
AROUND = datetime.timedelta(minutes=30)  # before the session begins, and after it ends
TOKEN_BYTES = 10


class Shown(NamedTuple):
    """What the screen of a hall shows. `seconds`: until the code changes."""

    session: Session
    address: str
    seconds: int


# ── The code on the screen ────────────────────────────────────────────────────────────────────────


def token(session: Session, step: int) -> str:
    """The code of a time step: 16 characters, 80 bits."""
    digest = salted_hmac(
        SALT, f"{session.pk}:{step}", secret=settings.SECRET_KEY, algorithm="sha256"
    ).digest()
    return codes.spelled(digest[:TOKEN_BYTES])


def step_now() -> int:
    return int(time.time() // STEP_SECONDS)


def seconds_left() -> int:
    """Until the next step, at least one."""
    return STEP_SECONDS - int(time.time() % STEP_SECONDS)


def is_fresh(session: Session, text: str) -> bool:
    """Is it the code of this step, or of the one before?"""
    step = step_now()
    told = codes.as_stored(text[: 2 * codes.SECRET_LENGTH]).encode()
    return any(constant_time_compare(told, token(session, one)) for one in (step, step - 1))


def shown(conference: Conference, held: Collection[str]) -> Shown | None:
    """The code for a screen: of the session that is on there, else the next to begin, else the last one.

    `held`: codes of the sessions of the hall, as the released programme says. One question.
    """
    now = _wall(conference)
    rows = conference.sessions.filter(self_check_in=True, day=now.date(), code__in=held)
    open_now = [one for one in rows.in_order() if opens(one) <= now <= closes(one)]
    if not open_now:
        return None
    chosen = min(open_now, key=lambda one: (not _begins(one) <= now < _ends(one), abs(_begins(one) - now)))
    path = reverse("thematic:self_check_in", args=(conference.slug, chosen.code, token(chosen, step_now())))
    return Shown(chosen, f"{settings.SITE_URL}{path}", seconds_left())


# ── The time of a session ─────────────────────────────────────────────────────────────────────────


def opens(session: Session) -> datetime.datetime:
    """Wall time, zone left out; so are the others here."""
    return _begins(session) - AROUND


def closes(session: Session) -> datetime.datetime:
    return _ends(session) + AROUND


def _begins(session: Session) -> datetime.datetime:
    return datetime.datetime.combine(session.day, session.starts)


def _ends(session: Session) -> datetime.datetime:
    return datetime.datetime.combine(session.day, session.ends)


def _wall(conference: Conference) -> datetime.datetime:
    return conference.now().astimezone(conference.zone).replace(tzinfo=None)


def require_open(session: Session) -> None:
    """Raises `ValidationError` ("closed", "early", "over") where nobody can check in here now."""
    if not session.self_check_in or session.is_break:
        said = _("Phiên này không tự điểm danh. Đưa thẻ ở cửa hội trường.")
        raise ValidationError(said, code="closed")
    now = _wall(session.conference)
    if now < opens(session):
        raise ValidationError(_("Chưa đến giờ. Điểm danh từ %s.") % _moment(opens(session)), code="early")
    if now > closes(session):
        said = _("Đã hết giờ điểm danh, lúc %s. Gặp bàn đón tiếp.") % _moment(closes(session))
        raise ValidationError(said, code="over")


def _moment(at: datetime.datetime) -> str:
    return f"{vietnamese_dates.clock(at)}, {moments.weekday_date(at.date())}"


# ── Coming in ─────────────────────────────────────────────────────────────────────────────────────


def admit(session: Session, text: str) -> str:
    """The ticket of a page that was opened by the code on the screen; good for three minutes.

    Raises `ValidationError`: "expired" for any other code, else as `require_open`.
    """
    require_open(session)
    if not is_fresh(session, text):
        said = _("Mã đã đổi. Quét lại mã đang hiện trên màn hình hội trường.")
        raise ValidationError(said, code="expired")
    return signing.TimestampSigner(salt=SALT).sign(str(session.pk))


def require_ticket(session: Session, ticket: str) -> None:
    """Raises `ValidationError` ("expired") for a ticket that is over, or of another session."""
    try:
        told = signing.TimestampSigner(salt=SALT).unsign(ticket[:200], max_age=TICKET_SECONDS)
    except signing.BadSignature:
        told = ""
    if told != str(session.pk):
        said = _("Trang này mở quá lâu. Quét lại mã đang hiện trên màn hình hội trường.")
        raise ValidationError(said, code="expired")


def check_in(session: Session, person: Attendee, ticket: str) -> Answer:
    """Writes that the person is there; sent again it answers the same.

    Raises `ValidationError`: as `require_open` and `require_ticket`; "replaced" and "withdrawn" for who has
    no seat.
    """
    require_open(session)
    require_ticket(session, ticket)
    answer = attending.record(person, session, by=None, source=Source.SELF)
    if answer.kind in (Kind.REPLACED, Kind.WITHDRAWN):
        raise ValidationError(receiving.no_seat(answer), code=answer.kind.name.lower())
    return answer


def sentence(answer: Answer) -> str:
    """Đã ghi nhận Ông Nguyễn Văn An có mặt lúc 08:02. The same for the first press and for every other."""
    fact = answer.attendance
    if fact is None:
        raise ValueError("Nobody was written down.")
    at = fact.at.astimezone(fact.session.conference.zone)
    words = {"name": answer.attendee.addressed, "at": vietnamese_dates.clock(at)}
    return _("%(name)s có mặt từ %(at)s.") % words
