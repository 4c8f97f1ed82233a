"""Two people at once: what the second one is shown. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from attendees.models import Attendee, Category, Delegation, Quota
from attendees.seats import Seats
from conference import vietnamese
from conference.models import JournalEntry


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
    ]


def of_quota(current: Quota, reason: str) -> list[Row]:
    """One more empty seat of a component."""
    return [
        Row(_("Số suất không cử"), str(current.declined), str(current.declined + 1)),
        Row(_("Lý do"), current.decline_reason, reason),
    ]


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


def last_change(current: Attendee | Delegation | Quota) -> JournalEntry | None:
    """Who was faster, and when: on the row itself or, for a delegation, on one of its people or seats."""
    rows: list[Attendee | Delegation | Quota] = [current]
    if isinstance(current, Delegation):
        rows += [*current.attendees.all(), *current.quotas.all()]
    subjects = [f"{row._meta.label_lower}:{row.pk}" for row in rows]
    return JournalEntry.objects.filter(subject__in=subjects).order_by("-pk").first()
