"""Papers without a database: ordinary ones, and the worst that people can type."""

from django.template.loader import render_to_string

from documents import layouts
from documents.dressing import Dress
from documents.kinds.agenda import VersionMark
from documents.layouts import AgendaRow, ListRow, Signer
from documents.layouts_certificate import (
    CertificateEvent,
    certificate,
    certificate_roles,
    signature_mark,
)

TITLE = (
    "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, góp phần nâng cao chất lượng hiệu quả "
    "công tác thông tin đối ngoại trong tình hình mới"
)
TOPIC = (
    "Một số điểm mới của Nghị quyết 47/NQ-CP của Chính phủ về Chương trình hành động của Chính phủ đến năm "
    "2030 thực hiện Kết luận số 57-KL/TW của Bộ Chính trị về tiếp tục nâng cao chất lượng, hiệu quả trong "
    "công tác thông tin đối ngoại trong tình hình mới"
)
AGENCY = "Bộ Thông tin và Truyền thông"
LONG_POSITION = (
    "Trưởng phòng Nghiên cứu chính sách đối ngoại và hội nhập quốc tế, Phó Chủ tịch Hội đồng khoa học, kiêm "
    "Giám đốc Trung tâm Thông tin và Tư liệu đối ngoại"
)
LONG_NAME = ("Công Tằng Tôn Nữ Nguyễn Hoàng Phương Uyên Thảo " * 5)[:200].strip()
LONG_TITLE = ((TITLE + " ") * 2)[:251].strip()
LONG_ORGANISATION = "Viện nghiên cứu chiến lược và hợp tác quốc tế về truyền thông số, Bộ Ngoại giao"
DECOMPOSED = "Nguye\u0302\u0303n Thi\u0323 Hương"  # Nguyễn Thị Hương as macOS writes it
COMBINING = "Lê" + "\u0301" * 40 + " Văn Zalgo"
MARKUP = "<script>alert(1)</script> & Co"
GIANT_WORD = "A" * 200

PEOPLE = [
    ("bà", "Phạm Thị Thanh Hà", "Phó Trưởng ban", "Ban Tuyên giáo Tỉnh ủy", "Quảng Nam", "delegate"),
    (
        "bà",
        "Tôn Nữ Nguyễn Hoàng Phương Uyên",
        "Phó Chánh Văn phòng",
        "UBND tỉnh Thừa Thiên Huế",
        "Thừa Thiên Huế",
        "leader",
    ),
    (
        "ông",
        "Võ Minh Khôi",
        "Trưởng phòng Nghiên cứu chính sách đối ngoại và hội nhập quốc tế",
        "Viện nghiên cứu chiến lược, Bộ Ngoại giao",
        "Trung ương",
        "speaker",
    ),
    ("bà", "H' Linh Niê Kđăm", "Lễ tân, hậu cần", "Sở Thông tin và Truyền thông", "Lâm Đồng", "staff"),
    ("ông", "Y Bhô", "Phóng viên", "Báo Đắk Lắk", "Đắk Lắk", "press"),
    (
        "bà",
        "Nguyễn Ngọc Quỳnh Như",
        "Chuyên viên",
        "Sở Thông tin và Truyền thông",
        "Thành phố Hồ Chí Minh",
        "guest",
    ),
    (
        "ông",
        "Đặng Văn Sơn",
        "Thượng tá, Chủ nhiệm Chính trị",
        "Bộ Chỉ huy Bộ đội Biên phòng tỉnh",
        "Quảng Nam",
        "service",
    ),
]
WORST = [
    (
        "ông",
        LONG_NAME,
        LONG_POSITION,
        LONG_ORGANISATION,
        "Bà Rịa – Vũng Tàu và các cơ quan Trung ương đóng trên địa bàn",
        "delegate",
    ),
    ("bà", "Tôn Nữ Nguyễn Hoàng Phương Uyên", LONG_POSITION, LONG_ORGANISATION, "Trung ương", "leader"),
    ("bà", DECOMPOSED, "Chuyên viên", "Sở TTTT", "Hà Nội", "press"),
    ("ông", COMBINING, "Ủy viên", "Hội Nhà báo", "Hà Nội", "press"),
    ("ông", MARKUP, MARKUP, MARKUP, "Hà Nội", "guest"),
    ("ông", GIANT_WORD, "Chuyên viên", "Sở TTTT", "Hà Nội", "staff"),
    ("ông", "Ỹ", "", "", "", "service"),
]
BANDS = {
    "leader": "Chủ trì",
    "delegate": "Đại biểu",
    "speaker": "Báo cáo viên",
    "guest": "Khách mời",
    "press": "Báo chí",
    "staff": "Ban Tổ chức",
    "service": "Phục vụ",
}
MARK = VersionMark(
    3, "ngày 06 tháng 6 năm 2024", "hoinghi.example/da-lat-2024/programme/versions/3/", "mark.svg"
)
SIGNER = Signer(("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"), "Nguyễn Văn A")


