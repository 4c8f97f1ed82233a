"""Choices that are typed for others: by an officer for a delegation, by an organiser for one person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import codes
from attendees.holding import Stale
from attendees.models import Attendee
from conference import vietnamese
from conference.models import Conference
from sessions import scheduling
from sessions.choices import Choice

NOTHING = gettext_lazy("Chưa chọn phiên nào")
LONGEST_SEEN = 400
Act = Callable[["Cell"], None]


@dataclass
class Cell:
    """One person in one slot: as it stands, and what the form that was sent wanted of it."""

    person: Attendee
    choice: Choice
    wanted: str | None = None  # None: nothing was sent for it
    stops_waiting: bool = False
    seen: str = ""
    errors: list[str] = field(default_factory=list)
    is_stale: bool = False

    @property
    def name(self) -> str:
        return f"c-{self.person.code}-{self.choice.slot.key}"

    @property
    def seen_name(self) -> str:
        return f"s-{self.name}"

    @property
    def stop_name(self) -> str:
        return f"w-{self.name}"

    @property
    def stands(self) -> str:
        """What the select shows: the place, else the wait."""
        return _shown(self.choice.seen)

    @property
    def value(self) -> str:
        """What was typed and refused stays; else what stands."""
        return self.wanted if self.errors and self.wanted is not None else self.stands

    @property
    def is_changed(self) -> bool:
        return self.wanted is not None and (self.wanted != _shown(self.seen) or self.stops_waiting)

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen: what is open, and what the person has."""
        kept = {self.stands, self.value}
        return [
            ("", str(NOTHING)),
            *(
                (card.code, f"{scheduling.short(card.offer.entry.headline)} ({card.room.lower()})")
                for card in self.choice.cards
                if card.offer.is_open or card.code in kept
            ),
        ]

    @property
    def is_open(self) -> bool:
        return any(card.may_take or card.may_leave for card in self.choice.cards)

    @property
    def waits_beside(self) -> str:
        """The session for which the person waits while a place elsewhere is shown; "" where there is none."""
        waiting = self.choice.waiting
        if waiting is None or waiting.code == self.stands:
            return ""
        return scheduling.short(waiting.offer.entry.headline)

    @property
    def codes(self) -> list[str]:
        """Every session in which the person had something on the screen."""
        return [one.partition(":")[0] for one in self.seen.split()]

    def of_state(self, state: str) -> list[str]:
        return [one.partition(":")[0] for one in self.seen.split() if one.endswith(f":{state}")]


class CellForm(forms.Form):
    """What was sent for one cell."""

    wanted = forms.ChoiceField(
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Phiên này không còn nhận đăng ký. Chọn phiên khác.")},
    )
    seen = forms.CharField(required=False, max_length=LONGEST_SEEN)
    stop = forms.BooleanField(required=False)


def fill(cells: list[Cell], data: Mapping[str, Any]) -> None:
    """Puts what was sent into the cells; one that was not sent stays as it is."""
    for cell in cells:
        if cell.name not in data:
            continue
        sent = {
            "wanted": data[cell.name],
            "seen": data.get(cell.seen_name, ""),
            "stop": data.get(cell.stop_name, ""),
        }
        form = CellForm(sent)
        choices: Any = form.fields["wanted"]
        choices.choices = [("", ""), *((card.code, card.code) for card in cell.choice.cards)]
        form.full_clean()
        cell.wanted = form.cleaned_data.get("wanted", cell.stands)
        cell.seen = form.cleaned_data.get("seen", "")
        cell.stops_waiting = form.cleaned_data.get("stop", False)
        cell.errors += [str(sentence) for found in form.errors.values() for sentence in found]


def save(cells: list[Cell], act: Act) -> Iterator[Cell]:
    """Acts on each cell that was changed; what is refused is told in it. Yields what was done."""
    for cell in cells:
        if cell.errors or not cell.is_changed:
            continue
        try:
            act(cell)
        except Stale:
            cell.is_stale = True
            cell.errors.append(
                _("Người khác vừa đổi lựa chọn này. Xem lại tình trạng bây giờ, rồi lưu lần nữa nếu vẫn đổi.")
            )
        except ValidationError as refusal:
            cell.errors += refusal.messages
        else:
            yield cell


class AddForm(forms.Form):
    """One person whom an organiser signs up by hand."""

    code = forms.CharField(
        label=gettext_lazy("Mã đại biểu"),
        max_length=20,
        help_text=gettext_lazy("Tám ký tự trên thẻ, ví dụ 7K3M-9QFE."),
        widget=forms.TextInput(attrs={"class": "input--short", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Nhập mã đại biểu.")},
    )
    move = forms.BooleanField(label=gettext_lazy("Chuyển khỏi phiên trùng giờ, nếu có"), required=False)
    beyond = forms.CharField(
        label=gettext_lazy("Lý do nhận vượt số chỗ"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Để trống: hết chỗ thì người này vào danh sách chờ."),
    )

    def __init__(self, conference: Conference, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference

    def clean_code(self) -> Attendee:
        try:
            code = codes.normalise_code(self.cleaned_data["code"])
        except ValueError as error:
            raise ValidationError(_(str(error))) from error
        found = self.conference.attendees.select_related("conference").filter(code=code).first()
        if found is None:
            raise ValidationError(_("Không có đại biểu nào mang mã này trong hội nghị."))
        return found

    def clean_beyond(self) -> str:
        return vietnamese.clean(self.cleaned_data["beyond"])


def _shown(seen: str) -> str:
    """The session that a select shows for what stands: the place, else the wait."""
    found: dict[str, str] = {}
    for one in seen.split():
        code, _colon, state = one.partition(":")
        found[state] = code
    return found.get("taken") or found.get("waiting") or ""
