"""What is written to delegations and attendees. Named in `MAIL_KINDS`; `correspondence` knows the values."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mailing.kinds import OF_CONFERENCE, Kind

Places = dict[str, tuple[Any, str]]
INVITATION, REMINDER, RECEIPT, RETURNED, ACCEPTED, PERSONAL = (
    "invitation", "reminder", "receipt", "returned", "accepted", "personal",
)  # fmt: skip

LINK: Places = {"link": (_("liên kết riêng"), "https://hoinghi.example/l/XXXXXXXX")}
OF_DELEGATION: Places = {
    "don_vi": (_("cơ quan trả lời"), "Ủy ban nhân dân tỉnh Lâm Đồng"),
    "doan": (_("tên đoàn"), "tỉnh Lâm Đồng"),
    "nguoi_nhan": (_("đầu mối của đoàn, hoặc cơ quan trả lời"), "Bà Trần Thị Bình"),
    "han_tra_loi": (_("hạn trả lời của đoàn"), "17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024"),
    "con_lai": (_("thời gian còn lại đến hạn"), "còn 1 ngày 1 giờ"),
    "suat": (_("số suất của đoàn"), "07"),
    "thanh_phan": (_("các suất theo thành phần, mỗi dòng một thành phần"), "- Sở A: 01 đại biểu"),
    "da_cu": (_("số người đã cử"), "04"),
    "con_thieu": (_("những gì còn thiếu, mỗi dòng một việc"), "- Báo, Đài tỉnh: chưa cử 01 người"),
    **LINK,
    **OF_CONFERENCE,
}
SECRET = frozenset({"link"})
CLOSING = ("Mọi vấn đề cần trao đổi, xin liên hệ {lien_he}.", "Trân trọng./.", "{co_quan}")
PRIVATE_LINK = "Liên kết này chỉ dành cho đoàn; xin không chuyển tiếp ra ngoài cơ quan."


def _letter(*paragraphs: str) -> str:
    """A text with a blank line between its paragraphs, closed as letters of offices are."""
    return "\n\n".join((*paragraphs, *CLOSING))


KINDS = [
    Kind(
        slug=INVITATION,
        title=_("Mời đoàn"),
        placeholders={"so_van_ban": (_("số, ký hiệu của văn bản mời"), "05/GM-BTTTT"), **OF_DELEGATION},
        secrets=SECRET,
        subject="Giấy mời số {so_van_ban}: {ten_ngan}",
        body=_letter(
            "Kính gửi: {don_vi}",
            "{co_quan} trân trọng kính mời Đoàn {doan} tới dự {hoi_nghi}.",
            "Thời gian: {thoi_gian}.\nĐịa điểm: {dia_diem}.\nSố lượng: {suat} đại biểu, gồm:\n{thanh_phan}",
            "Văn bản mời số {so_van_ban} gửi kèm thư này.",
            "Đề nghị Quý cơ quan gửi danh sách đại biểu trước {han_tra_loi}, tại liên kết riêng của đoàn "
            "(không cần tài khoản):",
            "{link}",
            PRIVATE_LINK,
        ),
    ),
    Kind(
        slug=REMINDER,
        title=_("Nhắc trả lời"),
        placeholders=OF_DELEGATION,
        secrets=SECRET,
        subject="Đề nghị gửi danh sách đại biểu Đoàn {doan}: {ten_ngan}",
        body=_letter(
            "Kính gửi: {don_vi}",
            "Ban Tổ chức {hoi_nghi}, tổ chức {thoi_gian} tại {dia_diem}, chưa nhận đủ trả lời của "
            "Đoàn {doan}.",
            "Hạn trả lời: {han_tra_loi} ({con_lai}).\nĐã cử {da_cu}/{suat} đại biểu. Còn lại:\n{con_thieu}",
            "Đề nghị Quý cơ quan cử đại biểu, hoặc báo không cử và nêu lý do, tại liên kết riêng của đoàn "
            "(không cần tài khoản):",
            "{link}",
            f"{PRIVATE_LINK} Trường hợp đã gửi danh sách, xin bỏ qua thư này.",
        ),
    ),
    Kind(
        slug=RECEIPT,
        title=_("Biên nhận trả lời"),
        placeholders={
            "ma": (_("mã biên nhận"), "7K3M-9QFP-2XDB-4TQA"),
            "lan": (_("lần gửi"), "1"),
            "luc_gui": (_("lúc gửi"), "15 giờ 42 phút, thứ Năm, ngày 30 tháng 5 năm 2024"),
            "noi_dung": (_("nội dung trả lời, một câu"), "Cử 06 đại biểu, 01 suất không cử."),
            **OF_DELEGATION,
        },
        secrets=SECRET,
        subject="Biên nhận trả lời của Đoàn {doan}: {ten_ngan}",
        body=_letter(
            "Kính gửi: {don_vi}",
            "Ban Tổ chức {hoi_nghi} đã nhận trả lời của Đoàn {doan}, lần {lan}, lúc {luc_gui}.",
            "{noi_dung}\nMã biên nhận: {ma}",
            "Hạn sửa danh sách: {han_tra_loi}. Danh sách đã gửi ở liên kết riêng của đoàn:",
            "{link}",
        ),
    ),
    Kind(
        slug=RETURNED,
        title=_("Trả lại danh sách"),
        placeholders={
            "nhan_xet": (_("nhận xét của Ban Tổ chức"), "Thiếu chức vụ của hai đại biểu."),
            **OF_DELEGATION,
        },
        secrets=SECRET,
        subject="Đề nghị bổ sung danh sách đại biểu Đoàn {doan}: {ten_ngan}",
        body=_letter(
            "Kính gửi: {don_vi}",
            "Ban Tổ chức {hoi_nghi} đã xem danh sách của Đoàn {doan} và đề nghị chỉnh lý, bổ sung:",
            "{nhan_xet}",
            "Đề nghị Quý cơ quan sửa rồi gửi lại trước {han_tra_loi}, tại liên kết riêng của đoàn "
            "(không cần tài khoản):",
            "{link}",
        ),
    ),
    Kind(
        slug=ACCEPTED,
        title=_("Tiếp nhận danh sách"),
        placeholders=OF_DELEGATION,
        secrets=SECRET,
        subject="Đã tiếp nhận danh sách đại biểu Đoàn {doan}: {ten_ngan}",
        body=_letter(
            "Kính gửi: {don_vi}",
            "Ban Tổ chức {hoi_nghi} đã tiếp nhận trả lời của Đoàn {doan}: {da_cu} đại biểu.",
            "Trường hợp phải thay người, đề nghị báo sớm cho Ban Tổ chức, tại liên kết riêng của đoàn:",
            "{link}",
        ),
    ),
    Kind(
        slug=PERSONAL,
        title=_("Thư riêng cho đại biểu"),
        placeholders={
            "nguoi_nhan": (_("danh xưng, họ và tên"), "Ông Nguyễn Văn An"),
            "chuc_vu": (_("chức vụ, cấp bậc"), "Phó Giám đốc"),
            "don_vi": (_("đơn vị công tác"), "Sở Thông tin và Truyền thông"),
            "doan": (_("tên đoàn"), "tỉnh Lâm Đồng"),
            "ma": (_("mã đại biểu"), "7K3M-9QFP"),
            **LINK,
            **OF_CONFERENCE,
        },
        secrets=SECRET,
        subject="Thông tin dành cho đại biểu: {ten_ngan}",
        body=_letter(
            "Kính gửi: {nguoi_nhan}",
            "Ban Tổ chức trân trọng thông báo {nguoi_nhan} có tên trong danh sách Đoàn {doan} dự {hoi_nghi}, "
            "tổ chức {thoi_gian} tại {dia_diem}.",
            "Mã đại biểu: {ma}",
            "Chương trình, mã QR để vào hội trường và thông báo về dữ liệu cá nhân có tại trang riêng của "
            "đại biểu:",
            "{link}",
            "Liên kết này chỉ dành cho một người; xin không chuyển tiếp. Nếu thông tin chưa đúng, đề nghị "
            "báo sửa ngay trên trang đó.",
        ),
    ),
]