def paper(title: str) -> dict[str, object]:
    return {"title": title, "author": AGENCY, "created": "2024-05-30T09:00:00+07:00", "demo": True}


def badge_codes(count: int) -> list[str]:
    return [f"7K3M-9QF{'0123456789ABCDEFGHJKMNPQRSTVWXYZ'[index % 32]}" for index in range(count)]


def badges(people: list[tuple[str, ...]], single: bool = False) -> tuple[str, dict[str, str]]:
    """HTML and pictures of badges for (honorific, name, position, organisation, team, band)."""
    context, cards, images = badge_context(people)
    cards = cards[1:] if single else cards
    page = "single" if single else "sheet"
    shown = [[card] for card in cards] if single else layouts.sheets(cards)
    return badge_page(context, page, page, shown), images


def badge_page(context: dict[str, object], page: str, ground: str, sheets: object) -> str:
    """The page of sheets of cards."""
    return render_to_string(
        "documents/pdf/badges.html", {**context, "page": page, "ground": ground, "sheets": sheets}
    )


def badge_context(
    people: list[tuple[str, ...]],
) -> tuple[dict[str, object], list[layouts.Card], dict[str, str]]:
    """What the template of badges takes, the cards (the one before them first), and the pictures."""
    cards: list[layouts.Card] = [layouts.parting("Đoàn tỉnh Lâm Đồng", f"{len(people)} thẻ")]
    images = {}
    for index, (_, name, position, organisation, team, band) in enumerate(people):
        images[f"qr-{index}.png"] = f"7K3M9QFP7K3M9{index:03}"
        cards.append(
            layouts.badge(
                name,
                position,
                organisation,
                ("Đoàn", team),
                (band, BANDS[band]),
                f"qr-{index}.png",
                badge_codes(index + 1)[-1],
            )
        )
    top = layouts.badge_top(
        AGENCY, "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam", "Đà Lạt, 06–07/6/2024"
    )
    return {"paper": paper("Thẻ đại biểu"), "top": top}, cards, images


def certificates(people: list[tuple[str, ...]], title: str = TITLE) -> tuple[str, dict[str, str]]:
    """HTML and pictures of certificates."""
    context, images = certificate_context(people, title)
    return render_to_string("documents/pdf/certificate.html", context), images


