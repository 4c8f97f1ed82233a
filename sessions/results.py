"""What the papers of a conference say together: by session and of the whole, and the gain of tests.

Only what `tallying` lets through is in here; the desk and the workbook show it and count nothing anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from attendees.models import Category
from conference import vietnamese
from conference.models import Conference
from sessions import tallying, voting
from sessions.feedback import Paper
from sessions.models import Feedback, Session, Slip, TestAnswer, TestQuestion
from sessions.tallying import LEVELS, Gain, K, Scale, Score

Groups = dict[int | None, list[TestAnswer]]


@dataclass(frozen=True)
class Result:
    """What people think of one session; `session` None: of the whole conference."""

    session: Session | None
    given: int = 0
    answered: int = 0
    n: int = 0  # answers in the figures
    scales: dict[str, Scale] = field(default_factory=dict)
    has_test: bool = False

    @property
    def title(self) -> str:
        if self.session is None:
            return _("Toàn hội nghị")
        if self.session.is_topic and self.session.number:
            return _("Chuyên đề %(n)s") % {"n": self.session.number} + f": {self.session.title}"
        return self.session.title

    @property
    def code(self) -> str:
        return self.session.code if self.session else WHOLE

    @property
    def is_shown(self) -> bool:
        return self.n >= K

    @property
    def waits(self) -> int:
        """Answers that are in no figure yet."""
        return self.answered - self.n

    def rows(self) -> list[tuple[str, Scale]]:
        """Each scale with its name."""
        return [(Feedback.label_of(name), self.scales.get(name, Scale())) for name in Feedback.SCALES]


WHOLE = ""  # in the place of a session's code


def overall(conference: Conference) -> list[Result]:
    """The whole conference, then every session that is asked about. Five queries."""
    end = voting.is_over(conference)
    slips = Slip.objects.for_feedback().filter(attendee__conference=conference)
    given = dict(slips.values_list("session").annotate(Count("pk")).order_by())
    counted = _counts(conference, is_counted=True)
    waiting = _counts(conference, is_counted=False)
    tested = set(
        TestQuestion.objects.filter(session__conference=conference).values_list("session", flat=True)
    )
    sessions = [
        one
        for one in conference.sessions.in_order()
        if one.kind in voting.ASKED_ABOUT or one.pk in given or one.pk in tested
    ]
    found = []
    for session in (None, *sessions):
        pk = session.pk if session else None
        has_test = pk in tested
        found.append(_result(session, given.get(pk, 0), counted.get(pk), waiting.get(pk), end, has_test))
    return found


def _counts(conference: Conference, *, is_counted: bool) -> dict[int | None, dict[str, int]]:
    """Session → how many papers (n), and how many of them on each level of each scale."""
    levels = {
        f"{name}_{level}": Count("pk", filter=Q(**{name: level}))
        for name in Feedback.SCALES
        for level in LEVELS
    }
    rows: Any = Feedback.objects.filter(conference=conference, is_counted=is_counted)
    return {
        row["session"]: row for row in rows.values("session").annotate(n=Count("pk"), **levels).order_by()
    }


def _result(
    session: Session | None,
    given: int,
    counted: dict[str, int] | None,
    waiting: dict[str, int] | None,
    is_over: bool,
    has_test: bool,
) -> Result:
    inside = [one for one in (counted, waiting if is_over else None) if one]
    n = sum(one["n"] for one in inside)
    answered = sum(one["n"] for one in (counted, waiting) if one)
    scales = {
        name: Scale(tuple(sum(one[f"{name}_{level}"] for one in inside) for level in LEVELS))
        for name in Feedback.SCALES
    }
    if n < K:
        n, scales = 0, {}
    return Result(session, given, answered, n, scales, has_test)


class Opinions(NamedTuple):
    """What was written in answer to one question, in the order of the alphabet, and how often."""

    question: str
    texts: list[tuple[str, int]]

    @property
    def n(self) -> int:
        return sum(times for _text, times in self.texts)


def opinions(result: Result, conference: Conference) -> list[Opinions]:
    """The open answers of one session: each question by itself, so that no two texts are seen as one hand."""
    if not result.is_shown:
        return []
    rows = Feedback.objects.filter(conference=conference, session=result.session)
    if not voting.is_over(conference):
        rows = rows.filter(is_counted=True)
    written = list(rows.values_list(*Feedback.TEXTS))
    return [
        Opinions(Feedback.label_of(name), sorted(Counter(filter(None, texts)).items(), key=_alphabet))
        for name, texts in zip(Feedback.TEXTS, zip(*written, strict=True), strict=True)
    ]


def _alphabet(pair: tuple[str, int]) -> tuple[str, str]:
    return vietnamese.fold(pair[0]), pair[0]


# ── Tests ─────────────────────────────────────────────────────────────────────────────────────────


class Row(NamedTuple):
    """One line of the results of a test. `is_mixed`: before and after may be of other components."""

    label: str
    gain: Gain
    is_mixed: bool = False


@dataclass(frozen=True)
class TestResult:
    """What a topic changed: for all, by component, and by question."""

    __test__ = False  # no test of pytest's

    session: Session
    answered: dict[str, int]  # by phase, in the figures or not
    everybody: Gain
    components: list[Row]
    questions: list[Row]


def test_of(session: Session, categories: Iterable[Category]) -> TestResult | None:
    """The test of one session; None where it has no questions. Two queries and the end of the conference."""
    questions = list(session.test_questions.in_order())
    if not questions:
        return None
    is_over = voting.is_over(session.conference)
    papers = list(session.test_answers.all())
    sides = {str(phase): _groups(papers, phase, is_over) for phase in (Paper.BEFORE, Paper.AFTER)}
    before, after = sides[Paper.BEFORE], sides[Paper.AFTER]
    components = [
        Row(one.short_name or one.name, _gain(before.get(one.pk, []), after.get(one.pk, []), questions))
        for one in categories
        if one.pk in before or one.pk in after
    ]
    if None in before or None in after:
        others = _gain(before.get(None, []), after.get(None, []), questions)
        components.append(Row(_("Các thành phần khác"), others, is_mixed=True))
    all_before, all_after = _all(before), _all(after)
    return TestResult(
        session,
        {str(phase): sum(one.phase == phase for one in papers) for phase in sides},
        _gain(all_before, all_after, questions),
        components,
        [Row(one.text, _gain(all_before, all_after, [one])) for one in questions],
    )


def _groups(papers: Sequence[TestAnswer], phase: str, is_over: bool) -> Groups:
    counted: dict[int | None, list[TestAnswer]] = defaultdict(list)
    waiting: dict[int | None, list[TestAnswer]] = defaultdict(list)
    for one in papers:
        if one.phase == phase:
            (counted if one.is_counted else waiting)[one.category_id].append(one)
    return tallying.shown(counted, waiting, None, is_over=is_over)


def _all(groups: Groups) -> list[TestAnswer]:
    return [one for papers in groups.values() for one in papers]


def _gain(before: list[TestAnswer], after: list[TestAnswer], questions: Sequence[TestQuestion]) -> Gain:
    def scored(papers: list[TestAnswer]) -> Score:
        return tallying.score(
            [[paper.chosen.get(str(one.pk)) == one.right for one in questions] for paper in papers]
        )

    return Gain(scored(before), scored(after))
