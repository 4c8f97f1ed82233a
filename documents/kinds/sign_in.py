"""Danh sách ký nhận: the sheets that people sign, by session and delegation, with a code for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees import codes
from attendees.models import Attendee, AttendeeQuerySet, Delegation
from conference import vietnamese_dates
from documents import layouts, layouts_sign_in
from documents.addressing import event
from documents.facts import capital
from documents.kinds.base import Content, DocumentKind, Subject, delegation_title
from documents.layouts import plain
from documents.layouts_sign_in import SignSheet
from documents.models import Document
from sessions import attending, sheet_codes
from sessions.models import Session, SignUp


class SignInSheets(DocumentKind):
    """A subject is [session, delegation, people], ids and their number; each begins on a sheet of its own.

    Sessions that are named (`Scope.subjects`), else those of the day that is asked for, else the one that
    is on or comes next. Of a session to which people sign up, who has a place in it.
    """

    slug = "sign-in"
    title = _("Danh sách ký nhận")
    about = _("Theo phiên và đoàn, mỗi dòng một mã để quét.")
    template = "documents/pdf/sign_in.html"
    stylesheets = ("base.css", "official.css", "sign_in.css")
    tagged = True  # the paper of one delegation; joined files have no structure
    chunk = 100  # people, not subjects: delegations are of two or of sixty
    for_officers = False
    of_sessions = True

    def sessions(self, document: Document) -> list[Session]:
        """For which sessions it is, in their order; breaks are not attended."""
        held = document.conference.sessions.exclude(kind=Session.Kind.BREAK).in_order()
        if document.subject_ids:
            return list(held.filter(pk__in=document.subject_ids))
        if document.day:
            return list(held.filter(day=document.day))
        default = attending.default_session(document.conference)
        return [default] if default else []

    def subjects(self, document: Document) -> list[Subject]:
        sessions, people = self.sessions(document), list(self.people(document).only("pk", "delegation"))
        placed = _placed(sessions)
        found: list[Subject] = []
        for session in sessions:
            count: dict[int, int] = {}
            for person in _expected(session, people, placed):
                count[person.delegation_id] = count.get(person.delegation_id, 0) + 1
            found += [[session.pk, delegation, number] for delegation, number in count.items()]
        return found

    def people(self, document: Document) -> AttendeeQuerySet:
        return super().people(document).select_related(None)

    def parts(self, document: Document) -> list[list[Subject]]:
        subjects = [one for piece in super().parts(document) for one in piece]
        pieces: list[list[Subject]] = [[]]
        for one in subjects:
            if pieces[-1] and self.weigh([*pieces[-1], one]) > self.chunk:
                pieces.append([])
            pieces[-1].append(one)
        return pieces

    def weigh(self, subjects: Sequence[Subject]) -> int:
        return sum(count for _session, _delegation, count in subjects)

    def nobody(self, document: Document) -> str:
        if not self.sessions(document):
            return gettext("Không có phiên nào để ký nhận trong ngày đã chọn. Chọn ngày hoặc phiên khác.")
        return super().nobody(document)

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        sessions = Session.objects.select_related("hall").in_bulk({one[0] for one in subjects})
        delegations = Delegation.objects.select_related("unit").in_bulk({one[1] for one in subjects})
        people: dict[int, list[Attendee]] = defaultdict(list)
        for person in self.people(document).filter(delegation__in=delegations):
            people[person.delegation_id].append(person)
        placed = _placed(sessions.values())
        heading = layouts.heading(
            conference.issuing_agency, "DANH SÁCH ĐẠI BIỂU KÝ NHẬN", capital(event(conference.short_title)),
            wide=True,
        )  # fmt: skip
        images: dict[str, str] = {}
        leaves: list[SignSheet] = []
        for session_id, delegation_id, _count in subjects:
            session, delegation = sessions[session_id], delegations[delegation_id]
            listed = list(_expected(session, people[delegation_id], placed))
            rows = [_row(number, session, one, images) for number, one in enumerate(listed, start=1)]
            head = _strip(session, delegation, len(listed), images)
            leaves += layouts_sign_in.sheets(rows, head, agency=heading.agency, about=heading.about)
        return Content({"paper": self.paper(document), "heading": heading, "leaves": leaves}, images)


def _placed(sessions: Iterable[Session]) -> set[tuple[str, int]]:
    """Who has a place in those sessions that people sign up to: (code of the session, person)."""
    asked = [one for one in sessions if one.sign_up]
    if not asked:
        return set()
    rows = SignUp.objects.of(asked[0].conference, *(one.code for one in asked)).taken()
    return set(rows.values_list("code", "attendee"))


def _expected(
    session: Session, people: Iterable[Attendee], placed: set[tuple[str, int]]
) -> Iterable[Attendee]:
    """Everybody, or who has a place where people sign up."""
    return [one for one in people if not session.sign_up or (session.code, one.pk) in placed]


def _row(number: int, session: Session, person: Attendee, images: dict[str, str]) -> layouts_sign_in.SignRow:
    code = sheet_codes.of_row(session, person)
    shown = codes.group(code)
    return layouts_sign_in.sign_row(
        number, person.full_name, person.title, person.organisation_name,
        (shown[:9], shown[10:]), _picture(code, images),
    )  # fmt: skip


def _strip(
    session: Session, delegation: Delegation, count: int, images: dict[str, str]
) -> layouts_sign_in.Strip:
    code = sheet_codes.of_sheet(session, delegation)
    clock = vietnamese_dates.clock
    when = f"{clock(session.starts)} - {clock(session.ends)}, {vietnamese_dates.date_in_words(session.day)}"
    topic = f"Chuyên đề {session.number}: " if session.is_topic and session.number else ""
    hall = plain(session.hall.name) if session.hall else ""
    what = f"{when}{f', {hall}' if hall else ''}\n{topic}{plain(session.title)}"
    team = f"{delegation_title(delegation)} ({count:02} đại biểu)"
    return layouts_sign_in.strip(team, what, codes.group(code), _picture(code, images))


def _picture(code: str, images: dict[str, str]) -> str:
    """The name of the picture of a code, which is drawn."""
    name = f"{code}.png"
    images[name] = code
    return name
