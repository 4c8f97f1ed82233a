"""What the organisers ask a delegation beyond its list: of the whole, and of each person on a seat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _

from attendees import privacy, questioning
from attendees.models import Attendee, Delegation, Question
from attendees.portal import Portal
from attendees.question_values import Answer, answers


@dataclass(frozen=True)
class Person:
    """One person on a seat and how far the answers are."""

    person: Attendee
    url: str
    answered: int
    of: int
    missing: int  # required ones that can still be given

    @property
    def kind(self) -> str:
        if self.missing:
            return "wait"
        return "ok" if self.answered == self.of else "part"

    @property
    def words(self) -> str:
        if self.missing:
            return _("Còn %d câu bắt buộc") % self.missing
        return _("%(done)d/%(total)d câu") % {"done": self.answered, "total": self.of}


class Questions:
    """The questions of one delegation as one person sees them."""

    def __init__(self, portal: Portal, session: SessionBase) -> None:
        self.portal, self.user, self.session = portal, portal.user, session

    @cached_property
    def asked(self) -> list[Question]:
        found = list(self.portal.conference.questions.asked())
        for question in found:
            question.conference = self.portal.conference
        return found

    def of(self, subject: str) -> list[Question]:
        return [question for question in self.asked if question.subject == subject]

    def open_of(self, subject: Delegation | Attendee) -> list[Question]:
        """Those that this person may answer now, about the delegation or one of its people."""
        shut = {one.question.pk for one in self._private(subject)}
        return [
            one
            for one in self._put_to(subject)
            if one.pk not in shut and questioning.is_open_to(one, self.user, self.portal.delegation)
        ]

    def shut_of(self, subject: Delegation | Attendee) -> list[questioning.Shut]:
        """What can only be read, and why."""
        private = self._private(subject)
        known = {one.question.pk for one in private}
        rest = [one for one in self._put_to(subject) if one.pk not in known]
        over = questioning.closed(answers(subject, rest), self.user, self.portal.delegation)
        return [*questioning.masked(private), *over]

    def _put_to(self, subject: Delegation | Attendee) -> list[Question]:
        kind = Question.Subject.PERSON if isinstance(subject, Attendee) else Question.Subject.DELEGATION
        return self.of(kind)

    def _private(self, subject: Delegation | Attendee) -> list[Answer]:
        """Answers about a person that are masked for people of another house."""
        is_own = self.portal.shows_contacts or not isinstance(subject, Attendee)
        if is_own or privacy.is_open(cast(Attendee, subject), self.session):
            return []
        return [one for one in answers(subject, self._put_to(subject)) if one.is_private]

    @cached_property
    def people(self) -> list[Person]:
        """Everybody on a seat, in the order of the seats."""
        questions = self.of(Question.Subject.PERSON)
        own = self.portal.delegation
        required = [one.slug for one in questions if one.is_required and one.is_open(own)]
        return [
            Person(
                person=seat.person,
                url=self.portal.url("person_questions", seat.person.code),
                answered=sum(_has(seat.person, one.slug) for one in questions),
                of=len(questions),
                missing=sum(not _has(seat.person, slug) for slug in required),
            )
            for seat in self.portal.seats.rows
            if seat.person is not None and questions
        ]

    def after(self, person: Attendee) -> Person | None:
        """Who comes next in the list and still owes an answer."""
        codes = [one.person.code for one in self.people]
        start = codes.index(person.code) + 1 if person.code in codes else 0
        following = [*self.people[start:], *self.people[:start]]
        return next((one for one in following if one.missing and one.person.code != person.code), None)


def _has(person: Attendee, slug: str) -> bool:
    return person.extra.get(slug) not in (None, "", [])
