"""What one person can choose in each time slot, what was chosen, and how both are said on a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendees.models import Attendee
from conference import moments
from conference.models import Conference
from sessions import comparing, offers, scheduling, signing_up
from sessions.models import SignUp
from sessions.offers import Offer, Slot

State = SignUp.State


@dataclass(frozen=True)
class Card:
    """One session for one person; `held`: what the person has at the same time."""

    offer: Offer
    mine: SignUp | None
    held: tuple[tuple[Offer, SignUp], ...] = ()

    @property
    def code(self) -> str:
        return self.offer.code

    @property
    def room(self) -> str:
        """Còn 12 chỗ"""
        offer = self.offer
        if not offer.capacity:
            return _("Không nhận đăng ký")
        if offer.left:
            return ngettext("Còn %(n)s chỗ", "Còn %(n)s chỗ", offer.left) % {"n": offer.left}
        if offer.waiting:
            return _("Hết chỗ, đang chờ: %(n)s") % {"n": offer.waiting}
        return _("Hết chỗ, chưa ai chờ")

    @property
    def tag(self) -> tuple[str, str] | None:
        """Kind and words of what the person has here."""
        if self.mine is None:
            return None
        if self.mine.state == State.TAKEN:
            return "ok", _("Đã có chỗ")
        return "wait", _("Đang chờ, thứ %(n)s") % {"n": turn_of(self.mine)}

    @property
    def until(self) -> str:
        """Until when one can sign up, or since when not any more."""
        if not self.offer.capacity:
            return ""
        at = moments.moment(self.offer.closes_at)
        return (_("Đăng ký đến %s") if self.offer.is_open else _("Đã hết hạn đăng ký lúc %s")) % at

    @property
    def may_take(self) -> bool:
        return self.mine is None and self.offer.is_open

    @property
    def may_leave(self) -> bool:
        return self.mine is not None and not self.offer.has_begun

    @property
    def in_the_way(self) -> list[Offer]:
        """What is given up with the press: a place for a place, a wait for a wait."""
        state = State.TAKEN if self.offer.left else State.WAITING
        return [offer for offer, row in self.held if row.state == state]

    @property
    def take_label(self) -> str:
        if not self.offer.left:
            return _("Vào danh sách chờ")
        return _("Chuyển sang phiên này") if self.in_the_way else _("Đăng ký phiên này")

    @property
    def leave_label(self) -> str:
        is_taken = self.mine is not None and self.mine.state == State.TAKEN
        return _("Thôi dự phiên này") if is_taken else _("Thôi chờ")

    @property
    def consequence(self) -> str:
        """What else happens by the press; "" where nothing does."""
        if not self.may_take:
            return ""
        if self.offer.left:
            return self._named(_("Chỗ ở %s sẽ nhường lại."), self.in_the_way)
        kept = [offer for offer, row in self.held if row.state == State.TAKEN]
        said = (
            self._named(_("Giữ chỗ ở %s đến khi có chỗ ở đây, rồi nhường lại."), kept),
            self._named(_("Thôi chờ ở %s."), self.in_the_way),
        )
        return " ".join(filter(None, said))

    @staticmethod
    def _named(sentence: str, which: Sequence[Offer]) -> str:
        names = ", ".join(f"“{scheduling.short(one.entry.title)}”" for one in which)
        return sentence % names if names else ""


@dataclass(frozen=True)
class Choice:
    """One time slot for one person. `seen`: what a form sends back, so that nobody writes over another."""

    slot: Slot
    cards: tuple[Card, ...]
    seen: str

    @property
    def taken(self) -> Card | None:
        return self._with(State.TAKEN)

    @property
    def waiting(self) -> Card | None:
        return self._with(State.WAITING)

    def _with(self, state: str) -> Card | None:
        return next((one for one in self.cards if one.mine is not None and one.mine.state == state), None)


def of_person(person: Attendee) -> list[Choice]:
    """Every time slot for one person. Six queries at most, however many sessions there are."""
    slots = offers.read(person.conference)
    rows = _rows([person]).get(person.pk, {}) if slots else {}
    return [choice(slot, rows) for slot in slots]


def of_people(
    conference: Conference, people: Sequence[Attendee]
) -> tuple[list[Slot], list[tuple[Attendee, list[Choice]]]]:
    """Every time slot, and for each person every one of them. Six queries, however many people there are."""
    slots = offers.read(conference)
    rows = _rows(people) if slots else {}
    return slots, [(one, [choice(slot, rows.get(one.pk, {})) for slot in slots]) for one in people]


def choice(slot: Slot, rows: dict[str, SignUp]) -> Choice:
    """One slot, with the rows of one person by session."""
    mine = {code: row for code, row in rows.items() if code in slot.codes}
    known = {offer.code: offer for offer in slot.offers}
    cards = []
    for offer in slot.offers:
        held = tuple(
            (known[code], row)
            for code, row in mine.items()
            if code in known and code != offer.code and comparing.overlap(known[code].entry, offer.entry)
        )
        cards.append(Card(offer, mine.get(offer.code), held))
    return Choice(slot, tuple(cards), signing_up.standing(list(mine.values())))


def turn_of(row: SignUp) -> int:
    """The place in the queue, read with `with_turn`."""
    return int(getattr(row, "turn", 0))


def _rows(people: Iterable[Attendee]) -> dict[int, dict[str, SignUp]]:
    """Key of a person → session → row. One query."""
    found: dict[int, dict[str, SignUp]] = defaultdict(dict)
    for row in SignUp.objects.filter(attendee__in=[one.pk for one in people]).with_turn():
        found[row.attendee_id][row.code] = row
    return found
