"""Papers that come in at once, and what the rows themselves tell, on a real PostgreSQL with real commits."""

import secrets
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from attendees.models import Attendee, Delegation
from conference.models import Conference
from sessions import collecting, voting
from sessions.models import Feedback, Session, Slip, TestQuestion
from tests.attendees.test_races import CLIENTS, at_once, meeting
from tests.attendees.test_views_person import opened
from tests.conftest import MakeAttendee
from tests.patience import LONGEST
from tests.sessions.papers import TOPIC, ask, at, bearer, fill, take, topic_of

pytestmark = pytest.mark.django_db(transaction=True)
ARRIVED = 9  # fewer than leave the urn


@pytest.fixture
def topic(conference: Conference) -> Session:
    made = topic_of(conference)
    at(9)
    return made


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trần Thị Ngọc Ánh", status="confirmed")


def seen(query: str) -> list[str]:
    """One column, as it lies there."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [str(row[0]) for row in cursor.fetchall()]


# At once


def test_one_paper_sent_twelve_times_at_once_counts_once(topic: Session, person: Attendee) -> None:
    paper = take(person)
    assert at_once(lambda n: fill(paper, content=n % 5 + 1)) == {
        "done": 1, ValidationError.__name__: CLIENTS - 1,
    }  # fmt: skip
    assert Feedback.objects.count() == 1


def test_without_the_key_the_same_race_counts_more_than_once(topic: Session) -> None:
    """The control: it shows that the race above is one."""
    mark, all_have_asked = secrets.token_hex(8), meeting()

    def send_naively(_number: int) -> None:
        if not Feedback.objects.filter(helpful=mark).exists():
            all_have_asked()
            Feedback.objects.create(id=uuid.uuid4(), conference=topic.conference, session=topic, helpful=mark)

    at_once(send_naively)
    assert Feedback.objects.count() > 1


def test_one_person_who_asks_twelve_times_at_once_has_one_paper(topic: Session, person: Attendee) -> None:
    assert at_once(lambda _: take(person)) == {"done": 1, ValidationError.__name__: CLIENTS - 1}
    assert Slip.objects.count() == 1


def test_without_the_catch_the_same_race_meets_the_constraint(topic: Session, person: Attendee) -> None:
    """The control: all twelve find no slip; only the constraint stops the second."""
    all_have_asked = meeting()

    def give_naively(_number: int) -> None:
        if not Slip.objects.given_to(person).exists():
            all_have_asked()
            Slip.objects.create(attendee=person, session=topic, kind="feedback", on=topic.day)

    assert at_once(give_naively)[IntegrityError.__name__] > 0


def test_twelve_papers_at_once_are_all_kept_and_five_stay_behind(topic: Session) -> None:
    papers = [voting.seal(topic.conference, "feedback", topic, None) for _ in range(2 * CLIENTS)]
    for half in (papers[:CLIENTS], papers[CLIENTS:]):
        assert at_once(lambda n, some=half: fill(some[n], helpful=f"{n}")) == {"done": CLIENTS}
    assert Feedback.objects.count() == 2 * CLIENTS
    assert len(set(Feedback.objects.values_list("pk", flat=True))) == 2 * CLIENTS
    counted = Feedback.objects.filter(is_counted=True).count()
    assert counted == 0 or 5 <= counted <= 2 * CLIENTS - 5


def test_a_test_is_not_given_while_its_questions_change(topic: Session, person: Attendee) -> None:
    ask(topic)
    at(7)
    told: list[str] = []

    def give() -> None:
        take(person, "before")
        told.append("given")
        connection.close()

    other = threading.Thread(target=give)
    with transaction.atomic():
        collecting.hold_test(topic.pk)
        other.start()
        other.join(0.5)
        TestQuestion.objects.update(right=2)
        told.append("changed")
    other.join(LONGEST)
    assert told == ["changed", "given"]
    with pytest.raises(ValidationError, match="Đã có đại biểu nhận"), transaction.atomic():
        collecting.hold_test(topic.pk)


# What the rows tell


def test_slip_and_answer_were_written_in_two_transactions(
    topic: Session, person: Attendee, client: Client
) -> None:
    where = f"/da-lat-2024/people/{person.code}/feedback/give/"
    answer = opened(client, person).post(where, {"kind": "feedback", "session": TOPIC})
    assert answer.status_code == 303
    assert seen("SELECT count(*) FROM thematic_feedback") == ["0"]
    sent = Client().post(answer["Location"], {"content": "5"})  # a browser without the link
    assert sent.status_code == 303
    [slip] = seen("SELECT xmin FROM thematic_slip")
    [paper] = seen("SELECT xmin FROM thematic_feedback")
    assert slip != paper


def arrive(topic: Session, put: object) -> list[str]:
    order = [f"{number:02}" for number in range(ARRIVED)]
    for name in order:
        put(name)  # type: ignore[operator]  # a function on the name
    return order


def test_what_waits_lies_in_no_order_under_one_transaction(topic: Session) -> None:
    """By chance the order of arrival is one of 362 880."""
    order = arrive(
        topic, lambda name: fill(voting.seal(topic.conference, "feedback", topic, None), helpful=name)
    )
    assert len(set(seen("SELECT xmin FROM thematic_feedback"))) == 1
    lies = seen("SELECT helpful FROM thematic_feedback ORDER BY ctid")
    assert sorted(lies) == order
    assert lies != order
    assert seen("SELECT helpful FROM thematic_feedback ORDER BY id") != order


def test_without_the_urn_the_rows_tell_the_order_in_which_they_came(topic: Session) -> None:
    """The control."""
    order = arrive(
        topic,
        lambda name: Feedback.objects.create(
            id=uuid.uuid4(), conference=topic.conference, session=topic, helpful=name
        ),
    )
    assert seen("SELECT helpful FROM thematic_feedback ORDER BY ctid") == order
    assert seen("SELECT helpful FROM thematic_feedback ORDER BY xmin::text::bigint") == order


def test_the_order_of_the_slips_tells_nothing_about_the_order_of_the_answers(
    topic: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    names = [f"Nguyễn Văn {number:02}" for number in range(ARRIVED)]
    for name in names:
        one = make_attendee(delegation, name, status="confirmed")
        fill(voting.give(Attendee.objects.get(pk=one.pk), "feedback", TOPIC, by=bearer(one)), helpful=name)
    slips = seen(
        "SELECT a.full_name FROM thematic_slip s JOIN attendees_attendee a ON a.id = s.attendee_id "
        "ORDER BY s.ctid"
    )
    assert slips == names  # these do lie as they were given
    assert seen("SELECT helpful FROM thematic_feedback ORDER BY ctid") != names
