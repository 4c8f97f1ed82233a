"""Choosing how badges and certificates look: every save is a new version, and none is ever changed.

`check` holds the rules; the preview asks it too, so that nothing is shown that could not be saved.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conference import journal
from conference.kept_words import in_vietnamese
from conference.models import Conference, User
from documents import contrast, design_pictures, looks, typefaces
from documents.errors import PaperError
from documents.kinds.badges import top_of
from documents.kinds.certificates import words
from documents.layouts_certificate import certificate
from documents.looks import BADGE, LAYOUTS, LONGEST_TEXT, SLOTS, VEILS, Look, Slot
from documents.models import Design
from documents.rules import Wording
from mailing import placeholders
from mailing.errors import MailError

LEAST_FOR_TEXT, LEAST_FOR_LARGE = 4.5, 3.0  # WCAG 2.2, 1.4.3


@transaction.atomic
def save(
    conference: Conference, look: Look, *, seen: int, key: uuid.UUID, by: User, restores: int | None = None
) -> Design:
    """The look as the next version. The same `key` gives the same version.

    `seen`: the number of the version that `by` began from, 0 for none; another one since is told, code
    "stale". A look that is the current one already is not saved again. Raises `ValidationError` by field for
    what may not be printed, `PermissionDenied` for who does not run the conference.
    """
    if not conference.is_run_by(by):
        raise PermissionDenied
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)  # one saves at a time
    if known := Design.objects.of(conference, look.paper).filter(key=key).first():
        return known
    last = Design.objects.current(conference, look.paper)
    look = replace(look, texts=cleaned(look))
    if last and last.look == look:
        return last
    if seen != (last.number if last else 0):
        sentence = _("Người khác vừa lưu phiên bản %(n)s. Xem phiên bản đó rồi lưu lần nữa.")
        raise ValidationError(sentence % {"n": last.number if last else 0}, code="stale")
    check(conference, look)
    design_pictures.hold(look.logo, look.background)
    made = Design.objects.create(
        conference=conference, number=seen + 1, key=key, restores=restores, made_by=by,
        made_at=conference.now(), **look.as_json(),
    )  # fmt: skip
    with in_vietnamese():
        before = _told(last.look) if last else {}
        after = {"version": made.number, **_told(look)}
    changes = journal.differences({"version": seen or None, **before}, after)
    journal.record("design", made, by=by, conference=conference, changes=changes)
    return made


def restore(old: Design, *, seen: int, key: uuid.UUID, by: User) -> Design:
    """What an older version said, as a new one; the versions between them stay."""
    return save(old.conference, old.look, seen=seen, key=key, by=by, restores=old.number)


def cleaned(look: Look) -> dict[str, str]:
    """The texts of its slots without what cannot be seen, lines at most as many as the slot has."""
    return {slot.name: placeholders.clean(look.text(slot.name)).strip() for slot in SLOTS[look.paper]}


def check(conference: Conference, look: Look) -> None:
    """`ValidationError` with a sentence at each field: what could not be read, said or printed."""
    found: dict[str, list[str]] = {}
    if look.layout not in {one.slug for one in LAYOUTS[look.paper]}:
        found["layout"] = [_("Chọn một bố cục trong danh sách.")]
    if look.veil not in VEILS:
        found["veil"] = [_("Chọn một mức trong danh sách.")]
    for slot in SLOTS[look.paper]:
        if sentence := _against(slot, look.text(slot.name)):
            found[slot.name] = [sentence]
    for name in ("ink", "accent", "ground"):
        if not contrast.HEX.fullmatch(getattr(look, name)):
            found[name] = [_("Chọn một màu, ví dụ #174b86.")]
    if not {"ink", "accent", "ground", "veil"} & found.keys():
        found |= _unreadable(look)
    if not found:
        found = _unprintable(conference, look)
    if found:
        raise ValidationError(found)


# ── Within ────────────────────────────────────────────────────────────────────────────────────────


def _against(slot: Slot, text: str) -> str:
    """What is wrong with a text; empty where nothing is."""
    if not text.strip():
        return _("Nhập nội dung, ví dụ: %s") % slot.default if slot.required else ""
    try:
        placeholders.check(text, slot.places, longest=LONGEST_TEXT)
    except MailError as refusal:
        return str(refusal)
    if len(text.splitlines()) > slot.lines:
        return _("Tối đa %(n)s dòng.") % {"n": slot.lines}
    missing = [name for name in slot.wanted if name not in placeholders.names_in(text)]
    if missing:
        return _("Phải có chỗ điền %s: mỗi người được ghi theo kết quả của mình.") % f"{{{missing[0]}}}"
    if unknown := typefaces.unknown_letters(text):
        letter = unknown[0]
        return _("Phông chữ in không có ký tự “%(letter)s”. Bỏ ký tự này.") % {"letter": letter}
    return ""


def _unreadable(look: Look) -> dict[str, list[str]]:
    """Colours that do not stand out from their ground: from the plain one, and from the picture on it."""
    sentence = _(
        "Màu này trên nền chỉ đạt độ tương phản %(there)s:1, cần ít nhất %(wanted)s:1. "
        "Chọn màu đậm hơn, hoặc nền nhạt hơn."
    )
    found = {}
    for name, wanted in (("ink", LEAST_FOR_TEXT), ("accent", LEAST_FOR_LARGE)):
        there = contrast.ratio(getattr(look, name), look.ground)
        if there < wanted:
            found[name] = [sentence % {"there": _decimal(there), "wanted": _decimal(wanted)}]
    if found or not look.background:
        return found
    share = look.veil / 100
    grounds = [
        contrast.mixed(contrast.grey(level), look.ground, share)
        for level in design_pictures.shades(look.background)
    ]
    if min(contrast.ratio(look.ink, ground) for ground in grounds) < LEAST_FOR_TEXT:
        return {"veil": [_("Chữ khó đọc trên hình nền này. Chọn mức làm nhạt cao hơn.")]}
    return {}


def _unprintable(conference: Conference, look: Look) -> dict[str, list[str]]:
    """Texts that have no room on the paper, once they are filled."""
    sentence = _("Nội dung dài quá, không in vừa chỗ. Viết ngắn lại.")
    standard = looks.standard(look.paper)
    found = {}
    for slot in SLOTS[look.paper]:
        alone = replace(standard, texts={**standard.texts, slot.name: look.text(slot.name)})
        try:
            _measure(conference, alone)
        except PaperError:
            found[slot.name] = [sentence]
    if not found:
        try:
            _measure(conference, look)
        except PaperError:
            found[SLOTS[look.paper][-1].name] = [_("Các dòng chữ cộng lại dài quá. Viết ngắn lại.")]
    return found


def _measure(conference: Conference, look: Look) -> None:
    if look.paper == BADGE:
        top_of(conference, look)
        return
    said = words(look, conference, "", Wording.COMPLETED)
    certificate(*said, "Lê", "", number="", code="", qr="", place_and_date="")


def _told(look: Look) -> dict[str, Any]:
    """A look for the journal: that there is a picture, not where it lies."""
    return {
        "layout": str(look.arrangement.label),
        **{name: getattr(look, name) for name in ("ink", "accent", "ground", "veil")},
        "logo": bool(look.logo),
        "background": bool(look.background),
        "texts": " · ".join(filter(None, (look.text(slot.name) for slot in SLOTS[look.paper]))),
    }


def _decimal(value: float) -> str:
    return f"{int(value * 10) / 10:.1f}".replace(".", ",")
