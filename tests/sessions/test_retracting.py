"""A presence reported by mistake goes with its last report; a scan that arrives meanwhile is not lost."""

import datetime
import re
import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test import Client

from attendees import answers, erasing
from attendees.models import Attendee, Delegation, Quota
from conference.models import Conference, JournalEntry, User
from sessions import attending, freezing, receiving, reconciling, retracting, signing_in
from sessions.models import Attendance, Report, Session, SignedSheet, Source
from tests.conference.desk import same_count, signed_in, text
from tests.conftest import MakeAttendee
from tests.documents.test_inviting import a_lock_is_waited_for
from tests.patience import LONGEST, until
from tests.sessions.plans import session

DESK = "/da-lat-2024/reception/"
UNDO, GROUP = f"{DESK}undo/", f"{DESK}delegations/lam-dong/"


@pytest.fixture
def person(opening: Session, delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Phạm Thị Thanh Hà", honorific=Attendee.Honorific.MRS)


def report_of(person: Attendee, source: Source = Source.DESK) -> Report:
    return Report.objects.get(attendee=person, source=source)


@pytest.mark.django_db
def test_a_press_is_taken_back_and_written_down_without_a_trace_of_presence(
    person: Attendee, opening: Session, greta: User
) -> None:
    attending.record(person, opening, by=greta)
    assert retracting.undo(report_of(person).pk, opening, by=greta).person == person
    assert not Attendance.objects.exists()
    assert not Report.objects.exists()
    entry = JournalEntry.objects.get(act="retract")
    assert (entry.actor, entry.changes) == (
        greta,
        {"session": ["Khai mạc", ""], "source": ["Bàn đón tiếp 07:42", ""]},
    )
    assert attending.record(person, opening, by=greta).kind == attending.Kind.WELCOME


@pytest.mark.django_db
def test_what_another_source_says_stays_and_becomes_the_first(
    person: Attendee, opening: Session, greta: User
) -> None:
    attending.record(person, opening, by=greta)
    later = opening.conference.now() + datetime.timedelta(minutes=3)
    attending.record_many([Attendance(session=opening, attendee=person, at=later, source=Source.SCAN)])
    retracting.undo(report_of(person).pk, opening, by=greta)
    presence = Attendance.objects.get()
    assert (presence.source, presence.at, presence.recorded_by) == (Source.SCAN, later, None)
    assert [one.source for one in Report.objects.all()] == [Source.SCAN]


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["by another", "old", "by paper", "of another session", "gone"])
def test_only_the_own_fresh_press_is_taken_back_at_the_desk(
    why: str, person: Attendee, opening: Session, greta: User, olga: User, conference: Conference
) -> None:
    source = Source.PAPER if why == "by paper" else Source.DESK
    attending.record(person, opening, by=olga if why == "by another" else greta, source=source)
    number, at = report_of(person, source).pk, opening
    if why == "old":
        Report.objects.update(at=conference.now() - retracting.FRESH - datetime.timedelta(seconds=1))
    elif why == "of another session":
        at = session(conference, "chuyen-de", 10, 11)
    elif why == "gone":
        retracting.undo(number, opening, by=greta)
        attending.record(person, opening, by=greta)
    with pytest.raises(ValidationError, match="Không gỡ được"):
        retracting.undo(number, at, by=greta)
    assert Attendance.objects.count() == Report.objects.count() == 1


@pytest.mark.django_db
def test_organisers_take_back_any_report_but_a_scan_and_say_why(
    person: Attendee, opening: Session, greta: User, olga: User
) -> None:
    for source in (Source.HEAD, Source.SCAN):
        attending.record(person, opening, by=greta, source=source)
    every = list(Report.objects.values_list("pk", flat=True))
    for reports, reason, missing in ((every, " ", "reason"), ([], "Nhầm", "reports")):
        with pytest.raises(ValidationError) as refusal:
            retracting.retract(person, opening, reports, reason, by=olga)
        assert list(refusal.value.message_dict) == [missing]
    assert retracting.retract(person, opening, every, "Trùng tên", by=olga)[1:3] == (
        [Source.HEAD],
        [Source.SCAN],
    )
    assert retracting.retract(person, opening, every, "Trùng tên", by=olga).sources == []
    assert [one.source for one in Report.objects.all()] == [Source.SCAN]
    assert Attendance.objects.get().source == Source.SCAN
    assert JournalEntry.objects.get(act="retract").changes["reason"] == ["", "Trùng tên"]


