"""The whole list of a delegation as one form: what is said about every seat, and who newly takes it.

It cleans, and hands over what was said; the rules are in the acts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees import whole_list
from attendees.forms import FormKey, PersonFields, Version, reason_field
from attendees.models import Attendee
from attendees.seats import Seat, Seats
from attendees.whole_list import Act, Said, signature

OF_PERSON = (
    (Act.CONFIRM.value, _("Xác nhận")),
    (Act.REPLACE.value, _("Thay người")),
    (Act.DECLINE.value, _("Không tham dự")),
)
OF_OPEN_SEAT = (
    (Act.NOMINATE.value, _("Cử người")),
    (Act.LATER.value, _("Để sau")),
    (Act.EMPTY.value, _("Không cử")),
)
NEEDS_PERSON = (Act.REPLACE, Act.NOMINATE)
NEEDS_REASON = (Act.REPLACE, Act.DECLINE, Act.EMPTY)


class ChoiceForm(forms.Form):
    """What is said about one seat, and why."""

    act = forms.ChoiceField(
        label=_("Trả lời"), widget=forms.RadioSelect, error_messages={"required": _("Chọn một trả lời.")}
    )
    reason = reason_field(rows=2)
    and_seat = forms.BooleanField(label=_("Không cử ai thay: để trống suất này"), required=False)

    def __init__(self, seat: Seat, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        act: Any = self.fields["act"]
        act.label = seat.person.addressed if seat.person else seat.slot  # for screen readers
        act.choices = OF_PERSON if seat.person else OF_OPEN_SEAT
        act.initial = act.choices[0][0] if seat.person else Act.LATER.value
        chosen = self.data.get(self.add_prefix("act")) if self.is_bound else Act.REPLACE
        self.fields["reason"].required = chosen in NEEDS_REASON
        if seat.person is None:
            del self.fields["and_seat"]


class Line:
    """One seat of the list: the choice, and the fields of whoever is to take it."""

    def __init__(self, seat: Seat, number: int, fresh: Attendee, data: Any, typed: Mapping[str, str]) -> None:
        self.seat = seat
        self.key = f"p-{seat.person.code}" if seat.person else f"s-{seat.category.slug}-{number}"
        start = f"{self.key}-"
        initial = {name.removeprefix(start): text for name, text in typed.items() if name.startswith(start)}
        self.choice = ChoiceForm(seat, data, prefix=self.key, initial=initial)
        # What is typed about somebody who is not to come after all is shown again, but not judged.
        bound = data if self.act in NEEDS_PERSON else None
        self.person = PersonFields(bound, instance=fresh, prefix=self.key, initial=initial)

    @property
    def act(self) -> str:
        """What was chosen; empty when nothing was, or nothing was sent."""
        self.choice.is_valid()
        cleaned: dict[str, Any] = getattr(self.choice, "cleaned_data", {})
        return str(cleaned.get("act", ""))

    @property
    def forms(self) -> tuple[forms.BaseForm, ...]:
        return (self.choice, self.person)

    def is_valid(self) -> bool:
        if self.act and self.act not in NEEDS_PERSON and self.person["full_name"].value():
            sentence = gettext("Đã nhập tên ở suất này. Chọn %(verb)s để cử người đó, hoặc xóa tên.")
            verb = OF_PERSON[1][1] if self.seat.person else OF_OPEN_SEAT[0][1]
            self.choice.add_error("act", ValidationError(sentence % {"verb": verb}, code="unsaid"))
        valid = [one.is_valid() for one in self.forms if one.is_bound]  # each of them tells
        return all(valid)

    def said(self) -> Said:
        cleaned = self.choice.cleaned_data
        return Said(
            line=self.key,
            act=Act(cleaned["act"]),
            category=self.seat.category,
            person=self.seat.person,
            reason=cleaned["reason"],
            and_seat=cleaned.get("and_seat", False),
            fields=self.person.person() if self.person.is_bound else {},
        )

    def tell(self, error: ValidationError) -> None:
        """Puts what an act refused at its field, or above the choice."""
        found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        for name, sentences in found.items():
            form = self.person if self.person.is_bound and name in self.person.fields else self.choice
            form.add_error(name if name in form.fields else None, sentences)

    @property
    def is_unsaid(self) -> bool:
        """Was somebody typed in whom the choice leaves out?"""
        return self.choice.has_error("act", "unsaid")

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Id of the field, its label, the sentence."""
        return list(self._errors())

    def _errors(self) -> Iterator[tuple[str, str, str]]:
        for form in self.forms:
            if not form.is_bound:
                continue
            for sentence in form.non_field_errors():
                yield self.anchor, self.about, str(sentence)
            for bound in form:
                label = self.about if bound.name == "act" else f"{self.about}, {bound.label}"
                for sentence in bound.errors:
                    yield bound.id_for_label or bound.auto_id, label, str(sentence)

    @property
    def about(self) -> str:
        return self.seat.person.addressed if self.seat.person else self.seat.slot

    @property
    def anchor(self) -> str:
        return f"dong-{self.key}"


class HeadForm(forms.Form):
    """Which page was filled, what list it showed, and on which draft it stood."""

    key = FormKey()
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    draft = Version(required=False)


class WholeList:
    """The form of the page. `data`: what was sent; `typed`: a draft as it was typed, its version `draft`."""

    def __init__(
        self, seats: Seats, data: Any = None, typed: dict[str, str] | None = None, draft: int = 0
    ) -> None:
        self.seats = seats
        self.typed = typed = whole_list.typed_of(data) if data is not None else typed or {}
        self.head = HeadForm(data, initial={"key": uuid.uuid4(), "shown": signature(seats), "draft": draft})
        self.lines: list[Line] = []
        self.rows: list[tuple[Seat, Line | None]] = []
        self.refusals: list[str] = []
        opened: dict[int, int] = {}
        for seat in seats.rows:
            if seat.is_declined:
                self.rows.append((seat, None))
                continue
            if seat.person is None:
                opened[seat.category.pk] = opened.get(seat.category.pk, 0) + 1
            delegation = seats.delegation
            fresh = Attendee(conference=delegation.conference, delegation=delegation, category=seat.category)
            line = Line(seat, opened.get(seat.category.pk, 0), fresh, data, typed)
            self.lines.append(line)
            self.rows.append((seat, line))

    def stand_on(self, draft: int) -> None:
        """The page that was sent goes on from what was kept of it."""
        data: Any = self.head.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["draft"] = draft
        self.head.data = data

    @property
    def lost_lines(self) -> list[str]:
        """What was said about seats that are no more in the list, in words."""
        known = {line.key for line in self.lines}
        lost = [key for key in whole_list.typed_lines(self.typed) if key not in known]
        return [words for key in lost if (words := whole_list.told(self.typed, key))]

    def is_valid(self) -> bool:
        valid = [self.head.is_valid(), *[line.is_valid() for line in self.lines]]  # each of them tells
        return all(valid)

    def said(self) -> list[Said]:
        return [line.said() for line in self.lines]

    def tell(self, by_line: Mapping[str, ValidationError]) -> None:
        for line in self.lines:
            if line.key in by_line:
                line.tell(by_line[line.key])

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Everything that is wrong, in the order of the page; without an id where it concerns the whole."""
        old = [str(one) for errors in self.head.errors.values() for one in errors][:1]
        whole = [("", "", sentence) for sentence in [*old, *self.refusals]]
        return [*whole, *(error for line in self.lines for error in line.errors)]
