"""Inviting delegations, in one act: delegations, numbered letters, links, mail to approve, papers to print.

Nothing leaves the house by this: the letters are drafts until somebody approves them in the outbox.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from attendees import answers, correspondence, links, mail_kinds
from attendees.models import Delegation, DelegationQuerySet, Link
from conference import journal
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import Conference
from documents import facts, letters, reaching
from documents.kinds.letters import SLUGS
from documents.models import Document, Letter
from documents.requests import Scope, request_document
from documents.wording import team
from mailing import log, outbox
from mailing.models import Mailing

WORKING_DAYS = 3  # that an invitation to a meeting must reach people ahead of it (Decision 45/2018/QĐ-TTg)
SATURDAY = 5


@dataclass
class Candidate:
    """A delegation as the page shows it before the press."""

    delegation: Delegation
    addresses: list[str]
    phone: str
    link: reaching.Way | None
    waits: bool = False  # has an invitation that is still to leave
    numbers: dict[str, str] = field(default_factory=dict)  # by kind: the letter that it has

    @property
    def is_invited(self) -> bool:
        return self.delegation.invited_at is not None


@dataclass(frozen=True)
class Invited:
    """What came of one press, read again by its key."""

    mailing: Mailing | None
    papers: list[Document]
    letters: list[Letter]
    chosen: list[Candidate]

    @property
    def reached(self) -> list[Candidate]:
        return [one for one in self.chosen if one.addresses]

    @property
    def unreached(self) -> list[Candidate]:
        """Who has no address: to be called, or reached by hand."""
        return [one for one in self.chosen if not one.addresses]


@dataclass(frozen=True)
class Remark:
    """What should be put right before delegations are invited; `stops` them if it is so bad."""

    text: str
    stops: bool = False


# ── Before ────────────────────────────────────────────────────────────────────────────────────────


def uninvited(conference: Conference) -> DelegationQuerySet:
    """The delegations that have seats, and neither an invitation nor an answer."""
    rows = Delegation.objects.filter(conference=conference, invited_at=None, answered_at=None)
    return rows.filter(quotas__seats__gt=0).distinct().order_by("position", "code")


def candidates(delegations: DelegationQuerySet) -> list[Candidate]:
    """In their order, with addresses, links and letters: the same queries for any number of them."""
    rows = delegations.select_related("unit", "organisation", "head", "conference")
    found = list(rows.prefetch_related("officers").order_by("position", "code"))
    known: dict[int, dict[str, str]] = {}
    for letter in Letter.objects.current().filter(delegation__in=found):
        known.setdefault(letter.delegation_id, {})[letter.kind] = letter.full_number
    ways = reaching.answer_links(found)
    refs = {one.pk: correspondence.ref_of(one) for one in found}
    waiting = set(log.waiting(mail_kinds.INVITATION, refs.values()).values_list("subject_ref", flat=True))
    return [
        Candidate(
            one,
            correspondence.addresses_of(one),
            correspondence.phone_of(one),
            ways.get(one.pk),
            refs[one.pk] in waiting,
            known.get(one.pk, {}),
        )
        for one in found
    ]


def remarks(conference: Conference, kinds: Iterable[str], day: datetime.date) -> list[Remark]:
    """What an invitation lacks, or comes late for."""
    found = []
    if not conference.symbol:
        found.append(Remark(_("Chưa có ký hiệu cơ quan để ghi số văn bản. Bổ sung trong Hội nghị."), True))
    if why := answers.without_seats(conference):
        found.append(Remark(why, stops=True))
    if Letter.Kind.REQUEST in kinds and not conference.drafting_unit:
        found.append(Remark(_("Chưa có ký hiệu đơn vị soạn thảo; số công văn sẽ không có phần này.")))
    if not (conference.signer_title and conference.signer_name):
        found.append(Remark(_("Chưa đủ chức vụ và họ tên người ký.")))
    if not (conference.contact_name and (conference.contact_phone or conference.contact_email)):
        found.append(Remark(_("Chưa đủ đầu mối liên hệ của Ban Tổ chức: họ tên, điện thoại hoặc thư.")))
    if conference.status == Conference.Status.DRAFT:
        found.append(Remark(_("Hội nghị còn ở tình trạng Nháp: trang công khai và chương trình chưa hiện.")))
    return [*found, *_lateness(conference, day)]


def _lateness(conference: Conference, day: datetime.date) -> list[Remark]:
    found = []
    if working_days(day, conference.starts_on) < WORKING_DAYS:
        sentence = _(
            "Còn chưa đủ 3 ngày làm việc đến ngày họp. Quyết định 45/2018/QĐ-TTg yêu cầu giấy mời đến nơi "
            "trước ngày họp ít nhất 3 ngày làm việc, trừ cuộc họp đột xuất."
        )
        found.append(Remark(sentence))
    deadline = conference.confirm_by.astimezone(conference.zone)
    if deadline <= conference.now():
        found.append(Remark(_("Hạn xác nhận đã qua. Đặt hạn mới trong Hội nghị trước khi mời.")))
    elif working_days(day, deadline.date()) < WORKING_DAYS:
        found.append(Remark(_("Từ ngày ban hành đến hạn xác nhận chưa đủ 3 ngày làm việc.")))
    return found


def working_days(first: datetime.date, last: datetime.date) -> int:
    """Monday to Friday, after `first` and before `last`; public holidays are not known here."""
    days = (first + datetime.timedelta(days=n) for n in range(1, (last - first).days))
    return sum(day.weekday() < SATURDAY for day in days)


# ── The act ───────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def invite(
    conference: Conference,
    delegations: Sequence[Delegation],
    *,
    by: Actor,
    kinds: Sequence[str],
    key: uuid.UUID,
    day: datetime.date | None = None,
    first: Mapping[str, int] | None = None,
    new_units: bool = False,
) -> Invited:
    """All or nothing; the same `key` does nothing again. `first`: kind → number at which its series goes on.

    With `new_units` every unit that has no delegation yet gets one and is invited too. Raises
    `PermissionDenied`, `ValidationError` (a number that is taken), `MailError` (an address that is wrong).
    """
    if not conference.is_run_by(by):
        raise PermissionDenied
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)  # one press at a time
    if Document.objects.filter(request_key__in=_paper_keys(key, kinds)).exists():
        return invited(conference, key)
    made = answers.invite_units(conference, by=by) if new_units else []
    chosen = _in_order(conference, [*delegations, *made])
    issued = {
        kind: letters.issue(conference, kind, chosen, by=by, issued_on=day, first=(first or {}).get(kind))
        for kind in kinds
    }
    _mark(chosen, by=by)
    _draft(conference, chosen, issued, by=by, key=key)
    for kind, paper_key in zip(kinds, _paper_keys(key, kinds), strict=True):
        scope = Scope(delegations=chosen)
        request_document(SLUGS[Letter.Kind(kind)], conference, by=by, scope=scope, each=True, key=paper_key)
    return invited(conference, key)


def invited(conference: Conference, key: uuid.UUID) -> Invited:
    """What came of the press with this key."""
    keys = _paper_keys(key, list(SLUGS))
    papers = list(Document.objects.filter(conference=conference, request_key__in=keys))
    chosen = {pk for paper in papers for pk in paper.places}
    rows = candidates(Delegation.objects.filter(conference=conference, pk__in=chosen))
    current = Letter.objects.current().filter(delegation__in=chosen).order_by("kind", "number")
    kinds = {kind for kind, slug in SLUGS.items() if slug in {paper.kind for paper in papers}}
    return Invited(
        mailing=Mailing.objects.filter(conference=conference, key=key).first(),
        papers=papers,
        letters=[letter for letter in current if letter.kind in kinds],
        chosen=rows,
    )


def _paper_keys(key: uuid.UUID, kinds: Sequence[str]) -> list[uuid.UUID]:
    return [uuid.uuid5(key, str(kind)) for kind in kinds]


def _in_order(conference: Conference, delegations: Iterable[Delegation]) -> list[Delegation]:
    """As they stand now, held until the end."""
    wanted = [one.pk for one in delegations]
    rows = Delegation.objects.select_for_update(of=("self",)).filter(conference=conference, pk__in=wanted)
    rows = rows.select_related("unit", "organisation", "head").prefetch_related("officers")
    found = sorted(rows.order_by("pk"), key=lambda one: (one.position, one.code))  # held as others hold them
    for one in found:
        one.conference = conference
    return found


def _mark(delegations: Sequence[Delegation], *, by: Actor) -> None:
    fresh = [one for one in delegations if one.invited_at is None]
    for one in fresh:
        one.invited_at = one.conference.now()
    Delegation.objects.bulk_update(fresh, ["invited_at"])
    journal.record_all(
        journal.entry(
            "invite", one, by=by, conference=one.conference, changes={"invited_at": [None, one.invited_at]}
        )
        for one in fresh
    )


def _draft(
    conference: Conference,
    delegations: Sequence[Delegation],
    issued: Mapping[str, Sequence[Letter]],
    *,
    by: Actor,
    key: uuid.UUID,
) -> None:
    """A letter for whoever can be written to; a link for everybody."""
    own: dict[int, list[Letter]] = {}
    for letter in (letter for found in issued.values() for letter in found):
        own.setdefault(letter.delegation_id, []).append(letter)
    written = []
    for one in delegations:
        if not correspondence.addresses_of(one):
            correspondence.answer_link(one, by=by)
            continue
        attachments = [("letter", letter.pk) for letter in own.get(one.pk, ())]
        numbers = ", ".join(letter.full_number for letter in own.get(one.pk, ()))
        written.append(correspondence.letter_to(one, by=by, attachments=attachments, so_van_ban=numbers))
    if written:
        with in_vietnamese():
            title = _("Mời %(n)s đoàn") % {"n": len(written)}
        outbox.draft(conference, mail_kinds.INVITATION, written, by=by, title=title, key=key)


# ── By hand ───────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def chat_text(delegation: Delegation, *, by: Actor) -> str:
    """The invitation to paste into a chat. It shows the secret link: for organisers, and journalled."""
    conference = delegation.conference
    if not conference.is_run_by(by):
        raise PermissionDenied
    link: Link = correspondence.answer_link(delegation, by=by)
    journal.record("show_link", link, by=by, conference=conference)
    issued = Letter.objects.current().filter(delegation=delegation).order_by("-kind")
    said = ", ".join(f"{letter.get_kind_display()} số {letter.full_number}" for letter in issued)
    values: dict[str, Any] = correspondence.values_of(delegation)
    invited = facts.capital(team(delegation))
    lines = (
        f"Kính gửi: {values['nguoi_nhan']}",
        f"{values['co_quan']} trân trọng kính mời {invited} tới dự {values['hoi_nghi']}, "
        f"{values['thoi_gian']}, tại {values['dia_diem']}{f' ({said})' if said else ''}.",
        f"Đề nghị gửi danh sách đại biểu trước {values['han_tra_loi']}, tại liên kết riêng của đoàn (không "
        "cần tài khoản; không chuyển cho người khác):",
        links.address_for(link.pk),
        facts.contact(conference),
        "Trân trọng.",
    )
    return "\n\n".join(filter(None, lines))