@pytest.mark.django_db
def test_who_may_not(
    person: Attendee, opening: Session, greta: User, dan: User, foreign_delegation: Delegation, olga: User
) -> None:
    attending.record(person, opening, by=greta)
    number = report_of(person).pk
    with pytest.raises(PermissionDenied):
        retracting.undo(number, opening, by=dan)
    with pytest.raises(PermissionDenied):
        retracting.retract(person, opening, [number], "Nhầm", by=greta)
    with pytest.raises(ValueError, match="another conference"):
        retracting.retract(
            person, session(foreign_delegation.conference, "khai-mac", 8, 9), [number], "Nhầm", by=olga
        )
    assert Attendance.objects.count() == 1


@pytest.mark.django_db
def test_a_sheet_without_one_of_its_signatures_is_to_be_counted_again(
    person: Attendee, opening: Session, greta: User, olga: User
) -> None:
    signing_in.enter(person.delegation, [person.code], opening, by=greta, counted=1)
    assert SignedSheet.objects.exists()
    wrong = [report_of(person, Source.PAPER).pk]
    assert retracting.retract(person, opening, wrong, "Đọc nhầm dòng", by=olga).is_sheet_open
    assert not SignedSheet.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sheet_is_not_closed_over_a_signature_that_goes(
    person: Attendee, opening: Session, greta: User, olga: User
) -> None:
    signing_in.enter(person.delegation, [person.code], opening, by=greta)
    told: list[str] = []

    def close() -> None:
        try:
            signing_in.enter(person.delegation, [], opening, by=greta, counted=1)
            told.append("closed")
        except ValidationError as refusal:
            told.append(refusal.message_dict["counted"][0][:31])
        connection.close()

    desk = threading.Thread(target=close)
    with transaction.atomic():
        retracting.retract(person, opening, [report_of(person, Source.PAPER).pk], "Nhầm dòng", by=olga)
        desk.start()
        until(lambda: a_lock_is_waited_for() or told, "the sheet to stand before the delegation")
        waits = told == []
    desk.join(LONGEST)
    assert (waits, told) == (True, ["Trên giấy đếm được 1 chữ ký, như"[:31]])
    assert not SignedSheet.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_scan_that_arrives_in_between_is_not_lost(
    is_kept: bool, person: Attendee, opening: Session, greta: User
) -> None:
    """The control: where nothing was taken back, the same scan finds the presence of before."""
    attending.record(person, opening, by=greta)
    told: list[set[tuple[int, int]]] = []

    def scan() -> None:
        fact = Attendance(
            session=opening, attendee=person, at=opening.conference.now(), source=Source.SCAN
        )  # fmt: skip
        with transaction.atomic():
            told.append(attending.record_many([fact]))
        connection.close()

    door = threading.Thread(target=scan)
    with transaction.atomic():
        retracting.undo(report_of(person).pk, opening, by=greta)
        door.start()
        until(a_lock_is_waited_for, "the scan to stand before the presence")
        waits = told == []
        transaction.set_rollback(not is_kept)
    door.join(LONGEST)
    assert (waits, told) == (True, [{(opening.pk, person.pk)} if is_kept else set()])
    assert Attendance.objects.get().source == (Source.SCAN if is_kept else Source.DESK)
    assert Report.objects.count() == (1 if is_kept else 2)


# ── Over HTTP ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_desk_offers_it_to_who_pressed_alone(
    person: Attendee, opening: Session, greta: User, olga: User
) -> None:
    attending.record(person, opening, by=greta)
    for client, number in ((signed_in(greta), 1), (signed_in(olga), 0)):
        for page in (f"{DESK}?q=pham+thi", f"{DESK}?seen={person.code}", GROUP):
            assert text(client.get(page)).count("Ghi nhầm, gỡ : Bà Phạm Thị Thanh Hà") == number, page


