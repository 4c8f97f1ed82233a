"""Who earns a certificate, and for everybody else exactly why not. Pure: no database, no clock.

How the share is computed. A person cannot be in two places at once, so it is slots that count, not sessions.
Of each day, the session that ends first among those no slot has touched yet makes a slot: the moment before
its end. Every session that runs at that moment belongs to the slot, and whoever was in one of them has it.
So parallel sessions make one slot, of which one is enough; a long session beside three short ones that
follow each other has three slots, as the three have together; and somebody can always have all the slots,
without being in two places. Breaks, receptions and social events (`COUNTED`) make none.

How it is rounded. Never: N % of the slots are reached when 100 × attended ≥ N × slots, in whole numbers.
With 9 slots 80 % asks for 8 of them (7 are 77.8 %), so that nobody earns with less than what was set. A share
of a programme without slots is not reached by anybody; a share of 0 asks for nothing.

What is monotone. One more session, one more paper, one condition less never takes a certificate away, nor
turns "hoàn thành" into "tham dự". An exception gives at least what it says; only "withheld" takes.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.kept_words import in_vietnamese
from documents.missing import Condition, Slot, Unmet

ATTENDED, COMPLETED = "attended", "completed"  # the wordings, the lesser first
WITHHELD = "withheld"
CONFIRMED = "confirmed"
# Kinds of sessions in which one takes part; at a reception, a break or a social event one is only seen.
COUNTED = frozenset({"ceremony", "speech", "topic", "talk", "discussion", "other"})


@dataclass(frozen=True)
class Held:
    """A session that counts."""

    code: str
    day: datetime.date
    starts: datetime.time
    ends: datetime.time


@dataclass(frozen=True)
class Rule:
    """What a conference asks for. Mandatory sessions and categories: code or slug → what people call it."""

    must_come: bool = True  # seen at least once, wherever: the reception counts
    share: int = 0  # least per cent of the slots, 0 to 100
    mandatory: dict[str, str] = field(default_factory=dict)
    whole_feedback: bool = False  # the paper on the whole conference
    feedback_sessions: int = 0  # least number of sessions of which a paper was taken
    categories: dict[str, str] = field(default_factory=dict)  # who can earn; empty: everybody
    complete_share: int | None = None  # from so many per cent on "hoàn thành"; None: never


@dataclass(frozen=True)
class Exemption:
    """What an organiser decided for one person against the rule: a wording given, or `WITHHELD`."""

    decision: str
    reason: str
    by: str


@dataclass(frozen=True)
class Facts:
    """What is known of one person.

    `papers`: codes of the sessions on which a paper was taken, "" for the whole conference. Papers are
    secret: that one was taken is known, what came back is not (see `sessions.feedback`).
    """

    status: str
    status_word: str
    category: str
    category_word: str
    seen: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()
    exemption: Exemption | None = None


@dataclass(frozen=True)
class Outcome:
    """What one person earns: `wording` is empty where none. `unmet` is what the rule misses, also where an
    exception gives the certificate all the same; `short`: what is missing to "hoàn thành", where it is given.
    """

    wording: str
    unmet: tuple[Unmet, ...] = ()
    short: Unmet | None = None
    exemption: Exemption | None = None
    attended: int = 0
    total: int = 0

    @property
    def is_earned(self) -> bool:
        return bool(self.wording)

    @property
    def is_exception(self) -> bool:
        """Did an organiser decide for this person?"""
        return self.exemption is not None

    def lacks(self, condition: str) -> bool:
        """Is this condition among those that are not met?"""
        return any(one.condition == condition for one in self.unmet)

    @property
    def against(self) -> str:
        """Why there is no certificate, in one text; empty where there is one."""
        return "" if self.wording else " ".join(f"{one.sentence} {one.mend}" for one in self.unmet)


def slots(sessions: Iterable[Held]) -> tuple[Slot, ...]:
    """The slots of the sessions that count, in their order, whatever the order of the sessions."""
    held = sorted(sessions, key=lambda one: (one.day, one.ends, one.starts, one.code))
    found: list[Slot] = []
    moment: tuple[datetime.date, datetime.time] | None = None
    for one in held:
        if moment is not None and moment[0] == one.day and one.starts < moment[1]:
            continue  # it runs at the last slot's moment
        moment = (one.day, one.ends)
        running = [other for other in held if other.day == one.day and other.starts < one.ends <= other.ends]
        found.append(Slot(one.day, one.starts, frozenset(other.code for other in running)))
    return tuple(found)


def reaches(attended: int, total: int, share: int) -> bool:
    """Are `attended` of `total` slots at least `share` per cent of them?"""
    return share == 0 or (total > 0 and 100 * attended >= share * total)


def needed(total: int, share: int) -> int:
    """How many slots `share` per cent are: the least number that reaches it."""
    return -(-share * total // 100)


def outcome(rule: Rule, facts: Facts, programme: Collection[Slot]) -> Outcome:
    """What the person earns by this rule, in a programme of these slots."""
    missed = tuple(slot for slot in programme if not slot.codes & facts.seen)
    total = len(programme)
    attended = total - len(missed)
    unmet = tuple(_unmet(rule, facts, missed, total))
    short = None
    wording = "" if unmet else ATTENDED
    if rule.complete_share is not None:
        if reaches(attended, total, rule.complete_share):
            wording = COMPLETED if wording else ""
        else:
            short = _share(rule.complete_share, missed, total)
    return _decided(facts, Outcome(wording, unmet, short, facts.exemption, attended, total))


def _decided(facts: Facts, found: Outcome) -> Outcome:
    """The same with what the organisers decided. Who is not confirmed earns none, whatever was decided."""
    exemption, wording, unmet = facts.exemption, found.wording, found.unmet
    if exemption is None:
        return found
    if exemption.decision == WITHHELD:
        wording, unmet = "", (*unmet, Unmet(Condition.WITHHELD, word=exemption.reason.rstrip(". ")))
    elif facts.status == CONFIRMED:
        wording = max(wording, exemption.decision, key=("", ATTENDED, COMPLETED).index)
    return Outcome(wording, unmet, found.short, exemption, found.attended, found.total)


def _unmet(rule: Rule, facts: Facts, missed: tuple[Slot, ...], total: int) -> Iterator[Unmet]:
    if facts.status != CONFIRMED:
        yield Unmet(Condition.STATUS, word=facts.status_word)
    if rule.categories and facts.category not in rule.categories:
        yield Unmet(Condition.CATEGORY, word=facts.category_word)
    if rule.must_come and not facts.seen:
        yield Unmet(Condition.ONCE)
    if not reaches(total - len(missed), total, rule.share):
        yield _share(rule.share, missed, total)
    absent = [name for code, name in rule.mandatory.items() if code not in facts.seen]
    if absent:
        there, wanted = len(rule.mandatory) - len(absent), len(rule.mandatory)
        yield Unmet(Condition.MANDATORY, word="; ".join(absent), there=there, wanted=wanted)
    if rule.whole_feedback and "" not in facts.papers:
        yield Unmet(Condition.WHOLE_FEEDBACK)
    papers = len(facts.papers - {""})
    if papers < rule.feedback_sessions:
        yield Unmet(Condition.FEEDBACK, there=papers, wanted=rule.feedback_sessions)


def _share(share: int, missed: tuple[Slot, ...], total: int) -> Unmet:
    there, wanted = total - len(missed), needed(total, share)
    return Unmet(Condition.SHARE, there=there, wanted=wanted, total=total, share=share, missed=missed)


def words(rule: Rule) -> list[str]:
    """What the rule asks for, a sentence each, and when it says "hoàn thành"."""
    found = [_("Đã xác nhận tham dự.")]
    if rule.categories:
        found.append(_("Thuộc thành phần: %s.") % "; ".join(rule.categories.values()))
    if rule.must_come and not rule.share:
        found.append(_("Có mặt ít nhất một lần."))
    if rule.share:
        found.append(_("Có mặt ít nhất %s%% số khung giờ.") % rule.share)
    if rule.mandatory:
        found.append(_("Có mặt ở phiên bắt buộc: %s.") % "; ".join(rule.mandatory.values()))
    if rule.whole_feedback:
        found.append(_("Đã nhận phiếu đánh giá toàn hội nghị."))
    if rule.feedback_sessions:
        sentence = ngettext(
            "Đã nhận phiếu đánh giá của ít nhất %(n)s phiên.",
            "Đã nhận phiếu đánh giá của ít nhất %(n)s phiên.",
            rule.feedback_sessions,
        )
        found.append(sentence % {"n": rule.feedback_sessions})
    if rule.complete_share is not None:
        found.append(_("Ghi “hoàn thành” khi có mặt từ %s%% số khung giờ.") % rule.complete_share)
    return found


def grounds(rule: Rule, found: Outcome) -> str:
    """Under what a certificate is issued, a line each: kept with it, in Vietnamese as the paper is."""
    with in_vietnamese():
        lines = words(rule)
        lines.append(
            _("Có mặt %(n)s trên %(total)s khung giờ.") % {"n": found.attended, "total": found.total}
        )
        if found.exemption is not None:
            known = {"by": found.exemption.by, "reason": found.exemption.reason}
            lines.append(_("Ngoại lệ do %(by)s quyết định: %(reason)s") % known)
    return "\n".join(lines)
