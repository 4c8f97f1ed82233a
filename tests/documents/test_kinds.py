"""Every kind of paper, from the database to the text in the file."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from attendees import badge_code, codes
from attendees.models import Attendee, Delegation
from conference.models import Conference, Unit
from documents import storing
from documents.kinds import KINDS
from documents.kinds.agenda import who
from documents.kinds.base import delegation_title, file_name, team
from documents.models import Certificate, Document
from sessions.models import Participation
from tests.documents import reading
from tests.documents.conftest import Ask
from tests.qr_reading import qr_codes

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]
DOTS = 203  # to an inch: what a printer of labels has
OFFERED = [slug for slug, one in KINDS.items() if one.is_offered]


def test_whoever_is_offered_a_paper_reads_what_it_is_good_for() -> None:
    assert [slug for slug in OFFERED if not KINDS[slug].about] == []


def made(document: Document) -> bytes:
    assert document.state == Document.State.READY, document.error
    return storing.path(document.file).read_bytes()


@pytest.mark.parametrize("kind", OFFERED)
@pytest.mark.usefixtures("issued")
def test_a_paper_of_each_kind_says_what_the_database_holds(
    ask: Ask, work: Work, conference: Conference, people: list[Attendee], kind: str
) -> None:
    document = work(ask(kind))
    said = reading.letters(reading.text(made(document))).casefold()
    expected = [conference.issuing_agency, "Dữ liệu minh họa"]
    if kind in ("agenda", "agenda-grid"):
        expected += [session.title for session in conference.sessions.all()]
    elif kind == "erratum":
        expected += ["Phát biểu khai mạc", "Phiên bản 2", "Không có", "08:00 - 09:00"]
    elif kind == "morning":
        expected += ["4/5", "Lâm Đồng", "Đoàn đủ người (1): Quảng Nam 1", "07:00 - 08:00", "Chào cờ"]
    elif kind in ("invitation", "nomination-request"):
        expected += ["Đoàn đại biểu tỉnh Quảng Nam", "Đoàn đại biểu tỉnh Lâm Đồng", "03"]
    elif kind in ("badges-blank", "badges-label-blank"):
        expected += ["Họ và tên", "Đại biểu"]
    elif kind == "delegation-signs":
        expected += ["Đoàn tỉnh Quảng Nam", "Đoàn tỉnh Lâm Đồng"]
    elif kind == "seat-cards":
        expected += [person.full_name for person in people] + ["Chỗ ngồi"]
    elif kind == "meal-tickets":
        expected += [person.full_name for person in people] + ["Bữa trưa", "06/6/2024"]
    else:
        expected += [person.full_name for person in people] + ["Phó Giám đốc"]
    for text in expected:
        assert reading.letters(text).casefold() in said
    assert document.pages >= 1
    assert document.size == len(made(document))


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize("kind", ["badges", "certificates"])
def test_pieces_are_joined_in_their_order(ask: Ask, work: Work, people: list[Attendee], kind: str) -> None:
    text = reading.text(made(work(ask(kind))))
    places = [
        text.index(name.upper()) for name in ("Nguyễn Thị Thu Hương", "H' Linh Niê Kđăm", "Hà Trung Thọ")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("pieces", [True, False])
@pytest.mark.parametrize("kind", [one for one in OFFERED if KINDS[one].may_be_each and KINDS[one].of_people])
@pytest.mark.usefixtures("issued")
def test_an_archive_holds_one_file_for_each_person_by_delegation(
    ask: Ask, work: Work, people: list[Attendee], kind: str, pieces: bool, request: pytest.FixtureRequest
) -> None:
    if pieces:
        request.getfixturevalue("small_pieces")
    document = work(ask(kind, each=True))
    assert document.file.endswith(".zip")
    with zipfile.ZipFile(storing.path(document.file)) as archive:
        names = archive.namelist()
        assert sorted({name.split("/")[0] for name in names}) == [
            "49 Đoàn tỉnh Quảng Nam",
            "68 Đoàn tỉnh Lâm Đồng",
        ]
        assert len(names) == len(set(names)) == document.total == document.pages == 4
        for name in names:
            [person] = [person for person in people if file_name(person.full_name) in name]
            text = reading.text(archive.read(name))
            assert person.full_name.upper() in text
            assert not any(other.full_name.upper() in text for other in people if other != person)


@pytest.mark.parametrize(
    "kind", [slug for slug, one in KINDS.items() if one.each_title == "mỗi đoàn một tệp"]
)
def test_an_archive_holds_one_file_for_each_delegation(
    ask: Ask, work: Work, people: list[Attendee], kind: str
) -> None:
    document = work(ask(kind, each=True))
    with zipfile.ZipFile(storing.path(document.file)) as archive:
        names = archive.namelist()
        texts = [reading.text(archive.read(name)) for name in names]
    assert [name.split(" - ")[0] for name in names] == ["49 Đoàn tỉnh Quảng Nam", "68 Đoàn tỉnh Lâm Đồng"]
    assert ["tỉnh Quảng Nam" in text for text in texts] == [True, False]
    assert document.total == 2


def test_a_badge_carries_the_token_in_its_code_and_the_short_code_beside_it(
    ask: Ask, work: Work, people: list[Attendee]
) -> None:
    pdf = made(work(ask("badges", attendees=people[:1], each=False)))
    read = qr_codes(reading.picture(pdf))
    assert [code.text for code in read] == [badge_code.of(people[0])]
    assert codes.group(people[0].code) in reading.text(pdf)


@pytest.mark.usefixtures("issued")
def test_small_badges_stand_eight_on_a_sheet_and_can_be_read(
    ask: Ask, work: Work, people: list[Attendee]
) -> None:
    document = work(ask("badges-a7"))
    assert document.pages == 1
    read = qr_codes(reading.picture(made(document), dpi=300))
    assert {code.text for code in read} == {badge_code.of(person) for person in people}


@pytest.mark.usefixtures("issued")
def test_labels_stand_one_a_page_and_are_read_as_a_printer_of_dots_draws_them(
    ask: Ask, work: Work, people: list[Attendee]
) -> None:
    document = work(ask("badges-label"))
    pdf = made(document)
    assert document.pages == len(people) + 2  # and one before each delegation
    sizes = {(float(one.mediabox.width), float(one.mediabox.height)) for one in PdfReader(BytesIO(pdf)).pages}
    [(width, height)] = sizes
    assert (width * reading.MM, height * reading.MM) == pytest.approx((86, 124), abs=0.01)
    found = {}
    for number in range(1, document.pages + 1):
        dots = reading.picture(pdf, number, dpi=DOTS).point(lambda grey: 255 if grey > 127 else 0)
        found |= {code.text: code.position for code in qr_codes(dots)}
    assert set(found) == {badge_code.of(person) for person in people}
    for place in found.values():
        assert (place.top_right.x - place.top_left.x) / DOTS * 25.4 == pytest.approx(29, abs=0.5)


@pytest.mark.usefixtures("issued")
def test_a_certificate_carries_its_number_its_code_and_where_to_check_it(
    ask: Ask, work: Work, people: list[Attendee]
) -> None:
    pdf = made(work(ask("certificates", attendees=people[:1])))
    certificate = Certificate.objects.get(attendee=people[0])
    text = reading.text(pdf)
    for part in (
        f"Số: {certificate.full_number}",
        codes.group(certificate.code),
        "127.0.0.1:8000/v/",
        "Bản chưa ký số",
    ):
        assert part in text
    assert "Chứng nhận bà" in text
    assert "Hà Nội, ngày 07 tháng 6 năm 2024" in text
    read = qr_codes(reading.picture(pdf))
    assert [code.text for code in read] == [f"http://127.0.0.1:8000/v/{certificate.code}"]


def test_a_repeated_piece_has_the_same_bytes(ask: Ask, work: Work) -> None:
    assert work(ask("badges")).sha256 == work(ask("badges")).sha256


def test_hostile_names_stay_text_and_safe_file_names(ask: Ask, work: Work, people: list[Attendee]) -> None:
    people[0].full_name = "../../<script>alert(1)</script>: Lê\u0301"
    people[0].save()
    document = work(ask("badges", attendees=people[:1], each=True))
    with zipfile.ZipFile(storing.path(document.file)) as archive:
        [name] = archive.namelist()
        assert "<SCRIPT>ALERT(1)</SCRIPT>" in reading.text(archive.read(name))
    assert name.count("/") == 1
    assert not set(name) & set('\\:*?"<>|')


def test_a_letter_without_a_font_fails_the_only_paper_with_a_sentence(
    ask: Ask, work: Work, people: list[Attendee]
) -> None:
    people[0].full_name = "Nguyễn 😀 An"
    people[0].save()
    document = work(ask("badges", attendees=people[:1], each=True))
    assert document.state == Document.State.FAILED
    assert "“😀” (U+1F600)" in document.error


def test_the_team_of_a_badge_and_the_title_of_a_delegation(
    delegation: Delegation, conference: Conference
) -> None:
    city = Delegation(
        conference=conference, unit=Unit.objects.get(slug="ho-chi-minh", unit_set="63"), name="x"
    )
    centre = Delegation(conference=conference, name="Báo chí Trung ương")
    assert [team(one) for one in (delegation, city, centre)] == [
        ("Đoàn", "Lâm Đồng"),
        ("Đoàn", "Thành phố Hồ Chí Minh"),
        ("Khối", "Báo chí Trung ương"),
    ]
    assert [delegation_title(one) for one in (delegation, centre)] == [
        "Đoàn tỉnh Lâm Đồng",
        "Báo chí Trung ương",
    ]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            {"full_name": "Nguyễn Thanh Lâm", "title": "Thứ trưởng", "organisation_name": "Bộ A"},
            "Thứ trưởng Nguyễn Thanh Lâm, Bộ A",
        ),
        ({"organisation_name": "Bộ A"}, "Báo cáo viên, Bộ A"),
        ({"organisation_name": "Đại biểu tỉnh B"}, "Đại biểu tỉnh B"),
        ({"title": "Lãnh đạo Bộ", "organisation_name": "Bộ A"}, "Lãnh đạo Bộ A"),
        ({"title": "Lãnh đạo UBND tỉnh", "organisation_name": "UBND tỉnh"}, "Lãnh đạo UBND tỉnh"),
        ({"role": "moderator", "organisation_name": "Cục B"}, "Điều hành: Cục B"),
    ],
)
def test_who_does_what_in_the_agenda(part: dict[str, str], said: str) -> None:
    assert who(Participation(**part)) == said


@pytest.mark.parametrize(
    ("text", "name"),
    [("a/b\\c", "a b c"), (" ..x.. ", "x"), ("", "_"), ("Lê" * 90, "Lê" * 40), ('1:2*3?"<4>|', "1 2 3 4")],
)
def test_file_names_are_safe_on_every_system(text: str, name: str) -> None:
    assert file_name(text) == name