@pytest.mark.django_db
@pytest.mark.parametrize("in_group", [False, True])
def test_a_wrong_press_is_taken_back_where_it_was_made(
    in_group: bool, person: Attendee, opening: Session, greta: User
) -> None:
    desk = signed_in(greta)
    desk.post(f"{DESK}record/", {"session": "khai-mac", "attendee": person.code})
    data = {"session": "khai-mac", "report": report_of(person).pk} | ({"in_group": "1"} if in_group else {})
    said = desk.post(UNDO, data, follow=True)
    assert said.redirect_chain[0][0].startswith(GROUP if in_group else f"{DESK}?session=khai-mac&q=")
    assert "Đã gỡ lượt vừa ghi nhận: Bà Phạm Thị Thanh Hà." in text(said)
    assert not Attendance.objects.exists()
    again = desk.post(UNDO, data, follow=True)
    assert "Không gỡ được: đã gỡ rồi, đã quá 15 phút, hoặc người khác ghi." in text(again)


@pytest.mark.django_db
def test_the_desk_says_what_a_press_that_was_taken_back_has_left(
    person: Attendee, opening: Session, greta: User
) -> None:
    desk = signed_in(greta)
    desk.post(GROUP, {"session": "khai-mac", "people": [person.code], "shown": 0, "key": uuid.uuid4()})
    attending.record(person, opening, by=None, source=Source.SCAN)
    said = text(
        desk.post(
            UNDO, {"session": "khai-mac", "report": report_of(person, Source.HEAD).pk, "in_group": "1"},
            follow=True,
        )
    )  # fmt: skip
    assert "Bà Phạm Thị Thanh Hà vẫn có mặt theo: Quét thẻ." in said
    assert "Số bộ tài liệu đã giao không đổi: đoàn đã nhận 1 bộ." in said


@pytest.mark.django_db
@pytest.mark.parametrize("is_instead", [False, True])
def test_who_was_registered_by_the_press_stays_on_the_list_and_that_is_said(
    is_instead: bool, person: Attendee, opening: Session, olga: User, as_olga: Client
) -> None:
    given = {"full_name": "Lê Văn Bình", "honorific": Attendee.Honorific.MR, "request_key": uuid.uuid4()}
    if is_instead:
        come = receiving.come_instead(person, opening, by=olga, **given).attendee
        said = "Ông Lê Văn Bình vẫn dự thay Bà Phạm Thị Thanh Hà. Thay nhầm thì báo Ban Tổ chức."
    else:
        Quota.objects.update(seats=2)
        come = receiving.walk_in(opening, person.delegation, person.category, by=olga, **given).attendee
        said = "Ông Lê Văn Bình vẫn trong danh sách đoàn. Đăng ký nhầm thì báo Ban Tổ chức."
    data = {"session": "khai-mac", "report": report_of(come).pk}
    assert said in text(as_olga.post(UNDO, data, follow=True))


@pytest.mark.django_db
@pytest.mark.parametrize("report", ["", "x", "0", "-1", "9" * 40, "\0"])
def test_a_report_that_is_none_is_refused_with_a_sentence(
    report: str, person: Attendee, opening: Session, greta: User
) -> None:
    said = signed_in(greta).post(UNDO, {"session": "khai-mac", "report": report}, follow=True)
    assert "Không gỡ được" in text(said)


@pytest.fixture
def as_olga(olga: User, settings: object) -> Client:
    settings.DEMO = True  # type: ignore[attr-defined]  # no second factor in the way
    return signed_in(olga)


