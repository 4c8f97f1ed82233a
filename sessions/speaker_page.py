"""The page of a speaker: the own sessions, what was answered, and what became of what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from attendees.models import Attendee
from conference import moments, vietnamese_dates
from conference.models import Conference
from sessions import speaking
from sessions.models import MaterialVersion, Participation, Session, SpeakerProfile

Answer, State = Participation.Answer, SpeakerProfile.State
ANSWERS = {Answer.PENDING: "wait", Answer.CONFIRMED: "ok", Answer.DECLINED: "off"}
SLIDES = {"waiting": "info", "returned": "err", "approved": "ok"}
STATES = {State.NONE: "wait", State.WAITING: "info", State.RETURNED: "err", State.APPROVED: "ok"}


@dataclass(frozen=True)
class Own:
    """One session, with the person's part in it and that of others."""

    session: Session
    mine: list[Participation]
    others: list[Participation]
    slides: MaterialVersion | None = None  # what the person sent last for this session

    @property
    def slides_tag(self) -> tuple[str, str]:
        return (SLIDES[self.slides.state], str(self.slides.get_state_display())) if self.slides else ("", "")

    @property
    def when(self) -> str:
        hours = vietnamese_dates.time_range(self.session.starts, self.session.ends)
        return f"{hours}, {moments.weekday_date(self.session.day)}"

    @property
    def roles(self) -> str:
        return ", ".join(dict.fromkeys(str(one.get_role_display()) for one in self.mine))

    @property
    def asked(self) -> list[Participation]:
        return [one for one in self.mine if one.role in Participation.ASKED]

    @property
    def reply(self) -> Participation.Answer:
        """One answer for the session: what is pending comes first."""
        replies = {one.answer for one in self.asked}
        return next((one for one in (Answer.PENDING, Answer.DECLINED) if one in replies), Answer.CONFIRMED)

    @property
    def tag(self) -> tuple[str, str]:
        return ANSWERS[self.reply], str(self.reply.label)

    @property
    def reason(self) -> str:
        return next((one.decline_reason for one in self.asked if one.decline_reason), "")

    @property
    def is_open(self) -> bool:
        """May the person answer, still or again?"""
        return bool(self.asked) and not speaking.is_over(self.session)


class SpeakerPage:
    """The parts of one attendee, as the person and the officers of the delegation see them."""

    def __init__(self, person: Attendee) -> None:
        self.person, self.conference = person, person.conference

    @cached_property
    def sessions(self) -> list[Own]:
        rows = self.conference.sessions.filter(participations__attendee=self.person).distinct()
        offered = self.person.offered_materials.filter(withdrawn_at=None).prefetch_related("versions")
        slides = {one.session_id: one.newest for one in offered}
        found = []
        for session in rows.with_people().in_order():
            session.conference = self.conference
            parts = list(session.participations.all())
            mine = [one for one in parts if one.attendee_id == self.person.pk]
            found.append(
                Own(session, mine, [one for one in parts if one not in mine], slides.get(session.pk))
            )
        return found

    @cached_property
    def profile(self) -> SpeakerProfile:
        """As it is kept, or an empty one that nobody wrote yet."""
        found = SpeakerProfile.objects.filter(attendee=self.person).first()
        profile = found or SpeakerProfile(attendee=self.person)
        profile.attendee = self.person
        return profile

    @cached_property
    def busy(self) -> list[speaking.Span]:
        return speaking.busy_spans(self.profile) if self.profile.pk else []

    @property
    def state(self) -> tuple[str, str]:
        state = State(self.profile.state)
        return STATES[state], str(state.label)

    @property
    def needs_words(self) -> str:
        """What was told, in a line."""
        busy = _("Bận %(times)s") % {"times": "; ".join(map(str, self.busy))} if self.busy else ""
        first = self.profile.needs.partition("\n")[0].rstrip(".")
        return ". ".join(filter(None, (first, busy))) or _("Chưa ghi")

    def url(self, name: str, *more: str) -> str:
        return reverse(f"thematic:{name}", args=(self.conference.slug, self.person.code, *more))

    @property
    def home(self) -> str:
        return self.url("speaking")

    @property
    def introduce_url(self) -> str:
        return self.url("speaking_introduce")

    @property
    def needs_url(self) -> str:
        return self.url("speaking_needs")

    @property
    def photo_url(self) -> str:
        """Of the photo that the person sent last; "" where there is none."""
        return self.url("speaking_photo") if self.profile.latest["photo"] else ""

    @property
    def public_url(self) -> str:
        """Where everybody reads it; "" until something is approved."""
        if not self.profile.is_public or self.conference.status == Conference.Status.DRAFT:
            return ""
        return reverse("thematic:speaker", args=(self.conference.slug, self.profile.code))


def public_pages(conference: Conference) -> dict[str, str]:
    """Code of an attendee → address of the public page. Named in `SPEAKER_PAGES`."""
    rows = SpeakerProfile.objects.public().filter(attendee__conference=conference)
    return {
        person: reverse("thematic:speaker", args=(conference.slug, code))
        for person, code in rows.values_list("attendee__code", "code")
    }
