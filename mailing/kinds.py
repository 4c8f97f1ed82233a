"""What can be written: kinds of letters, each with its own list of places to fill. Named in `MAIL_KINDS`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import vietnamese, vietnamese_dates
from conference.models import Conference
from mailing.errors import MailError


@dataclass(frozen=True)
class Kind:
    """One kind of letter.

    `placeholders`: name → (what stands there, an example). `secrets`: those whose value is fetched when the
    letter leaves and stored nowhere. `ours`: those written by the house itself; only they stay links.
    `is_fixed`: no organiser writes the text anew.
    """

    slug: str
    title: Any
    placeholders: Mapping[str, tuple[Any, str]]
    subject: str
    body: str
    secrets: frozenset[str] = frozenset()
    ours: frozenset[str] = field(default=frozenset({"lien_he", "thu_lien_he"}))
    is_fixed: bool = False

    def label(self, name: str) -> str:
        """What stands in a place, in words."""
        return str(self.placeholders[name][0]) if name in self.placeholders else name


# Places that every kind may have; their values are the same for all letters of a conference.
OF_CONFERENCE: dict[str, tuple[Any, str]] = {
    "hoi_nghi": (gettext_lazy("tên đầy đủ của hội nghị"), "Hội nghị tập huấn công tác thông tin đối ngoại"),
    "ten_ngan": (gettext_lazy("tên ngắn của hội nghị"), "Hội nghị tập huấn thông tin đối ngoại"),
    "thoi_gian": (gettext_lazy("ngày họp"), "từ ngày 06 đến ngày 07 tháng 6 năm 2024"),
    "dia_diem": (gettext_lazy("nơi họp"), "thành phố Đà Lạt, tỉnh Lâm Đồng"),
    "co_quan": (gettext_lazy("cơ quan tổ chức"), "Bộ Thông tin và Truyền thông"),
    "lien_he": (
        gettext_lazy("đầu mối của Ban Tổ chức, điện thoại, thư điện tử"),
        "Tổ Thư ký Ban Tổ chức, điện thoại 0500 000 000, thư điện tử bantochuc@hoinghi.example",
    ),
    "dien_thoai_lien_he": (gettext_lazy("điện thoại của đầu mối"), "0500 000 000"),
    "thu_lien_he": (gettext_lazy("thư điện tử của đầu mối"), "bantochuc@hoinghi.example"),
}


def values_of(conference: Conference) -> dict[str, str]:
    """What stands in the places of `OF_CONFERENCE`."""
    place = ", ".join(filter(None, (conference.venue, conference.place)))
    phone = vietnamese.show_phone(conference.contact_phone) if conference.contact_phone else ""
    ways = (
        conference.contact_name or "Ban Tổ chức",
        f"điện thoại {phone}" if phone else "",
        f"thư điện tử {conference.contact_email}" if conference.contact_email else "",
    )
    short = conference.short_title
    return {
        "hoi_nghi": conference.title,
        "ten_ngan": f"Hội nghị {short}" if short[:1].islower() else short,
        "thoi_gian": vietnamese_dates.date_range_in_words(conference.starts_on, conference.ends_on),
        "dia_diem": place,
        "co_quan": conference.issuing_agency,
        "lien_he": ", ".join(filter(None, ways)),
        "dien_thoai_lien_he": phone,
        "thu_lien_he": conference.contact_email,
    }


def all_kinds() -> dict[str, Kind]:
    """Every kind of letter by its slug, those of the rooms above too."""
    return _read(tuple(settings.MAIL_KINDS))


def editable() -> dict[str, Kind]:
    """Those whose text is that of the organisers."""
    return {slug: kind for slug, kind in all_kinds().items() if not kind.is_fixed}


def get(slug: str) -> Kind:
    """The kind of that slug; `MailError` where there is none (any more)."""
    found = all_kinds().get(slug)
    if found is None:
        raise MailError(_("Không có loại thư này."))
    return found


def title_of(slug: str) -> str:
    """What a kind is called; for one that is gone its slug."""
    found = all_kinds().get(slug)
    return str(found.title) if found else slug


@cache
def _read(names: tuple[str, ...]) -> dict[str, Kind]:
    return {kind.slug: kind for name in names for kind in import_string(name)}


NOTICE = Kind(
    slug="notice",
    title=gettext_lazy("Thông báo"),
    placeholders={
        "nguoi_nhan": (gettext_lazy("người nhận"), "Ông Nguyễn Văn An"),
        **OF_CONFERENCE,
    },
    subject="Thông báo: {ten_ngan}",
    body="""Kính gửi: {nguoi_nhan}

Ban Tổ chức {hoi_nghi}, tổ chức {thoi_gian} tại {dia_diem}, trân trọng thông báo:



Mọi vấn đề cần trao đổi, xin liên hệ {lien_he}.

Trân trọng./.

{co_quan}
""",
)

HEADS = Kind(
    slug="heads",
    title=gettext_lazy("Đầu chuỗi nhật ký"),
    placeholders={
        "ngay": (gettext_lazy("ngày lập thư"), "ngày 06 tháng 6 năm 2024"),
        "dau_chuoi": (
            gettext_lazy("đầu chuỗi: của hội nghị, và của các việc ngoài hội nghị"),
            f"3/1204/{'9f86d081' * 8}\n0/77/{'2c26b46b' * 8}",
        ),
        **OF_CONFERENCE,
    },
    subject="Đầu chuỗi nhật ký, {ngay}: {ten_ngan}",
    body="\n\n".join(
        (
            "Kính gửi: Người giữ đầu chuỗi nhật ký",
            "Đầu chuỗi nhật ký của {ten_ngan} và của các việc ngoài hội nghị, {ngay}:",
            "{dau_chuoi}",
            "Thư này gửi mỗi ngày một lần cho từng người giữ, không cần trả lời. Việc cần làm:",
            "1. Giữ thư này ở nơi người quản trị máy chủ không sửa, không xóa được.",
            "2. Khi cần biết nhật ký có bị sửa không (khiếu nại, thanh tra, nghi ngờ): yêu cầu người quản "
            "trị máy chủ chạy lệnh sau trước mặt mình; sau --head là các dòng trên, của nhiều thư nếu có:",
            "manage.py journal verify --head DÒNG DÒNG",
            "Lệnh kết thúc không báo lỗi: các việc ghi trước lúc lập thư còn nguyên. Lệnh báo “The journal "
            "is not as it was written”: đã có dòng bị sửa, xóa hoặc lập lại; giữ nguyên máy chủ và báo người "
            "có thẩm quyền.",
            "3. Ngày nào đến trưa chưa nhận được thư này: hỏi {lien_he}.",
        )
    ),
    is_fixed=True,  # what it asks of its keeper is not for those to change whose acts it secures
)

OWN = [NOTICE, HEADS]
