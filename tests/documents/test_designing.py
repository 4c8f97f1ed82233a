"""What may be chosen: texts that stay texts, colours that can be read, lines that have room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from conference.models import Conference
from documents import contrast, designing, filling, looks
from documents.kinds.badges import Badges
from documents.looks import BADGE, CERTIFICATE, LAYOUTS, SLOTS, Look
from documents.models import Document
from tests.documents.designs import CREAM, strong

pytestmark = pytest.mark.django_db

# S7: what template languages would run, and what `str.format` would follow.
HOSTILE = [
    "{{7*7}}", "{{ agency }}", "{% debug %}", "{% include 'x' %}", "{# x #} {", "{x.__class__}",
    "{agency.__class__.__mro__}", "{agency[0]}", "{agency!r}", "{agency:>99999999}", "{0}", "{}", "{",
    "}", "{agency", "agency}", "{ agency }", "{{agency}}", "{secret_key}", "{settings.SECRET_KEY}",
    "${agency}{7*7}", "{AGENCY}", "{agency}{", "{request.user.password}", "{honorific}",
]  # fmt: skip
HARMLESS = ["<script>alert(1)</script>", "<img src=x>", "%s %(agency)s", "$agency", "&lt;b&gt;", "a & b"]


def texted(paper: str, **texts: str) -> Look:
    standard = looks.standard(paper)
    return replace(standard, texts={**standard.texts, **texts})


def faults(conference: Conference, look: Look) -> dict[str, list[str]]:
    try:
        designing.check(conference, look)
    except ValidationError as refusal:
        return {name: [str(one) for one in found] for name, found in refusal.message_dict.items()}
    return {}


@pytest.mark.parametrize("paper", [BADGE, CERTIFICATE])
def test_every_layout_of_the_list_may_be_chosen(conference: Conference, paper: str) -> None:
    for layout in LAYOUTS[paper]:
        assert faults(conference, replace(looks.standard(paper), layout=layout.slug)) == {}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_place_outside_the_list_is_refused_at_its_field(conference: Conference, text: str) -> None:
    [sentence] = faults(conference, texted(BADGE, note=text))["note"]
    assert sentence.startswith("Không có chỗ điền")
    assert "{agency}" in sentence


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_place_stays_text_and_is_escaped(conference: Conference, text: str) -> None:
    look = texted(BADGE, note=text)
    assert faults(conference, look) == {}
    kind, document = Badges(), Document(conference=conference, kind="badges")
    content = kind.specimen(document, look, [])
    assert content.context["top"].note.lines == (text,)
    page = render_to_string("documents/pdf/_badge_blank.html", {"card": {}, **content.context})
    assert "<script>" not in page


def test_what_was_filled_in_is_not_read_again(conference: Conference) -> None:
    conference.title = "Hội nghị {agency} {{7*7}} {% now 'Y' %} {title}"
    known = filling.values(conference, CERTIFICATE)
    assert filling.text(texted(CERTIFICATE, event="{title}"), "event", known) == conference.title


def test_every_place_of_a_slot_has_a_value_and_a_word(conference: Conference) -> None:
    personal = {"honorific", "did"}
    for paper, slots in SLOTS.items():
        names = {name for slot in slots for name in slot.places}
        assert names - personal <= filling.values(conference, paper).keys()
        assert names <= looks.PLACES.keys()


@pytest.mark.parametrize(
    ("paper", "name", "text", "sentence"),
    [
        (BADGE, "agency", " ", "Nhập nội dung, ví dụ: {agency}"),
        (BADGE, "note", "Một\nHai", "Tối đa 1 dòng."),
        (BADGE, "note", "x" * 301, "Dài quá 300 ký tự. Viết ngắn lại."),
        (BADGE, "note", "Ghi chú dài hơn chỗ " * 4, "Nội dung dài quá, không in vừa chỗ. Viết ngắn lại."),
        (BADGE, "note", "Mừng 🎉", "Phông chữ in không có ký tự “🎉”. Bỏ ký tự này."),
        (CERTIFICATE, "heading", "GIẤY " * 40, "Nội dung dài quá, không in vừa chỗ. Viết ngắn lại."),
        (
            CERTIFICATE, "did", "đã hoàn thành",
            "Phải có chỗ điền {did}: mỗi người được ghi theo kết quả của mình.",
        ),
    ],
)  # fmt: skip
def test_a_text_is_refused_with_a_sentence(
    conference: Conference, paper: str, name: str, text: str, sentence: str
) -> None:
    assert faults(conference, texted(paper, **{name: text})) == {name: [sentence]}


@pytest.mark.parametrize(
    ("fields", "name", "there"),
    [
        ({"ink": "#bbbbbb"}, "ink", "1,9"),
        ({"ink": "#ffff00"}, "ink", "1,0"),
        ({"accent": "#ffd54a"}, "accent", "1,4"),
        ({"ground": "#9e1b1e"}, "ink", "2,6"),
    ],
)
def test_colours_that_cannot_be_read_are_refused(
    conference: Conference, fields: dict[str, str], name: str, there: str
) -> None:
    [sentence] = faults(conference, replace(looks.standard(BADGE), **fields))[name]  # type: ignore[arg-type]  # colours
    assert f"chỉ đạt độ tương phản {there}:1" in sentence


@pytest.mark.parametrize("colour", ["red", "#fff", "#FFFFFF", "#12345g", "#000000;}", "", "url(x)"])
def test_what_is_no_colour_is_refused(conference: Conference, colour: str) -> None:
    assert faults(conference, replace(looks.standard(BADGE), ink=colour)) == {
        "ink": ["Chọn một màu, ví dụ #174b86."]
    }


def test_a_dark_ground_with_light_texts_is_taken(conference: Conference) -> None:
    dark: dict[str, Any] = {"ink": "#ffffff", "accent": "#ffd54a", "ground": "#10243a"}
    assert faults(conference, replace(looks.standard(CERTIFICATE), **dark)) == {}


def test_a_background_must_be_faded_until_texts_can_be_read(conference: Conference) -> None:
    [sentence] = faults(conference, strong(BADGE, veil=0))["veil"]
    assert sentence == "Chữ khó đọc trên hình nền này. Chọn mức làm nhạt cao hơn."
    assert faults(conference, strong(BADGE, veil=80)) == {}


def test_a_layout_or_a_fade_that_is_not_in_the_list_is_refused(conference: Conference) -> None:
    found = faults(conference, replace(looks.standard(BADGE), layout="../x", veil=7))
    assert found.keys() == {"layout", "veil"}


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast.ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast.ratio(CREAM, CREAM) == 1
    assert contrast.readable_on("#14594a") == "#ffffff"
    assert contrast.readable_on("#ffd54a") == "#000000"
    assert contrast.mixed("#000000", "#ffffff", 0.5) == "#808080"
