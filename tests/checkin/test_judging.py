"""What two doors leave open, and what a person decides of it: on exactly the scans that were seen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import translation

from attendees.models import Attendee, Delegation
from checkin import judging, taking
from checkin.models import Decision, Scan
from checkin.presence import State
from conference.models import Conference, User
from sessions.models import Session
from tests.checkin.conftest import Phone, make_phone
from tests.checkin.test_taking import SEVEN, heard
from tests.conference.desk import same_count, signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee
from tests.patience import LONGEST

DESK = "/admin/door-questions/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor in the way


def offline(phone: Phone, person: Attendee, sequence: int, seconds: int, said: str = "welcome") -> Scan:
    """A scan that was made without the network; `said` "out" is one of the way out."""
    at = SEVEN + timedelta(seconds=seconds)
    direction = "out" if said == "out" else "in"
    one = heard(sequence, person.badge_token, at, said=said, direction=direction)
    taking.take(phone.device, [one])
    return Scan.objects.get(pk=one.id)


@pytest.fixture
def clash(phone: Phone, other_phone: Phone, person: Attendee) -> list[Scan]:
    """Both doors let the badge in."""
    return [offline(phone, person, 1, 0), offline(other_phone, person, 1, 60)]


@pytest.fixture
def doubt(phone: Phone, other_phone: Phone, person: Attendee) -> list[Scan]:
    """In at one door and out at the other, within the error of the clocks."""
    return [offline(phone, person, 1, 0), offline(other_phone, person, 1, 1, "out")]


def ids(scans: list[Scan]) -> list[str]:
    return [str(one.pk) for one in scans]


@pytest.mark.django_db
def test_a_clash_is_asked_with_both_scans_and_a_decision_ends_it(
    conference: Conference, clash: list[Scan], person: Attendee, olga: User
) -> None:
    [asked] = judging.questions(conference)
    assert (asked.attendee, asked.is_clash, list(asked.scans)) == (person, True, clash)
    assert [value for value, _word in asked.outcomes] == ["one", "copied"]
    with translation.override("en"):  # the journal is read by everybody
        made = judging.decide(conference, asked.seen, "copied", by=olga, note=" Thu  thẻ ")
    assert (made.outcome, made.note, made.by, made.scans) == ("copied", "Thu thẻ", olga, sorted(ids(clash)))
    assert judging.questions(conference) == ()
    entry = conference.journal.get(act="decide")
    assert entry.changes["outcome"] == ["", "Thẻ bị sao chép, thu lại"]
    assert entry.person_ref == person.pk


@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "state"), [("in", State.IN), ("out", State.OUT)])
def test_a_doubt_is_decided_and_presence_follows(
    conference: Conference, doubt: list[Scan], person: Attendee, opening: Session, olga: User,
    outcome: str, state: State,
) -> None:  # fmt: skip
    def now() -> State:
        return judging.whereabouts(conference, [opening])[opening.pk][person.pk].state

    assert now() == State.UNDECIDED
    [asked] = judging.questions(conference)
    assert not asked.is_clash
    judging.decide(conference, asked.seen, outcome, by=olga)
    assert now() == state


@pytest.mark.django_db
def test_a_scan_that_raises_the_question_anew_opens_it_again(
    conference: Conference, clash: list[Scan], person: Attendee, olga: User
) -> None:
    judging.decide(conference, ids(clash), "one", by=olga)
    third = offline(_third(conference, olga), person, 1, 90)
    [asked] = judging.questions(conference)
    assert set(asked.scans) == {*clash, third}
    judging.decide(conference, asked.seen, "copied", by=olga)
    assert judging.questions(conference) == ()
    assert Decision.objects.count() == 2


def _third(conference: Conference, olga: User) -> Phone:
    return make_phone(conference, olga, "Cửa C")


@pytest.mark.django_db
def test_a_way_out_that_comes_late_takes_the_question_away(
    conference: Conference, clash: list[Scan], phone: Phone, person: Attendee
) -> None:
    offline(phone, person, 2, 30, "out")
    assert judging.questions(conference) == ()


@pytest.mark.django_db
def test_nobody_decides_on_scans_that_they_have_not_seen(
    conference: Conference, clash: list[Scan], person: Attendee, olga: User
) -> None:
    offline(_third(conference, olga), person, 1, 90)
    for seen, outcome in ((ids(clash), "one"), ([], "one"), (["x"], "one")):
        with pytest.raises(ValidationError, match="Vừa có lượt quét mới") as refused:
            judging.decide(conference, seen, outcome, by=olga)
        assert refused.value.code == "stale"
    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_a_clash_is_not_answered_with_a_place(conference: Conference, clash: list[Scan], olga: User) -> None:
    with pytest.raises(ValidationError):
        judging.decide(conference, ids(clash), "out", by=olga)


@pytest.mark.django_db
def test_who_was_turned_away_did_not_come_in(
    conference: Conference, phone: Phone, other_phone: Phone, person: Attendee, opening: Session
) -> None:
    offline(phone, person, 1, 0)
    offline(phone, person, 2, 600, "out")
    refused = offline(other_phone, person, 1, 600, "replaced")
    assert refused.verdict == "replaced"
    assert judging.questions(conference) == ()
    assert judging.whereabouts(conference, [opening])[opening.pk][person.pk].state == State.OUT


@pytest.mark.django_db
def test_a_dead_badge_that_two_phones_let_in_is_asked_about(
    conference: Conference, phone: Phone, other_phone: Phone, person: Attendee
) -> None:
    Attendee.objects.filter(pk=person.pk).update(status=Attendee.Status.DECLINED)
    both = [offline(phone, person, 1, 0), offline(other_phone, person, 1, 60)]
    assert {one.verdict for one in both} == {"withdrawn"}
    [asked] = judging.questions(conference)
    assert (asked.is_clash, list(asked.scans)) == (True, both)


@pytest.mark.django_db
def test_only_organisers_decide(
    conference: Conference, clash: list[Scan], victor: User, greta: User, sam: User
) -> None:
    for user in (victor, greta, sam):
        with pytest.raises(PermissionDenied):
            judging.decide(conference, ids(clash), "one", by=user)


@pytest.mark.django_db
def test_a_decision_is_never_changed_or_taken_back(
    conference: Conference, clash: list[Scan], olga: User
) -> None:
    made = judging.decide(conference, ids(clash), "one", by=olga)
    for act in (made.save, made.delete, Decision.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        Decision.objects.update(outcome="copied")


# ── Decided anew ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_decision_is_replaced_with_a_reason_and_the_last_one_counts(
    conference: Conference, doubt: list[Scan], person: Attendee, opening: Session, olga: User, ada: User
) -> None:
    def now() -> State:
        return judging.whereabouts(conference, [opening])[opening.pk][person.pk].state

    first = judging.decide(conference, ids(doubt), "in", by=olga)
    second = judging.revise(first, "out", " Gọi lại: đã  về ", by=ada)
    assert (second.replaces, second.note, second.scans) == (first, "Gọi lại: đã về", first.scans)
    assert (now(), judging.questions(conference)) == (State.OUT, ())
    third = judging.revise(second, "in", "Nhầm người", by=olga)
    assert (now(), judging.questions(conference)) == (State.IN, ())
    assert list(Decision.objects.in_turn()) == [first, second, third]  # nothing was taken away
    assert list(Decision.objects.in_force()) == [third]
    entry = conference.journal.filter(act="decide").latest("pk")
    assert entry.changes == {"outcome": ["Đã ra", "Đang ở trong"], "reason": ["", "Nhầm người"]}
    assert entry.person_ref == person.pk


@pytest.mark.django_db
def test_a_decision_is_replaced_once_by_another_answer_to_its_question_and_by_organisers(
    conference: Conference, clash: list[Scan], olga: User, victor: User, greta: User
) -> None:
    first = judging.decide(conference, ids(clash), "one", by=olga)
    for user in (victor, greta):
        with pytest.raises(PermissionDenied):
            judging.revise(first, "copied", "Sai", by=user)
    for outcome, reason, at in (("one", "Sai", "outcome"), ("in", "Sai", "outcome"), ("copied", " ", "note")):
        with pytest.raises(ValidationError) as refused:
            judging.revise(first, outcome, reason, by=olga)
        assert list(refused.value.error_dict) == [at]
    judging.revise(first, "copied", "Sai", by=olga)
    with pytest.raises(ValidationError) as refused:
        judging.revise(first, "copied", "Sai", by=olga)
    assert refused.value.code == "stale"
    assert Decision.objects.count() == 2


@pytest.mark.django_db
def test_a_scan_that_comes_later_asks_anew_also_after_a_replacement(
    conference: Conference, clash: list[Scan], person: Attendee, olga: User
) -> None:
    judging.revise(judging.decide(conference, ids(clash), "one", by=olga), "copied", "Sai", by=olga)
    assert judging.questions(conference) == ()
    offline(_third(conference, olga), person, 1, 90)
    assert len(judging.questions(conference)) == 1


@contextmanager
def without_the_constraint(name: str = "decision_once") -> Iterator[None]:
    """The control."""
    [once] = [one for one in Decision._meta.constraints if one.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Decision, once)
    try:
        yield
    finally:
        Decision.objects.all()._raw_delete(connection.alias)
        with connection.schema_editor() as editor:
            editor.add_constraint(Decision, once)


def pressed(act: Callable[[str], object], *told: str) -> list[str]:
    """What became of acts that begin at the same moment."""
    results = list[str]()

    def press(one: str) -> None:
        try:
            act(one)
            results.append("kept")
        except ValidationError:
            results.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(one,)) for one in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def both_at_once(
    conference: Conference, seen: list[str], olga: User, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Two organisers who have read the same question press at the same moment."""
    together, read = threading.Barrier(2), judging.questions

    def late(conference: Conference) -> tuple[judging.Question, ...]:
        found = read(conference)
        together.wait(LONGEST)
        return found

    monkeypatch.setattr(judging, "questions", late)

    results = pressed(lambda outcome: judging.decide(conference, seen, outcome, by=olga), "one", "copied")
    monkeypatch.setattr(judging, "questions", read)
    return results


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_organisers_at_once_one_decides(
    conference: Conference, clash: list[Scan], olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_at_once(conference, ids(clash), olga, monkeypatch) == ["kept", "stale"]
    assert Decision.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_both_decide(
    conference: Conference, clash: list[Scan], olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_the_constraint():
        assert both_at_once(conference, ids(clash), olga, monkeypatch) == ["kept", "kept"]


def both_revise(first: Decision, olga: User) -> list[str]:
    """Two organisers who look at the same decision press at the same moment."""
    together = threading.Barrier(2)

    def press(reason: str) -> None:
        mine = Decision.objects.select_related("session__conference", "attendee").get(pk=first.pk)
        together.wait(LONGEST)
        judging.revise(mine, "copied", reason, by=olga)

    return pressed(press, "Sai", "Nhầm")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_organisers_at_once_one_replaces_a_decision(
    conference: Conference, clash: list[Scan], olga: User
) -> None:
    first = judging.decide(conference, ids(clash), "one", by=olga)
    assert both_revise(first, olga) == ["kept", "stale"]
    assert Decision.objects.count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_both_replace_it(
    conference: Conference, clash: list[Scan], olga: User
) -> None:
    first = judging.decide(conference, ids(clash), "one", by=olga)
    with without_the_constraint("decision_replaced_once"):
        assert both_revise(first, olga) == ["kept", "kept"]


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_without_questions_the_page_is_calm(as_olga: Client) -> None:
    assert "Không có gì phải quyết định" in text(as_olga.get(DESK))


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_the_page_shows_both_scans_and_keeps_the_answer(
    as_olga: Client, clash: list[Scan], person: Attendee
) -> None:
    page = text(as_olga.get(DESK))
    assert "Nguyễn Văn An Tỉnh Lâm Đồng Hai cửa cùng mời vào" in page
    assert "Cửa A Vào 07:00:00 ±1 giây Mời vào" in page
    assert "Cửa B Vào 07:01:00 ±1 giây Mời vào" in page
    sent = {"seen": ",".join(sorted(ids(clash))), "outcome": "one", "note": "Chủ nhân xác nhận"}
    page = text(as_olga.post(f"{DESK}decide/", sent, follow=True))
    assert "Đã ghi quyết định về Nguyễn Văn An: Một người, quét ở hai cửa." in page
    assert "Không có gì phải quyết định" in page
    assert "Nguyễn Văn An Khai mạc Một người, quét ở hai cửa Chủ nhân xác nhận Olga" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_the_page_of_a_decision_replaces_it_and_shows_what_was_before(
    as_olga: Client, conference: Conference, clash: list[Scan], olga: User
) -> None:
    first = judging.decide(conference, ids(clash), "one", by=olga)
    address, sent = f"{DESK}{first.pk}/", {"outcome": "copied", "note": "Chủ thẻ báo mất"}
    page = text(as_olga.get(address))
    assert "Các lần quyết định 1" in page
    assert "Cửa B Vào 07:01:00 ±1 giây Mời vào" in page
    bad = as_olga.post(f"{address}revise/", {**sent, "note": ""})
    assert (bad.status_code, "Ghi lý do." in text(bad)) == (200, True)
    page = text(as_olga.post(f"{address}revise/", sent, follow=True))
    assert "Đã thay quyết định về Nguyễn Văn An: Thẻ bị sao chép, thu lại." in page
    assert "Thẻ bị sao chép, thu lại Một người, quét ở hai cửa , 16:00" in page
    late = as_olga.post(f"{address}revise/", {**sent, "note": "Chậm"})
    assert (late.status_code, Decision.objects.count()) == (409, 2)
    shown = text(late)
    assert "Quyết định này đã được thay." in shown
    assert "Thẻ bị sao chép, thu lại Đang có hiệu lực Chủ thẻ báo mất Olga" in shown
    assert "Một người, quét ở hai cửa Đã thay – Olga" in shown


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_an_answer_without_a_choice_comes_back_with_what_was_typed(
    as_olga: Client, clash: list[Scan]
) -> None:
    sent = {"seen": ",".join(sorted(ids(clash))), "note": "Đang gọi"}
    page = as_olga.post(f"{DESK}decide/", sent)
    assert page.status_code == 200
    assert "Chọn một quyết định." in text(page)
    assert 'value="Đang gọi"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_an_old_page_is_told_and_shows_what_came(
    as_olga: Client, conference: Conference, clash: list[Scan], person: Attendee, olga: User
) -> None:
    offline(_third(conference, olga), person, 1, 90)
    sent = {"seen": ",".join(sorted(ids(clash))), "outcome": "one"}
    page = as_olga.post(f"{DESK}decide/", sent)
    assert page.status_code == 409
    assert "Vừa có lượt quét mới" in text(page)
    assert "Cửa C Vào 07:01:30" in text(page)


@pytest.mark.django_db
@pytest.mark.parametrize("seen", ["", "\0", "x" * 30_000, "a,b"])
def test_nonsense_is_refused_in_words(as_olga: Client, clash: list[Scan], seen: str) -> None:
    page = as_olga.post(f"{DESK}decide/", {"seen": seen, "outcome": "one"})
    assert page.status_code in (200, 409)
    assert not Decision.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_the_desk_leads_to_what_is_open(
    as_olga: Client, conference: Conference, clash: list[Scan], olga: User
) -> None:
    line = "1 thẻ hai cửa ghi khác nhau Máy không tự quyết được ai đang ở trong. Xem và quyết định"
    assert line in text(as_olga.get("/admin/"))
    judging.decide(conference, ids(clash), "one", by=olga)
    assert "hai cửa ghi khác nhau" not in text(as_olga.get("/admin/"))


@pytest.mark.django_db
def test_viewers_read_and_do_not_decide(victor: User, olga: User, clash: list[Scan]) -> None:
    client = signed_in(victor)
    assert "Ghi quyết định" not in text(client.get(DESK))
    sent = {"seen": ",".join(sorted(ids(clash))), "outcome": "one"}
    assert client.post(f"{DESK}decide/", sent).status_code == 403
    assert not Decision.objects.exists()
    first = judging.decide(clash[0].session.conference, ids(clash), "one", by=olga)
    assert "Thay quyết định" not in text(client.get(f"{DESK}{first.pk}/"))
    sent = {"outcome": "copied", "note": "Sai"}
    assert client.post(f"{DESK}{first.pk}/revise/", sent).status_code == 403
    assert Decision.objects.count() == 1


@pytest.mark.django_db
def test_the_page_asks_the_same_however_many_questions(
    as_olga: Client, delegation: Delegation, opening: Session, phone: Phone, other_phone: Phone,
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    numbers = iter(range(1, 1000))

    def grow() -> None:
        number = next(numbers)
        person = make_attendee(delegation, f"Người thứ {number}")
        for one in (phone, other_phone):
            offline(one, person, number, number * 60)

    assert len(set(same_count(as_olga, DESK, grow))) == 1
