"""A list is looked at, taken as a whole or not at all, and taken back."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from attendees import answers, erasing, importing, links
from attendees.holding import Stale
from attendees.models import Attendee, Category, ColumnMemory, Correction, Delegation, ImportBatch, Link
from conference import storing
from conference.models import JournalEntry, User
from conference.purposes import ERASED_NAME
from sessions.models import Participation, SignUp, SpeakerProfile
from tests.attendees.lists import (
    AN,
    BINH,
    CUONG,
    acts,
    everything,
    file,
    people,
    shown,
    stage,
    told,
)
from tests.attendees.portal import close
from tests.conference.test_views import make_session
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db


# ── Looked at ─────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_shown_before_anything_changes(delegation: Delegation, dan: User) -> None:
    comparison = shown(stage(delegation, AN, BINH, by=dan), dan)
    assert (acts(comparison), told(comparison)) == (["new", "new"], [])
    assert comparison.rows[0].attendee.phone == "+84905123318"
    assert [row.category.slug for row in comparison.rows] == ["department", "press"]
    assert not delegation.attendees.exists()
    assert not JournalEntry.objects.exists()


def test_a_taken_list_stands_on_the_delegations_list(delegation: Delegation, dan: User) -> None:
    batch = stage(delegation, AN, BINH, by=dan)
    importing.take(batch, by=dan, version=shown(batch, dan).version)
    assert people(delegation) == [
        ("Nguyễn Văn An", "department", "nominated"),
        ("Trần Thị Bình", "press", "nominated"),
    ]
    one = delegation.attendees.get(full_name="Nguyễn Văn An")
    assert (one.birth_year, one.phone, one.position) == (1975, "+84905123318", "Phó Giám đốc")
    assert one.code.lower() in one.search_key
    assert Attendee.objects.search("0905123318").get() == one
    delegation.refresh_from_db()
    assert (delegation.status, delegation.answered_by, delegation.version) == ("answering", dan, 2)


def test_every_act_is_recorded_once_per_person_and_once_for_the_list(
    delegation: Delegation, dan: User
) -> None:
    batch = stage(delegation, AN, BINH, by=dan)
    importing.take(batch, by=dan)
    entries = list(JournalEntry.objects.order_by("pk"))
    assert [(one.act, one.subject_name) for one in entries] == [
        ("nominate", "Nguyễn Văn An"),
        ("nominate", "Trần Thị Bình"),
        ("answer", "Tỉnh Lâm Đồng"),
        ("import", "danh-sach.xlsx"),
    ]
    assert {one.actor for one in entries} == {dan}
    assert {one.delegation_ref for one in entries} == {delegation.pk}
    assert entries[-1].changes == {"Thêm mới": ["", 2]}


# ── Sent again ────────────────────────────────────────────────────────────────────────────────────


def test_the_same_file_again_changes_nothing(delegation: Delegation, dan: User) -> None:
    conference, sent = delegation.conference, file(AN, BINH)
    importing.take(importing.stage(conference, sent, by=dan, delegation=delegation), by=dan)
    before, entries = everything(delegation), JournalEntry.objects.count()
    again = importing.stage(conference, sent, by=dan, delegation=delegation)
    assert acts(shown(again, dan)) == ["same", "same"]
    importing.take(again, by=dan)
    assert everything(delegation) == before
    assert JournalEntry.objects.count() == entries + 1  # that a list was taken, and nothing else
    delegation.refresh_from_db()
    assert delegation.version == 2


def test_a_file_sent_twice_before_it_is_taken_is_one_batch(delegation: Delegation, dan: User) -> None:
    conference, sent = delegation.conference, file(AN)
    first, again, of_another = (
        importing.stage(conference, sent, by=by, delegation=delegation) for by in (dan, dan, None)
    )
    assert first == again != of_another


def test_a_list_taken_twice_is_taken_once(delegation: Delegation, dan: User) -> None:
    batch = stage(delegation, AN, by=dan)
    importing.take(batch, by=dan)
    entries = JournalEntry.objects.count()
    assert importing.take(batch, by=dan).state == ImportBatch.State.TAKEN
    assert (delegation.attendees.count(), JournalEntry.objects.count()) == (1, entries)


def test_a_changed_list_updates_and_doubles_nobody(delegation: Delegation, dan: User) -> None:
    importing.take(stage(delegation, AN, BINH, by=dan), by=dan)
    promoted = (1, "NGUYỄN VĂN AN", 1975, "Giám đốc", "Sở TTTT Lâm Đồng", "", "0905 123 318")
    batch = stage(delegation, promoted, CUONG, by=dan)
    comparison = shown(batch, dan)
    assert acts(comparison) == ["changed", "new"]
    assert comparison.rows[0].changes == {"position": ["Phó Giám đốc", "Giám đốc"]}
    importing.take(batch, by=dan)
    assert [name for name, *_ in people(delegation)] == ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường"]
    one = delegation.attendees.get(full_name="Nguyễn Văn An")
    assert (one.position, one.version) == ("Giám đốc", 2)
    assert "giam doc" in one.search_key
    assert JournalEntry.objects.get(act="edit").changes == {"position": ["Phó Giám đốc", "Giám đốc"]}


def test_who_is_absent_from_the_file_stays_and_an_empty_cell_takes_nothing_away(
    delegation: Delegation, dan: User
) -> None:
    importing.take(stage(delegation, AN, BINH, by=dan), by=dan)
    bare = (1, "Nguyễn Văn An", 1975, "", "", "", "")
    comparison = shown(stage(delegation, bare, by=dan), dan)
    assert acts(comparison) == ["same"]
    assert delegation.attendees.active().count() == 2


# ── Who is who ────────────────────────────────────────────────────────────────────────────────────


def test_a_code_finds_its_person_whatever_else_has_changed(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, "Nguyễn Văn An", birth_year=1970)
    row = (person.code, "Nguyễn Văn An", 1975)
    comparison = shown(stage(delegation, row, headings=("Mã đại biểu", "Họ và tên", "Năm sinh")))
    assert comparison.rows[0].current == person
    assert comparison.rows[0].changes == {"birth_year": [1970, 1975]}


@pytest.mark.parametrize("code", ["7K3M9QFF", "abc"])
def test_a_wrong_code_is_refused_at_its_cell(delegation: Delegation, code: str) -> None:
    comparison = shown(stage(delegation, (code, "Nguyễn Văn An"), headings=("Mã đại biểu", "Họ và tên")))
    assert ("A2", "error", "code") in told(comparison)
    assert acts(comparison) == ["refused"]


def test_a_code_of_another_delegation_is_as_unknown_as_one_of_nobody(
    delegation: Delegation, other_delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    foreign = make_attendee(other_delegation, "Nguyễn Văn An")
    row = (foreign.code, "Nguyễn Văn An")
    comparison = shown(stage(delegation, row, headings=("Mã đại biểu", "Họ và tên"), by=dan), dan)
    assert told(comparison)[0] == ("A2", "error", "code-unknown")
    assert "Quảng Nam" not in comparison.problems[0].sentence


@pytest.mark.parametrize(
    ("on_list", "in_file", "act"),
    [
        ({"birth_year": 1975}, {"year": 1975}, "changed"),
        ({"birth_year": 1975, "organisation_name": "Sở TTTT"}, {"year": 1975}, "changed"),
        ({"organisation_name": "Sở TTTT"}, {"year": 1975, "body": "Sở TTTT"}, "changed"),
        ({"phone": "+84905123318"}, {"year": 1975, "phone": "0905123318"}, "changed"),
        ({"birth_year": 1970}, {"year": 1975}, "open"),
        ({"birth_year": 1975, "organisation_name": "Sở Y tế"}, {"year": 1975, "body": "Sở TTTT"}, "open"),
        ({}, {"year": 1975}, "open"),
    ],
)
def test_one_name_is_one_person_only_where_something_else_agrees_and_nothing_contradicts(
    delegation: Delegation, make_attendee: MakeAttendee, on_list: dict, in_file: dict, act: str
) -> None:
    make_attendee(delegation, "Nguyễn Văn An", position="Chuyên viên", **on_list)
    year, body, phone = (in_file.get(key, "") for key in ("year", "body", "phone"))
    row = (1, "Nguyễn Văn An", year, "Giám đốc", body, "Sở TTTT", phone)
    comparison = shown(stage(delegation, row))
    assert acts(comparison) == [act]


def test_a_person_decides_who_is_who(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    old = make_attendee(delegation, "Nguyễn Văn An", birth_year=1970)
    batch = stage(delegation, AN)
    question = shown(batch).rows[0].questions[0]
    assert [one.value for one in question.options] == [old.code, "new"]
    with pytest.raises(ValidationError, match="Còn 1 dòng chưa chọn: 2"):
        importing.take(batch, by=None)
    importing.choose(batch, {question.key: "khong-co"}, by=None)
    assert acts(shown(batch)) == ["open"]
    importing.choose(batch, {question.key: old.code}, by=None)
    assert shown(batch).rows[0].current == old
    importing.choose(batch, {question.key: "new"}, by=None)
    importing.take(batch, by=None)
    assert sorted(delegation.attendees.values_list("birth_year", flat=True)) == [1970, 1975]


def test_a_name_with_other_marks_is_told(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    make_attendee(delegation, "Trần Thị Hoa", birth_year=1981)
    row = (1, "Trần Thị Hòa", 1981, "", "", "", "")
    comparison = shown(stage(delegation, row))
    assert told(comparison) == [("B2", "warning", "other-marks")]
    assert comparison.rows[0].changes == {"full_name": ["Trần Thị Hoa", "Trần Thị Hòa"]}


def test_a_tone_in_another_place_is_the_same_name(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Trần Thị Hoà", birth_year=1981)
    assert acts(shown(stage(delegation, (1, "TRẦN THỊ HÒA", 1981, "", "", "", "")))) == ["same"]


def test_another_name_on_a_code_is_a_correction_or_a_substitute(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation, "Nguyễn Văn An", status="confirmed")
    answers.choose_head(old, by=dan)
    row, headings = (old.code, "Phạm Thị Thanh", 1980), ("Mã đại biểu", "Họ và tên", "Năm sinh")
    batch = stage(delegation, row, headings=headings, by=dan)
    assert acts(shown(batch, dan)) == ["open"]
    importing.choose(batch, {"name.0.2": "rename"}, by=dan)
    assert shown(batch, dan).rows[0].changes["full_name"] == ["Nguyễn Văn An", "Phạm Thị Thanh"]
    importing.choose(batch, {"name.0.2": "substitute"}, by=dan)
    importing.take(batch, by=dan)
    old.refresh_from_db()
    new = delegation.attendees.get(full_name="Phạm Thị Thanh")
    assert (old.status, new.substitute_for, new.status) == ("replaced", old, "nominated")
    assert new.code != old.code
    delegation.refresh_from_db()
    assert delegation.head is None
    importing.undo(batch, by=dan)
    old.refresh_from_db()
    delegation.refresh_from_db()
    assert (old.status, old.replaced_at, list(delegation.attendees.all())) == ("confirmed", None, [old])
    assert delegation.head == old


def test_who_was_replaced_is_refused_and_who_declined_is_asked_for(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    replaced = make_attendee(delegation, "Nguyễn Văn An", birth_year=1975)
    answers.replace(replaced, by=dan, full_name="Người Khác")
    declined = make_attendee(delegation, "Lê Văn Cường", birth_year=1979)
    answers.decline_person(declined, "Trùng lịch họp", by=dan)
    batch = stage(delegation, AN, CUONG, by=dan)
    comparison = shown(batch, dan)
    assert acts(comparison) == ["refused", "open"]
    assert "Người Khác" in comparison.problems[0].sentence
    assert "Trùng lịch họp" in comparison.rows[1].questions[0].text
    importing.choose(batch, {"skip.0.2": "1", "back.0.3": "again"}, by=dan)
    assert acts(shown(batch, dan)) == ["left", "changed"]
    importing.take(batch, by=dan)
    declined.refresh_from_db()
    assert (declined.status, declined.decline_reason) == ("nominated", "")
    importing.undo(batch, by=dan)
    declined.refresh_from_db()
    assert (declined.status, declined.decline_reason) == ("declined", "Trùng lịch họp")


@pytest.fixture
def erased(
    delegation: Delegation, make_attendee: MakeAttendee, settings: LazySettings, tmp_path: Path
) -> Attendee:
    """Somebody who declined and was erased; workbooks with their code are on disks still."""
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    person = make_attendee(delegation, "Lê Văn Cường", birth_year=1979, status="declined")
    erasing.erase(person, by=None)
    person.refresh_from_db()
    return person


@pytest.mark.parametrize("name", ["Lê Văn Cường", ERASED_NAME])
def test_no_list_writes_back_who_was_erased(
    delegation: Delegation, dan: User, erased: Attendee, name: str
) -> None:
    """Nor a telephone beside the words that stand for the name."""
    row, headings = (erased.code, name, "0983 000 512"), ("Mã đại biểu", "Họ và tên", "Điện thoại")
    before = everything(delegation)
    batch = stage(delegation, row, headings=headings, by=dan)
    assert ("A2", "error", "erased") in told(shown(batch, dan))
    importing.choose(batch, {"name.0.2": "rename", "back.0.2": "again"}, by=dan)
    with pytest.raises(ValidationError, match="Chưa nhập được 1 dòng: 2"):
        importing.take(batch, by=dan)
    assert everything(delegation) == before


def test_the_database_itself_gives_an_erased_person_no_name_and_no_contact(erased: Attendee) -> None:
    """What the control of the test above would meet."""
    for told_of in ({"full_name": "Lê Văn Cường"}, {"phone": "+84983000512"}, {"email": "c@example.org"}):
        with pytest.raises(IntegrityError, match="attendee_erased_is_nobody"), transaction.atomic():
            Attendee.objects.filter(pk=erased.pk).update(**told_of)


def test_who_was_written_back_before_this_rule_can_be_erased_again(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    [rule] = [one for one in Attendee._meta.constraints if one.name == "attendee_erased_is_nobody"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Attendee, rule)
    back = make_attendee(delegation, "Lê Văn Cường", erased_at=timezone.now())
    gone = make_attendee(delegation, ERASED_NAME, erased_at=timezone.now())
    migration = importlib.import_module("attendees.migrations.0010_erased_is_nobody")
    migration.not_erased_then(apps, None)
    back.refresh_from_db()
    gone.refresh_from_db()
    assert (back.erased_at is None, gone.erased_at is None) == (True, False)


def test_one_person_in_two_rows_is_refused(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    person = make_attendee(delegation, "Nguyễn Văn An", birth_year=1975)
    rows = ((person.code, "Nguyễn Văn An", 1975), ("", "Nguyễn Văn An", 1975))
    comparison = shown(stage(delegation, *rows, headings=("Mã đại biểu", "Họ và tên", "Năm sinh")))
    assert acts(comparison) == ["same", "refused"]


# ── Seats and components ──────────────────────────────────────────────────────────────────────────


def test_no_list_goes_beyond_the_seats(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    make_attendee(delegation, "Đỗ Thị Dung")
    make_attendee(delegation, "Hồ Văn Em")
    batch = stage(delegation, AN, BINH, CUONG)
    comparison = shown(batch)
    assert acts(comparison) == ["new", "new", "refused"]
    assert told(comparison)[0] == ("F4", "error", "quota")
    assert comparison.refusal == "Chưa nhập được 1 dòng: 4. Sửa trong tệp rồi tải lên lại, hoặc bỏ qua."
    with pytest.raises(ValidationError, match="Chưa nhập được 1 dòng: 4"):
        importing.take(batch, by=None)
    assert delegation.attendees.count() == 2
    importing.choose(batch, {"skip.0.4": "1"}, by=None)
    importing.take(batch, by=None)
    assert delegation.attendees.count() == 4


def test_seats_left_empty_are_not_filled_by_a_list(
    delegation: Delegation, department: Category, dan: User
) -> None:
    answers.decline_seats(delegation, department, 3, "Không có người", by=dan)
    assert acts(shown(stage(delegation, AN, by=dan), dan)) == ["refused"]


def test_who_moves_to_another_component_makes_room(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    for name in ("Nguyễn Văn An", "Đỗ Thị Dung", "Hồ Văn Em"):
        make_attendee(delegation, name, birth_year=1975)
    moved = (1, "Nguyễn Văn An", 1975, "Phóng viên", "", "Báo, Đài", "")
    batch = stage(delegation, moved, CUONG)
    assert acts(shown(batch)) == ["changed", "new"]
    importing.take(batch, by=None)
    assert people(delegation)[0] == ("Nguyễn Văn An", "press", "nominated")
    assert delegation.attendees.filter(category__slug="department").count() == 3


def test_a_row_without_a_seat_can_take_another_component(
    delegation: Delegation, make_attendee: MakeAttendee, conference: object
) -> None:
    make_attendee(delegation, "Đỗ Thị Dung", category=delegation.conference.categories.get(slug="press"))
    batch = stage(delegation, BINH)
    question = shown(batch).rows[0].questions[0]
    assert [one.value for one in question.options] == ["department"]
    importing.choose(batch, {question.key: "department"}, by=None)
    comparison = shown(batch)
    assert (acts(comparison), comparison.rows[0].questions[0].chosen) == (["new"], "department")
    importing.take(batch, by=None)
    assert people(delegation)[-1] == ("Trần Thị Bình", "department", "nominated")


def test_an_unknown_component_is_asked_for_once_for_all_its_rows(delegation: Delegation) -> None:
    rows = [(*AN[:5], "Khối chính quyền", ""), (*CUONG[:5], "khối chính quyền", "")]
    batch = stage(delegation, *rows)
    comparison = shown(batch)
    assert acts(comparison) == ["open", "open"]
    (key,) = {row.questions[0].key for row in comparison.rows}
    importing.choose(batch, {key: "department"}, by=None)
    assert acts(shown(batch)) == ["new", "new"]


def test_without_a_column_the_component_is_that_of_the_group_or_of_the_body(delegation: Delegation) -> None:
    headings = ("STT", "Họ và tên", "Đơn vị công tác")
    rows = [
        ("I", "Báo, Đài", None), (1, "Trần Thị Bình", None),
        ("II", "Người khác", None), (2, "Nguyễn Văn An", "Sở TT&TT tỉnh Lâm Đồng"), (3, "Ai Đó", "Sở Y tế"),
    ]  # fmt: skip
    comparison = shown(stage(delegation, *rows, headings=headings))
    assert [row.category and row.category.slug for row in comparison.rows] == ["press", "department", None]
    assert acts(comparison) == ["new", "new", "open"]


def test_the_only_component_with_free_seats_is_taken_and_told(
    delegation: Delegation, department: Category, dan: User
) -> None:
    answers.decline_seats(delegation, department, 3, "Không có người", by=dan)
    row = (1, "Ai Đó", 1980, "Chuyên viên", "Sở Y tế", "", "")
    comparison = shown(stage(delegation, row))
    assert comparison.rows[0].category.slug == "press"
    assert told(comparison) == [("F2", "notice", "only-seats")]


# ── Rules about people ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "value", "cell"),
    [
        ("birth_year", 2020, "C2"),
        ("phone", "0123", "G2"),
        ("position", "x" * 201, "D2"),
        ("rank", "x" * 61, "2"),
    ],
)
def test_a_row_that_breaks_a_rule_of_the_table_is_refused_at_its_cell(
    delegation: Delegation, field: str, value: object, cell: str
) -> None:
    """What the reader lets through, the rules of every other way of writing still see."""
    batch = stage(delegation, AN)
    batch.reading["people"][0][field] = value
    batch.save()
    comparison = shown(batch)
    assert (acts(comparison), told(comparison)) == (["refused"], [(cell, "error", "rule")])
    with pytest.raises(ValidationError):
        importing.take(batch, by=None)


def test_what_the_reader_refuses_blocks_the_whole_list(delegation: Delegation) -> None:
    batch = stage(delegation, AN, (2, "Trần Thị Bình", 1981, "", "", "Báo, Đài", "0912 345 67"))
    assert acts(shown(batch)) == ["new", "refused"]
    with pytest.raises(ValidationError, match="Chưa nhập được 1 dòng: 3"):
        importing.take(batch, by=None)
    assert not delegation.attendees.exists()


def test_warnings_do_not_stand_in_the_way(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee, olga: User, dan: User
) -> None:
    make_attendee(other_delegation, "Nguyễn Văn An", birth_year=1975)
    make_attendee(other_delegation, "Đỗ Thị Dung", phone="+84912345678")
    batch = stage(delegation, AN, BINH, by=olga)
    assert told(shown(batch, olga)) == [("B2", "warning", "elsewhere"), ("G3", "warning", "phone-shared")]
    assert told(shown(batch, dan)) == []  # of other delegations an officer hears nothing
    importing.take(batch, by=olga)
    assert delegation.attendees.count() == 2


def test_the_file_names_the_head_of_the_delegation(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Nguyễn Văn An", birth_year=1975)
    headings = ("Họ và tên", "Năm sinh", "Trưởng đoàn", "Thành phần")
    batch = stage(delegation, ("Nguyễn Văn An", 1975, "x", ""), headings=headings, by=dan)
    assert acts(shown(batch, dan)) == ["changed"]
    importing.take(batch, by=dan)
    delegation.refresh_from_db()
    assert str(delegation.head) == "Nguyễn Văn An"
    assert acts(shown(stage(delegation, ("Nguyễn Văn An", 1975, "x", ""), headings=headings))) == ["same"]
    importing.undo(batch, by=dan)
    delegation.refresh_from_db()
    assert delegation.head is None


# ── Somebody else meanwhile ───────────────────────────────────────────────────────────────────────


def test_a_list_whose_people_changed_since_it_was_shown_is_not_taken(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, "Nguyễn Văn An", birth_year=1975)
    batch = stage(delegation, AN, by=dan)
    seen = shown(batch, dan).version
    answers.edit(person, by=None, position="Chánh Văn phòng")
    with pytest.raises(Stale):
        importing.take(batch, by=dan, version=seen)
    person.refresh_from_db()
    assert (person.position, person.version) == ("Chánh Văn phòng", 2)
    importing.take(batch, by=dan, version=shown(batch, dan).version)
    person.refresh_from_db()
    assert person.position == "Phó Giám đốc"


def test_a_list_whose_answers_changed_since_it_was_shown_is_not_taken(
    delegation: Delegation, dan: User
) -> None:
    batch = stage(delegation, AN, BINH, by=dan)
    seen = shown(batch, dan).version
    importing.choose(batch, {"skip.0.3": "1"}, by=dan)
    with pytest.raises(Stale):
        importing.take(batch, by=dan, version=seen)


def test_only_who_may_change_the_delegation_may_send_a_list(
    delegation: Delegation, mai: User, victor: User, dan: User, olga: User
) -> None:
    conference = delegation.conference
    for stranger in (mai, victor):
        with pytest.raises(PermissionDenied):
            stage(delegation, AN, by=stranger)
    for officer in (dan, victor):
        with pytest.raises(PermissionDenied):
            importing.stage(conference, file(AN), by=officer)
    batch = stage(delegation, AN, by=dan)
    with pytest.raises(PermissionDenied):
        importing.take(batch, by=mai)
    close(delegation)
    delegation.conference.refresh_from_db()
    with pytest.raises(ValidationError, match="Đã quá hạn trả lời"):
        importing.take(batch, by=dan)
    importing.take(batch, by=olga)
    with pytest.raises(ValidationError, match="Đã quá hạn trả lời"):
        importing.undo(batch, by=dan)


def test_a_list_takes_away_what_the_organisers_said_to_the_answer_before(
    delegation: Delegation, dan: User
) -> None:
    Delegation.objects.update(review=Delegation.Review.ACCEPTED)
    importing.take(stage(delegation, AN, by=dan), by=dan)
    delegation.refresh_from_db()
    assert delegation.review == ""


# ── Columns ───────────────────────────────────────────────────────────────────────────────────────


def test_columns_that_a_person_assigned_are_remembered_for_the_unit(
    delegation: Delegation, other_delegation: Delegation, dan: User
) -> None:
    headings = ("Họ và tên", "Cột lạ")
    batch = stage(delegation, ("Nguyễn Văn An", "Giám đốc"), headings=headings, by=dan)
    (plan,) = importing.plans_of(batch)
    assert plan.columns[1].field is None
    plan.columns[1].field = "position"
    importing.remap(batch, [plan], by=dan)
    assert shown(batch, dan).rows[0].fields["position"] == "Giám đốc"
    assert ColumnMemory.objects.get().unit == delegation.unit
    again = stage(delegation, ("Lê Văn Cường", "Phó Giám đốc"), headings=headings, by=dan)
    assert shown(again, dan).rows[0].fields["position"] == "Phó Giám đốc"
    elsewhere = stage(other_delegation, ("Lê Văn Cường", "Phó Giám đốc"), headings=headings)
    assert "position" not in shown(elsewhere).rows[0].fields


# ── Taken back ────────────────────────────────────────────────────────────────────────────────────


def test_a_list_taken_back_leaves_everything_as_it_was(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Nguyễn Văn An", birth_year=1975, position="Chuyên viên")
    before = everything(delegation)
    batch = stage(delegation, AN, BINH, by=dan)
    importing.take(batch, by=dan)
    assert everything(delegation) != before
    importing.undo(batch, by=dan)
    assert everything(delegation) == before
    entries = JournalEntry.objects.count()
    importing.undo(batch, by=dan)
    assert JournalEntry.objects.count() == entries
    assert JournalEntry.objects.filter(act="remove").get().subject_name == "Trần Thị Bình"
    assert delegation.attendees.get().version == 3  # no version is ever shown twice


def test_what_was_changed_since_is_named_and_nothing_is_taken_back(delegation: Delegation, dan: User) -> None:
    batch = stage(delegation, AN, BINH, by=dan)
    importing.take(batch, by=dan)
    answers.confirm_person(delegation.attendees.get(full_name="Trần Thị Bình"), by=dan)
    before = everything(delegation)
    with pytest.raises(importing.Changed) as refused:
        importing.undo(batch, by=dan)
    assert refused.value.rows == [("Trần Thị Bình", "đã sửa hoặc xác nhận sau khi nhập")]
    assert everything(delegation) == before


def test_whom_others_rely_on_by_now_is_named_and_nothing_is_taken_back(
    delegation: Delegation, dan: User
) -> None:
    batch = stage(delegation, AN, BINH, by=dan)
    importing.take(batch, by=dan)
    an, binh = delegation.attendees.order_by("pk")
    SignUp.objects.create(attendee=an, code="chuyen-de-2", state="taken", made_by="An")
    Correction.objects.create(attendee=an, text="Sai chức vụ")
    session = make_session(delegation.conference, "khai-mac", 8, 9)
    for rank in ("speaker", "chair"):
        session.participations.create(attendee=binh, role=rank, full_name="Trần Thị Bình")
    SpeakerProfile.objects.create(attendee=binh)
    links.make(binh, Link.Purpose.PERSON, by=None)
    before = everything(delegation)
    with pytest.raises(importing.Changed) as refused:
        importing.undo(batch, by=dan)
    assert [
        (name, set(why.removeprefix("từ khi nhập đã có ").split(", "))) for name, why in refused.value.rows
    ] == [
        ("Nguyễn Văn An", {"đăng ký phiên", "đề nghị sửa"}),
        ("Trần Thị Bình", {"người tham gia phiên", "giới thiệu báo cáo viên"}),
    ]
    assert everything(delegation) == before
    for model in (SignUp, Correction, Participation, SpeakerProfile):
        model.objects.all().delete()
    importing.undo(batch, by=dan)  # a link of a person goes with them
    assert not delegation.attendees.exists()


def test_what_others_did_beside_it_stays_when_a_list_is_taken_back(
    delegation: Delegation, department: Category, dan: User
) -> None:
    batch = stage(delegation, AN, by=dan)
    importing.take(batch, by=dan)
    answers.nominate(delegation, department, by=dan, full_name="Lê Văn Cường")
    importing.undo(batch, by=dan)
    assert people(delegation) == [("Lê Văn Cường", "department", "nominated")]
    delegation.refresh_from_db()
    assert delegation.status == "answering"


def test_a_seat_given_away_since_is_not_given_back(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    press = delegation.conference.categories.get(slug="press")
    make_attendee(delegation, "Nguyễn Văn An", birth_year=1975, category=press)
    batch = stage(delegation, AN, by=dan)  # to the department
    importing.take(batch, by=dan)
    answers.nominate(delegation, press, by=dan, full_name="Trần Thị Bình")
    with pytest.raises(importing.Changed, match="không còn suất trống"):
        importing.undo(batch, by=dan)


def test_a_list_that_is_dropped_leaves_no_trace_of_its_people(delegation: Delegation, dan: User) -> None:
    batch = stage(delegation, AN, by=dan)
    path = storing.path(batch.file)
    assert path.exists()
    importing.drop(batch, by=dan)
    batch.refresh_from_db()
    assert (batch.state, batch.reading) == ("dropped", {})
    with pytest.raises(ValidationError):
        importing.take(batch, by=dan)


SEATED = ("STT", "Họ và tên", "Năm sinh", "Chức vụ", "Đơn vị công tác", "Thành phần", "Số ghế")


def test_the_column_of_chairs_is_taken_from_organisers_and_taken_back(
    delegation: Delegation, olga: User
) -> None:
    make = stage(delegation, AN, by=olga)
    importing.take(make, by=olga)
    batch = stage(delegation, (*AN[:6], "Dãy B, ghế 12"), by=olga, headings=SEATED)
    comparison = shown(batch, olga)
    assert [row.changes for row in comparison.rows] == [{"seat_note": ["", "Dãy B, ghế 12"]}]
    importing.take(batch, by=olga)
    assert delegation.attendees.get().seat_note == "Dãy B, ghế 12"
    importing.undo(batch, by=olga)
    assert delegation.attendees.get().seat_note == ""
    long = shown(stage(delegation, (*AN[:6], "x" * 61), by=olga, headings=SEATED), olga)
    assert [(acts(long)), told(long)[-1][2]] == [["refused"], "too_long"]


def test_a_delegation_does_not_place_its_people_in_the_hall(delegation: Delegation, dan: User) -> None:
    batch = stage(delegation, (*AN[:6], "Dãy A, ghế 1"), by=dan, headings=SEATED)
    comparison = shown(batch, dan)
    assert (acts(comparison), [one.code for one in comparison.general]) == (["new"], ["seat-not-yours"])
    importing.take(batch, by=dan)
    assert delegation.attendees.get().seat_note == ""
