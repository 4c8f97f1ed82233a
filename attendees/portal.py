"""The officers' page of one delegation: what it says and what it offers to the person who looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from attendees import privacy, questioning, receipts
from attendees.models import Attendee, Delegation, Draft, Receipt, Upload
from attendees.seats import Seat, Seats
from conference import moments, vietnamese_dates
from conference.guests import Guest
from conference.journal import Actor

Act = dict[str, Any]


class Portal:
    """One delegation as one person sees it."""

    def __init__(self, delegation: Delegation, user: Actor, *, editing: bool = False) -> None:
        self.delegation, self.user = delegation, user
        self.conference = delegation.conference
        self.is_organiser = self.conference.is_run_by(user)
        self.is_open = delegation.is_open_to(user)
        self.answers = self.is_open or delegation.is_answered_by(user)
        self.seats = Seats(delegation)
        # A settled answer is shown calmly; who wants to change it says so first.
        self.is_editing = self.is_open and (editing or not self.seats.is_settled)

    def url(self, name: str, *args: str) -> str:
        place = (self.conference.slug, self.delegation.code)
        return reverse(f"attendees:{name}", args=(*place, *args))

    @property
    def guest(self) -> Guest | None:
        """The bearer of a link; None for a person with an account."""
        return self.user if isinstance(self.user, Guest) else None

    @property
    def back(self) -> str:
        """The page of the delegation, as it was left."""
        return self.edit_url if self.seats.is_settled else self.url("delegation")

    @property
    def edit_url(self) -> str:
        return self.url("delegation") + "?edit"

    @property
    def answer_url(self) -> str:
        return self.url("delegation_answer")

    @property
    def draft_url(self) -> str:
        return self.url("answer_draft")

    @property
    def uploads_url(self) -> str:
        return self.url("uploads")

    @property
    def decline_url(self) -> str:
        return self.url("delegation_decline")

    @property
    def list_url(self) -> str:
        return self.url("list")

    @property
    def may_decline(self) -> bool:
        return self.is_editing and self.delegation.status != Delegation.Status.DECLINED

    @property
    def questions_url(self) -> str:
        return self.url("questions")

    @cached_property
    def choices_url(self) -> str:
        """Where people are signed up to sessions; "" while there are none. Asked upwards by name."""
        if not self.answers or not self.conference.sessions.filter(sign_up=True).exists():
            return ""
        return reverse("thematic:delegation_choices", args=(self.conference.slug, self.delegation.code))

    @property
    def changes_url(self) -> str:
        return self.url("changes")

    @cached_property
    def asks(self) -> bool:
        """Do the organisers ask anything beyond the list?"""
        return self.answers and self.conference.questions.asked().exists()

    @cached_property
    def owed(self) -> int:
        """Required questions, still open, that nobody has answered."""
        return questioning.owed(self.delegation, self.seats.active) if self.asks else 0

    @cached_property
    def shows_contacts(self) -> bool:
        """Telephones in full: for the people of the delegation only."""
        return privacy.is_own(self.delegation, self.user)

    @property
    def papers_url(self) -> str:
        """Where the papers of the delegation are: asked upwards by name."""
        papers = reverse("documents:papers", args=(self.conference.slug,))
        return f"{papers}?delegation={self.delegation.code}"

    @cached_property
    def certificates_url(self) -> str:
        """Where those of the delegation are taken; "" until there is one. Asked upwards by name."""
        kept = {"certificates__state": "valid", "certificates__files__kind__in": ("copy", "signed")}
        held = self.delegation.attendees.filter(**kept)
        if not held.exists():
            return ""
        return reverse("documents:certificates", args=(self.conference.slug, self.delegation.code))

    @cached_property
    def uploads(self) -> list[Upload]:
        """The letters that stand, the newest first."""
        rows = self.delegation.uploads.standing().filter(kind=Upload.Kind.NOMINATION)
        return list(rows)

    @property
    def is_returned(self) -> bool:
        return self.delegation.review == Delegation.Review.RETURNED

    @cached_property
    def receipt(self) -> Receipt | None:
        """What was sent last, while the answer is settled."""
        return receipts.last_of(self.delegation) if self.seats.is_settled else None

    @cached_property
    def is_outdated(self) -> bool:
        """Was a settled list changed after it was sent, by somebody who can send it again?"""
        if self.receipt is None or not (self.is_open and self.seats.active):
            return False
        return not receipts.is_current(self.receipt, self.delegation, self.seats)

    @property
    def has_draft(self) -> bool:
        """The working copy belongs to the people of the delegation: organisers neither read nor write it."""
        return not self.is_organiser

    @cached_property
    def draft(self) -> Draft | None:
        return Draft.objects.filter(delegation=self.delegation).first() if self.has_draft else None

    # ── Sentences ─────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def deadline(self) -> dict[str, str]:
        """The sentence of the deadline, what is left, and the kind of the box."""
        end = self.delegation.deadline
        day = moments.moment(end)
        left = moments.remaining(end - self.conference.now())
        if self.delegation.is_open():
            extended = end > self.conference.confirm_by
            sentence = _("Đã gia hạn. Xác nhận trước %s") if extended else _("Xác nhận trước %s")
            rest = _("%s. Sau thời điểm này, gọi Ban Tổ chức để thay đổi.") % left
            return {"kind": "", "sentence": sentence % day, "rest": rest}
        if self.is_organiser:
            rest = _("%s. Cán bộ đầu mối chỉ còn xem; Ban Tổ chức vẫn sửa được.") % left
        else:
            rest = _("%s. Danh sách chỉ để xem. Gọi Ban Tổ chức để thay đổi.") % left
        return {"kind": "off", "sentence": _("Đã hết hạn lúc %s") % day, "rest": rest}

    @property
    def edit_until(self) -> str:
        """How long a settled answer may still be changed."""
        end = self.delegation.deadline
        if not self.delegation.is_open():
            return _("Ban Tổ chức sửa được sau hạn")
        return _("Đến %(time)s, %(day)s") % {
            "time": vietnamese_dates.clock(end),
            "day": vietnamese_dates.short_date(end),
        }

    @cached_property
    def settled(self) -> dict[str, str]:
        """What was answered, and when; empty while the answer is open."""
        if not self.seats.is_settled:
            return {}
        at = self.delegation.answered_at
        when = moments.moment(at.astimezone(self.conference.zone)) if at else ""
        if self.delegation.status == Delegation.Status.DECLINED:
            text = _("Lý do: %s.") % self.delegation.decline_reason.rstrip(".")
            if when:
                text = f"{_('Lúc %s.') % when} {text}"
            if self.delegation.review == Delegation.Review.ACCEPTED:
                text = f"{text} {self._taken()}"
            return {"kind": "off", "title": _("Không cử đoàn."), "text": text}
        people = _("%d đại biểu") % self.seats.confirmed
        said = _("%(people)s, lúc %(when)s.") % {"people": people, "when": when} if when else f"{people}."
        return {"kind": "ok", "title": _("Đã xác nhận đoàn."), "text": f"{said} {self._taken()}"}

    def _taken(self) -> str:
        """How far the organisers are with what was sent."""
        at = self.delegation.reviewed_at
        if self.delegation.review == Delegation.Review.ACCEPTED and at:
            return _("Ban Tổ chức đã tiếp nhận lúc %s.") % moments.moment(at.astimezone(self.conference.zone))
        return _("Ban Tổ chức đã nhận danh sách.")

    @cached_property
    def before_sending(self) -> dict[str, str]:
        """What stands beside the main act: what is still missing, and what sending does."""
        if not self.seats.active:
            return {
                "strong": _("Chưa có ai để xác nhận."),
                "text": _("Cử người vào ít nhất một suất để gửi."),
            }
        waiting, empty = self.seats.waiting, self.seats.empty
        strong = _("%d người chờ xác nhận.") % waiting if waiting else _("Mọi người đã được xác nhận.")
        if empty:
            strong = _("Còn %d suất chưa cử người.") % empty
            text = _("Vẫn gửi được. Cử thêm đến hết hạn.")
        else:
            text = _("Gửi để Ban Tổ chức chốt danh sách đoàn.")
        if self.owed:
            strong = f"{strong} {_('Còn %d câu hỏi bắt buộc chưa trả lời.') % self.owed}"
        return {"strong": strong, "text": text}

    # ── Acts ──────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def send(self) -> Act:
        """The main act of the page."""
        counts = {"done": self.seats.answered, "total": self.seats.total}
        return {
            "label": _("Gửi xác nhận (%(done)s/%(total)s)") % counts,
            "url": self.url("delegation_confirm"),
            "post": True,
            "kind": "main",
            "large": True,
            "wide": True,
            "disabled": not self.seats.active,
            "fields": {"version": self.delegation.version, "shown": self.seats.shown},
        }

    @property
    def send_again(self) -> Act:
        return {**self.send, "label": _("Gửi lại"), "large": False, "wide": False}

    def rows(self) -> Iterator[tuple[Seat, list[Act]]]:
        """Every seat with what can be done about it."""
        for seat in self.seats.rows:
            yield seat, self.seat_acts(seat) if self.is_editing else []

    def seat_acts(self, seat: Seat) -> list[Act]:
        if seat.person is not None:
            return self.person_acts(seat.person)
        slug = seat.category.slug
        give_back = _link(_("Trả lại suất"), self.url("seat_return", slug), "plain")
        if seat.is_declined:
            fields = {"shown": seat.quota.declined if seat.quota else 0}
            return [_post(_("Cử người lại"), self.url("seat_reopen", slug), fields), give_back]
        return [
            _link(_("Cử người"), self.url("person_nominate", slug) + "#bieu-mau", "main"),
            _link(_("Không cử"), self.url("seat_decline", slug), "plain"),
            give_back,
        ]

    def person_acts(self, person: Attendee) -> list[Act]:
        replace, edit = self.url("person_replace", person.code), self.url("person_edit", person.code)
        change = _link(_("Sửa"), edit + "#bieu-mau", "plain")
        if person.status == Attendee.Status.CONFIRMED:
            return [_link(_("Thay người"), replace + "#bieu-mau", "plain"), change]
        return [
            _post(
                _("Xác nhận"), self.url("person_confirm", person.code), {"version": person.version}, "main"
            ),
            _link(_("Thay người"), replace + "#bieu-mau"),
            change,
            _link(_("Không tham dự"), self.url("person_decline", person.code), "plain"),
        ]

    def more_person_acts(self, person: Attendee) -> list[Act]:
        """What is rarer: it stands under the form in which the person is edited."""
        acts = []
        if self.delegation.head_id != person.pk:
            fields = {"version": self.delegation.version}
            acts.append(_post(_("Chọn làm trưởng đoàn"), self.url("person_head", person.code), fields))
        acts.append(_link(_("Không tham dự"), self.url("person_decline", person.code)))
        if person.status == Attendee.Status.NOMINATED:
            acts.append(_link(_("Xóa khỏi danh sách"), self.url("person_remove", person.code), "danger"))
        return acts

    def gone(self) -> list[tuple[Attendee, list[Act]]]:
        """Who does not come, and the way back while there is a seat."""
        open_in = {part.category.pk for part in self.seats.components if part.open}
        rows = []
        for person in self.seats.gone:
            fields = {"version": person.version}
            back = _post(_("Cử lại"), self.url("person_confirm", person.code), fields)
            rows.append((person, [back] if self.is_editing and person.category_id in open_in else []))
        return rows


def _link(label: str, url: str, kind: str = "") -> Act:
    return {"label": label, "url": url, "kind": kind}


def _post(label: str, url: str, fields: dict[str, Any], kind: str = "") -> Act:
    return {"label": label, "url": url, "kind": kind, "post": True, "fields": fields}
