"""What the tests of papers share: a released programme with a topic, people, and papers that come back."""

import datetime
import uuid
from typing import Any

from attendees.models import Attendee, Category
from conference.guests import Guest
from conference.models import Conference
from sessions import voting
from sessions.feedback import Paper
from sessions.models import Feedback, Session, TestAnswer, TestQuestion
from tests.conftest import VN, publish
from tests.sessions.plans import session

TOPIC = "chuyen-de-1"


def at(hour: int, minute: int = 0, day: int = 6) -> None:
    """Puts the clock of every conference to an hour of June 2024."""
    Conference.objects.update(demo_now=datetime.datetime(2024, 6, day, hour, minute, tzinfo=VN))


def topic_of(conference: Conference) -> Session:
    """A topic from 8 to 9, then a break, a talk on the next day; released."""
    topic = session(conference, TOPIC, 8, 9, title="Quảng bá hình ảnh địa phương", number=1)
    session(conference, "giai-lao", 9, 10, kind="break")
    session(conference, "khai-mac", 7, 8, kind="speech")
    session(conference, "tham-luan", 8, 9, kind="talk", day=conference.ends_on)
    publish(conference)
    return topic


def bearer(person: Attendee) -> Guest:
    return Guest("Liên kết", link_id=1, attendee_id=person.pk)


def take(person: Attendee, kind: str = Paper.FEEDBACK, code: str = TOPIC) -> str:
    """The person is given a paper; by the clock that stands in the database."""
    fresh = Attendee.objects.select_related("conference").get(pk=person.pk)
    return voting.give(fresh, kind, code, by=bearer(fresh))


def fill(paper: str, **given: Any) -> None:
    """A paper comes back: scales and texts, or the options of a test as `q1=2`."""
    ballot = read(paper)
    if ballot.kind == Paper.FEEDBACK:
        voting.send(ballot, given or {"content": 4})
    else:
        keys = [str(one.pk) for one in ballot.questions()]
        voting.send(ballot, {keys[int(name[1:]) - 1]: option for name, option in given.items()})


def read(paper: str) -> voting.Ballot:
    ballot = voting.read(Conference.objects.get(slug="da-lat-2024"), paper)
    assert ballot is not None
    return ballot


def feedback(topic: Session | None, conference: Conference, number: int, **fields: Any) -> None:
    """So many papers that have left the urn."""
    Feedback.objects.bulk_create(
        Feedback(id=uuid.uuid4(), conference=conference, session=topic, is_counted=True, **fields)
        for _ in range(number)
    )


def ask(topic: Session, number: int = 2) -> list[TestQuestion]:
    """Questions of a test, whose first option is right."""
    return [
        TestQuestion.objects.create(
            session=topic, position=place, text=f"Câu {place}?", options="Đúng\nSai\nKhông rõ", right=1
        )
        for place in range(1, number + 1)
    ]


def filled(
    topic: Session, phase: str, category: Category | None, right: int, wrong: int, *, counted: bool = True
) -> None:
    """Filled tests of two questions: so many all right, so many all wrong."""
    keys = [str(one.pk) for one in topic.test_questions.in_order()]
    TestAnswer.objects.bulk_create(
        TestAnswer(
            id=uuid.uuid4(), session=topic, phase=phase, category=category, is_counted=counted,
            chosen=dict.fromkeys(keys, option),
        )
        for option, times in ((1, right), (2, wrong))
        for _ in range(times)
    )  # fmt: skip
