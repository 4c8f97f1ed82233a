"""What people think of a session and what they learnt: who was given a paper, and what the papers say.

The two are not tied. A `Slip` says that a person was given the paper of a session, on which day, and nothing
of what is on it. A filled paper (`Feedback`, `TestAnswer`) says nothing of a person: no key, no moment, no
address, and a random name. The paper itself is an address with 160 random bits under a seal of the
installation (`sessions.voting`): it is written down nowhere until it comes back, so that there is no list of
papers that could be laid beside the list of slips. Its hash is the key of the row, which is what makes it
good for one answer. Neither slips nor papers are journalled: the journal knows the minute and the browser.

The order of arrival is lost too. A new answer waits in an urn (`sessions.urn`) with others of its session;
each that comes in writes all that wait anew, shuffled, in one transaction, so that neither the place of a row
nor the number of its transaction (xmin) tells when it came. Figures take answers out of the urn by five and
more, and leave five behind: whoever looks before and after one answer sees no difference of fewer than five.

What this cannot do. Who reads the log of a proxy beside the table of slips, or both tables while the answers
come in, or copies of the database (WAL, old pages, backups) taken minutes apart, can narrow down who wrote
what; the rows alone still tell in which lot of five and more an answer left the urn. Where one person has a
slip, or one of a component has that of a test, who reads the tables knows whose the one answer is; the desk
does not show it. Who holds the secret key can make papers, though not open those that were given; who moves
the last day of the conference after the end opens the collection again. Five answers that all say the same
tell what each of the five said, and people are known by what they write. And a paper that is lost is lost:
nobody can tell which it was, so no second one is given.
"""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from attendees.models import Attendee, Category
from conference import vietnamese
from conference.models import Conference

USUAL_DAYS, MOST_DAYS = 7, 60
FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
LONGEST_OPTION = 200
LONGEST_TEXT = 1000


class Paper(models.TextChoices):
    """What a person is asked for."""

    FEEDBACK = "feedback", gettext_lazy("Phiếu đánh giá")
    BEFORE = "before", gettext_lazy("Kiểm tra trước chuyên đề")
    AFTER = "after", gettext_lazy("Kiểm tra sau chuyên đề")


TESTS = (Paper.BEFORE, Paper.AFTER)


class FeedbackSetting(models.Model):
    """For how long a conference collects papers."""

    # A key, not one to one: what belongs to a conference is counted by its reverse names.
    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="feedback_settings", editable=False
    )
    days_after = models.PositiveSmallIntegerField(
        gettext_lazy("số ngày nhận phiếu sau hội nghị"),
        default=USUAL_DAYS,
        validators=(MaxValueValidator(MOST_DAYS),),
    )

    class Meta:
        verbose_name = gettext_lazy("thời hạn nhận phiếu đánh giá")
        constraints = (
            models.UniqueConstraint(fields=("conference",), name="feedback_setting_once"),
            models.CheckConstraint(condition=Q(days_after__lte=MOST_DAYS), name="feedback_ends_some_day"),
        )

    def __str__(self) -> str:
        return str(self.conference)


# ── Who was given a paper ─────────────────────────────────────────────────────────────────────────


class SlipQuerySet(models.QuerySet["Slip"]):
    def given_to(self, person: Attendee) -> Self:
        return self.filter(attendee=person)

    def for_feedback(self) -> Self:
        return self.filter(kind=Paper.FEEDBACK)

    def of_test(self, session: Any) -> Self:
        """Papers of the tests of one session."""
        return self.filter(session=session, kind__in=TESTS)


class Slip(models.Model):
    """The fact that a person was given a paper: of one session, or of the whole conference (no session)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attendee = models.ForeignKey(Attendee, models.CASCADE, related_name="slips")
    session = models.ForeignKey("thematic.Session", models.PROTECT, null=True, related_name="slips")
    kind = models.CharField(max_length=10, choices=Paper)
    on = models.DateField()  # the day, and nothing finer

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("lượt nhận phiếu")
        verbose_name_plural = pgettext_lazy("plural", "lượt nhận phiếu")
        constraints = (
            models.UniqueConstraint(
                fields=("attendee", "session", "kind"),
                condition=Q(session__isnull=False),
                name="slip_once_a_session",
            ),
            models.UniqueConstraint(
                fields=("attendee", "kind"), condition=Q(session=None), name="slip_once_for_the_whole"
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=False) | Q(kind=Paper.FEEDBACK), name="slip_test_has_session"
            ),
        )

    def __str__(self) -> str:
        return str(self.get_kind_display())


# ── What the papers say ───────────────────────────────────────────────────────────────────────────


class Secret(models.Model):
    """A paper that came back. `id` is made from the paper; `is_counted`: it has left the urn."""

    id = models.UUIDField(primary_key=True, editable=False)
    is_counted = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


def scale(label: Any) -> Any:
    """1 very dissatisfied to 5 very satisfied; None: no opinion."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=(MinValueValidator(1), MaxValueValidator(5))
    )


