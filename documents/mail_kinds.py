"""What this room writes. Named in `MAIL_KINDS`; `briefing` and `handing_out` know the values."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mailing.kinds import OF_CONFERENCE, Kind

MORNING, CERTIFICATE = "morning", "certificate"

KINDS = [
    Kind(
        slug=MORNING,
        title=_("Tình hình đại biểu buổi sáng"),
        placeholders={
            "ngay": (_("ngày của hội nghị"), "thứ Năm, ngày 06 tháng 6 năm 2024"),
            "tom_tat": (
                _("các con số lúc lập, mỗi dòng một số"),
                "- Đại biểu đã đến: 265/365\n- Trưởng đoàn đã đến: 43/58",
            ),
            **OF_CONFERENCE,
        },
        subject="Tình hình đại biểu, {ngay}: {ten_ngan}",
        body="\n\n".join(
            (
                "Kính gửi: Lãnh đạo Ban Tổ chức",
                "Tình hình đại biểu {ten_ngan}, {ngay}:",
                "{tom_tat}",
                "Chi tiết theo thành phần, theo đoàn và phiên tiếp theo: trang kèm thư này.",
                "{lien_he}",
            )
        ),
    ),
    Kind(
        slug=CERTIFICATE,
        title=_("Giấy chứng nhận"),
        placeholders={
            "nguoi_nhan": (_("họ tên đại biểu, có cách xưng hô"), "Bà Trần Thị Bình"),
            "so_giay": (_("số giấy chứng nhận"), "0164/GCN-BTTTT"),
            "link": (_("liên kết riêng"), "https://hoinghi.example/l/XXXXXXXX"),
            **OF_CONFERENCE,
        },
        secrets=frozenset({"link"}),
        subject="Giấy chứng nhận số {so_giay}: {ten_ngan}",
        body="\n\n".join(
            (
                "Kính gửi: {nguoi_nhan}",
                "{co_quan} đã cấp giấy chứng nhận số {so_giay} cho {nguoi_nhan} tại {hoi_nghi}, {thoi_gian}, "
                "{dia_diem}.",
                "Tải giấy chứng nhận tại trang riêng (không cần tài khoản; không chuyển cho người khác):",
                "{link}",
                "Mọi vấn đề cần trao đổi, xin liên hệ {lien_he}.",
                "Trân trọng./.",
                "{co_quan}",
            )
        ),
    ),
]
