"""Chương trình hội nghị: by day and half day, with the place to sign on its last page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference import programme, vietnamese_dates
from conference.models import Conference
from documents import layouts
from documents.kinds.base import Content, DocumentKind, Subject, signer
from documents.layouts import AgendaRow, plain
from documents.models import Document
from sessions.models import Participation, Release
from sessions.snapshots import Entry, Part

BLANK = "\u2007"  # as wide as a digit: number and day are filled in when the paper is signed


class Agenda(DocumentKind):
    """The whole released programme is one subject: its pages are numbered through."""

    slug = "agenda"
    title = _("Chương trình hội nghị")
    about = _("Theo ngày và buổi; trang cuối có chỗ ký.")
    template = "documents/pdf/agenda.html"
    stylesheets = ("base.css", "official.css")
    tagged = True
    of_people = False

    def subjects(self, document: Document) -> list[Subject]:
        return ["programme"] if document.conference.releases.exists() else []

    def nobody(self, document: Document) -> str:
        return gettext("Chương trình chưa được phát hành. Phát hành phiên bản 1 rồi lập lại.")

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        latest = conference.releases.newest_first()[0]
        mark, images = version_mark(conference, latest)
        today = conference.today()
        context = {
            "paper": self.paper(document),
            "heading": layouts.heading(
                conference.issuing_agency,
                "CHƯƠNG TRÌNH",
                conference.title,
                number=f"Số: {BLANK * 4}/CTr-{plain(conference.symbol)}",
                place_and_date=f"{plain(conference.issue_place)}, ngày {BLANK * 3} "
                f"{vietnamese_dates.date_in_words(today).split(' ', 2)[2]}",
            ),
            "rows": layouts.keep_end_together(list(_rows(conference))),
            "recipients": recipients(conference),
            "signer": signer(conference),
            "mark": mark,
        }
        return Content(context, images)


class VersionMark(NamedTuple):
    """Which version a paper shows, and where it can be asked whether it still holds."""

    number: int
    day: str
    address: str
    picture: str

    @property
    def words(self) -> str:
        return f"(Phiên bản {self.number}, {self.day})"


def version_mark(conference: Conference, made: Release) -> tuple[VersionMark, dict[str, str]]:
    """The mark, and the picture of its code."""
    place = reverse("thematic:programme_version", args=(conference.slug, made.number))
    address = f"{settings.SITE_URL}{place}"
    day = vietnamese_dates.date_in_words(made.released_at.astimezone(conference.zone))
    picture = f"version-{made.number}.png"
    shown = address.partition("://")[2]
    return VersionMark(made.number, day, shown, picture), {picture: address}


def _rows(conference: Conference) -> Iterable[AgendaRow]:
    days = programme.released(conference).days
    halls = Counter(item.session.hall for day in days for _half, items in day.halves for item in items)
    usual = halls.most_common(1)[0][0] if halls else None
    for day in days:
        weekday = vietnamese_dates.weekday(day.on)
        yield AgendaRow(
            "group", f"{weekday[0].upper()}{weekday[1:]}, {vietnamese_dates.date_in_words(day.on)}"
        )
        for half, items in day.halves:
            yield AgendaRow("half", half)
            for item in items:
                yield _row(item.session, show_hall=item.session.hall != usual)


def _row(session: Entry, *, show_hall: bool) -> AgendaRow:
    named = show_hall and session.hall and not session.is_break
    return AgendaRow(
        "pause" if session.is_break else "item",
        plain(session.title),
        f"{vietnamese_dates.clock(session.starts)} - {vietnamese_dates.clock(session.ends)}",
        f"Chuyên đề {session.number}" if session.is_topic and session.number else "",
        tuple(filter(None, [*map(who, session.people), plain(session.note)])),
        plain(session.hall) if named else "",
    )


def who(part: Part) -> str:
    """Thứ trưởng Nguyễn Thanh Lâm, Bộ …; without a name: Báo cáo viên, Bộ …; Điều hành: Cục …"""
    title, name, organisation = plain(part.title), plain(part.full_name), plain(part.organisation_name)
    if name:
        said = layouts.joined((f"{title} {name}", organisation))
    elif title:
        said = _merge(title, organisation)
    elif part.role == Participation.Role.SPEAKER and not organisation.startswith("Đại biểu"):
        said = f"Báo cáo viên, {organisation}"
    else:
        said = organisation
    if part.role in (Participation.Role.CHAIR, Participation.Role.MODERATOR):
        return f"{part.get_role_display()}: {said}"
    return said


def _merge(title: str, organisation: str) -> str:
    """Lãnh đạo Bộ + Bộ Công an → Lãnh đạo Bộ Công an; a title that names the body already stands alone."""
    if organisation in title:
        return title
    first = organisation.split(" ", 1)[0]
    if title.endswith(f" {first}"):
        return title.removesuffix(first) + organisation
    return f"{title}, {organisation}"


def recipients(conference: Conference) -> list[str]:
    host = conference.host_unit
    lines = ["Các đại biểu dự Hội nghị;"]
    if host is not None:
        name = plain(host.full_name)
        lines.append(f"UBND {name[0].lower()}{name[1:]} (để phối hợp);")
    return [*lines, "Lưu: VT."]
