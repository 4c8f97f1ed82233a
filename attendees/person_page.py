"""The page of one attendee: what it says, and what it offers to whoever looks at it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from attendees import badge_code, codes, corrections, privacy, questioning
from attendees.entering import actor
from attendees.models import Attendee, Correction, Question
from attendees.question_values import Answer, answers, of_subject
from conference import moments, vietnamese, vietnamese_dates
from conference.guests import Guest
from conference.journal import Actor

Act = dict[str, Any]
Fact = tuple[str, str]
STATES = {
    Attendee.Status.NOMINATED: ("wait", "clock"),
    Attendee.Status.CONFIRMED: ("ok", "check"),
    Attendee.Status.DECLINED: ("off", "cross"),
    Attendee.Status.REPLACED: ("off", "swap"),
}


def find(
    request: HttpRequest, people: QuerySet[Attendee], conference: str, code: str, *, even_gone: bool = False
) -> PersonPage:
    """The page, for the person and for who answers for the person; onlookers have no part in it (403).

    `people`: whom the actor may see (else 404). Who was replaced finds nothing, unless `even_gone`.
    """
    rows = people.select_related("conference", "category", "delegation__conference")
    found = get_object_or_404(rows, conference__slug=conference, code=code)
    shown = PersonPage(found, actor(request), request)
    if not shown.is_own and not shown.delegation.is_answered_by(shown.user):
        raise PermissionDenied
    if shown.is_gone and not even_gone:
        raise PermissionDenied
    return shown


class PersonPage:
    """One attendee as one person sees them: themselves by their link, else who answers for them."""

    def __init__(self, person: Attendee, user: Actor, request: HttpRequest) -> None:
        self.person, self.user = person, user
        self.conference, self.delegation = person.conference, person.delegation
        self.is_own = isinstance(user, Guest) and user.attendee_id == person.pk
        self.is_gone = person.status == Attendee.Status.REPLACED
        self.has_badge = person.is_active
        self._contacts_open = (
            self.is_own or privacy.is_own(self.delegation, user) or privacy.is_open(person, request.session)
        )

    def url(self, name: str) -> str:
        return reverse(f"attendees:{name}", args=(self.conference.slug, self.person.code))

    @property
    def home(self) -> str:
        return self.url("attendee_page")

    @property
    def notice_url(self) -> str:
        return self.url("attendee_notice")

    @property
    def data_url(self) -> str:
        return self.url("attendee_data")

    @property
    def correct_url(self) -> str:
        return self.url("attendee_correct")

    @property
    def answer_url(self) -> str:
        return self.url("attendee_answer")

    # ── What is said ──────────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> tuple[str, str, str]:
        """Kind of the tag, its icon and its word."""
        return (*STATES[Attendee.Status(self.person.status)], str(self.person.get_status_display()))

    @property
    def waits_for(self) -> str:
        """What stands between a nomination and a seat; "" where nothing does."""
        if self.person.status != Attendee.Status.NOMINATED:
            return ""
        until = moments.moment(self.delegation.deadline)
        return _("Đoàn chưa xác nhận. Đầu mối của đoàn xác nhận trước %s.") % until

    @property
    def badge_qr(self) -> str:
        """What the QR of the badge says."""
        return badge_code.of(self.person)

    @property
    def short_code(self) -> str:
        return codes.group(self.person.code)

    @property
    def place(self) -> list[Fact]:
        """When and where, for whom."""
        conference = self.conference
        days = vietnamese_dates.short_range(conference.starts_on, conference.ends_on)
        venue = ", ".join(filter(None, (conference.venue, conference.place)))
        return [
            (_("Thời gian"), days),
            (_("Địa điểm"), venue[:1].upper() + venue[1:]),
            (_("Đoàn"), self.delegation.name),
            (_("Thành phần"), self.person.category.name),
        ]

    @property
    def facts(self) -> list[Fact]:
        """What is written about the person, as it is printed; contacts masked for other houses."""
        person, closed = self.person, privacy.masked(self.person)
        phone = vietnamese.show_phone(person.phone) if self._contacts_open else closed["phone"]
        rows = (
            (_("Danh xưng"), str(person.get_honorific_display())),
            (_("Họ và tên"), person.full_name),
            (_("Năm sinh"), str(person.birth_year or "")),
            (_("Chức vụ"), person.position),
            (_("Cấp bậc"), person.rank),
            (_("Đơn vị công tác"), person.organisation_name),
            (_("Chỗ ngồi"), person.seat_note),
            (_("Điện thoại"), phone),
            (_("Thư điện tử"), person.email if self._contacts_open else closed["email"]),
        )
        return [(label, value) for label, value in rows if value]

    @cached_property
    def corrections(self) -> list[Correction]:
        """What the person asked for, newest first, with the answers."""
        found = list(self.person.corrections.all())
        for one in found:
            one.attendee = self.person
        return found

    def asked(self) -> list[tuple[Correction, list[Any], str]]:
        """Each request: its lines and the kind of its tag."""
        kinds = {
            Correction.State.WAITING: "wait",
            Correction.State.DONE: "ok",
            Correction.State.REFUSED: "off",
        }
        masked = not self._contacts_open
        return [
            (one, corrections.lines(one, masked=masked), kinds[Correction.State(one.state)])
            for one in self.corrections
        ]

    # ── Questions ─────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def questions(self) -> list[Question]:
        found = list(of_subject(self.person).asked())
        for one in found:
            one.conference = self.conference
        return found

    @cached_property
    def answers(self) -> list[Answer]:
        return answers(self.person, self.questions)

    @property
    def open_questions(self) -> list[Question]:
        return [one for one in self.questions if questioning.is_open_to(one, self.user, self.delegation)]

    @property
    def closed_answers(self) -> list[questioning.Shut]:
        """What can only be read, and why."""
        return questioning.closed(self.answers, self.user, self.delegation)

    @property
    def unanswered(self) -> str:
        """What is still to be answered, in words."""
        missing = sum(one.is_missing and one.question.is_open(self.delegation) for one in self.answers)
        if missing:
            return _("Còn %d câu bắt buộc chưa trả lời") % missing
        answered = sum(bool(one.words) for one in self.answers)
        return _("Đã trả lời %(done)d/%(total)d câu") % {"done": answered, "total": len(self.answers)}

    # ── What comes from other rooms ───────────────────────────────────────────────────────────────

    @cached_property
    def certificate_url(self) -> str:
        """Where the valid certificate is proved; "" until there is one. Asked upwards by name."""
        return reverse("documents:verify", args=(self._certificate.code,)) if self._certificate else ""

    @property
    def certificate_file_url(self) -> str:
        """Where its file is taken; "" until it is made."""
        if not self._certificate or not self._certificate.handed_out:
            return ""
        return reverse("documents:certificate", args=(self.conference.slug, self.person.code))

    @cached_property
    def _certificate(self) -> Any:
        handed_out = Count("files", filter=~Q(files__kind="base"))
        return self.person.certificates.filter(state="valid").annotate(handed_out=handed_out).first()

    @cached_property
    def parts(self) -> list[Any]:
        """What the person does in the programme. Asked upwards by name."""
        return list(self.person.participations.all())

    @property
    def unanswered_parts(self) -> int:
        """Parts for which the person is asked to come, and has said nothing."""
        return sum(one.is_unanswered for one in self.parts)

    @property
    def speaking_url(self) -> str:
        """The page of the own parts; "" for who only listens."""
        if not self.parts:
            return ""
        return reverse("thematic:speaking", args=(self.conference.slug, self.person.code))

    @cached_property
    def materials_url(self) -> str:
        """Where the materials of the sessions are; "" while there are none. Asked upwards by name."""
        if not self.conference.sessions.filter(
            materials__withdrawn_at=None, materials__isnull=False
        ).exists():
            return ""
        return reverse("thematic:materials", args=(self.conference.slug, self.person.code))

    @cached_property
    def choices_url(self) -> str:
        """Where the person signs up to sessions; "" while there are none. Asked upwards by name."""
        if not self.person.is_active or not self.conference.sessions.filter(sign_up=True).exists():
            return ""
        return reverse("thematic:choices", args=(self.conference.slug, self.person.code))

    @cached_property
    def feedback_url(self) -> str:
        """Where papers of opinion and tests are; "" before there are any. Asked upwards by name."""
        conference = self.conference
        if not self.is_own or self.person.status != Attendee.Status.CONFIRMED:
            return ""
        tests = conference.sessions.filter(test_questions__isnull=False)
        if conference.today() < conference.starts_on and not tests.exists():
            return ""
        return reverse("thematic:feedback", args=(conference.slug, self.person.code))

    # ── The notice ────────────────────────────────────────────────────────────────────────────────

    @property
    def has_read(self) -> bool:
        return privacy.has_read(self.person)

    @property
    def read_at(self) -> str:
        """When the notice was read, in words."""
        seen = self.person.notice_seen_at
        return moments.moment(seen.astimezone(self.conference.zone)) if seen and self.has_read else ""

    @property
    def notice_version(self) -> str:
        return privacy.NOTICE_VERSION

    @property
    def sensitive_questions(self) -> list[Question]:
        return [one for one in self.questions if one.is_sensitive]

    @property
    def plain_questions(self) -> list[Question]:
        return [one for one in self.questions if not one.is_sensitive]
