"""How badges and certificates may look: layouts from this list, three colours, two pictures, a few texts.

Nobody writes a template: a text holds places in braces from the list of its slot and nothing else
(`mailing.placeholders`). Plain values; knows no database and no engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

BADGE, CERTIFICATE = "badge", "certificate"
CLASSIC = "classic"
VEILS = (0, 50, 70, 80, 90)  # per cent of the ground over a picture
LONGEST_TEXT = 300


@dataclass(frozen=True)
class Layout:
    """Where things stand on a paper: a stylesheet of documents/paper/ after those of the paper itself."""

    slug: str
    label: Any
    about: Any
    stylesheet: str = ""
    has_frame: bool = True  # the line art of a certificate


@dataclass(frozen=True)
class Slot:
    """A text of a paper: what it says unless told otherwise, and what may be filled into it."""

    name: str
    label: Any
    default: str
    places: tuple[str, ...]
    lines: int = 1
    wanted: tuple[str, ...] = ()  # places without which the paper would say something untrue
    required: bool = True


# What may be filled in: its word for people, and an example.
PLACES: Mapping[str, Any] = {
    "agency": _("cơ quan ban hành"),
    "title": _("tên đầy đủ của hội nghị"),
    "short_title": _("tên ngắn của hội nghị"),
    "place": _("địa điểm"),
    "dates": _("ngày tổ chức"),
    "honorific": _("ông, bà hoặc đồng chí"),
    "did": _("“đã tham dự” hoặc “đã hoàn thành”, theo kết quả của từng người"),
}
_OF_CONFERENCE = ("agency", "title", "short_title", "place", "dates")

LAYOUTS: Mapping[str, tuple[Layout, ...]] = {
    BADGE: (
        Layout(CLASSIC, _("Cổ điển"), _("Biểu trưng và chữ bên trái, mã QR bên phải.")),
        Layout("centred", _("Canh giữa"), _("Biểu trưng trên cùng, tên ở giữa."), "badges-centred.css"),
        Layout("banner", _("Đầu thẻ có màu"), _("Đầu thẻ là một dải màu chính."), "badges-banner.css"),
    ),
    CERTIFICATE: (
        Layout(CLASSIC, _("Khung hoa văn"), _("Khung vân lưới và mặt trống đồng mờ.")),
        Layout("lines", _("Khung nét"), _("Hai đường kẻ màu chính."), "certificate-lines.css", False),
        Layout("bands", _("Dải màu"), _("Dải màu chính trên và dưới."), "certificate-bands.css", False),
    ),
}  # fmt: skip

SLOTS: Mapping[str, tuple[Slot, ...]] = {
    BADGE: (
        Slot("agency", _("Dòng cơ quan"), "{agency}", _OF_CONFERENCE),
        Slot("event", _("Tên hội nghị, nơi, ngày"), "{short_title}\n{place}, {dates}", _OF_CONFERENCE, 3),
        Slot("note", _("Dòng ghi chú"), "", _OF_CONFERENCE, required=False),
    ),
    CERTIFICATE: (
        Slot("agency", _("Dòng cơ quan"), "{agency}", _OF_CONFERENCE),
        Slot("heading", _("Tên giấy"), "GIẤY CHỨNG NHẬN", _OF_CONFERENCE),
        Slot("intro", _("Lời dẫn trước tên"), "Chứng nhận {honorific}", ("honorific", *_OF_CONFERENCE)),
        Slot("did", _("Lời ghi nhận"), "{did}", ("did", *_OF_CONFERENCE), wanted=("did",)),
        Slot("event", _("Tên hội nghị"), "{title}", _OF_CONFERENCE, lines=3),
        Slot("when", _("Thời gian, nơi"), "{dates}, tại {place}", _OF_CONFERENCE, lines=2),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """How one paper looks. Pictures are stored names; texts as they were typed, with places."""

    paper: str
    layout: str = CLASSIC
    ink: str = "#000000"
    accent: str = "#9e1b1e"
    ground: str = "#ffffff"
    veil: int = 80
    logo: str = ""
    background: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def arrangement(self) -> Layout:
        """Its layout."""
        return next(one for one in LAYOUTS[self.paper] if one.slug == self.layout)

    @property
    def is_standard(self) -> bool:
        """Nothing was chosen: the paper looks as it always did."""
        return self == standard(self.paper)

    def text(self, name: str) -> str:
        """What stands in a slot, before it is filled."""
        slot = next(one for one in SLOTS[self.paper] if one.name == name)
        return self.texts.get(name, slot.default)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**data)


def standard(paper: str) -> Look:
    """The look of a conference that chose none."""
    return Look(paper, texts={slot.name: slot.default for slot in SLOTS[paper]})
