"""What people do with letters: draft, approve, cancel, send again, put off, stop all. Always journalled."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conference import journal, leases, vietnamese
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import Conference, User
from mailing import bell, composing, kinds, placeholders, wording
from mailing.errors import MailError
from mailing.kinds import Kind
from mailing.models import Hold, Mailing, Message, MessageQuerySet, State
from mailing.wording import Text

Letters = Mailing | Iterable[Message]
LONGEST_SUBJECT = 600  # with its places filled
MOST_ADDRESSES = 20  # of one recipient


@dataclass(frozen=True)
class Letter:
    """One letter to be drafted.

    `subject_ref`: whom it is about, as the journal names rows ("attendees.delegation:17"). `values`: place →
    plain text. `secrets`: place → key of the row whose value is fetched when the letter leaves.
    `attachments`: (maker, key of its row). `condition`: of `MAIL_CONDITIONS`, asked again before it leaves:
    "owes" of whom it is about, "place:17" of another row.
    """

    subject_ref: str
    subject_name: str
    to: Sequence[str]
    recipient_name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, int] = field(default_factory=dict)
    attachments: Sequence[tuple[str, int]] = ()
    condition: str = ""


# ── Drafting ──────────────────────────────────────────────────────────────────────────────────────


def draft(
    conference: Conference,
    kind: str,
    letters: Sequence[Letter],
    *,
    by: Actor | None,
    title: str,
    send_after: datetime.datetime | None = None,
    key: uuid.UUID | None = None,
    text: Text | None = None,
) -> Mailing:
    """Write letters of one kind; nothing leaves before they are approved.

    The same `key` gives the same batch, however often it is sent. `text` stands for the template. Raises
    `PermissionDenied` for whoever does not run the conference (`by=None`: the house itself), and `MailError`
    with a sentence when the letters cannot be written; then none is.
    """
    _require_right(conference, by)
    if known := _known(conference, key):
        return known
    with in_vietnamese():
        chosen = kinds.get(kind)
        template = wording.check(chosen, text or wording.of(conference, chosen))
        if not letters:
            raise MailError(_("Không có ai để gửi."))
        rows = [_written(conference, chosen, template, letter) for letter in letters]
    mailing = Mailing(
        conference=conference, kind=chosen.slug, title=vietnamese.clean(title)[:200], key=key,
        send_after=send_after, created_by=by if isinstance(by, User) else None,
    )  # fmt: skip
    try:
        _keep(mailing, rows, by=by)
    except IntegrityError:
        # The same press of a button, twice at the same moment.
        if known := _known(conference, key):
            return known
        raise
    return mailing


@transaction.atomic
def _keep(mailing: Mailing, rows: list[Message], *, by: Actor | None) -> None:
    """A batch and its letters, all or none."""
    mailing.save()
    for row in rows:
        row.mailing, row.send_after = mailing, mailing.send_after
    Message.objects.bulk_create(rows, batch_size=200)
    with in_vietnamese():
        kind = kinds.title_of(mailing.kind)
    changes: dict[str, list[Any]] = {"kind": ["", kind], "số thư": ["", len(rows)]}
    journal.record("draft_mail", mailing, by=by, conference=mailing.conference, changes=changes)


@transaction.atomic
def post(conference: Conference, kind: str, letter: Letter, *, by: Actor | None) -> Message:
    """Write one letter that is a part of another act, a receipt for instance: it leaves without approval."""
    _require_right(conference, by)
    with in_vietnamese():
        chosen = kinds.get(kind)
        message = _written(conference, chosen, wording.check(chosen, wording.of(conference, chosen)), letter)
    message.state, message.approved_at = State.APPROVED, timezone.now()
    message.approved_by = by if isinstance(by, User) else None
    message.save()
    changes: dict[str, list[Any]] = {"to": ["", message.addresses]}
    journal.record("send_mail", message, by=by, conference=conference, changes=changes)
    transaction.on_commit(lambda: bell.ring([message.pk]), robust=True)
    return message


def _known(conference: Conference, key: uuid.UUID | None) -> Mailing | None:
    return Mailing.objects.filter(conference=conference, key=key).first() if key else None


def _written(conference: Conference, kind: Kind, text: Text, letter: Letter) -> Message:
    """The row of a letter, checked, not yet saved."""
    _require_known_names(kind, letter)
    values = {name: placeholders.clean(str(value)) for name, value in letter.values.items()}
    whom = vietnamese.clean(letter.subject_name)[:300]
    for name in placeholders.names_in(f"{text.subject} {text.body}"):
        if name not in values and name not in letter.secrets:
            raise MailError(
                _("Thư gửi %(whom)s chưa có %(what)s để điền vào chỗ %(place)s.")
                % {"whom": whom, "what": kind.label(name), "place": f"{{{name}}}"}
            )
    longest = max(map(len, values.values()), default=0)
    if (
        longest > placeholders.LONGEST_VALUE
        or len(wording.fill(kind, text, values, {}).subject) > LONGEST_SUBJECT
    ):
        raise MailError(_("Thư gửi %s có chỗ điền quá dài. Rút ngắn rồi soạn lại.") % whom)
    return Message(
        conference=conference, kind=kind.slug, subject_ref=letter.subject_ref, subject_name=whom,
        to=_addresses(letter.to, whom), recipient_name=vietnamese.clean(letter.recipient_name)[:200],
        subject_template=text.subject, body_template=text.body, values=values, secrets=dict(letter.secrets),
        attachments=[list(one) for one in letter.attachments], condition=letter.condition,
        message_id=_message_id(),
    )  # fmt: skip


def _require_known_names(kind: Kind, letter: Letter) -> None:
    """Mistakes of the room that drafts, not of people."""
    wrong = set(letter.values) - (set(kind.placeholders) - kind.secrets)
    wrong |= set(letter.secrets) - (kind.secrets & set(settings.MAIL_SECRETS))
    wrong |= {maker for maker, _pk in letter.attachments} - set(settings.MAIL_ATTACHMENTS)
    condition, _colon, key = letter.condition.partition(":")
    wrong |= {condition} - {"", *settings.MAIL_CONDITIONS}
    if wrong or (condition and not (key or letter.subject_ref)):
        raise ValueError(f"A letter of kind {kind.slug} cannot hold {sorted(wrong) or 'a condition'}.")


def _addresses(given: Iterable[str], whom: str) -> list[str]:
    """Each once, as they are written to."""
    found = list(dict.fromkeys(filter(None, (address.strip() for address in given))))
    if not found:
        raise MailError(_("%s chưa có địa chỉ thư điện tử. Bổ sung địa chỉ, hoặc gọi điện thoại.") % whom)
    if len(found) > MOST_ADDRESSES:
        raise MailError(_("Thư gửi %(whom)s có hơn %(n)s địa chỉ.") % {"whom": whom, "n": MOST_ADDRESSES})
    for address in found:
        try:
            validate_email(address)
        except ValidationError as wrong:
            said = {"whom": whom, "address": vietnamese.clean(address)[:80]}
            raise MailError(_("Địa chỉ thư của %(whom)s không đúng: “%(address)s”.") % said) from wrong
    return found


def _message_id() -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


# ── Moving on ─────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def approve(letters: Letters, *, by: Actor | None) -> int:
    """Drafts may leave, at once or at their hour. Returns how many did change."""
    fields: dict[str, Any] = {"state": State.APPROVED, "approved_at": timezone.now(), **Message.FRESH}
    fields["approved_by"] = by if isinstance(by, User) else None
    moved = _move("approve_mail", letters, Q(state=State.DRAFT), by, **fields)
    due = list(Message.objects.due().filter(pk__in=moved).values_list("pk", flat=True))
    transaction.on_commit(lambda: bell.ring(due), robust=True)
    return len(moved)


@transaction.atomic
def cancel(letters: Letters, reason: str, *, by: Actor | None) -> int:
    """Letters that have not left stay here. One on its way is not stopped, unless its worker is gone."""
    forsaken = Q(state=State.SENDING) & ~leases.held(timezone.now())
    still_here = Q(state__in=(State.DRAFT, State.APPROVED)) | forsaken
    with in_vietnamese():
        reason = vietnamese.clean(reason)[:500] or _("Ban Tổ chức hủy.")
    return len(_move("cancel_mail", letters, still_here, by, state=State.CANCELLED, error=reason, token=None))


@transaction.atomic
def reschedule(letters: Letters, send_after: datetime.datetime | None, *, by: Actor | None) -> int:
    """Drafts and approved letters leave at another hour; None: as soon as they are approved."""
    waiting = Q(state__in=(State.DRAFT, State.APPROVED))
    moved = _move("reschedule_mail", letters, waiting, by, send_after=send_after, rung_at=None)
    if isinstance(letters, Mailing):
        Mailing.objects.filter(pk=letters.pk).update(send_after=send_after)
        letters.send_after = send_after
    return len(moved)


@transaction.atomic
def resend(message: Message, *, by: Actor | None, to: Sequence[str] | None = None) -> bool:
    """A letter that has ended leaves once more, with the same Message-ID; `to`: addresses put right.

    To its old addresses only those are written that it has not reached, or all if it has reached every one.
    Raises `MailError` where it cannot go to `to`, for one whose text was taken out, and for one that has no
    point any more.
    """
    current = Message.objects.select_for_update().select_related("conference").get(pk=message.pk)
    _require_right(current.conference, by)
    if current.state not in Message.ENDED:
        return False
    if not current.body_template:
        sentence = _("Nội dung thư của %s đã xóa, không gửi lại được. Soạn thư mới.")
        raise MailError(sentence % current.subject_name)
    before = {"state": current.state, "to": current.addresses}
    if to is not None:
        current.to = _addresses(to, current.subject_name)
    if reason := composing.still_wanted(current):  # before what is known of the letter is forgotten
        raise MailError(reason)
    missing = [one for one in current.to if one not in current.reached]
    current.reached = [one for one in current.to if one in current.reached] if missing else []
    current.refused, current.error, current.sent_at = {}, "", None
    current.state, current.approved_at = State.APPROVED, timezone.now()
    current.approved_by = by if isinstance(by, User) else None
    for name, value in Message.FRESH.items():
        setattr(current, name, value)
    current.save()
    changes = journal.differences(before, {"state": current.state, "to": current.addresses})
    journal.record("resend_mail", current, by=by, conference=current.conference, changes=changes)
    transaction.on_commit(lambda: bell.ring([current.pk]), robust=True)
    return True


def _move(act: str, letters: Letters, allowed: Q, by: Actor | None, **fields: Any) -> list[int]:
    """Change those of the letters that are still as `allowed`; one entry for a batch, else one for each."""
    rows = _rows(letters)
    for conference in Conference.objects.filter(pk__in=rows.order_by().values("conference")):
        _require_right(conference, by)
    held = list(rows.filter(allowed).select_related("conference").select_for_update(of=("self",)))
    moved = [message.pk for message in held]
    Message.objects.filter(pk__in=moved).update(**fields)
    if isinstance(letters, Mailing) and moved:
        shown = {"số thư": ["", len(moved)], **_told(fields, letters)}
        journal.record(act, letters, by=by, conference=letters.conference, changes=shown)
    elif moved:
        journal.record_all(
            journal.entry(act, one, by=by, conference=one.conference, changes=_told(fields, one))
            for one in held
        )
    return moved


def _told(fields: dict[str, Any], row: Any) -> dict[str, list[Any]]:
    """What of a change the journal tells. A batch has no state; its act says what became of the letters."""
    state = () if isinstance(row, Mailing) else ("state",)
    names = [name for name in (*state, "send_after", "error") if name in fields]
    return {name: [getattr(row, name, ""), fields[name]] for name in names}


def _rows(letters: Letters) -> MessageQuerySet:
    if isinstance(letters, Mailing):
        return Message.objects.filter(mailing=letters)
    return Message.objects.filter(pk__in=[message.pk for message in letters])


def _require_right(conference: Conference, by: Actor | None) -> None:
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied(_("Không có quyền gửi thư của hội nghị này."))


# ── The switch ────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def hold(conference: Conference | None, *, by: Actor | None, reason: str) -> Hold:
    """Nothing leaves any more, approved or not, of this conference; None: of any. Twice is once."""
    _require_switch(conference, by)
    told = {"by": by if isinstance(by, User) else None, "reason": vietnamese.clean(reason)[:300]}
    found, made = Hold.objects.get_or_create(conference=conference, defaults=told)
    if made:
        changes = {"reason": ["", found.reason]}
        journal.record("hold_mail", conference or found, by=by, conference=conference, changes=changes)
    return found


@transaction.atomic
def release(conference: Conference | None, *, by: Actor | None) -> bool:
    """Letters leave again; the sweeper finds those that are due."""
    _require_switch(conference, by)
    found = Hold.objects.filter(conference=conference).first()
    if found is None:
        return False
    changes = {"reason": [found.reason, ""]}
    journal.record("release_mail", conference or found, by=by, conference=conference, changes=changes)
    found.delete()
    return True


def holds(conference: Conference | None) -> list[Hold]:
    """What stops the letters of a conference now; that of the whole installation first."""
    return list(
        Hold.objects.over(conference).select_related("by").order_by(F("conference").asc(nulls_first=True))
    )


def held(conference: Conference) -> Hold | None:
    """The first of `holds`."""
    return next(iter(holds(conference)), None)


def _require_switch(conference: Conference | None, by: Actor | None) -> None:
    if conference is not None:
        _require_right(conference, by)
    elif by is not None and not by.is_superuser:
        raise PermissionDenied(_("Chỉ quản trị hệ thống dừng thư của mọi hội nghị."))
