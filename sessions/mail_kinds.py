"""What is written about the programme. Named in `MAIL_KINDS`.

`announcing`, `asking`, `returning` and `passing_on` know the values.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mailing.kinds import OF_CONFERENCE, Kind

PROGRAMME, SPEAKER, RETURNED = "programme", "speaker", "speaker-returned"
PLACE, PLACE_OF = "place", "place-of-member"
_PLACE = {
    "phien": (_("phiên có chỗ"), "Chuyên đề 2: Truyền thông chính sách"),
    "luc_hop": (_("thời gian của phiên"), "08:45–09:45, thứ Năm, 06/6/2024"),
    "noi_hop": (_("hội trường của phiên"), "Phòng họp số 1"),
    "da_nhuong": (_("phiên trùng giờ đã nhường lại, nếu có"), "Chỗ trước đây đã nhường lại: Chuyên đề 1."),
    **OF_CONFERENCE,
}
_END = ("Mọi vấn đề cần trao đổi, xin liên hệ {lien_he}.", "Trân trọng./.", "{co_quan}")

KINDS = [
    Kind(
        slug=PROGRAMME,
        title=_("Thay đổi chương trình"),
        placeholders={
            "nguoi_nhan": (_("người nhận"), "Ủy ban nhân dân tỉnh Lâm Đồng"),
            "phien_ban": (_("số phiên bản của chương trình"), "2"),
            "luc_phat_hanh": (_("lúc phát hành"), "10 giờ 15 phút, thứ Hai, ngày 03 tháng 6 năm 2024"),
            "thong_bao": (_("nội dung thông báo của Ban Tổ chức"), "Chuyên đề 2 chuyển sang buổi chiều."),
            "thay_doi": (
                _("các thay đổi liên quan, mỗi dòng một phiên"),
                "- Trao đổi, hỏi đáp. Địa điểm: Hội trường lớn → Phòng họp số 1",
            ),
            "dia_chi": (
                _("địa chỉ của phiên bản trên trang công khai"),
                "https://hoinghi.example/da-lat-2024/programme/versions/2/",
            ),
            **OF_CONFERENCE,
        },
        ours=frozenset({"lien_he", "thu_lien_he", "dia_chi"}),
        subject="Chương trình, phiên bản {phien_ban}: {ten_ngan}",
        body="\n\n".join(
            (
                "Kính gửi: {nguoi_nhan}",
                "Ban Tổ chức {hoi_nghi} đã phát hành phiên bản {phien_ban} của chương trình, lúc "
                "{luc_phat_hanh}. {thong_bao}",
                "Những nội dung liên quan tới Quý cơ quan, Quý đại biểu:\n{thay_doi}",
                "Chương trình đầy đủ và các thay đổi khác:\n{dia_chi}",
                "Mọi vấn đề cần trao đổi, xin liên hệ {lien_he}.",
                "Trân trọng./.",
                "{co_quan}",
            )
        ),
    ),
    Kind(
        slug=SPEAKER,
        title=_("Mời báo cáo viên"),
        placeholders={
            "nguoi_nhan": (_("danh xưng, họ và tên"), "Ông Nguyễn Văn An"),
            "chuc_vu": (_("chức vụ, cấp bậc"), "Phó Giám đốc"),
            "don_vi": (_("đơn vị công tác"), "Sở Thông tin và Truyền thông"),
            "phan_viec": (
                _("các phiên của người đó, mỗi dòng một phiên"),
                "- Báo cáo viên: Một số điểm mới (08:45–09:45, thứ Năm, 06/6/2024, Hội trường lớn)",
            ),
            "link": (_("liên kết riêng"), "https://hoinghi.example/l/XXXXXXXX"),
            **OF_CONFERENCE,
        },
        secrets=frozenset({"link"}),
        subject="Mời tham gia chương trình: {ten_ngan}",
        body="\n\n".join(
            (
                "Kính gửi: {nguoi_nhan}",
                "Ban Tổ chức {hoi_nghi}, tổ chức {thoi_gian} tại {dia_diem}, trân trọng kính mời "
                "{nguoi_nhan} tham gia:\n{phan_viec}",
                "Đề nghị {nguoi_nhan} trả lời, gửi phần giới thiệu, ảnh và yêu cầu phục vụ tại liên kết "
                "riêng (không cần tài khoản), mục “Phần tham gia chương trình”:",
                "{link}",
                "Liên kết này chỉ dành cho một người; xin không chuyển tiếp. Mọi vấn đề cần trao đổi, xin "
                "liên hệ {lien_he}.",
                "Trân trọng./.",
                "{co_quan}",
            )
        ),
    ),
    Kind(
        slug=RETURNED,
        title=_("Trả lại nội dung của báo cáo viên"),
        placeholders={
            "nguoi_nhan": (_("danh xưng, họ và tên"), "Ông Nguyễn Văn An"),
            "noi_dung": (_("nội dung được trả lại"), "phần giới thiệu"),
            "nhan_xet": (_("nhận xét của Ban Tổ chức"), "Ảnh chưa rõ mặt, đề nghị gửi ảnh khác."),
            "link": (_("liên kết riêng"), "https://hoinghi.example/l/XXXXXXXX"),
            **OF_CONFERENCE,
        },
        secrets=frozenset({"link"}),
        subject="Đề nghị sửa {noi_dung}: {ten_ngan}",
        body="\n\n".join(
            (
                "Kính gửi: {nguoi_nhan}",
                "Ban Tổ chức {hoi_nghi} đã nhận {noi_dung} và đề nghị sửa như sau:\n{nhan_xet}",
                "Đề nghị {nguoi_nhan} sửa và gửi lại tại liên kết riêng (không cần tài khoản), mục “Phần "
                "tham gia chương trình”:",
                "{link}",
                "Liên kết này chỉ dành cho một người; xin không chuyển tiếp. Mọi vấn đề cần trao đổi, xin "
                "liên hệ {lien_he}.",
                "Trân trọng./.",
                "{co_quan}",
            )
        ),
    ),
    Kind(
        slug=PLACE,
        title=_("Có chỗ ở phiên đã đăng ký chờ"),
        placeholders={
            "nguoi_nhan": (_("danh xưng, họ và tên"), "Ông Nguyễn Văn An"),
            "link": (_("liên kết riêng"), "https://hoinghi.example/l/XXXXXXXX"),
            **_PLACE,
        },
        secrets=frozenset({"link"}),
        subject="Đã có chỗ: {phien}",
        body="\n\n".join(
            (
                "Kính gửi: {nguoi_nhan}",
                "Ban Tổ chức {hoi_nghi} trân trọng thông báo: {nguoi_nhan} đã có chỗ ở phiên đăng ký chờ.",
                "{phien}\n{luc_hop}, {noi_hop}\n{da_nhuong}",
                "Xem hoặc đổi lựa chọn tại liên kết riêng (không cần tài khoản), mục “Đăng ký phiên”:",
                "{link}",
                *_END,
            )
        ),
    ),
    Kind(
        slug=PLACE_OF,
        title=_("Có chỗ ở phiên đã đăng ký chờ (gửi đoàn)"),
        placeholders={
            "nguoi_nhan": (_("người nhận"), "Ủy ban nhân dân tỉnh Lâm Đồng"),
            "dai_bieu": (_("danh xưng, họ và tên của đại biểu"), "Ông Nguyễn Văn An"),
            "dia_chi": (
                _("địa chỉ trang đăng ký phiên của đoàn"),
                "https://hoinghi.example/da-lat-2024/delegations/lam-dong/choices/",
            ),
            **_PLACE,
        },
        ours=frozenset({"lien_he", "thu_lien_he", "dia_chi"}),
        subject="Đã có chỗ cho {dai_bieu}: {phien}",
        body="\n\n".join(
            (
                "Kính gửi: {nguoi_nhan}",
                "Ban Tổ chức {hoi_nghi} trân trọng thông báo: {dai_bieu} đã có chỗ ở phiên đăng ký chờ. Đại "
                "biểu chưa có địa chỉ thư điện tử, đề nghị Quý cơ quan báo lại.",
                "{phien}\n{luc_hop}, {noi_hop}\n{da_nhuong}",
                "Xem hoặc đổi lựa chọn ở trang của đoàn:\n{dia_chi}",
                *_END,
            )
        ),
    ),
]
