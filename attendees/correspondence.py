"""Letters to delegations and attendees: to which addresses, by which link, with what in their places.

Receipts and what the organisers say to an answer leave by themselves; everything else is drafted first.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from attendees import codes, links, mail_kinds
from attendees.models import Attendee, Delegation, Link, Receipt
from attendees.seats import Seats
from conference import moments, units, vietnamese_dates
from conference.journal import Actor
from conference.journal import ref_of as ref_of
from conference.kept_words import in_vietnamese
from conference.models import Conference
from mailing import composing, kinds, outbox
from mailing.errors import MailError
from mailing.models import Mailing, Message
from mailing.outbox import Letter

_log = logging.getLogger(__name__)


# ── To whom ───────────────────────────────────────────────────────────────────────────────────────


def addresses_of(delegation: Delegation) -> list[str]:
    """The officers who may sign in, then the contact of the delegation; each address once."""
    officers = [officer.email for officer in delegation.officers.all() if officer.is_active]
    found = {address.lower(): address for address in (*officers, delegation.contact_email) if address}
    return list(found.values())


def phone_of(delegation: Delegation) -> str:
    """Whom to call where nobody can be written to: the contact, else the head."""
    return delegation.contact_phone or (delegation.head.phone if delegation.head else "")


def answer_link(delegation: Delegation, *, by: Actor | None) -> Link:
    """The newest good link for the answer; a new one where there is none."""
    return _good_link(delegation, Link.Purpose.ANSWER) or links.make(delegation, Link.Purpose.ANSWER, by=by)


def personal_link(person: Attendee, *, by: Actor | None) -> Link:
    """The same for the page of one person."""
    return _good_link(person, Link.Purpose.PERSON) or links.make(person, Link.Purpose.PERSON, by=by)


def _good_link(owner: Delegation | Attendee, purpose: Link.Purpose) -> Link | None:
    for link in owner.links.good().filter(purpose=purpose).order_by("-created_at", "-pk"):
        try:
            links.token_of(link)
        except links.NoAddress:
            continue  # made under a key that is gone
        return link
    return None


def pointless(message: Message) -> str:
    """Why a letter about a person need not leave any more, "" while it must. Named in `MAIL_SUBJECTS`.

    A letter with the person's own link goes to the address that stands for them now, one without it to their
    delegation too. Raises `MailError` for one with another address: what changed since it was drafted, or who
    sent it again, decides nothing about whom the link belongs to.
    """
    pk = composing.key_of(message.subject_ref)
    person = Attendee.objects.active().select_related("delegation").filter(pk=pk).first()
    if person is None:
        return _("Đại biểu không còn giữ suất. Có người thay thì soạn thư cho người đó.")
    known = [person.email, *([] if message.secrets else addresses_of(person.delegation))]
    if {one.casefold() for one in message.to} - {one.casefold() for one in known}:
        raise MailError(
            _("Địa chỉ trong thư khác địa chỉ đang ghi. Soạn lại, hoặc gửi lại tới địa chỉ đang ghi.")
        )
    return ""


def outdated(message: Message) -> str:
    """Why a letter that asks for the answer need not leave any more: it tells a deadline that is another now.

    Named in `MAIL_SUBJECTS`. What a delegation is told of what it sent leaves at once and is never held up.
    Raises `MailError` for an invitation: it has to be written anew, and the desk tells what failed.
    """
    asks = message.kind in (mail_kinds.INVITATION, mail_kinds.REMINDER)
    told = message.values.get("han_tra_loi") if asks else None
    rows = Delegation.objects.select_related("conference")
    one = rows.filter(pk=composing.key_of(message.subject_ref)).first() if told else None
    if one is None or moment_in_words(one.deadline) == told:
        return ""
    sentence = _("Hạn trả lời của đoàn đã đổi từ khi soạn thư. Soạn thư mới.")
    if message.kind == mail_kinds.INVITATION:
        raise MailError(sentence)
    return sentence


# ── What stands in the places ─────────────────────────────────────────────────────────────────────


def values_of(delegation: Delegation, *, at: datetime.datetime | None = None) -> dict[str, str]:
    """What `mail_kinds.OF_DELEGATION` names, but for the link; `at`: when the letter is to be read."""
    seats, deadline = Seats(delegation), delegation.deadline
    left = deadline - (at or delegation.conference.now())
    body = office_of(delegation)
    return {
        **kinds.values_of(delegation.conference),
        "don_vi": body,
        "doan": name_of(delegation),
        "nguoi_nhan": delegation.contact_name or body,
        "han_tra_loi": moment_in_words(deadline),
        "con_lai": _left(left),
        "suat": f"{seats.total:02}",
        "thanh_phan": _lines(
            f"{part.category.name}: {part.seats:02} đại biểu" for part in seats.components if part.seats
        ),
        "da_cu": f"{len(seats.active):02}",
        "con_thieu": _lines(missing(delegation, seats)),
    }


def missing(delegation: Delegation, seats: Seats) -> list[str]:
    """What is still to come from a delegation, a line each."""
    found = [f"{part.category.name}: chưa cử {part.open:02} người" for part in seats.components if part.open]
    if seats.waiting:
        found.append(f"{seats.waiting:02} người đã cử, chờ đoàn xác nhận")
    if delegation.review == Delegation.Review.RETURNED:
        found.insert(0, f"Danh sách được trả lại để bổ sung: {delegation.review_remark}")
    return found or ["Danh sách chưa được gửi cho Ban Tổ chức"]


def office_of(delegation: Delegation) -> str:
    """Which body answers: "Ủy ban nhân dân tỉnh Lâm Đồng"; a central delegation answers for itself."""
    if delegation.unit is None:
        return delegation.organisation.name if delegation.organisation else delegation.name
    return units.organisation_name("Ủy ban nhân dân {unit_kind} {name}", delegation.unit)


def name_of(delegation: Delegation) -> str:
    """ "tỉnh Lâm Đồng", to stand behind the word Đoàn."""
    if delegation.unit is None:
        return delegation.name
    return units.organisation_name("{unit_kind} {name}", delegation.unit)


def moment_in_words(at: datetime.datetime) -> str:
    """17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024."""
    day = f"{vietnamese_dates.weekday(at)}, {vietnamese_dates.date_in_words(at)}"
    return f"{vietnamese_dates.time_in_words(at)}, {day}"


def _lines(said: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in said)


def _left(delta: datetime.timedelta) -> str:
    with in_vietnamese():
        text = moments.remaining(delta)
    return text[:1].lower() + text[1:]


# ── Letters ───────────────────────────────────────────────────────────────────────────────────────


def letter_to(
    delegation: Delegation,
    *,
    by: Actor | None,
    at: datetime.datetime | None = None,
    condition: str = "",
    attachments: Sequence[tuple[str, int]] = (),
    **more: str,
) -> Letter:
    """A letter to the addresses of a delegation, with its link; `more`: places that one kind has besides."""
    return Letter(
        subject_ref=ref_of(delegation),
        subject_name=delegation.name,
        to=addresses_of(delegation),
        recipient_name=delegation.contact_name or delegation.name,
        values={**values_of(delegation, at=at), **more},
        secrets={"link": answer_link(delegation, by=by).pk},
        attachments=attachments,
        condition=condition,
    )


def post_receipt(receipt: Receipt) -> None:
    """The receipt of an answer, to the delegation that sent it."""
    content: dict[str, Any] = receipt.content
    people = sum(one["status"] in Attendee.ACTIVE for one in content["people"])
    empty = sum(part["declined"] for part in content["seats"])
    said = f"Cử {people:02} đại biểu, {empty:02} suất không cử."
    if content["status"] == Delegation.Status.DECLINED:
        said = f"Không cử đoàn. Lý do: {content['reason']}"
    _post(
        mail_kinds.RECEIPT,
        receipt.delegation,
        None,
        attachments=[("receipt", receipt.pk)],
        ma=codes.group(receipt.code),
        lan=str(receipt.number),
        luc_gui=moment_in_words(receipt.sent_at.astimezone(receipt.delegation.conference.zone)),
        noi_dung=said,
    )


def post_review(delegation: Delegation, *, by: Actor | None) -> None:
    """What the organisers say to an answer: that they accept it, or what is to be put right."""
    if delegation.review == Delegation.Review.RETURNED:
        _post(mail_kinds.RETURNED, delegation, by, nhan_xet=delegation.review_remark)
    else:
        _post(mail_kinds.ACCEPTED, delegation, by)


def _post(kind: str, delegation: Delegation, by: Actor | None, **more: Any) -> None:
    """An answer never fails because of the letter about it: who has no address gets none."""
    if not addresses_of(delegation):
        return
    try:
        with transaction.atomic():
            outbox.post(delegation.conference, kind, letter_to(delegation, by=by, **more), by=by)
    except MailError as refused:
        _log.warning("No %s was written to delegation %s: %s", kind, delegation.pk, refused)


def draft_personal(
    conference: Conference,
    people: Sequence[Attendee],
    *,
    by: Actor | None,
    send_after: datetime.datetime | None = None,
    key: uuid.UUID | None = None,
) -> Mailing:
    """To each of these people the link to the own page; who has no address is left out."""
    own = kinds.values_of(conference)
    with transaction.atomic():
        with in_vietnamese():
            letters = [_personal(person, own, by) for person in people if person.email and person.is_active]
        return outbox.draft(
            conference, mail_kinds.PERSONAL, letters, by=by, title="Thư riêng cho đại biểu",
            send_after=send_after, key=key,
        )  # fmt: skip


def _personal(person: Attendee, own: dict[str, str], by: Actor | None) -> Letter:
    values = {
        "nguoi_nhan": person.addressed,
        "chuc_vu": person.title,
        "don_vi": person.organisation_name,
        "doan": name_of(person.delegation),
        "ma": codes.group(person.code),
    }
    return Letter(
        subject_ref=ref_of(person),
        subject_name=person.full_name,
        to=[person.email],
        recipient_name=person.addressed,
        values={**own, **values},
        secrets={"link": personal_link(person, by=by).pk},
        attachments=[("personal", person.pk)],
    )
