"""The answers to the organisers' questions: who may, until when, with whose consent, and what is recorded."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from attendees import questioning
from attendees.inspecting import Inert
from attendees.models import Attendee, Delegation, Question
from attendees.question_values import CONSENT
from attendees.questioning import Stale, version_of
from conference.guests import Guest
from conference.models import Conference, JournalEntry, User
from tests.attendees.test_races import at_once, meeting
from tests.conftest import VN, MakeAttendee

Kind = Question.Kind
EVENING = datetime.datetime(2024, 5, 30, 18, tzinfo=VN)  # two hours from now by the clock of the tests


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation)


@pytest.fixture
def vehicle(conference: Conference) -> Question:
    return conference.questions.create(
        label="Phương tiện", kind=Kind.CHOICE, choices=["Máy bay", "Tàu hỏa"], is_required=True
    )


@pytest.fixture
def diet(conference: Conference) -> Question:
    return conference.questions.create(
        label="Chế độ ăn", kind=Kind.CHOICES, choices=["Ăn chay", "Ăn kiêng"], is_sensitive=True
    )


@pytest.fixture
def cars(conference: Conference) -> Question:
    return conference.questions.create(label="Số xe của đoàn", kind=Kind.NUMBER, subject="delegation")


def codes_of(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, str]:
    return {slug: found[0].code for slug, found in error.value.error_dict.items()}


def journal_of(subject: Delegation | Attendee) -> list[dict[str, Any]]:
    rows = JournalEntry.objects.filter(act="answer_questions").order_by("pk")
    key = f"{subject._meta.label_lower}:{subject.pk}"
    return [row.changes for row in rows if row.subject == key]


def bearer(person: Attendee) -> Guest:
    return Guest("Liên kết", link_id=1, attendee_id=person.pk)


# Who


def test_officers_organisers_and_the_person_answer_nobody_else(
    delegation: Delegation,
    other_delegation: Delegation,
    person: Attendee,
    vehicle: Question,
    dan: User,
    mai: User,
    olga: User,
    victor: User,
    make_attendee: MakeAttendee,
) -> None:
    of_delegation = Guest("Liên kết", link_id=2, delegation_id=delegation.pk)
    for number, by in enumerate((dan, olga, bearer(person), of_delegation, None)):
        value = vehicle.choices[number % 2]
        assert questioning.answer(person, {vehicle.slug: value}, by=by).extra == {vehicle.slug: value}
    foreign = Guest("Liên kết", link_id=3, delegation_id=other_delegation.pk)
    for by in (mai, victor, foreign, bearer(make_attendee(delegation, "Lê Thị Khác"))):
        with pytest.raises(PermissionDenied):
            questioning.answer(person, {vehicle.slug: "Tàu hỏa"}, by=by)
    with pytest.raises(PermissionDenied):
        questioning.answer(delegation, {}, by=bearer(person))


def test_answers_of_a_delegation_and_of_a_person_stay_apart(
    delegation: Delegation, person: Attendee, vehicle: Question, cars: Question, dan: User
) -> None:
    assert questioning.answer(delegation, {cars.slug: 2}, by=dan).extra == {cars.slug: 2}
    with pytest.raises(ValidationError) as error:
        questioning.answer(person, {cars.slug: 2}, by=dan)
    assert codes_of(error) == {cars.slug: "unknown"}


def test_who_gave_up_the_seat_is_asked_nothing(
    delegation: Delegation, vehicle: Question, dan: User, make_attendee: MakeAttendee
) -> None:
    gone = make_attendee(delegation, status=Attendee.Status.REPLACED)
    with pytest.raises(ValidationError) as error:
        questioning.answer(gone, {vehicle.slug: "Máy bay"}, by=dan)
    assert error.value.code == "replaced"


# When


def test_after_its_own_deadline_only_organisers_answer(
    conference: Conference, person: Attendee, vehicle: Question, dan: User, olga: User
) -> None:
    vehicle.answer_by = EVENING
    vehicle.save()
    questioning.answer(person, {vehicle.slug: "Máy bay"}, by=dan)
    Conference.objects.update(demo_now=EVENING + datetime.timedelta(seconds=1))
    with pytest.raises(ValidationError) as error:
        questioning.answer(person, {vehicle.slug: "Tàu hỏa"}, by=dan)
    assert codes_of(error) == {vehicle.slug: "closed"}
    assert "Đã hết hạn trả lời lúc 18:00, thứ Năm, 30/5/2024." in error.value.messages[0]
    assert questioning.answer(person, {vehicle.slug: "Máy bay"}, by=dan).extra[vehicle.slug] == "Máy bay"
    assert questioning.answer(person, {vehicle.slug: "Tàu hỏa"}, by=olga).extra[vehicle.slug] == "Tàu hỏa"


def test_a_question_with_a_later_deadline_is_answered_when_the_list_is_closed(
    conference: Conference, person: Attendee, vehicle: Question, dan: User
) -> None:
    vehicle.answer_by = conference.confirm_by + datetime.timedelta(days=2)
    vehicle.save()
    Conference.objects.update(demo_now=conference.confirm_by + datetime.timedelta(days=1))
    person.refresh_from_db()
    assert questioning.answer(person, {vehicle.slug: "Máy bay"}, by=dan).extra == {vehicle.slug: "Máy bay"}


def test_a_delegation_with_more_time_answers_and_owes_until_then(
    conference: Conference,
    delegation: Delegation,
    other_delegation: Delegation,
    person: Attendee,
    vehicle: Question,
    dan: User,
    mai: User,
    make_attendee: MakeAttendee,
) -> None:
    other = make_attendee(other_delegation, "Trần Thị Bình")
    Delegation.objects.filter(pk=delegation.pk).update(
        extended_to=conference.confirm_by + datetime.timedelta(days=2)
    )
    Conference.objects.update(demo_now=conference.confirm_by + datetime.timedelta(days=1))
    conference.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        questioning.answer(other, {vehicle.slug: "Máy bay"}, by=mai)
    assert codes_of(error) == {vehicle.slug: "closed"}
    rows = Delegation.objects.filter(pk__in=[delegation.pk, other_delegation.pk]).order_by("pk")
    assert [questioning.owed(one, one.attendees.active()) for one in rows] == [1, 0]
    assert questioning.answer(person, {vehicle.slug: "Máy bay"}, by=dan).extra == {vehicle.slug: "Máy bay"}
    Question.objects.update(answer_by=conference.confirm_by)
    with pytest.raises(ValidationError) as error:
        questioning.answer(person, {vehicle.slug: "Tàu hỏa"}, by=dan)
    assert "Đã hết hạn trả lời lúc 17:00, thứ Sáu, 31/5/2024." in error.value.messages[0]


def test_a_question_that_is_not_asked_any_more_is_unknown(
    person: Attendee, vehicle: Question, dan: User
) -> None:
    Question.objects.update(is_active=False)
    with pytest.raises(ValidationError) as error:
        questioning.answer(person, {vehicle.slug: "Máy bay"}, by=dan)
    assert codes_of(error) == {vehicle.slug: "unknown"}


# Consent


def test_a_sensitive_answer_needs_a_consent_and_falls_with_it(
    person: Attendee, diet: Question, dan: User
) -> None:
    with pytest.raises(ValidationError) as error:
        questioning.answer(person, {diet.slug: ["Ăn chay"]}, by=dan)
    assert codes_of(error) == {diet.slug: "consent"}
    saved = questioning.answer(person, {diet.slug: ["Ăn chay"]}, by=dan, consents={diet.slug})
    assert saved.extra == {diet.slug: ["Ăn chay"], CONSENT + diet.slug: "2024-05-30T16:00:00+07:00"}
    with pytest.raises(ValidationError):
        questioning.answer(person, {diet.slug: ["Ăn chay"]}, by=dan)  # the tick was taken off
    assert questioning.answer(person, {diet.slug: []}, by=dan).extra == {}
    assert journal_of(person) == [{"Chế độ ăn": ["", "đã trả lời"]}, {"Chế độ ăn": ["đã trả lời", ""]}]


# Legal hold


@pytest.mark.parametrize("hold", [True, False])
def test_under_legal_hold_a_file_that_is_no_answer_any_more_stays_out_of_sight(
    person: Attendee, conference: Conference, dan: User, media: Path, hold: bool
) -> None:
    ticket = conference.questions.create(label="Vé", kind=Kind.FILE)
    Conference.objects.update(legal_hold=hold)
    for text in (b"first", b"second"):
        questioning.answer(person, {ticket.slug: Inert(text, "application/pdf", "pdf", "Vé.pdf")}, by=dan)
    kept = [(one.size, one.withdrawn_at is None) for one in person.uploads.order_by("pk")]
    assert kept == ([(5, False)] if hold else []) + [(6, True)]
    questioning.answer(person, {ticket.slug: ""}, by=dan)
    assert person.uploads.count() == (2 if hold else 0)
    assert not person.uploads.standing().exists()


def test_under_legal_hold_a_sensitive_answer_is_not_emptied(
    person: Attendee, diet: Question, vehicle: Question, dan: User
) -> None:
    given = {diet.slug: ["Ăn chay"], vehicle.slug: "Máy bay"}
    questioning.answer(person, given, by=dan, consents={diet.slug})
    Conference.objects.update(legal_hold=True)
    with pytest.raises(ValidationError) as error:
        questioning.answer(person, {diet.slug: []}, by=dan)
    assert codes_of(error) == {diet.slug: "held"}
    assert questioning.answer(person, {vehicle.slug: ""}, by=dan).extra[diet.slug] == ["Ăn chay"]


# Two at once, and twice


def test_the_same_answer_twice_is_recorded_once(person: Attendee, vehicle: Question, dan: User) -> None:
    for _ in range(2):
        questioning.answer(person, {vehicle.slug: "Máy bay"}, by=dan, version=version_of(person))
    assert journal_of(person) == [{"Phương tiện": ["", "Máy bay"]}]


def test_who_saw_older_answers_is_told_and_nothing_is_written(
    person: Attendee, vehicle: Question, dan: User, olga: User
) -> None:
    seen = version_of(person)
    questioning.answer(person, {vehicle.slug: "Máy bay"}, by=olga)
    with pytest.raises(Stale) as stale:
        questioning.answer(person, {vehicle.slug: "Tàu hỏa"}, by=dan, version=seen)
    assert stale.value.current.extra == {vehicle.slug: "Máy bay"}
    person.refresh_from_db()
    assert person.extra == {vehicle.slug: "Máy bay"}


def test_all_answers_are_written_or_none(
    person: Attendee, vehicle: Question, diet: Question, dan: User
) -> None:
    with pytest.raises(ValidationError) as error:
        questioning.answer(person, {vehicle.slug: "Máy bay", diet.slug: ["Ăn chay"]}, by=dan)
    assert codes_of(error) == {diet.slug: "consent"}
    person.refresh_from_db()
    assert (person.extra, journal_of(person)) == ({}, [])


def test_other_words_about_the_person_are_left_alone(person: Attendee, vehicle: Question, dan: User) -> None:
    Attendee.objects.update(position="Giám đốc", version=F("version") + 1)
    saved = questioning.answer(person, {vehicle.slug: "Máy bay"}, by=dan, version=version_of(person))
    saved.refresh_from_db()
    assert (saved.position, saved.version) == ("Giám đốc", 2)


@pytest.mark.django_db(transaction=True)
def test_twelve_who_answer_twelve_questions_at_once_lose_none(
    conference: Conference, person: Attendee, dan: User
) -> None:
    asked = [conference.questions.create(label=f"Câu {number}", kind=Kind.NUMBER) for number in range(12)]
    outcomes = at_once(lambda n: questioning.answer(person, {asked[n].slug: n}, by=dan))
    person.refresh_from_db()
    assert outcomes == {"done": 12}
    assert person.extra == {question.slug: number for number, question in enumerate(asked)}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_answers_are_lost(conference: Conference, person: Attendee) -> None:
    """The control: reading, adding and writing without the row held."""
    all_have_read = meeting()

    def careless(number: int) -> None:
        with transaction.atomic():
            row = Attendee.objects.get(pk=person.pk)
            all_have_read()
            row.extra[f"cau-{number}"] = number
            row.save(update_fields=("extra",))

    at_once(careless)
    person.refresh_from_db()
    assert len(person.extra) < 12


# The questions themselves


def test_a_question_with_answers_stays(person: Attendee, vehicle: Question, cars: Question) -> None:
    assert not questioning.is_answered(vehicle)
    questioning.answer(person, {vehicle.slug: "Máy bay"}, by=None)
    assert questioning.is_answered(vehicle)
    with pytest.raises(ValidationError) as error:
        questioning.remove(vehicle)
    assert error.value.code == "answered"
    questioning.remove(cars)
    assert list(Question.objects.all()) == [vehicle]


# What is owed


def test_required_answers_that_can_still_be_given_are_owed(
    delegation: Delegation,
    person: Attendee,
    vehicle: Question,
    cars: Question,
    dan: User,
    make_attendee: MakeAttendee,
) -> None:
    make_attendee(delegation, "Trần Thị Bình")
    make_attendee(delegation, "Lê Văn Thôi", status=Attendee.Status.DECLINED)
    Question.objects.filter(pk=cars.pk).update(is_required=True)
    questioning.answer(person, {vehicle.slug: "Máy bay"}, by=dan)
    assert questioning.owed(delegation, delegation.attendees.active()) == 2

    Question.objects.update(answer_by=EVENING)
    Conference.objects.update(demo_now=EVENING + datetime.timedelta(hours=1))
    delegation = Delegation.objects.get()
    assert questioning.owed(delegation, delegation.attendees.active()) == 0
