"""The sheets to sign: who stands on them, how they are cut, and the codes by which they are entered."""

import datetime
from collections.abc import Callable
from io import BytesIO
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from attendees.models import Attendee, Delegation
from documents import layouts, layouts_sign_in, storing
from documents.kinds import KINDS
from documents.models import Document
from documents.requests import Scope, describe
from sessions import sheet_codes
from sessions.models import Session, SignUp
from tests.conftest import MakeAttendee
from tests.documents import reading, samples
from tests.documents.conftest import Ask
from tests.qr_reading import qr_codes

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]
KIND = KINDS["sign-in"]


def pdf_of(document: Document) -> bytes:
    assert document.state == Document.State.READY, document.error
    return storing.path(document.file).read_bytes()


def read_codes(pdf: bytes, page: int = 1) -> list[str]:
    return [code.text for code in qr_codes(reading.picture(pdf, page))]


def of(session: Session, *delegations: Delegation) -> Scope:
    return Scope(delegations=delegations, subjects=[session.pk])


def test_every_row_has_a_code_that_a_scanner_reads_and_that_names_session_and_person(
    ask: Ask, work: Work, people: list[Attendee], opening: Session, delegation: Delegation
) -> None:
    pdf = pdf_of(work(ask("sign-in", delegations=[delegation], subjects=[opening.pk])))
    read = [sheet_codes.read(code) for code in read_codes(pdf)]
    assert {one.session for one in read} == {opening.pk}
    assert {one.person for one in read if one.person} == {person.code for person in people[:3]}
    assert [one.delegation for one in read if one.delegation] == [delegation.pk]


def test_each_delegation_begins_a_sheet_with_the_heading_of_the_nation(
    ask: Ask, work: Work, people: list[Attendee], opening: Session
) -> None:
    document = work(ask("sign-in", subjects=[opening.pk]))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf_of(document))).pages]
    assert len(pages) == 2
    assert ["Đoàn tỉnh Quảng Nam" in page for page in pages] == [True, False]
    assert all("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page and "Tờ 1/1" in page for page in pages)
    assert all("08:00 - 09:00, ngày 06 tháng 6 năm 2024" in page for page in pages)
    assert document.total == 4


def test_without_a_session_it_is_the_one_that_comes_next_or_all_of_a_day(
    people: list[Attendee], opening: Session
) -> None:
    conference = opening.conference
    codes = [one.code for one in KIND.sessions(describe("sign-in", conference, by=None, scope=Scope()))]
    assert codes == ["chao-co"]
    of_day = describe("sign-in", conference, by=None, scope=Scope(day=opening.day))
    assert [one.code for one in KIND.sessions(of_day)] == ["chao-co", "khai-mac"]
    other = describe("sign-in", conference, by=None, scope=Scope(day=conference.ends_on))
    assert "Không có phiên nào" in KIND.nobody(other)


def test_where_people_sign_up_the_sheet_names_who_has_a_place(
    people: list[Attendee], opening: Session
) -> None:
    opening.sign_up, opening.places = True, 2
    opening.save()
    SignUp.objects.create(attendee=people[0], code=opening.code, state="taken", made_by="Dan")
    SignUp.objects.create(attendee=people[1], code=opening.code, state="waiting", made_by="Dan")
    document = describe("sign-in", opening.conference, by=None, scope=of(opening))
    subjects = KIND.subjects(document)
    assert subjects == [[opening.pk, people[0].delegation_id, 1]]
    [leaf] = KIND.content(document, subjects).context["leaves"]
    assert [row.name.lines for row in leaf.rows if row.number] == [(people[0].full_name,)]


def test_the_questions_do_not_grow_with_people_sessions_and_delegations(
    people: list[Attendee], opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    def asked(scope: Scope) -> int:
        document = describe("sign-in", opening.conference, by=None, scope=scope)
        document.conference = opening.conference
        with CaptureQueriesContext(connection) as caught:
            KIND.content(document, KIND.subjects(document))
        return len(caught)

    few = asked(of(opening, delegation))
    for n in range(12):
        make_attendee(delegation, f"Lê Thử {n}", status=Attendee.Status.CONFIRMED)
    everything = [one.pk for one in opening.conference.sessions.all()]
    assert asked(Scope(subjects=everything)) == few == 5


# ── The cut, without a database ───────────────────────────────────────────────────────────────────


def cut(rows: list[layouts_sign_in.SignRow], title: str = "Khai mạc") -> list[layouts_sign_in.SignSheet]:
    heading = layouts.heading(samples.AGENCY, "DANH SÁCH ĐẠI BIỂU KÝ NHẬN", "Hội nghị", wide=True)
    head = layouts_sign_in.strip("Đoàn tỉnh Lâm Đồng", f"08:00 - 09:00\n{title}", "KT00", "a.png")
    return layouts_sign_in.sheets(rows, head, agency=heading.agency, about=heading.about)


def row(number: int, name: str = "Lê Văn An", position: str = "Giám đốc") -> layouts_sign_in.SignRow:
    return layouts_sign_in.sign_row(number, name, position, "Sở", ("KY00", "1"), "b.png")


@pytest.mark.parametrize("count", range(1, 70))
def test_nobody_is_lost_and_there_is_room_for_who_is_not_on_the_list(count: int) -> None:
    leaves = cut([row(number) for number in range(1, count + 1)])
    rows = [one for leaf in leaves for one in leaf.rows]
    assert [one.number for one in rows if one.number] == [f"{number:02}" for number in range(1, count + 1)]
    blank = [one for one in leaves[-1].rows if not one.number]
    assert len(blank) >= layouts_sign_in.LEAST_BLANK
    assert [(leaf.number, leaf.of) for leaf in leaves] == [(n + 1, len(leaves)) for n in range(len(leaves))]
    assert all(any(one.number for one in leaf.rows) for leaf in leaves)  # no sheet of blank rows alone


def test_a_usual_delegation_needs_one_sheet() -> None:
    assert [len(cut([row(n) for n in range(1, count + 1)])) for count in (1, 4, 5)] == [1, 1, 1]


@pytest.mark.parametrize(("count", "title"), list(product((1, 7, 60), ("Khai mạc", samples.TOPIC))))
def test_the_sheets_stay_on_their_pages_with_the_worst_that_can_be_typed(
    ask: Ask, work: Work, opening: Session, delegation: Delegation, make_attendee: MakeAttendee,
    count: int, title: str,
) -> None:  # fmt: skip
    opening.title, opening.hall = title[:500], opening.conference.halls.create(name="Hội trường lớn")
    opening.save()
    everybody = samples.PEOPLE + samples.WORST
    for n in range(count):
        _, name, position, organisation, *_ = everybody[n % len(everybody)]
        make_attendee(
            delegation, name[:120], status=Attendee.Status.CONFIRMED, position=position[:200],
            organisation_name=organisation[:200],
        )  # fmt: skip
    scope = of(opening, delegation)
    document = describe("sign-in", opening.conference, by=None, scope=scope)
    leaves = KIND.content(document, KIND.subjects(document)).context["leaves"]
    pdf = pdf_of(work(ask("sign-in", delegations=[delegation], subjects=[opening.pk])))
    assert len(PdfReader(BytesIO(pdf)).pages) == len(leaves) == leaves[-1].number
    assert reading.overlaps(pdf) == []
    said = reading.letters(reading.text(pdf)).replace("\u0301", "")
    for person in delegation.attendees.confirmed():
        assert reading.letters(layouts.plain(person.full_name)).replace("\u0301", "") in said
    assert reading.letters(title) in said


# ── Codes ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_character_and_two_that_changed_places_are_caught(
    people: list[Attendee], opening: Session
) -> None:
    code = sheet_codes.of_row(opening, people[0])
    assert len(code) == sheet_codes.ROW_LENGTH == 15
    wrong = {code[:n] + other + code[n + 1 :] for n in range(2, 15) for other in "0A9Z" if other != code[n]}
    swapped = {code[:n] + code[n + 1] + code[n] + code[n + 2 :] for n in range(2, 14)} - {code}
    for one in wrong | swapped:
        with pytest.raises(ValueError, match="Mã có ký tự sai"):
            sheet_codes.read(one)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.4}-{:.0}", "lower", "dashes"])
