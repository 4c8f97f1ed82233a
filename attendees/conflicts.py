"""Two people at once: what the second one is shown. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from attendees import whole_list
from attendees.models import Attendee, Category, Delegation, Draft, Quota
from attendees.seats import Seats
from conference import journal, vietnamese
from conference.models import JournalEntry

Changed = Attendee | Delegation | Draft | Quota


@dataclass(frozen=True)
class Row:
    """One thing on which two people differ, or agree: as it stands, and as this person wants it."""

    label: str
    theirs: str
    mine: str

    @property
    def differs(self) -> bool:
        return self.theirs != self.mine


def of_person(current: Attendee, form: forms.ModelForm) -> list[Row]:
    """The typed values beside the saved ones, field by field."""
    return [
        Row(
            label=str(bound.label),
            theirs=shown(bound.name, getattr(current, bound.name)),
            mine=shown(bound.name, form.cleaned_data[bound.name]),
        )
        for bound in form.visible_fields()
        if hasattr(current, bound.name)  # why somebody is replaced stands at no person
    ]


def of_quota(current: Quota, reason: str) -> list[Row]:
    """One more empty seat of a component."""
    return [
        Row(_("Số suất không cử"), str(current.declined), str(current.declined + 1)),
        Row(_("Lý do"), current.decline_reason, reason),
    ]


def of_return(current: Quota, seats: int, reason: str) -> list[Row]:
    """Fewer seats of a component."""
    left = max(current.seats - seats, 0)
    return [Row(_("Số suất của đoàn"), str(current.seats), str(left)), Row(_("Lý do"), "", reason)]


def of_delegation(current: Delegation, mine: str) -> list[Row]:
    """Everybody on the list, or the state of the answer, beside one act on all."""
    people = "; ".join(line(person) for person in Seats(current).active)
    return [Row(_("Cả đoàn"), people or str(current.get_status_display()), mine)]


def of_list(delegation: Delegation, seen: str) -> list[Row]:
    """The list that was on the screen beside the list as it is; `seen` is `Seats.shown` of then."""
    before = dict(part.split(".", 1) for part in seen.split() if "." in part)
    seats = Seats(delegation)
    known = {person.code: person for person in seats.people}
    rows = []
    for person in seats.active:
        version = before.pop(person.code, None)
        if version is None:
            rows.append(Row(person.category.name, line(person), _("Chưa có trong danh sách")))
        elif version != str(person.version):
            rows.append(Row(person.category.name, line(person), _("%s, trước khi sửa") % person.full_name))
    for code in before:
        gone = known.get(code)
        if gone is None:
            rows.append(Row(_("Đã xóa"), _("Không còn trong danh sách"), _("Một người đã xem")))
        else:
            rows.append(Row(gone.category.name, str(gone.get_status_display()), gone.addressed))
    return rows


def of_whole_list(delegation: Delegation, typed: Mapping[str, str]) -> list[Row]:
    """The page that was filled beside the list as it is: what changed meanwhile, and what was said."""
    about = _Abouts(delegation)
    said = {key: whole_list.told(typed, key) for key in whole_list.typed_lines(typed)}
    rows = of_list(delegation, typed.get("shown", ""))
    return rows + [Row(about.label(key), about.now(key), mine) for key, mine in said.items() if mine]


def of_draft(delegation: Delegation, theirs: Mapping[str, str], mine: Mapping[str, str]) -> list[Row]:
    """Two people at one draft: where it differs, seat by seat, in words."""
    about = _Abouts(delegation)
    keys = dict.fromkeys([*whole_list.typed_lines(mine), *whole_list.typed_lines(theirs)])
    told = [(key, whole_list.told(theirs, key), whole_list.told(mine, key)) for key in keys]
    return [Row(about.label(key), first, second) for key, first, second in told if first != second]


class _Abouts:
    """Which seat a line of the page is about."""

    def __init__(self, delegation: Delegation) -> None:
        seats = Seats(delegation)
        self.people = {f"p-{person.code}": person for person in seats.people}
        self.categories = {f"s-{part.category.slug}": part.category for part in seats.components}

    def label(self, key: str) -> str:
        person, category = self.people.get(key), self.categories.get(key.rpartition("-")[0])
        return person.addressed if person else category.name if category else _("Suất không còn")

    def now(self, key: str) -> str:
        person = self.people.get(key)
        return line(person) if person else _("Suất trống")


def line(person: Attendee) -> str:
    """A person in one line: name, title, state."""
    return ", ".join(filter(None, (person.addressed, person.title, str(person.get_status_display()))))


def shown(field: str, value: Any) -> str:
    """A value as people read it."""
    if value in (None, ""):
        return ""
    if field == "phone":
        return vietnamese.show_phone(value)
    if field == "honorific":
        return str(Attendee.Honorific(value).label)
    return value.name if isinstance(value, Category) else str(value)


def last_change(current: Changed) -> JournalEntry | None:
    """Who was faster, and when: on the row itself or, for a delegation, on one of its people or seats."""
    rows: list[Changed] = [current]
    if isinstance(current, Delegation):
        rows += [*current.attendees.all(), *current.quotas.all()]
    subjects = [journal.ref_of(row) for row in rows]
    return JournalEntry.objects.filter(subject__in=subjects).order_by("-pk").first()
