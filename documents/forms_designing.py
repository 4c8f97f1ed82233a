"""What an organiser chooses for a paper: a layout, colours, pictures, texts with places."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conference import refusals
from conference.models import Conference
from documents import design_pictures, designing, looks
from documents.design_pictures import BACKGROUND, LOGO
from documents.designs import Design
from documents.looks import LAYOUTS, LONGEST_TEXT, SLOTS, VEILS, Look

MOST_SEEDS = 1_000_000
COLOURS = ("layout", "ink", "accent", "ground")
PICTURES = ("logo", "logo_off", "background", "background_off", "veil")
_EMPTY = _("Tệp này trống. Chọn ảnh khác.")
HAS_ONE = _("Đang có ảnh; chọn tệp khác để thay.")
# Said at the pictures, because somebody will look for it.
NO_SEAL = _(
    "Không có chỗ đặt ảnh con dấu, chữ ký: bản chưa ký số không được mang hình dấu hoặc chữ ký. "
    "Chỗ ký để trống 19 mm."
)


def _picture(label: Any, hint: Any) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"})
    return forms.FileField(
        label=label, required=False, help_text=hint, widget=widget, error_messages={"empty": _EMPTY}
    )


def _colour(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "color", "class": "design__colour"})
    return forms.CharField(label=label, max_length=7, widget=widget)


class DesignForm(forms.Form):
    """Cleaned as a look that may be printed. `seen`: the version it began from; `seed`: who is shown."""

    layout = forms.ChoiceField(label=_("Bố cục"), widget=forms.RadioSelect)
    ink = _colour(_("Màu chữ"))
    accent = _colour(_("Màu chính"))
    ground = _colour(_("Màu nền"))
    logo = _picture(_("Biểu trưng"), _("PNG, JPEG hoặc WebP. Phần trong suốt của PNG được giữ."))
    logo_off = forms.BooleanField(label=_("Không dùng biểu trưng riêng"), required=False)
    background = _picture(
        _("Hình nền"), _("JPEG, PNG hoặc WebP, mỗi cạnh 600 đến 10.000 điểm ảnh, tối đa 25 triệu điểm.")
    )
    background_off = forms.BooleanField(label=_("Không dùng hình nền"), required=False)
    veil = forms.TypedChoiceField(
        label=_("Làm nhạt hình nền"), coerce=int, choices=[(one, f"{one}%") for one in VEILS]
    )
    logo_kept = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    background_kept = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    seed = forms.IntegerField(min_value=0, max_value=MOST_SEEDS, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, conference: Conference, look: Look, seen: int, *args: Any, **kwargs: Any) -> None:
        """`look` and `seen`: what stands now."""
        super().__init__(*args, **kwargs)
        self.conference, self.base = conference, look
        self.kept = {LOGO: look.logo, BACKGROUND: look.background}
        layouts: Any = self.fields["layout"]
        layouts.choices = [(one.slug, f"{one.label}: {one.about}") for one in LAYOUTS[look.paper]]
        for slot in SLOTS[look.paper]:
            self.fields[slot.name] = forms.CharField(
                label=slot.label,
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": slot.lines}) if slot.lines > 1 else forms.TextInput,
            )
            self.fields[slot.name].is_wanted = slot.required  # type: ignore[attr-defined]  # for the label
            self.initial[slot.name] = look.text(slot.name)
        for name in ("layout", "ink", "accent", "ground", "veil"):
            self.initial[name] = getattr(look, name)
        for what, name in self.kept.items():
            self.initial[f"{what}_kept"] = design_pictures.carried(conference, name)
            if self.data.get(f"{what}_kept") if self.is_bound else name:
                self.fields[what].help_text = format_lazy("{} {}", HAS_ONE, self.fields[what].help_text)
        self.initial.update(seen=seen, seed=secrets.randbelow(MOST_SEEDS), key=uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        """The pictures first: whatever else is wrong, they need not be sent again."""
        given: dict[str, Any] = super().clean() or {}
        for what in self.kept:
            self.kept[what] = self._picture_of(what, given)
        if not self.errors:
            try:
                designing.check(self.conference, self.look())
            except ValidationError as refusal:
                refusals.tell(self, refusal)
        return given

    def look(self) -> Look:
        """What was chosen."""
        given = self.cleaned_data
        texts = {slot.name: given.get(slot.name, "") for slot in SLOTS[self.base.paper]}
        chosen: dict[str, Any] = {name: given[name] for name in ("layout", "ink", "accent", "ground", "veil")}
        look = replace(self.base, **chosen, **dict[str, Any](self.kept), texts=texts)
        return replace(look, texts=designing.cleaned(look))

    def go_on_from(self, current: Design | None) -> None:
        """Another version stands by now: it is told, and what is typed can be saved after it."""
        self.data = {**self.data.dict(), "seen": current.number if current else 0}  # type: ignore[attr-defined]  # it was sent

    def carried(self) -> dict[str, str]:
        """The pictures that were taken, for the next time the form is sent."""
        return {
            f"{what}_kept": design_pictures.carried(self.conference, name) for what, name in self.kept.items()
        }

    def groups(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """The fields in the order of the page, under their headings."""
        texts = [slot.name for slot in SLOTS[self.base.paper]]
        for heading, names in ((_("Bố cục, màu"), COLOURS), (_("Hình"), PICTURES), (_("Chữ"), texts)):
            yield heading, [self[name] for name in names if not self[name].is_hidden]

    def places(self) -> list[tuple[str, Any]]:
        """What may be filled into the texts, and its word."""
        known = dict.fromkeys(name for slot in SLOTS[self.base.paper] for name in slot.places)
        return [(f"{{{name}}}", looks.PLACES[name]) for name in known]

    def _picture_of(self, what: str, given: dict[str, Any]) -> str:
        """The name of the picture: sent now, else carried on, else none."""
        try:
            if given.get(what):
                return design_pictures.take(given[what], what)
            if given.get(f"{what}_off"):
                return ""
            return design_pictures.brought(self.conference, given.get(f"{what}_kept", ""))
        except ValidationError as refusal:
            self.add_error(what, refusal)
            return ""
