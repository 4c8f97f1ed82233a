"""Papers are given once and come back once, in their time; and nothing ties an answer to a person."""

import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from attendees.models import Attendee, Category, Delegation
from conference.models import Conference, JournalEntry
from sessions import results, tallying, voting
from sessions.feedback import Paper
from sessions.models import Feedback, Session, Slip, TestAnswer, TestQuestion
from tests.conftest import MakeAttendee, publish
from tests.sessions.papers import TOPIC, ask, at, bearer, fill, read, take, topic_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(conference: Conference) -> Session:
    return topic_of(conference)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trần Thị Ngọc Ánh", status="confirmed")


@pytest.fixture
def people(delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    return [make_attendee(delegation, f"Nguyễn Văn {n}", status="confirmed") for n in range(12)]


def offered(person: Attendee) -> dict[tuple[str, str], str]:
    """Paper → its state."""
    fresh = Attendee.objects.select_related("conference").get(pk=person.pk)
    return {(one.kind.value, one.code): one.state for one in voting.offers(fresh)}


# Which papers, and when


def test_topics_talks_discussions_and_the_whole_are_asked_about(topic: Session, person: Attendee) -> None:
    assert list(offered(person)) == [("feedback", TOPIC), ("feedback", "tham-luan"), ("feedback", "")]


def test_a_draft_gives_no_paper_for_its_pages_are_not_there(topic: Session, person: Attendee) -> None:
    Conference.objects.update(status="draft")
    assert offered(person) == {}


def test_before_the_release_there_is_no_paper(conference: Conference, person: Attendee) -> None:
    assert offered(person) == {}


@pytest.mark.parametrize(
    ("when", "state"),
    [((6, 8, 44), "early"), ((6, 8, 45), "open"), ((14, 23, 59), "open"), ((15, 0, 0), "over")],
)
def test_a_paper_is_open_from_the_last_minutes_of_the_session_to_a_week_after_the_conference(
    topic: Session, person: Attendee, when: tuple[int, int, int], state: str
) -> None:
    at(when[1], when[2], day=when[0])
    assert offered(person)["feedback", TOPIC] == state


def test_the_whole_conference_is_asked_about_from_its_last_day(topic: Session, person: Attendee) -> None:
    at(23, 59)
    assert offered(person)["feedback", ""] == "early"
    at(0, 0, day=7)
    assert offered(person)["feedback", ""] == "open"


def test_the_test_before_is_open_until_the_session_starts_and_that_after_from_its_last_minutes(
    topic: Session, person: Attendee
) -> None:
    ask(topic)
    states = {}
    for hour, minute in ((7, 59), (8, 0), (8, 45)):
        at(hour, minute)
        found = offered(person)
        states[hour, minute] = (found["before", TOPIC], found["after", TOPIC])
    assert states == {(7, 59): ("open", "early"), (8, 0): ("over", "early"), (8, 45): ("over", "open")}


def test_the_hours_are_those_that_were_released(topic: Session, person: Attendee) -> None:
    at(8, 50)
    Session.objects.filter(pk=topic.pk).update(starts="10:00", ends="11:00")
    assert offered(person)["feedback", TOPIC] == "open"
    publish(topic.conference)
    assert offered(person)["feedback", TOPIC] == "early"


# A paper is given


def test_a_paper_is_given_once(topic: Session, person: Attendee) -> None:
    at(9)
    take(person)
    with pytest.raises(ValidationError, match="không cấp lại được"):
        take(person)
    assert offered(person)["feedback", TOPIC] == "given"
    assert Slip.objects.given_to(person).for_feedback().filter(session=topic).exists()


def test_the_database_itself_gives_one_slip(topic: Session, person: Attendee, conference: Conference) -> None:
    for session in (topic, None):
        Slip.objects.create(attendee=person, session=session, kind="feedback", on=conference.starts_on)
        with pytest.raises(IntegrityError), transaction.atomic():
            Slip.objects.create(attendee=person, session=session, kind="feedback", on=conference.starts_on)


@pytest.mark.parametrize(
    ("hour", "kind", "code", "said"),
    [
        (8, "feedback", TOPIC, "Phiếu này mở lúc 08:45, thứ Năm, 06/6/2024"),
        (9, "feedback", "giai-lao", "Không có phiếu này"),
        (9, "feedback", "khong-co", "Không có phiếu này"),
        (9, "before", TOPIC, "Không có phiếu này"),
        (9, "", TOPIC, "Không có phiếu này"),
        (9, "feedback", "", "Phiếu này mở lúc 00:00, thứ Sáu, 07/6/2024"),
    ],
)
def test_what_cannot_be_had_is_refused_with_a_sentence(
    topic: Session, person: Attendee, hour: int, kind: str, code: str, said: str
) -> None:
    at(hour)
    with pytest.raises(ValidationError, match=said):
        take(person, kind, code)
    assert not Slip.objects.exists()


def test_only_who_is_confirmed_has_a_paper_and_nobody_takes_that_of_another(
    topic: Session, person: Attendee, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    at(9)
    with pytest.raises(ValidationError, match="đã xác nhận"):
        take(make_attendee(delegation, "Lê Văn Chờ"))
    with pytest.raises(PermissionDenied):
        voting.give(person, "feedback", TOPIC, by=bearer(make_attendee(delegation, "Lê Văn Khác")))


# A paper comes back


def test_a_paper_counts_once(topic: Session, person: Attendee) -> None:
    at(9)
    paper = take(person)
    fill(paper, content=5, helpful="Phần hỏi đáp")
    with pytest.raises(ValidationError, match="đã được gửi"):
        fill(paper, content=1)
    assert list(Feedback.objects.values_list("content", "helpful", "session")) == [
        (5, "Phần hỏi đáp", topic.pk)
    ]


def test_a_paper_is_too_late_after_the_end(topic: Session, person: Attendee) -> None:
    at(9)
    paper = take(person)
    at(0, 0, day=15)
    with pytest.raises(ValidationError, match="hết thời gian"):
        fill(paper)
    assert not Feedback.objects.exists()


def test_a_test_before_is_too_late_once_the_session_has_begun(topic: Session, person: Attendee) -> None:
    ask(topic)
    at(7)
    paper = take(person, Paper.BEFORE)
    at(8)
    with pytest.raises(ValidationError, match="hết thời gian"):
        fill(paper, q1=1)
    assert not TestAnswer.objects.exists()


def test_what_was_given_is_taken_though_the_session_was_cancelled(topic: Session, person: Attendee) -> None:
    at(9)
    paper = take(person)
    Session.objects.filter(pk=topic.pk).update(code="da-doi")  # the released one is no more
    fill(paper)
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize(
    "change", [lambda p: p[:-1], lambda p: p.replace("feedback", "after"), lambda p: "x.y"]
)
def test_a_paper_that_was_not_given_is_none(topic: Session, person: Attendee, change: object) -> None:
    at(9)
    changed = change(take(person))  # type: ignore[operator]  # a function on text
    assert voting.read(topic.conference, changed) is None


def test_a_paper_of_another_conference_is_none_here(
    topic: Session, conference: Conference, foreign_delegation: Delegation
) -> None:
    paper = voting.seal(foreign_delegation.conference, "feedback", None, None)
    assert voting.read(conference, paper) is None
    assert voting.read(foreign_delegation.conference, paper) is not None


# Nothing ties an answer to a person


def test_no_answer_has_a_column_that_leads_to_a_person_or_a_moment() -> None:
    columns = {
        model: {(field.name, field.get_internal_type()) for field in model._meta.fields}
        for model in (Feedback, TestAnswer)
    }
    scales = {(name, "PositiveSmallIntegerField") for name in Feedback.SCALES}
    texts = {(name, "CharField") for name in Feedback.TEXTS}
    secret = {("id", "UUIDField"), ("is_counted", "BooleanField"), ("session", "ForeignKey")}
    assert columns[Feedback] == secret | scales | texts | {("conference", "ForeignKey")}
    assert columns[TestAnswer] == secret | {
        ("phase", "CharField"), ("category", "ForeignKey"), ("chosen", "JSONField"),
    }  # fmt: skip
    assert {(field.name, field.get_internal_type()) for field in Slip._meta.fields} == {
        ("id", "UUIDField"), ("attendee", "ForeignKey"), ("session", "ForeignKey"), ("kind", "CharField"),
        ("on", "DateField"),
    }  # fmt: skip


def test_the_database_has_no_other_column_no_sequence_and_no_key_between_the_two(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, column_default FROM information_schema.columns "
            "WHERE table_name IN ('thematic_feedback', 'thematic_testanswer', 'thematic_slip')"
        )
        rows = cursor.fetchall()
        assert not any(default for *_rest, default in rows)
        assert {kind for table, _column, kind, _ in rows if table != "thematic_slip"} == {
            "uuid", "boolean", "bigint", "smallint", "character varying", "jsonb",
        }  # fmt: skip
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid::regclass::text IN ('thematic_feedback', 'thematic_testanswer')"
        )
        assert set(cursor.fetchall()) == {
            ("thematic_feedback", "conference_conference"), ("thematic_feedback", "thematic_session"),
            ("thematic_testanswer", "attendees_category"), ("thematic_testanswer", "thematic_session"),
        }  # fmt: skip


def test_a_paper_says_no_person_and_is_written_down_nowhere_until_it_comes_back(
    topic: Session, person: Attendee
) -> None:
    at(9)
    before = JournalEntry.objects.count()
    paper = take(person)
    kind, session, category, nonce = paper.partition(".")[0].split("-")
    assert (kind, session, category) == ("feedback", str(topic.pk), "0")
    assert re.fullmatch(r"[0-9a-f]{40}", nonce)  # 160 bits
    assert nonce not in dump()
    fill(paper, content=5)
    assert nonce not in dump()
    assert str(read(paper).key) in dump()
    assert JournalEntry.objects.count() == before


def dump() -> str:
    """Every row of every table, as text."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - a name from the database
            told += [row[0] for row in cursor.fetchall()]
    return "\n".join(told)


def test_the_same_person_and_session_never_make_the_same_paper(topic: Session) -> None:
    papers = {voting.seal(topic.conference, "feedback", topic, None) for _ in range(50)}
    assert len(papers) == len({read(paper).key for paper in papers}) == 50


def test_a_component_is_kept_only_where_it_hides_the_person(
    topic: Session, people: list[Attendee], delegation: Delegation, make_attendee: MakeAttendee,
    conference: Conference,
) -> None:  # fmt: skip
    ask(topic)
    at(7)
    press: Category = conference.categories.get(slug="press")
    few = [make_attendee(delegation, f"Báo {n}", status="confirmed", category=press) for n in range(4)]
    assert read(take(few[0], Paper.BEFORE)).category is None
    assert read(take(people[0], Paper.BEFORE)).category == people[0].category_id
    make_attendee(delegation, "Báo 5", status="confirmed", category=press)
    assert read(take(few[1], Paper.BEFORE)).category == press.pk
    at(9)
    assert read(take(people[1], Paper.FEEDBACK)).category is None


# The urn


def test_answers_leave_the_urn_by_five_and_leave_five_behind(topic: Session, people: list[Attendee]) -> None:
    at(9)
    told = []
    for person in people:
        fill(take(person))
        told.append(Feedback.objects.filter(is_counted=True).count())
    assert told == [0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5]
    assert results.overall(topic.conference)[1].n == tallying.K
    at(0, 0, day=15)
    conference = Conference.objects.get(pk=topic.conference_id)
    assert results.overall(conference)[1].n == 12


def test_which_answer_leaves_the_urn_first_is_a_matter_of_chance(topic: Session) -> None:
    at(9)
    counted = set()
    for _round in range(12):
        Feedback.objects.all().delete()
        papers = [voting.seal(topic.conference, "feedback", topic, None) for _ in range(10)]
        for number, paper in enumerate(papers):
            fill(paper, content=1, helpful=str(number))
        counted |= set(Feedback.objects.filter(is_counted=True).values_list("helpful", flat=True))
    assert counted == {str(number) for number in range(10)}


def test_urns_are_apart_by_session_phase_and_component(topic: Session, people: list[Attendee]) -> None:
    ask(topic)
    at(7)
    for person in people[:6]:
        fill(take(person, Paper.BEFORE), q1=1)
    at(9)
    for person in people[:6]:
        fill(take(person, Paper.AFTER), q1=1)
        fill(take(person))
    assert TestAnswer.objects.filter(is_counted=True).count() == 0
    assert Feedback.objects.filter(is_counted=True).count() == 0


# Questions


@pytest.mark.parametrize(
    ("options", "right", "field"),
    [
        ("Một", 1, "options"), ("1\n2\n3\n4\n5\n6\n7", 1, "options"), ("Một\n Một ", 1, "options"),
        ("", 1, "options"), (" \n\n", 1, "options"), ("Một\nHai", 3, "right"), ("Một\nHai", 0, "right"),
        (f"Một\n{'x' * 201}", 1, "options"),
    ],
)  # fmt: skip
def test_a_question_has_two_to_six_options_and_one_of_them_is_right(
    topic: Session, options: str, right: int, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        TestQuestion(session=topic, text="Câu hỏi?", options=options, right=right).full_clean()
    assert list(refused.value.message_dict) == [field]


def test_levels_beyond_the_scale_do_not_pass_the_database(conference: Conference) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(id=uuid.uuid4(), conference=conference, content=6)
