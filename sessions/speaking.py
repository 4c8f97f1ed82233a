"""The acts about speakers: they answer, say who they are and what they need; organisers approve or give back.

What everybody will read waits for the organisers. What only the organisers read is written at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.holding import Stale, hold_alone, require_not_erased
from attendees.inspecting import Inert
from attendees.models import Attendee
from conference import journal, storing, vietnamese, vietnamese_dates
from conference.guests import Guest
from conference.journal import Actor
from conference.models import Conference, User
from sessions import returning
from sessions.models import BusyTime, Participation, Session, SpeakerProfile

FOLDER = "speakers"
LONGEST_REASON = LONGEST_REMARK = 500
MOST_TIMES = 10
Answer, State = Participation.Answer, SpeakerProfile.State
TEXTS = ("title", "organisation_name", "biography")


class Span(NamedTuple):
    """From when to when, on one day."""

    day: datetime.date
    starts: datetime.time
    ends: datetime.time

    def __str__(self) -> str:
        hours = vietnamese_dates.time_range(self.starts, self.ends)
        return f"{vietnamese_dates.short_date(self.day)}, {hours}"


# ── Coming or not ─────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def answer(part: Participation, reply: str, reason: str = "", *, by: Actor) -> bool:
    """Somebody comes, or does not and says why. Returns False when that is what stands already.

    By the person, until the session is over; by an organiser at any time.
    """
    rows = Participation.objects.select_for_update(of=("self",)).select_related("attendee", "session")
    current = rows.select_related("session__conference").filter(pk=part.pk).first()
    if current is None:
        raise ValidationError(_("Phần tham gia này vừa bị xóa. Tải lại trang."), code="gone")
    session = current.session
    _require_own(session.conference, current.attendee_id, by)
    if current.attendee_id is not None:  # asked anew: who was erased while we waited for the part
        require_not_erased(Attendee.objects.get(pk=current.attendee_id))
    if isinstance(by, Guest) and is_over(session):
        raise ValidationError(_("Phiên này đã kết thúc, không cần trả lời nữa."), code="over")
    if reply not in (Answer.CONFIRMED, Answer.DECLINED):
        raise TypeError(f"no answer of a speaker: {reply}")
    reason = vietnamese.clean(reason)[:LONGEST_REASON] if reply == Answer.DECLINED else ""
    if reply == Answer.DECLINED and not reason:
        raise ValidationError({"reason": _("Ghi lý do để Ban Tổ chức mời người khác.")})
    before = {"answer": current.answer, "decline_reason": current.decline_reason}
    after = {"answer": str(reply), "decline_reason": reason}
    if before == after:
        return False
    current.answer, current.decline_reason = reply, reason
    current.answered_at = session.conference.now()
    current.save(update_fields=("answer", "decline_reason", "answered_at"))
    changes = journal.differences(before, after)
    journal.record("answer", current, by=by, conference=session.conference, changes=changes)
    return True


def is_over(session: Session) -> bool:
    end = datetime.datetime.combine(session.day, session.ends, session.conference.zone)
    return bool(end <= session.conference.now())


# ── What a speaker sends ──────────────────────────────────────────────────────────────────────────


@transaction.atomic
def propose(
    person: Attendee,
    texts: Mapping[str, str],
    *,
    by: Guest,
    photo: Inert | None = None,
    no_photo: bool = False,
) -> SpeakerProfile:
    """What everybody will read once the organisers approve it. Sent twice it is one proposal.

    `no_photo` takes a photo away at once: nobody has to approve that a face is no longer shown.
    """
    profile = _hold_own(person, by)
    if no_photo and profile.photo:
        profile.photo = ""
        journal.record("edit", profile, by=by, conference=person.conference, changes={"photo": [True, False]})
    wanted = {name: texts[name].strip() for name in TEXTS}
    wanted["photo"] = "" if no_photo else profile.latest["photo"]
    if photo is not None:
        wanted["photo"], _sha256, _size = storing.keep_bytes(photo.data, FOLDER, photo.suffix)
    if not wanted["biography"] and not wanted["photo"] and not profile.is_public:
        raise ValidationError(_("Viết vài dòng giới thiệu, hoặc chọn một ảnh."), code="empty")
    if wanted == profile.approved:
        after: dict[str, Any] = {"proposed": {}, "state": State.APPROVED, "remark": ""}
    else:
        after = {"proposed": wanted, "state": State.WAITING, "remark": ""}
    if all(getattr(profile, name) == value for name, value in after.items()):
        return _write(profile) if no_photo else profile
    changes = _differences(profile.latest, wanted)
    for name, value in after.items():
        setattr(profile, name, value)
    profile.proposed_at = person.conference.now()
    journal.record("propose", profile, by=by, conference=person.conference, changes=changes)
    return _write(profile)


@transaction.atomic
def tell(person: Attendee, needs: str, times: Iterable[Span], *, by: Guest) -> SpeakerProfile:
    """What the person needs, and when they cannot be in the hall. The organisers read it as it is sent."""
    profile = _hold_own(person, by)
    spans = sorted(set(times))
    if any(span.ends <= span.starts for span in spans):
        raise ValidationError(_("Giờ kết thúc phải sau giờ bắt đầu."), code="order")
    if len(spans) > MOST_TIMES:
        sentence = _("Ghi nhiều nhất %(n)s khoảng thời gian bận.") % {"n": MOST_TIMES}
        raise ValidationError(sentence, code="many")
    known = busy_spans(profile)
    before = {"needs": profile.needs, "busy": "; ".join(map(str, known))}
    after = {"needs": needs.strip(), "busy": "; ".join(map(str, spans))}
    changes = journal.differences(before, after)
    if not changes:
        return profile
    profile.needs = after["needs"]
    profile.busy_times.all().delete()
    BusyTime.objects.bulk_create(BusyTime(profile=profile, **span._asdict()) for span in spans)
    journal.record("tell_needs", profile, by=by, conference=person.conference, changes=changes)
    return _write(profile)


def busy_spans(profile: SpeakerProfile) -> list[Span]:
    """The times as they are kept, in order."""
    return sorted(Span(one.day, one.starts, one.ends) for one in profile.busy_times.all())


# ── What the organisers say to it ─────────────────────────────────────────────────────────────────


@transaction.atomic
def approve(profile: SpeakerProfile, *, by: User, version: int | None = None) -> bool:
    """From now on everybody reads what was sent. Returns False when nothing waits.

    Raises `Stale` when the speaker sent something else since `version`. Position and organisation go into the
    programme where it still says what was written before.
    """
    current, conference = _hold(profile, by)
    if current.state != State.WAITING:
        return False
    if version not in (None, current.version):
        raise Stale(current)
    before, after = current.approved, current.latest
    changes = {"state": [current.state, State.APPROVED], **_differences(before, after)}
    _tell_programme(current, after)
    for name, value in after.items():
        setattr(current, name, value)
    current.proposed, current.state, current.remark = {}, State.APPROVED, ""
    current.approved_at, current.approved_by = conference.now(), by
    journal.record("accept", current, by=by, conference=conference, changes=changes)
    _write(current)
    return True


@transaction.atomic
def give_back(profile: SpeakerProfile, remark: str, *, by: User, version: int | None = None) -> bool:
    """The speaker reads the remark and writes anew; what was approved before this proposal stays public.

    Given back after it was approved, it leaves the public page. A letter to the speaker waits in the outbox.
    Returns False when nothing was sent.
    """
    remark = vietnamese.clean(remark)[:LONGEST_REMARK]
    if not remark:
        raise ValidationError({"remark": _("Ghi nhận xét.")}, code="remark")
    current, conference = _hold(profile, by)
    if current.state not in (State.WAITING, State.APPROVED):
        return False
    if version not in (None, current.version):
        raise Stale(current)
    before = current.state
    if before == State.APPROVED:
        current.proposed = current.latest
        current.approved_at = current.approved_by = None
    current.state, current.remark = State.RETURNED, remark
    changes = {"state": [before, State.RETURNED], "remark": ["", remark]}
    journal.record("return", current, by=by, conference=conference, changes=changes)
    _write(current)
    returning.draft(current.attendee, "phần giới thiệu", remark, by=by)
    return True


# ── What an act is made of ────────────────────────────────────────────────────────────────────────


def _require_own(conference: Conference, attendee_id: int | None, by: Actor) -> None:
    if isinstance(by, Guest):
        if attendee_id is None or by.attendee_id != attendee_id:
            raise PermissionDenied
    elif not conference.is_run_by(by):
        raise PermissionDenied


def _hold_own(person: Attendee, by: Guest) -> SpeakerProfile:
    """The profile of the person, made when it is first written to, while the person is held."""
    if by.attendee_id != person.pk:
        raise PermissionDenied
    current = hold_alone(person.pk)
    if not current.is_active:
        raise ValidationError(_("Suất này không còn dự hội nghị. Gọi Ban Tổ chức."), code="gone")
    profile, _made = SpeakerProfile.objects.get_or_create(attendee=current)
    return profile


def _hold(profile: SpeakerProfile, by: User) -> tuple[SpeakerProfile, Conference]:
    """The row as it stands, behind its person as every act about it holds them."""
    hold_alone(profile.attendee_id)
    current = SpeakerProfile.objects.select_related("attendee__conference").get(pk=profile.pk)
    conference = current.attendee.conference
    if not conference.is_run_by(by):
        raise PermissionDenied
    return current, conference


def _tell_programme(profile: SpeakerProfile, after: Mapping[str, str]) -> None:
    """Position and organisation also stand at the parts; what was written there by hand stays."""
    person = profile.attendee
    source: Any = profile if profile.is_public else person
    parts = person.participations.filter(title=source.title, organisation_name=source.organisation_name)
    parts.update(title=after["title"], organisation_name=after["organisation_name"])


def _write(profile: SpeakerProfile) -> SpeakerProfile:
    profile.version += 1
    profile.save()
    return profile


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[Any]]:
    """For the journal: a photo is one or none there, not the name of a file."""
    changes = journal.differences(dict(before), dict(after))
    if "photo" in changes:
        changes["photo"] = [bool(one) for one in changes["photo"]]
    return changes
