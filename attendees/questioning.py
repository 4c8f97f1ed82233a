"""The answers to the questions that an organiser invented: every act that changes them.

Delegation page, the page of one person, desk and import call `answer`. It holds the row of the delegation, so
that answers come one after another, and journals what changed; the same act a second time changes nothing.
Errors: `PermissionDenied`; `ValidationError` by the slug of the question (codes unknown, closed, consent, or
what `question_values.kept` says); `Stale` when somebody else answered since the answers were shown.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees import uploading
from attendees.erasing import require_not_kept
from attendees.holding import Stale as Stale
from attendees.holding import require_there
from attendees.inspecting import Inert
from attendees.models import Attendee, Delegation, Question, Upload
from attendees.question_values import CONSENT, Answer, Subject, for_journal, kept, of_subject
from conference import journal, moments
from conference.guests import Guest
from conference.journal import Actor

Refusals = dict[str, ValidationError]


def version_of(subject: Subject) -> str:
    """Names the answers that somebody has on the screen; another name once one of them changed."""
    text = json.dumps(subject.extra, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def answer(
    subject: Subject,
    values: Mapping[str, Any],
    *,
    by: Actor | None,
    version: str | None = None,
    consents: Collection[str] = (),
) -> Subject:
    """Writes answers, slug → value; None or "" takes one back. Returns the row as it stands then.

    A file that was just given is handed over as `Inert`, from `inspecting.inspect`.

    `version`: of `version_of`, as the person had it on the screen. `consents`: slugs of the sensitive
    questions to whose use the person agreed; without that a sensitive answer is refused. Taking the answer
    back takes the consent back.
    """
    current = _hold(subject, by)
    questions = {one.slug: one for one in of_subject(current).asked().select_related("conference")}
    after, changes, refusals = dict(current.extra), {}, Refusals()
    for slug, value in values.items():
        if (question := questions.get(slug)) is None:
            refusals[slug] = ValidationError(_("Câu hỏi này không còn. Mở lại trang."), code="unknown")
            continue
        try:
            written = _written(current, question, value, by=by, agreed=slug in consents)
        except ValidationError as refusal:
            refusals[slug] = refusal
            continue
        if written is not None:
            changes[question.label] = [for_journal(question, one) for one in (after.get(slug), written)]
            put(after, question, written)
    if refusals:
        raise ValidationError(refusals)
    if changes:
        if version not in (None, version_of(current)):
            raise Stale(current)
        before, current.extra = current.extra, after
        current.save(update_fields=("extra",))
        papers = [slug for slug, one in questions.items() if one.kind == Question.Kind.FILE]
        if any(before.get(slug) != after.get(slug) for slug in papers):
            drop_files(current)
        journal.record("answer_questions", current, by=by, conference=current.conference, changes=changes)
    return current


def may_answer(subject: Subject, user: Actor | None) -> bool:
    """The people who answer for the delegation, and a person about herself."""
    if user is None:
        return True
    if isinstance(user, Guest) and isinstance(subject, Attendee) and user.attendee_id == subject.pk:
        return True
    return delegation_of(subject).is_answered_by(user)


def delegation_of(subject: Subject) -> Delegation:
    """Whose list it is: that of the person, or the delegation itself."""
    return subject if isinstance(subject, Delegation) else subject.delegation


def is_open_to(question: Question, user: Actor | None, of: Delegation | None) -> bool:
    """Organisers and the system answer also after the deadline of the question. `of`: whose list it is."""
    return question.is_open(of) or user is None or question.conference.is_run_by(user)


def closed_sentence(question: Question, of: Delegation) -> str:
    """What stands beside an answer that can only be read."""
    when = moments.moment(question.deadline(of))
    return _("Đã hết hạn trả lời lúc %s. Gọi Ban Tổ chức để thay đổi.") % when


@dataclass(frozen=True)
class Shut:
    """An answer that this person can only read, and why."""

    label: str
    words: str
    sentence: str


def closed(found: Iterable[Answer], user: Actor | None, of: Delegation) -> list[Shut]:
    """The answers whose time is over."""
    return [
        Shut(one.question.label, one.words, closed_sentence(one.question, of))
        for one in found
        if not is_open_to(one.question, user, of)
    ]


def masked(found: Iterable[Answer]) -> list[Shut]:
    """The answers that are for the own delegation alone, until they are opened."""
    sentence = _("Đã che với người ngoài đoàn. Muốn xem, sửa thì mở tại bàn điều hành.")
    return [Shut(one.question.label, one.closed, sentence) for one in found if one.is_private]


def _hold(subject: Subject, by: Actor | None) -> Subject:
    """The row as it stands, under the lock of the delegation."""
    pk = subject.pk if isinstance(subject, Delegation) else subject.delegation_id
    held = Delegation.objects.select_for_update(of=("self",)).select_related("conference").get(pk=pk)
    if not may_answer(held if isinstance(subject, Delegation) else subject, by):
        raise PermissionDenied
    if isinstance(subject, Delegation):
        return held
    current = require_there(held.attendees.select_related("conference").filter(pk=subject.pk).first())
    if not current.is_active:
        raise ValidationError(_("Người này không giữ suất nữa. Không cần trả lời."), code="replaced")
    current.delegation = held
    return current


def _written(subject: Subject, question: Question, value: Any, *, by: Actor | None, agreed: bool) -> Any:
    """What is to be kept: "" to take an answer back, None where nothing changes."""
    value = _filed(subject, question, value, by=by)
    before = subject.extra.get(question.slug)
    is_empty = value in (None, "", [])
    if question.is_sensitive and not is_empty and not agreed:
        sentence = _("Đây là dữ liệu nhạy cảm. Đánh dấu đồng ý ngay dưới câu này, hoặc để trống câu trả lời.")
        raise ValidationError(sentence, code="consent")
    if value == before or (is_empty and before in (None, "", [])):
        return None
    if (after := kept(question, value)) == before:
        return None
    if question.is_sensitive and is_empty:
        require_not_kept(question.conference)
    _require_open(question, by, delegation_of(subject))
    return "" if after is None else after


def _require_open(question: Question, by: Actor | None, of: Delegation) -> None:
    if not is_open_to(question, by, of):
        raise ValidationError(closed_sentence(question, of), code="closed")


def _filed(subject: Subject, question: Question, value: Any, *, by: Actor | None) -> Any:
    """A file becomes the row of an upload; where the answer is refused the row is undone with it."""
    if not isinstance(value, Inert):
        return value
    held = delegation_of(subject)
    _require_open(question, by, held)
    person = subject if isinstance(subject, Attendee) else None
    return uploading.record(held, value, by=by, kind=Upload.Kind.ANSWER, attendee=person)


def drop_files(subject: Subject) -> None:
    """What was sent as an answer and is none any more goes; the sweep takes the bytes. Under the lock.

    Where the conference keeps everything it only stands no more, and goes when files of answers do.
    """
    papers = of_subject(subject).filter(kind=Question.Kind.FILE).values_list("slug", flat=True)
    named = [subject.extra[slug] for slug in papers if subject.extra.get(slug)]
    person = subject if isinstance(subject, Attendee) else None
    dropped = subject.uploads.filter(kind=Upload.Kind.ANSWER, attendee=person).exclude(pk__in=named)
    if subject.conference.legal_hold:
        dropped.filter(withdrawn_at=None).update(withdrawn_at=subject.conference.now())
    else:
        dropped.delete()


def put(extra: dict[str, Any], question: Question, value: Any) -> None:
    """Sets an answer that was checked among those of a row; "" takes it back, and the consent with it."""
    if value == "":
        extra.pop(question.slug, None)
        extra.pop(CONSENT + question.slug, None)
        return
    extra[question.slug] = value
    if question.is_sensitive:
        extra[CONSENT + question.slug] = question.conference.now().isoformat(timespec="seconds")


# ── Questions themselves ──────────────────────────────────────────────────────────────────────────


def is_answered(question: Question) -> bool:
    """Has anybody answered? Then its kind and whom it is put to stay, and it is not deleted."""
    rows = Attendee.objects if question.subject == Question.Subject.PERSON else Delegation.objects
    return rows.filter(conference=question.conference, extra__has_key=question.slug).exists()


@transaction.atomic
def remove(question: Question) -> None:
    """Takes a question away that nobody has answered."""
    if is_answered(question):
        sentence = _("Câu này đã có người trả lời, không xóa được. Bỏ dấu “Đang hỏi” để không hỏi nữa.")
        raise ValidationError(sentence, code="answered")
    question.delete()


# ── What is still owed ────────────────────────────────────────────────────────────────────────────


def owed(delegation: Delegation, people: Iterable[Attendee]) -> int:
    """How many required answers are missing that can still be given. `people`: on its seats. One query."""
    of: dict[str, list[str]] = defaultdict(list)
    for question in delegation.conference.questions.asked().filter(is_required=True):
        question.conference = delegation.conference
        if question.is_open(delegation):
            of[question.subject].append(question.slug)
    told = [(Question.Subject.DELEGATION, delegation.extra)]
    told += [(Question.Subject.PERSON, person.extra) for person in people]
    return sum(extra.get(slug) in (None, "", []) for subject, extra in told for slug in of[subject])
