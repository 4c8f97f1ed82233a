"""Letters, receipts and personal sheets without a database: ordinary ones and the longest that can happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string

from documents.kinds.letters import Invitation, NominationRequest, form_rows
from documents.layouts import Signer
from documents.layouts_personal import Line, personal_sheet
from documents.wording import Block, Said
from tests.documents import samples

DEADLINE = "17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024"
CONTACT = "Thông tin liên hệ: Tổ Thư ký Ban Tổ chức, điện thoại 0500 000 000, thư bantochuc@hoinghi.example."
COMPONENTS = (
    "Lãnh đạo Ủy ban nhân dân {}",
    "Ban Tuyên giáo Tỉnh ủy",
    "Lãnh đạo Sở Thông tin và Truyền thông {}",
    "Cán bộ phụ trách thông tin đối ngoại",
    "Bộ Chỉ huy Bộ đội Biên phòng {}",
    "Công an {}",
    "Báo, Đài của {}",
)
LONG_PLACE = "Thành phố Hồ Chí Minh"
LINK = "https://hoinghi.example/l/0123456789ABCDEFGHJKMNPQRSTVWXYZ/"


def said(kind: str, place: str = "tỉnh Quảng Nam", **more: Any) -> Said:
    """A letter to one province with seven seats."""
    is_request = kind == "cong-van"
    names = [name.format(place) for name in COMPONENTS]
    listed = "; ".join(f"{name} (01)" for name in names)
    blocks = [
        Block(
            f"{samples.AGENCY} trân trọng kính mời: Đoàn đại biểu {place}, gồm 07 đại biểu theo thành phần: "
            f"{listed}."
        ),
        Block(f"{samples.TITLE}.", "Tới dự"),
        Block(f"Lãnh đạo {samples.AGENCY}; phối hợp: Ủy ban nhân dân tỉnh Lâm Đồng.", "Chủ trì"),
        Block(
            "02 ngày, bắt đầu từ 07 giờ 30 phút, thứ Năm, ngày 06 tháng 6 năm 2024 đến hết thứ Sáu, ngày 07 "
            "tháng 6 năm 2024. Đón tiếp đại biểu từ 14 giờ 00 phút, ngày 05 tháng 6 năm 2024.",
            "Thời gian",
        ),
        Block("Hội trường lớn, thành phố Đà Lạt, tỉnh Lâm Đồng.", "Địa điểm"),
        Block("Cơ quan cử đại biểu chi trả tiền đi lại và phòng nghỉ theo quy định.", "Kinh phí"),
        Block(f"Đề nghị Quý cơ quan gửi danh sách đại biểu trước {DEADLINE}. {CONTACT}"),
    ]
    if is_request:
        items = tuple(f"{name}: 01 đại biểu;" for name in names)
        blocks.insert(-1, Block("07 đại biểu, gồm:", "Thành phần", items))
    plain: dict[str, Any] = {
        "kind": kind,
        "agency": samples.AGENCY,
        "parent": "",
        "number": "87/GM-BTTTT",
        "place_and_date": "Hà Nội, ngày 20 tháng 5 năm 2024",
        "about": f"Dự {samples.TITLE}",
        "team": f"đoàn đại biểu {place}",
        "addressees": (f"Ủy ban nhân dân {place}", "Ban Tuyên giáo Tỉnh ủy") if is_request else (),
        "blocks": tuple(blocks),
        "closing": "Rất mong sự có mặt của các đại biểu./.",
        "recipients": ("Như trên;", "Ủy ban nhân dân tỉnh Lâm Đồng (để phối hợp);", "Lưu: VT, TTĐN."),
        "role": samples.SIGNER.role,
        "signer": samples.SIGNER.name,
        "seats": tuple((name, 1) for name in names),
        "until": DEADLINE,
    }
    if is_request:
        short = "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam"
        plain |= {"number": "12/BTTTT-TTĐN", "about": f"V/v cử đại biểu tham dự {short}"}
    return Said(**plain | more)


def longest(kind: str) -> Said:
    """Everything at its longest: title, parent, signer, 15 recipients, 12 components."""
    base = said(kind, LONG_PLACE)
    names = [name.format(LONG_PLACE) for name in (COMPONENTS * 2)[:12]]
    items = tuple(f"{name}: 02 đại biểu;" for name in names)
    blocks = [
        replace(block, items=items) if block.items else block
        for block in base.blocks
        if block.label != "Chủ trì"
    ]
    recipients = [f"{name};" for name in [*names, f"Ủy ban nhân dân {LONG_PLACE} (để phối hợp)"]]
    return replace(
        base,
        parent="Bộ Văn hóa, Thể thao và Du lịch",
        agency="Cục Thông tin cơ sở và Thông tin đối ngoại",
        place_and_date=f"{LONG_PLACE}, ngày 20 tháng 5 năm 2024",
        about=f"V/v cử đại biểu tham dự {samples.TITLE}" if kind == "cong-van" else base.about,
        blocks=tuple(blocks),
        recipients=("Như trên;", *recipients, "Lưu: VT, TTĐN."),
        role=("TUQ. BỘ TRƯỞNG", "CỤC TRƯỞNG CỤC THÔNG TIN CƠ SỞ VÀ THÔNG TIN ĐỐI NGOẠI"),
        signer="Công Tằng Tôn Nữ Nguyễn Hoàng Phương Uyên Thảo",
        seats=tuple((name, 1) for name in names),
    )


def invitations(letters: Sequence[Said]) -> str:
    """HTML of invitations."""
    return _letters(Invitation(), "documents/pdf/invitation.html", letters, [{} for _ in letters])


def requests(letters: Sequence[Said]) -> tuple[str, dict[str, str]]:
    """HTML of requests with their forms, and the pictures of their links."""
    images = {f"link-{index}.png": f"{LINK}{index}" for index in range(len(letters))}
    more = [
        {
            "link": LINK,
            "qr": f"link-{index}.png",
            "form": form_rows(one),
            "source": f"(Kèm theo Công văn số {one.number} ngày 20 tháng 5 năm 2024 của {one.agency})",
        }
        for index, one in enumerate(letters)
    ]
    return _letters(NominationRequest(), "documents/pdf/nomination_request.html", letters, more), images


def _letters(kind: Any, template: str, letters: Sequence[Said], more: Sequence[dict[str, Any]]) -> str:
    shown = [
        {"said": one, "heading": kind.heading(one), "signer": Signer(one.role, one.signer), **extra}
        for one, extra in zip(letters, more, strict=True)
    ]
    return render_to_string(template, {"paper": samples.paper(str(kind.title)), "letters": shown})


def personal(people: Sequence[tuple[str, ...]], sessions: int = 8) -> tuple[str, dict[str, str]]:
    """HTML and pictures of personal sheets."""
    where = [
        ("Thời gian", "Từ ngày 06 đến ngày 07 tháng 6 năm 2024"),
        ("Địa điểm", "Hội trường lớn, thành phố Đà Lạt, tỉnh Lâm Đồng"),
        ("Đón tiếp đại biểu", "Từ 14 giờ 00 phút, ngày 05 tháng 6 năm 2024, Sảnh đón tiếp"),
    ]
    full = [Line("Thứ Năm, ngày 06 tháng 6 năm 2024")]
    full += [
        Line(samples.TOPIC if n == 1 else "Trao đổi, hỏi đáp", f"{8 + n % 10:02}:00") for n in range(sessions)
    ]
    short = [Line("Thứ Năm, ngày 06 tháng 6 năm 2024. Buổi sáng: Chuyên đề 1, Hội trường lớn", "08:00")]
    sheets, images = [], {}
    for index, (honorific, name, position, organisation, team, _band) in enumerate(people):
        images[f"{index}.png"] = f"{LINK}{index}"
        sheets.append(
            personal_sheet(
                samples.TITLE, honorific, name, f"{position}\n{organisation}", team=f"Đoàn {team} · Đại biểu",
                code=samples.badge_codes(index + 1)[-1], qr=f"{index}.png", where=where,
                programmes=[full, short],
            )
        )  # fmt: skip
    context = {
        "paper": samples.paper("Phiếu mời"), "agency": samples.AGENCY.upper(), "sheets": sheets,
        "where": where,
        "contact": "Tổ Thư ký Ban Tổ chức, 0500 000 000, bantochuc@hoinghi.example",
    }  # fmt: skip
    return render_to_string("documents/pdf/personal_invitation.html", context), images