@pytest.mark.django_db
def test_the_comparison_leads_to_what_was_a_mistake(
    as_olga: Client, person: Attendee, opening: Session, greta: User
) -> None:
    attending.record(person, opening, by=greta)
    attending.record(person, opening, by=greta, source=Source.PAPER)
    address = f"/admin/presences/khai-mac/{person.code}/"
    assert f'href="{address}"' in as_olga.get("/admin/presences/khai-mac/").content.decode()
    shown = text(as_olga.get(address))
    assert "Bàn đón tiếp, 07:42, thứ Năm, 06/6/2024, người ghi: " in shown
    refused = as_olga.post(address, {"reports": [report_of(person).pk], "reason": ""})
    assert "Ghi lý do." in text(refused)
    wrong = report_of(person, Source.PAPER).pk
    done = as_olga.post(address, {"reports": [wrong], "reason": "Đọc nhầm dòng"}, follow=True)
    assert "Đã gỡ ghi nhận của Bà Phạm Thị Thanh Hà: Danh sách ký." in text(done)
    assert "Bà Phạm Thị Thanh Hà vẫn có mặt theo: Bàn đón tiếp." in text(done)
    assert "bớt một chữ ký" not in text(done)  # nobody had closed the sheet
    stale = as_olga.post(address, {"reports": [wrong], "reason": "Đọc nhầm dòng"})
    assert "Ghi nhận này không còn." in text(stale)
    assert [one.source for one in Report.objects.all()] == [Source.DESK]


@pytest.mark.django_db
def test_the_second_of_two_organisers_is_told_that_it_was_done(
    as_olga: Client, person: Attendee, opening: Session, greta: User, olga: User
) -> None:
    attending.record(person, opening, by=greta)
    data = {"reports": [report_of(person).pk], "reason": "Nhầm tên"}
    retracting.retract(person, opening, data["reports"], "Nhầm tên", by=olga)
    done = as_olga.post(f"/admin/presences/khai-mac/{person.code}/", data, follow=True)
    assert done.redirect_chain == [("/admin/presences/khai-mac/", 302)]
    assert "Ghi nhận này đã được gỡ từ trước." in text(done)


@pytest.mark.django_db
@pytest.mark.parametrize("is_erased", [False, True])
def test_who_goes_from_a_frozen_figure_is_named_but_who_was_erased(
    is_erased: bool, as_olga: Client, person: Attendee, opening: Session, greta: User, olga: User
) -> None:
    attending.record(person, opening, by=greta)
    freezing.freeze(
        opening, [Source.DESK], "Khớp", seen=freezing.seal(opening, reconciling.look(opening)), by=olga
    )
    retracting.retract(person, opening, [report_of(person).pk], "Nhầm tên", by=olga)
    names = f"{person.addressed}, {person.delegation.name}"
    if is_erased:
        answers.decline_person(person, "Bận", by=olga)
        erasing.erase(person, by=olga)
    shown = text(as_olga.get("/admin/presences/khai-mac/"))
    assert "1 người đã tính nay không còn được ghi nhận." in shown
    assert (names in shown) is not is_erased


@pytest.mark.django_db
def test_a_sheet_that_was_closed_is_to_be_counted_again_and_led_to(
    as_olga: Client, person: Attendee, opening: Session, greta: User
) -> None:
    signing_in.enter(person.delegation, [person.code], opening, by=greta, counted=1)
    data = {"reports": [report_of(person, Source.PAPER).pk], "reason": "Đọc nhầm dòng"}
    done = as_olga.post(f"/admin/presences/khai-mac/{person.code}/", data, follow=True)
    assert "Tờ ký của đoàn bớt một chữ ký" in text(done)
    [sheet] = re.findall(r'href="([^"]+/reception/sheets/lam-dong/[^"]*)"', done.content.decode())
    assert "Khai mạc" in text(as_olga.get(sheet))


@pytest.mark.django_db
def test_a_scan_is_told_of_and_not_offered(
    as_olga: Client, person: Attendee, opening: Session
) -> None:  # fmt: skip
    attending.record(person, opening, by=None, source=Source.SCAN)
    address = f"/admin/presences/khai-mac/{person.code}/"
    assert address not in as_olga.get("/admin/presences/khai-mac/").content.decode()
    shown = text(as_olga.get(address))
    assert "Lượt quét không gỡ được" in shown
    assert "Không có ghi nhận nào gỡ được." in shown


@pytest.mark.django_db
def test_a_delegation_of_any_size_asks_as_often(
    delegation: Delegation, make_attendee: MakeAttendee, opening: Session, greta: User
) -> None:
    def come() -> None:
        attending.record(make_attendee(delegation), opening, by=greta)

    assert len(set(same_count(signed_in(greta), GROUP, come))) == 1
