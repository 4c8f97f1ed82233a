"""What is written to the organisers themselves. Named in `MAIL_KINDS`; `briefing` knows the values."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mailing.kinds import OF_CONFERENCE, Kind

MORNING = "morning"

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
    )
]