class Feedback(Secret):
    """One opinion on a session, or on the whole conference."""

    # The objects of evaluation that offices ask for (compare circular 10/2017/TT-BNV).
    SCALES = ("content", "speaker", "material", "duration", "organisation", "applicability")
    TEXTS = ("helpful", "improve")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="feedback")
    session = models.ForeignKey("thematic.Session", models.PROTECT, null=True, related_name="feedback")
    content = scale(gettext_lazy("Nội dung"))
    speaker = scale(gettext_lazy("Báo cáo viên"))
    material = scale(gettext_lazy("Tài liệu"))
    duration = scale(gettext_lazy("Thời lượng"))
    organisation = scale(gettext_lazy("Tổ chức, hậu cần"))
    applicability = scale(gettext_lazy("Khả năng áp dụng"))
    helpful = models.CharField(
        gettext_lazy("Điều Ông/Bà thấy hữu ích nhất?"), max_length=LONGEST_TEXT, blank=True
    )
    improve = models.CharField(gettext_lazy("Điều cần cải thiện?"), max_length=LONGEST_TEXT, blank=True)

    class Meta:
        verbose_name = gettext_lazy("phiếu đánh giá")
        verbose_name_plural = pgettext_lazy("plural", "phiếu đánh giá")
        constraints = tuple(
            models.CheckConstraint(
                condition=Q(**{name: None}) | Q(**{f"{name}__range": (1, 5)}), name=f"feedback_{name}_1_to_5"
            )
            for name in ("content", "speaker", "material", "duration", "organisation", "applicability")
        )

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def label_of(cls, name: str) -> str:
        """What a scale or an open question is called."""
        field: Any = cls._meta.get_field(name)
        return str(field.verbose_name)


class TestAnswer(Secret):
    """One filled test. `category`: the component of who filled it, where it has people enough to hide in."""

    __test__ = False  # no test of pytest's

    session = models.ForeignKey("thematic.Session", models.PROTECT, related_name="test_answers")
    phase = models.CharField(max_length=10, choices=[(one.value, one.label) for one in TESTS])
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="test_answers")
    chosen = models.JSONField(default=dict)  # key of a question → number of the option, from 1

    class Meta:
        verbose_name = gettext_lazy("bài kiểm tra")
        verbose_name_plural = pgettext_lazy("plural", "bài kiểm tra")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


# ── What is tested ────────────────────────────────────────────────────────────────────────────────


class TestQuestionQuerySet(models.QuerySet["TestQuestion"]):
    def visible_to(self, user: Any) -> Self:
        """Questions of the conferences on the person's desk."""
        return self.filter(session__conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class TestQuestion(models.Model):
    """A question before and after a topic: some options, one of them right."""

    __test__ = False  # no test of pytest's

    session = models.ForeignKey(
        "thematic.Session", models.CASCADE, related_name="test_questions",
        verbose_name=gettext_lazy("chuyên đề"),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(gettext_lazy("thứ tự"), default=1)
    text = models.CharField(gettext_lazy("câu hỏi"), max_length=300)
    options = models.TextField(
        gettext_lazy("phương án trả lời"), max_length=MOST_OPTIONS * (LONGEST_OPTION + 2),
        help_text=gettext_lazy("Mỗi dòng một phương án, từ 2 đến 6 dòng."),
    )  # fmt: skip
    right = models.PositiveSmallIntegerField(
        gettext_lazy("phương án đúng"), help_text=gettext_lazy("Số thứ tự của dòng đúng, ví dụ 2.")
    )

    objects = TestQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("câu hỏi kiểm tra")
        verbose_name_plural = pgettext_lazy("plural", "câu hỏi kiểm tra")
        ordering = ("session__day", "session__starts", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(right__range=(1, MOST_OPTIONS)), name="test_question_right_is_an_option"
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def lines(self) -> list[str]:
        """The options, in their order."""
        return [clean for line in self.options.splitlines() if (clean := vietnamese.clean(line))]

    def clean(self) -> None:
        self.text = vietnamese.clean(self.text)
        lines = self.lines
        self.options = "\n".join(lines)
        if not FEWEST_OPTIONS <= len(lines) <= MOST_OPTIONS:
            raise ValidationError({"options": _("Nhập từ 2 đến 6 phương án, mỗi dòng một phương án.")})
        if max(map(len, lines)) > LONGEST_OPTION:
            raise ValidationError({"options": _("Phương án dài quá 200 ký tự. Viết ngắn hơn.")})
        if len(set(lines)) < len(lines):
            raise ValidationError({"options": _("Có hai phương án giống nhau. Sửa một phương án.")})
        if self.right is not None and not 1 <= self.right <= len(lines):
            sentence = _("Chỉ có %(n)s phương án. Nhập một số từ 1 đến %(n)s.") % {"n": len(lines)}
            raise ValidationError({"right": sentence})


def is_test_used(session: Any) -> bool:
    """Was a paper of the test of this session given to anybody?"""
    return Slip.objects.of_test(session).exists()
