"""Papers on the topic that is over at the hour of the demonstration, and its test. Invented, of nobody."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from attendees.models import Attendee
from documents.demo import names
from sessions import tallying
from sessions.feedback import Paper
from sessions.models import Feedback, Session, Slip, TestAnswer, TestQuestion

TOPIC = "chuyen-de-1"
RETURNED, SAYS_NOTHING, WRITES = 0.86, 0.06, 0.12  # of those who were given a paper; of each scale; of texts
TAKES_TEST = 0.55
# How the levels 1 to 5 weigh, scale by scale.
WEIGHTS = {
    "content": (1, 2, 9, 42, 46),
    "speaker": (1, 1, 6, 34, 58),
    "material": (2, 6, 21, 44, 27),
    "duration": (5, 13, 31, 36, 15),
    "organisation": (1, 3, 12, 46, 38),
    "applicability": (1, 5, 18, 45, 31),
}
HELPFUL = (
    "Các điểm mới của Nghị quyết 47/NQ-CP được hệ thống lại rõ ràng",
    "Ví dụ cụ thể về phân công nhiệm vụ cho địa phương",
    "Phần giải đáp vướng mắc khi xây dựng kế hoạch của tỉnh",
    "Cách phối hợp giữa Sở, Ban Tuyên giáo và Bộ đội Biên phòng",
    "Sơ đồ đầu mối thông tin đối ngoại từ trung ương đến địa phương",
    "Báo cáo viên trình bày ngắn gọn, dễ hiểu",
)
IMPROVE = (
    "Gửi tài liệu trước hội nghị ít nhất ba ngày",
    "Thêm thời gian hỏi đáp",
    "Cần thêm ví dụ của các tỉnh miền núi, biên giới",
    "Chữ trên bản chiếu nhỏ, ngồi cuối hội trường khó đọc",
    "Nên có mẫu kế hoạch để địa phương tham khảo",
)


class Question(NamedTuple):
    """What is asked; how many of a hundred know it before, and after."""

    text: str
    options: tuple[str, ...]
    right: int
    before: int
    after: int


QUESTIONS = (
    Question(
        "Nghị quyết 47/NQ-CP ban hành Chương trình hành động thực hiện văn bản nào?",
        ("Kết luận số 57-KL/TW", "Chỉ thị số 25-CT/TW", "Nghị quyết số 22-NQ/TW"),
        1, 62, 94,
    ),
    Question(
        "Chương trình hành động đặt mục tiêu đến năm nào?",
        ("Năm 2025", "Năm 2030", "Năm 2035", "Năm 2045"),
        2, 55, 91,
    ),
    Question(
        "Kết luận số 57-KL/TW được ban hành vào thời điểm nào?",
        ("Tháng 6/2023", "Tháng 4/2024", "Tháng 12/2022"),
        1, 31, 72,
    ),
)  # fmt: skip


def load(sessions: dict[str, Session], people: Sequence[Attendee], seed: int) -> None:
    """Papers of most who are there, in the urn or counted as the hour has it; keys are of no seed."""
    rng, topic = names.seeded(f"opinions {seed}"), sessions[TOPIC]
    there = [one for one in people if one.status == Attendee.Status.CONFIRMED]
    day = topic.day
    _feedback(topic, there, day, rng)
    _test(topic, there, day, rng)


def _feedback(topic: Session, there: Sequence[Attendee], day: datetime.date, rng: Random) -> None:
    given = [one for one in there if rng.random() < 0.7]
    _slips(topic, given, Paper.FEEDBACK, day)
    papers = [
        Feedback(
            id=uuid.uuid4(),
            conference=topic.conference,
            session=topic,
            **{
                name: None if rng.random() < SAYS_NOTHING else rng.choices(tallying.LEVELS, weights)[0]
                for name, weights in WEIGHTS.items()
            },
            helpful=rng.choice(HELPFUL) if rng.random() < WRITES else "",
            improve=rng.choice(IMPROVE) if rng.random() < WRITES else "",
        )
        for _ in range(round(RETURNED * len(given)))
    ]
    for one in papers[: tallying.drawn(len(papers))]:
        one.is_counted = True
    Feedback.objects.bulk_create(papers)


def _test(topic: Session, there: Sequence[Attendee], day: datetime.date, rng: Random) -> None:
    questions = TestQuestion.objects.bulk_create(
        TestQuestion(
            session=topic, position=place, text=one.text, options="\n".join(one.options), right=one.right
        )
        for place, one in enumerate(QUESTIONS, start=1)
    )
    sizes = Counter(one.category_id for one in there)
    for phase in (Paper.BEFORE, Paper.AFTER):
        takers = [one for one in there if rng.random() < TAKES_TEST]
        _slips(topic, takers, phase, day)
        papers: dict[int | None, list[TestAnswer]] = {}
        for person in takers:
            category = person.category_id if sizes[person.category_id] >= tallying.K else None
            chosen = {
                str(question.pk): _chosen(spec, phase, rng)
                for question, spec in zip(questions, QUESTIONS, strict=True)
            }
            paper = TestAnswer(
                id=uuid.uuid4(), session=topic, phase=phase, category_id=category, chosen=chosen
            )
            papers.setdefault(category, []).append(paper)
        for group in papers.values():
            for one in group[: tallying.drawn(len(group))]:
                one.is_counted = True
        mixed = [one for group in papers.values() for one in group]
        rng.shuffle(mixed)
        TestAnswer.objects.bulk_create(mixed)


def _chosen(question: Question, phase: Paper, rng: Random) -> int:
    known = question.before if phase == Paper.BEFORE else question.after
    if rng.random() * 100 < known:
        return question.right
    return rng.choice([n for n in range(1, len(question.options) + 1) if n != question.right])


def _slips(topic: Session, people: Sequence[Attendee], kind: Paper, day: datetime.date) -> None:
    slips = [Slip(attendee=one, session=topic, kind=kind, on=day) for one in people]
    Slip.objects.bulk_create(slips)