def test_a_code_is_read_as_people_type_it(people: list[Attendee], opening: Session, typed: str) -> None:
    code = sheet_codes.of_row(opening, people[0])
    forms = {
        "{}": code, " {} ": f" {code}\r\n", "lower": code.lower(),
        "{:.4}-{:.0}": f"{code[:9]} {code[9:]}", "dashes": "-".join((code[:4], code[4:8], code[8:])),
    }  # fmt: skip
    assert sheet_codes.read(forms[typed]) == (opening.pk, people[0].code, 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "không phải mã của tờ ký"),
        ("KY", "không phải mã của tờ ký"),
        ("x" * 5000, "không phải mã của tờ ký"),
        ("KYÀÁẢÃẠĂẰẮẲẴẶÂẦ", "Mã có ký tự sai"),
        ("HN1ABCDEFGHJKMN", "không phải mã của tờ ký"),
    ],
)
def test_what_is_no_code_of_a_sheet_is_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sheet_codes.read(text)


def test_a_badge_is_told_from_a_row(people: list[Attendee]) -> None:
    with pytest.raises(ValueError, match="Đây là mã thẻ"):
        sheet_codes.read(people[0].code)


def test_the_number_of_a_session_has_a_place_up_to_a_million() -> None:
    session = Session(pk=32**4 - 1, day=datetime.date(2024, 6, 6))
    code = sheet_codes.of_row(session, Attendee(code="7K3M9QFE"))
    assert code.startswith("KYZZZZ")
    with pytest.raises(ValueError, match="no place"):
        sheet_codes.of_row(Session(pk=32**4), Attendee(code="7K3M9QFE"))


def test_a_large_run_is_cut_by_people_and_no_delegation_is_torn(
    people: list[Attendee], opening: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = describe("sign-in", opening.conference, by=None, scope=Scope(subjects=[opening.pk]))
    cut = []
    for most in (100, 3, 1):
        monkeypatch.setattr(type(KIND), "chunk", most)
        cut.append([[one[2] for one in piece] for piece in KIND.parts(document)])
    assert cut == [[[1, 3]], [[1], [3]], [[1], [3]]]
