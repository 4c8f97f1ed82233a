"""Two versions of a programme set against each other. Pure: what is compared was read before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions.snapshots import Entry


class Kind(StrEnum):
    """How a session differs; one may differ in several ways, and is added or cancelled in one."""

    ADDED = "added"
    MOVED = "moved"
    RENAMED = "renamed"
    PEOPLE = "people"
    CANCELLED = "cancelled"


# Word and kind of the tag.
WORDS: dict[Kind, tuple[Any, str]] = {
    Kind.ADDED: (gettext_lazy("Thêm mới"), "ok"),
    Kind.MOVED: (gettext_lazy("Đổi giờ, địa điểm"), "wait"),
    Kind.RENAMED: (gettext_lazy("Đổi nội dung"), "info"),
    Kind.PEOPLE: (gettext_lazy("Đổi người thực hiện"), "info"),
    Kind.CANCELLED: (gettext_lazy("Hủy"), "err"),
}


class Line(NamedTuple):
    """One thing that changed: what, before, now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One session in two versions; `old` is None when it was added, `new` when it was cancelled."""

    old: Entry | None
    new: Entry | None

    @property
    def entry(self) -> Entry:
        """As it stands now; a cancelled one as it stood."""
        return self.new if self.new is not None else cast(Entry, self.old)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        old, new = self.old, self.new
        if old is None:
            return (Kind.ADDED,)
        if new is None:
            return (Kind.CANCELLED,)
        differs = (
            (Kind.MOVED, _place(old) != _place(new)),
            (Kind.RENAMED, _content(old) != _content(new)),
            (Kind.PEOPLE, (old.people, old.note) != (new.people, new.note)),
        )
        return tuple(kind for kind, is_so in differs if is_so)

    @property
    def is_moved(self) -> bool:
        return Kind.MOVED in self.kinds

    @property
    def tags(self) -> list[tuple[str, str]]:
        """(kind of tag, word) for each way in which it differs."""
        return [(WORDS[kind][1], str(WORDS[kind][0])) for kind in self.kinds]

    @property
    def lines(self) -> list[Line]:
        """What changed, each with its value before; nothing for what is new or gone as a whole."""
        old, new = self.old, self.new
        if old is None or new is None:
            return []
        pairs = (
            (_("Thời gian"), old.when, new.when),
            (_("Địa điểm"), old.hall, new.hall),
            (_("Loại"), old.get_kind_display(), new.get_kind_display()),
            (_("Nội dung"), old.headline, new.headline),
            (_("Người thực hiện"), people(old), people(new)),
        )
        nothing = _("(không ghi)")
        return [Line(label, a or nothing, b or nothing) for label, a, b in pairs if a != b]


@dataclass(frozen=True)
class Diff:
    """What one version changes of another, in the order of the programme."""

    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def of(self, kind: Kind) -> list[Change]:
        return [change for change in self.changes if kind in change.kinds]

    @property
    def sentence(self) -> str:
        """3 thay đổi: 1 thêm mới, 2 đổi giờ, địa điểm."""
        if not self.changes:
            return _("Không có thay đổi.")
        counts = [(len(self.of(kind)), str(WORDS[kind][0])) for kind in Kind]
        said = ", ".join(f"{n} {word[:1].lower()}{word[1:]}" for n, word in counts if n)
        return _("%(n)s thay đổi: %(said)s.") % {"n": len(self.changes), "said": said}


def compare(old: Iterable[Entry], new: Iterable[Entry]) -> Diff:
    """What `new` changes of `old`: sessions are the same when their codes are."""
    before, after = {one.code: one for one in old}, {one.code: one for one in new}
    changes = [Change(before.get(code), one) for code, one in after.items() if before.get(code) != one]
    changes += [Change(one, None) for code, one in before.items() if code not in after]
    return Diff(tuple(sorted(changes, key=lambda one: _order(one.entry))))


def people(entry: Entry) -> str:
    """Everybody who has a part, and the remark beside them."""
    return "; ".join(filter(None, (*(part.words for part in entry.people), entry.note)))


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=_order)


def overlap(one: Entry, other: Entry) -> bool:
    """Do they run at the same time? Ending at its beginning is no overlap."""
    return one.day == other.day and one.starts < other.ends and other.starts < one.ends


def is_for_everybody(entry: Entry, programme: Sequence[Entry]) -> bool:
    """Does nothing else happen at the same time? Breaks draw nobody away."""
    return not any(
        overlap(entry, other) for other in programme if other.code != entry.code and not other.is_break
    )


def _place(entry: Entry) -> tuple[Any, ...]:
    return entry.day, entry.starts, entry.ends, entry.hall


def _content(entry: Entry) -> tuple[Any, ...]:
    return entry.title, entry.number, entry.kind


def _order(entry: Entry) -> tuple[Any, ...]:
    return entry.day, entry.starts, entry.ends, entry.row, entry.code