def certificate_context(
    people: list[tuple[str, ...]], title: str = TITLE
) -> tuple[dict[str, object], dict[str, str]]:
    """What the template of certificates takes, the people as `sheets`."""
    event = CertificateEvent(
        AGENCY,
        title,
        "từ ngày 06 đến ngày 07 tháng 6 năm 2024, tại thành phố Đà Lạt, tỉnh Lâm Đồng",
        "đã tham dự",
    )
    sheets, images = [], {}
    for index, (honorific, name, position, organisation, _, _) in enumerate(people):
        code = f"7K3M9QFP7K3M9{index:03}"
        images[f"qr-{index}.png"] = f"https://hoinghi.example/v/{code}"
        job = layouts.joined((position, organisation), "\n")
        sheets.append(
            certificate(
                event,
                f"Chứng nhận {honorific}",
                name,
                job,
                number=f"Số: {index + 1:04}/GCN-BTTTT",
                code="-".join(code[start : start + 4] for start in (0, 4, 8, 12)),
                qr=f"qr-{index}.png",
                place_and_date="Hà Nội, ngày 07 tháng 6 năm 2024",
            )
        )
    context = {
        "paper": paper("Giấy chứng nhận"),
        "dress": Dress(),
        "sheets": sheets,
        "roles": certificate_roles(SIGNER.role),
        "signer": SIGNER,
        "verify_at": "hoinghi.example/v/",
        "signature_mark": signature_mark("Bản chưa ký số", ""),
    }
    return context, images


def agenda(title: str = TITLE, sessions: int = 18, topic: str = TOPIC) -> str:
    """HTML of an agenda of so many sessions on two days."""
    rows = []
    for index in range(sessions):
        if index % (sessions // 2 or 1) == 0:
            rows.append(AgendaRow("group", f"Ngày {6 + index // (sessions // 2 or 1):02} tháng 6 năm 2024"))
            rows.append(AgendaRow("half", "Buổi sáng"))
        time = f"{7 + index % 9:02}:30 - {8 + index % 9:02}:15"
        if index % 5 == 4:
            rows.append(AgendaRow("pause", "Giải lao", time))
            continue
        label = "" if index % 3 else f"Chuyên đề {index // 3 + 1}"
        text = "Trao đổi, hỏi đáp" if index % 3 else topic
        hall = "Hội trường lớn" if index == 2 else ""
        rows.append(
            AgendaRow("item", text, time, label, ("Báo cáo viên, Ban Đối ngoại Trung ương Đảng",), hall)
        )
    context = {
        "paper": paper("Chương trình"),
        "heading": layouts.heading(
            AGENCY,
            "CHƯƠNG TRÌNH",
            title,
            number="Số: 07/CTr-BTTTT",
            place_and_date="Hà Nội, ngày 29 tháng 5 năm 2024",
        ),
        "rows": layouts.keep_end_together(rows),
        "recipients": [
            "Các đại biểu dự Hội nghị;",
            "UBND tỉnh Lâm Đồng (để phối hợp);",
            "Lưu: VT, TTĐN (20).",
        ],
        "signer": SIGNER,
        "mark": MARK,
    }
    return render_to_string("documents/pdf/agenda.html", context)


def attendee_list(people: list[tuple[str, ...]], title: str = TITLE, group_size: int = 6) -> str:
    """HTML of a list to sign."""
    rows = []
    for index, (_, name, position, organisation, *_) in enumerate(people):
        if index % group_size == 0:
            rows.append(
                ListRow("group", f"{index // group_size + 1}. Đoàn tỉnh Quảng Nam ({group_size} đại biểu)")
            )
        cells = (layouts.plain(cell) for cell in (position, organisation))
        rows.append(ListRow("person", layouts.plain(name), f"{index + 1:02}", *cells))
    context = {
        "paper": paper("Danh sách đại biểu"),
        "heading": layouts.heading(AGENCY, "DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ", title, wide=True),
        "when": "Ngày 06 tháng 6 năm 2024",
        "rows": layouts.keep_end_together(rows),
        "total": f"Tổng số: {len(people):02} đại biểu.",
        "signers": [Signer(("NGƯỜI LẬP BIỂU",), "Đỗ Thu Trang"), Signer(("THỦ TRƯỞNG ĐƠN VỊ",), "")],
    }
    return render_to_string("documents/pdf/attendee_list.html", context)
