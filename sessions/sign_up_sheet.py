"""Who signed up to what as a workbook: a sheet of figures, a sheet of names."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from attendees import codes
from conference import vietnamese_dates
from conference.models import Conference
from sessions.models import SignUp
from sessions.offers import Offer


def name(conference: Conference) -> str:
    """What to call the file."""
    return f"{_('Đăng ký phiên')} - {conference.slug} - {conference.today():%Y-%m-%d}.xlsx"


def content(conference: Conference, offers: Sequence[Offer]) -> bytes:
    """The file: of these sessions, in their order; in each those with a place, then the queue."""
    from openpyxl import Workbook  # 10 MiB of every process

    from attendees.workbook_cells import write_table  # it loads it too

    book = Workbook()
    figures: Any = book.active
    figures.title = _("Tổng hợp")
    head = [_("Ngày"), _("Giờ"), _("Phiên"), _("Hội trường"), _("Số chỗ"), _("Đã đăng ký"), _("Đang chờ")]
    write_table(figures, head, map(_figures, offers))
    head = [
        _("Phiên"), _("Tình trạng"), _("Thứ tự chờ"), _("Họ và tên"), _("Chức vụ"), _("Đơn vị công tác"),
        _("Đoàn"), _("Thành phần"), _("Mã đại biểu"), _("Đăng ký lúc"), _("Người đăng ký"),
    ]  # fmt: skip
    write_table(book.create_sheet(_("Danh sách")), head, _names(conference, offers))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _figures(offer: Offer) -> list[Any]:
    entry = offer.entry
    hours = vietnamese_dates.time_range(entry.starts, entry.ends)
    return [entry.day, hours, entry.headline, entry.hall, offer.capacity, offer.taken, offer.waiting]


def _names(conference: Conference, offers: Sequence[Offer]) -> Iterable[list[Any]]:
    rows = people(conference, [offer.code for offer in offers])
    for offer in offers:
        turn = 0
        for row in rows.get(offer.code, []):
            turn += row.state == SignUp.State.WAITING
            person = row.attendee
            yield [
                offer.entry.headline,
                str(row.get_state_display()),
                turn or None,
                person.full_name,
                person.title,
                person.organisation_name,
                person.delegation.name,
                person.category.name,
                codes.group(person.code),
                row.made_at.astimezone(conference.zone),
                row.made_by,
            ]


def people(conference: Conference, sessions: Sequence[str]) -> dict[str, list[SignUp]]:
    """Code of a session → its people: with a place, by delegation and name; then the queue. One query."""
    rows = SignUp.objects.of(conference).filter(code__in=sessions).active()
    related = rows.select_related("attendee__delegation__unit", "attendee__category")
    found: dict[str, list[SignUp]] = {}
    for row in sorted(related.in_turn(), key=_order):
        found.setdefault(row.code, []).append(row)
    return found


def _order(row: SignUp) -> tuple[Any, ...]:
    if row.state == SignUp.State.WAITING:
        return (1, row.pk)
    person = row.attendee
    return (0, person.delegation.position, person.delegation.code, person.sort_key, row.pk)
