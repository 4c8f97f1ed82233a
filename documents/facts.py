"""What the papers say of a conference in words: when it is, what it is about, who chairs it, whom to ask."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from conference import vietnamese, vietnamese_dates
from conference.models import Conference, OrganisingBody
from documents import addressing
from documents.layouts import joined, plain
from sessions import release
from sessions.models import Session

MOST_QUOTED = 2  # legal documents named with their titles; more are named by number only
# Titles that keep their capital after "về".
_NAMED = ("Chương trình", "Chiến lược", "Kế hoạch", "Đề án", "Luật", "Nghị định", "Quy chế", "Quy định")


def moment(at: datetime.datetime) -> str:
    """17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024."""
    return f"{vietnamese_dates.time_in_words(at)}, {day(at)}"


def day(on: datetime.date) -> str:
    """thứ Sáu, ngày 31 tháng 5 năm 2024."""
    return f"{vietnamese_dates.weekday(on)}, {vietnamese_dates.date_in_words(on)}"


def when(conference: Conference) -> str:
    """02 ngày, bắt đầu từ 07 giờ 30 phút, thứ Năm, … đến hết thứ Sáu, …; and when people are received."""
    first, last = conference.starts_on, conference.ends_on
    items = [one for one in release.entries(conference) if not one.is_break]
    opening = next((one for one in items if one.day == first), None)
    start = f"{vietnamese_dates.time_in_words(opening.starts)}, {day(first)}" if opening else day(first)
    if first == last:
        said = f"Từ {start}." if opening else f"{capital(start)}."
    else:
        said = f"{(last - first).days + 1:02} ngày, bắt đầu từ {start} đến hết {day(last)}."
    welcome = next((one for one in items if one.day < first and one.kind == Session.Kind.RECEPTION), None)
    if welcome is not None:
        clock = vietnamese_dates.time_in_words(welcome.starts)
        said += f" Đón tiếp đại biểu từ {clock}, {vietnamese_dates.date_in_words(welcome.day)}."
    return said


def content(conference: Conference) -> str:
    """04 chuyên đề và thảo luận, trao đổi (chương trình đăng tại …); empty while none is released."""
    kinds = [one.kind for one in release.entries(conference)]
    if not kinds:
        return ""
    topics = kinds.count(Session.Kind.TOPIC)
    said = [f"{topics:02} chuyên đề"] if topics else []
    said += ["thảo luận, trao đổi"] if Session.Kind.DISCUSSION in kinds else []
    text, where = " và ".join(said), ""
    if conference.status != Conference.Status.DRAFT:
        page = settings.SITE_URL.partition("://")[2] + reverse("conference:public", args=(conference.slug,))
        where = f"chương trình đăng tại {page}"
    whole = f"{text} ({where})" if text and where else text or where
    return f"{capital(whole)}." if whole else ""


def place(conference: Conference) -> str:
    """Hội trường lớn, thành phố Đà Lạt, tỉnh Lâm Đồng."""
    return addressing.sentence(joined((conference.venue, conference.place)))


def chair(conference: Conference) -> str:
    """Lãnh đạo Bộ …; phối hợp: Ủy ban nhân dân tỉnh Lâm Đồng."""
    role = OrganisingBody.Role
    named: dict[str, list[str]] = {part: [] for part in role.values}
    for body in conference.organising_bodies.select_related("organisation"):
        named[body.role].append(addressing.written_out(body.organisation.name))
    said = [f"Lãnh đạo {joined(named[role.CHAIR] or [conference.issuing_agency])}"]
    for part, word in ((role.PARTNER, "phối hợp"), (role.HOST, "đăng cai")):
        if named[part]:
            said.append(f"{word}: {joined(named[part])}")
    return f"{'; '.join(said)}."


def contact(conference: Conference) -> str:
    """Thông tin liên hệ: Tổ Thư ký, điện thoại …, thư điện tử …"""
    phone, email = conference.contact_phone, plain(conference.contact_email)
    ways = (
        conference.contact_name,
        f"điện thoại {vietnamese.show_phone(phone)}" if phone else "",
        f"thư điện tử {email}" if email else "",
    )
    said = joined(ways)
    return f"Thông tin liên hệ: {said}." if said else ""


def bases(conference: Conference) -> str:
    """Thực hiện Kết luận số 57-KL/TW ngày 15 tháng 6 năm 2023 của Bộ Chính trị về tiếp tục nâng cao …"""
    found = list(conference.legal_bases.all())
    if not found:
        return ""
    return f"Thực hiện {'; '.join(_basis(base, titled=len(found) <= MOST_QUOTED) for base in found)}"


def _basis(base: Any, *, titled: bool) -> str:
    said = plain(base.number)
    if base.issued_on:
        said += f" {vietnamese_dates.date_in_words(base.issued_on)}"
    said += f" của {plain(base.issuer)}"
    if titled and base.title:
        title = plain(base.title).rstrip(".")
        said += f" về {title if title.startswith(_NAMED) else title[:1].lower() + title[1:]}"
    return said


def capital(text: str) -> str:
    """With a capital at the start."""
    return text[:1].upper() + text[1:]
