"""What the letters say, part by part."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees.models import Delegation
from conference.models import Conference, LegalBasis
from documents import facts
from documents.demo.load import load_uninvited
from documents.models import Letter
from documents.wording import Said, Writer, read_along
from sessions.models import Session
from tests.conftest import publish

DAY = datetime.date(2024, 5, 20)
INVITATION, REQUEST = Letter.Kind.INVITATION, Letter.Kind.REQUEST


@pytest.fixture
def demo(db: None) -> Conference:
    return load_uninvited("da-lat-2024")


def write(conference: Conference, kind: str, code: str, day: datetime.date | None = DAY) -> Said:
    delegation = read_along(Delegation.objects.filter(conference=conference)).get(code=code)
    return Writer(conference, kind).write(delegation, number="05/GM-BTTTT", day=day)


def text_of(said: Said, label: str) -> str:
    [block] = [block for block in said.blocks if block.label.endswith(label)]
    return block.text


def test_an_invitation_names_everything_that_the_decree_asks_for(demo: Conference) -> None:
    said = write(demo, INVITATION, "quang-nam")
    first, *_rest, last = said.blocks
    assert first.text == (
        "Bộ Thông tin và Truyền thông trân trọng kính mời: Đoàn đại biểu tỉnh Quảng Nam, gồm 07 đại biểu "
        "theo thành phần: Lãnh đạo Ủy ban nhân dân tỉnh Quảng Nam (01); Ban Tuyên giáo Tỉnh ủy Quảng Nam "
        "(01); Lãnh đạo Sở Thông tin và Truyền thông tỉnh Quảng Nam (01); Cán bộ phụ trách thông tin đối "
        "ngoại (01); Bộ Chỉ huy Bộ đội Biên phòng tỉnh Quảng Nam (01); Công an tỉnh Quảng Nam (01); Báo, "
        "Đài của tỉnh Quảng Nam (01)."
    )
    assert text_of(said, "Tới dự") == f"{demo.title}."
    assert text_of(said, "Chủ trì") == (
        "Lãnh đạo Bộ Thông tin và Truyền thông; phối hợp: Ủy ban nhân dân tỉnh Lâm Đồng."
    )
    assert text_of(said, "Thời gian") == (
        "02 ngày, bắt đầu từ 07 giờ 30 phút, thứ Năm, ngày 06 tháng 6 năm 2024 đến hết thứ Sáu, ngày 07 "
        "tháng 6 năm 2024. Đón tiếp đại biểu từ 14 giờ 00 phút, ngày 05 tháng 6 năm 2024."
    )
    assert text_of(said, "Địa điểm").endswith("thành phố Đà Lạt, tỉnh Lâm Đồng.")
    assert text_of(said, "Nội dung").startswith("04 chuyên đề và thảo luận, trao đổi (chương trình đăng tại ")
    assert text_of(said, "Kinh phí").startswith("Cơ quan cử đại biểu chi trả")
    assert "trước 17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024." in last.text
    assert last.text.endswith(
        "Thông tin liên hệ: Tổ Thư ký Ban Tổ chức, điện thoại 0500 000 000, "
        "thư điện tử bantochuc@hoinghi.example."
    )
    assert said.closing.endswith("./.")
    assert said.place_and_date == "Hà Nội, ngày 20 tháng 5 năm 2024"
    assert said.recipients == (
        "Như trên;", "Ủy ban nhân dân tỉnh Lâm Đồng (để phối hợp);", "Lưu: VT, TTĐN.",
    )  # fmt: skip


def test_a_request_is_addressed_to_the_committee_and_to_bodies_of_the_party_by_themselves(
    demo: Conference,
) -> None:
    said = write(demo, REQUEST, "hai-phong")
    assert said.addressees == (
        "Ủy ban nhân dân thành phố Hải Phòng",
        "Ban Tuyên giáo Thành ủy Hải Phòng",
    )
    assert said.recipients == (
        "Như trên;",
        "Sở Thông tin và Truyền thông thành phố Hải Phòng;",
        "Bộ Chỉ huy Bộ đội Biên phòng thành phố Hải Phòng;",
        "Công an thành phố Hải Phòng;",
        "Báo Hải Phòng;",
        "Ủy ban nhân dân tỉnh Lâm Đồng (để phối hợp);",
        "Lưu: VT, TTĐN.",
    )


def test_a_request_gives_its_reasons_and_numbers_its_points(demo: Conference) -> None:
    said = write(demo, REQUEST, "quang-nam")
    assert said.about.startswith("V/v cử đại biểu tham dự Hội nghị tập huấn")
    assert said.blocks[0].text.startswith(
        "Thực hiện Kết luận số 57-KL/TW ngày 15 tháng 6 năm 2023 của Bộ Chính trị về tiếp tục nâng cao"
    )
    assert (
        "Nghị quyết số 47/NQ-CP ngày 15 tháng 4 năm 2024 của Chính phủ về Chương trình" in said.blocks[0].text
    )
    labels = [block.label for block in said.blocks if block.label]
    assert labels == [
        "1. Chủ trì", "2. Nội dung", "3. Thời gian", "4. Địa điểm", "5. Kinh phí", "6. Thành phần",
        "7. Đăng ký đại biểu",
    ]  # fmt: skip
    [seats] = [block for block in said.blocks if block.items]
    assert seats.text == "07 đại biểu, gồm:"
    assert (seats.items[0], seats.items[-1]) == (
        "Lãnh đạo Ủy ban nhân dân tỉnh Quảng Nam: 01 đại biểu;",
        "Báo, Đài của tỉnh Quảng Nam: 01 đại biểu.",
    )


def test_only_the_seats_of_this_delegation_are_named(demo: Conference) -> None:
    without_border_guard = write(demo, REQUEST, "ha-noi")
    assert len(without_border_guard.seats) == 6
    assert "Bộ Chỉ huy" not in str(without_border_guard)
    assert "Báo Hà Nội mới;" in without_border_guard.recipients


def test_the_city_named_after_a_person_is_written_out_everywhere(demo: Conference) -> None:
    for kind in (INVITATION, REQUEST):
        said = str(write(demo, kind, "ho-chi-minh"))
        assert "Thành phố Hồ Chí Minh" in said
        assert said.count("Hồ Chí Minh") == said.count("Thành phố Hồ Chí Minh")
        assert "UBND" not in said


def test_the_host_is_not_asked_to_help_itself(demo: Conference) -> None:
    assert write(demo, INVITATION, "lam-dong").recipients == ("Như trên;", "Lưu: VT, TTĐN.")


def test_a_central_delegation_is_written_to_by_its_name(demo: Conference) -> None:
    Delegation.objects.create(conference=demo, code="trung-uong", name="Các bộ, ban, ngành Trung ương")
    said = write(demo, REQUEST, "trung-uong")
    assert said.addressees == ("Các bộ, ban, ngành Trung ương",)
    assert said.recipients == ("Như trên;", "Lưu: VT, TTĐN.")
    assert not [block for block in said.blocks if block.items]


def test_its_own_later_deadline_stands_in_the_letter(demo: Conference) -> None:
    later = datetime.datetime(2024, 6, 3, 11, 30, tzinfo=demo.zone)
    demo.delegations.filter(code="quang-nam").update(extended_to=later)
    assert write(demo, INVITATION, "quang-nam").until == "11 giờ 30 phút, thứ Hai, ngày 03 tháng 6 năm 2024"
    assert write(demo, INVITATION, "quang-ninh").until == "17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024"


def test_a_draft_leaves_number_and_day_to_be_filled_in(demo: Conference) -> None:
    draft = write(demo, INVITATION, "quang-nam", day=None)
    assert draft.is_draft
    assert draft.place_and_date.split() == ["Hà", "Nội,", "ngày", "tháng", "5", "năm", "2024"]


def test_days_and_hours_are_said_as_far_as_they_are_known(demo: Conference) -> None:
    Session.objects.filter(conference=demo).delete()
    publish(demo)
    assert facts.when(demo) == (
        "02 ngày, bắt đầu từ thứ Năm, ngày 06 tháng 6 năm 2024 đến hết thứ Sáu, ngày 07 tháng 6 năm 2024."
    )
    assert facts.content(demo) == ""
    demo.ends_on = demo.starts_on
    assert facts.when(demo) == "Thứ Năm, ngày 06 tháng 6 năm 2024."
    Session.objects.create(
        conference=demo, code="x", title="Khai mạc", day=demo.starts_on,
        starts=datetime.time(8), ends=datetime.time(9),
    )  # fmt: skip
    assert facts.when(demo) == "Thứ Năm, ngày 06 tháng 6 năm 2024.", "nobody reads it before it is released"
    publish(demo)
    assert facts.when(demo) == "Từ 08 giờ 00 phút, thứ Năm, ngày 06 tháng 6 năm 2024."


def test_many_legal_documents_are_named_by_number_only(demo: Conference) -> None:
    LegalBasis.objects.create(conference=demo, number="Kế hoạch số 1", issuer="Bộ", title="X", position=9)
    assert " về " not in facts.bases(demo)
    LegalBasis.objects.all().delete()
    assert facts.bases(demo) == ""


def test_a_letter_is_kept_and_read_again_word_for_word(demo: Conference) -> None:
    for kind in (INVITATION, REQUEST):
        said = write(demo, kind, "quang-nam")
        assert Said.from_json(said.as_json()) == said


def test_all_letters_together_ask_the_database_no_more_than_three(demo: Conference) -> None:
    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            writer = Writer(demo, REQUEST)
            rows = Delegation.objects.filter(conference=demo).order_by("position")[:count]
            for delegation in read_along(rows):
                writer.write(delegation, number="1", day=DAY)
        return len(captured)

    assert queries(3) == queries(63)
