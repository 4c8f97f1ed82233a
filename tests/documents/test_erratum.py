"""The erratum: one page, always; and the mark that tells of a print whether it still holds."""

import datetime
from collections.abc import Callable

import pytest

from conference.models import Conference
from documents import storing
from documents.errors import DoesNotFit
from documents.fitting import MM
from documents.layouts_erratum import Told, erratum_rows
from documents.models import Document
from sessions.models import Hall, Participation, Session
from tests.conftest import publish
from tests.documents import reading, samples
from tests.documents.conftest import Ask
from tests.qr_reading import qr_codes
from tests.sessions.plans import move

Work = Callable[[Document], Document]


def made(document: Document) -> bytes:
    assert document.state == Document.State.READY, document.error
    return storing.path(document.file).read_bytes()


@pytest.mark.django_db
def test_it_says_what_was_and_what_is(ask: Ask, work: Work, opening: Session, conference: Conference) -> None:
    hall = Hall.objects.create(conference=conference, name="Phòng họp số 1")
    Participation.objects.create(
        session=opening, full_name="Nguyễn Văn A", title="Thứ trưởng", role="opening"
    )
    move(opening, starts=datetime.time(9), ends=datetime.time(10), hall=hall)
    Session.objects.get(code="giai-lao").delete()
    publish(conference, note="Đại biểu đến muộn.")
    pdf = made(work(ask("erratum")))
    text = reading.text(pdf)
    for part in (
        "THÔNG BÁO", "Số:", "/TB-BTTTT", "Đại biểu đến muộn.", "phiên bản 3 (phát hành lúc 16 giờ 00 phút",
        "08:00 - 09:00, ngày 06/6/2024", "09:00 - 10:00, ngày 06/6/2024",
        "Không có", "Phòng họp số 1", "Thứ trưởng Nguyễn Văn A", "Giải lao", "Hủy",
        "Các nội dung khác của Chương trình không thay đổi.", "Nơi nhận",
    ):  # fmt: skip
        assert reading.letters(part) in reading.letters(text), part
    assert "Chào cờ" not in text, "what did not change is not told"
    assert reading.overlaps(pdf) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["agenda", "agenda-grid", "erratum"])
def test_its_code_leads_to_the_page_of_the_version(ask: Ask, work: Work, opening: Session, kind: str) -> None:
    document = work(ask(kind))
    pdf = made(document)
    assert "Phiên bản 2, ngày 30 tháng 5 năm 2024" in reading.text(pdf)
    pictures = [reading.picture(pdf, page) for page in range(1, document.pages + 1)]
    found = [code.text for picture in pictures for code in qr_codes(picture)]
    assert found == ["http://127.0.0.1:8000/da-lat-2024/programme/versions/2/"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 9, 12, 40])
def test_it_is_one_page_or_a_sentence(ask: Ask, work: Work, conference: Conference, count: int) -> None:
    for number in range(count):
        Session.objects.create(
            conference=conference, code=f"cd-{number}", kind="topic", number=number + 1, title=samples.TOPIC,
            day=conference.starts_on, starts=datetime.time(8), ends=datetime.time(9),
        )  # fmt: skip
    publish(conference)
    for session in conference.sessions.filter(code__startswith="cd-"):
        move(session, starts=datetime.time(10), ends=datetime.time(11))
    publish(conference, note="Ban Tổ chức điều chỉnh thời gian các chuyên đề cho phù hợp.")
    document = work(ask("erratum"))
    if count > 12:
        assert f"có {count} thay đổi, không vừa một trang đính chính" in document.error
        return
    assert (document.state, document.pages) == (Document.State.READY, 1), document.error
    assert reading.overlaps(made(document)) == []


def test_whole_titles_give_way_before_the_type_becomes_small() -> None:
    change = Told(samples.TOPIC, "Chuyên đề 1", "08:00 - 09:00", "10:00 - 11:00")
    assert erratum_rows([change], 100 * MM)[0] == "pt13"
    size, rows = erratum_rows([change] * 8, 100 * MM)
    assert (size, rows[0].what.lines) == ("pt12 brief", ("Chuyên đề 1",))
    with pytest.raises(DoesNotFit):
        erratum_rows([change] * 40, 100 * MM)
