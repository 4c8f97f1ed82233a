"""What every kind of paper answers: whom it is for, how it is cut into pieces, what its template shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import codes, naming
from attendees.models import Attendee, AttendeeQuerySet, Delegation, DelegationQuerySet
from conference.models import Conference, User
from documents.errors import PaperError
from documents.layouts import Signer, plain
from documents.models import Document

# How a kind names one subject of a paper in a part's row: plain JSON.
Subject = Any


@dataclass(frozen=True)
class Content:
    """What a template shows, in plain values, and one (path in an archive, title) for each subject.

    `images`: file name → text of a QR code, or a picture. `rules`: CSS that puts what the kind has measured
    in its place, for a class each; or what a design adds. `cards`: what the template shows as `sheets`, where
    the kind has `slots_of`.
    """

    context: dict[str, Any]
    images: Mapping[str, str | bytes] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()
    rules: str = ""
    cards: Sequence[Any] = ()


@dataclass(frozen=True)
class Kept:
    """The file of one subject, kept by itself: its stored name, SHA-256, bytes, what it tells."""

    subject: Subject
    name: str
    sha256: str
    size: int
    told: Any = None  # by `DocumentKind.told_of`


class DocumentKind:
    """One kind of paper. A new kind is a small class like this, a template, and a line in `KINDS`."""

    slug: ClassVar[str]
    title: ClassVar[Any]
    # What it is good for, in a sentence, where it is offered.
    about: ClassVar[Any] = ""
    template: ClassVar[str]
    stylesheets: ClassVar[tuple[str, ...]]
    # How often each card stands on a sheet, in a row.
    faces: ClassVar[int] = 1
    tagged: ClassVar[bool] = False
    # An archival form, as the engine names it ("pdf/a-3u"). Joining keeps it, where it asks for no tags.
    variant: ClassVar[str | None] = None
    # Subjects in one piece of a large run; None when pages are numbered through: it stays one document.
    chunk: ClassVar[int | None] = None
    # May each subject have a file of its own (ZIP)?
    may_be_each: ClassVar[bool] = False
    # Is each file laid out by itself? Then it has the same bytes in an archive and as an attachment.
    alone: ClassVar[bool] = False
    each_title: ClassVar[Any] = gettext_lazy("mỗi người một tệp")
    # Is that file the whole paper of one delegation? Then one delegation has nothing to take apart.
    each_is_delegation: ClassVar[bool] = False
    # Does it hold people, so that they can be counted?
    of_people: ClassVar[bool] = True
    # May officers ask for it, for the own delegations?
    for_officers: ClassVar[bool] = True
    # Do people ask for it? Else only an act does, as a part of itself.
    is_offered: ClassVar[bool] = True
    # Does it show links by which somebody may act, or contacts of focal points? Then onlookers do not get it.
    holds_links: ClassVar[bool] = False

    # Which design it has (`documents.looks`), where the paper remembers one.
    designed: ClassVar[str] = ""

    # Are its subjects sessions, which may be named?
    of_sessions: ClassVar[bool] = False
    # Folder of stored files where the file of each subject is kept by itself, known by its hash.
    keeps_in: ClassVar[str] = ""

    def sending(self, document: Document) -> list[Subject]:
        """Ids of the delegations of its scope that send people."""
        found = self.delegations(document).exclude(status=Delegation.Status.DECLINED)
        return list(found.values_list("pk", flat=True))

    def people(self, document: Document) -> AttendeeQuerySet:
        """Who is on it: confirmed people of its scope; of people chosen by name also the nominated."""
        people = Attendee.objects.filter(conference=document.conference_id, erased_at=None)
        if document.attendee_ids:
            people = people.filter(pk__in=document.attendee_ids).active()
        else:
            people = people.confirmed()
            if document.places:
                people = people.filter(delegation__in=document.places)
        return people.select_related("delegation__unit", "category").in_order()

    def delegations(self, document: Document) -> DelegationQuerySet:
        """Those of its scope, in their order; of people chosen by name theirs."""
        found = Delegation.objects.filter(conference=document.conference_id)
        if document.attendee_ids:
            found = found.filter(pk__in=self.people(document).order_by().values("delegation"))
        elif document.places:
            found = found.filter(pk__in=document.places)
        return found.order_by("position", "code")

    def prepare(self, document: Document, *, by: User | None) -> None:
        """What must be in the database before the paper is made; runs in the transaction of the request."""

    def subjects(self, document: Document) -> list[Subject]:
        """Everything that the paper holds, in order."""
        raise NotImplementedError

    def refused(self, subjects: Sequence[Subject]) -> Mapping[Subject, str]:
        """Which of them are not made any more, each with why; asked before anything is laid out."""
        return {}

    def weigh(self, subjects: Sequence[Subject]) -> int:
        """For how many people these subjects stand: the measure of progress."""
        return len(subjects)

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        """What the template shows for these subjects."""
        raise NotImplementedError

    def slots_of(self, card: Any) -> str:
        """The template with slots that shows this card; empty where the kind is laid out in full."""
        return ""

    def laid(self, document: Document, cards: Sequence[Any]) -> dict[str, Any]:
        """What the template shows these cards with."""
        return {"sheets": cards}

    def laid_alone(self, document: Document, card: Any) -> dict[str, Any]:
        """The same for one card on a page of its own."""
        return self.laid(document, [card])

    def empty_sheet(self, document: Document) -> dict[str, Any]:
        """The same for a sheet with places and no cards; nothing where each card has a page."""
        return {}

    def complete(self, content: Content, pdf: bytes) -> bytes:
        """A file as it is given: signed, where the kind signs."""
        return pdf

    def told_of(self, pdf: bytes) -> Any:
        """What `finished` is to know of a file that is kept; asked before the transaction."""

    def standing(self, subjects: Sequence[Subject]) -> Mapping[Subject, str]:
        """The stored names of files that were kept before, and are not made anew."""
        return {}

    def finished(self, document: Document, files: Sequence[Kept]) -> None:
        """Takes note of files of a kind that keeps them; runs in the transaction that finishes the piece."""

    def parts(self, document: Document) -> list[list[Subject]]:
        """The subjects cut into pieces; `PaperError` if there is nothing to print."""
        subjects = self.subjects(document)
        if not subjects:
            raise PaperError(self.nobody(document))
        size = self.chunk or len(subjects)
        return [subjects[start : start + size] for start in range(0, len(subjects), size)]

    def nobody(self, document: Document) -> str:
        """Why there is nothing to print, and what to do."""
        return _("Chưa có đại biểu nào được xác nhận trong phạm vi đã chọn. Xác nhận đại biểu rồi lập lại.")

    def paper(
        self,
        document: Document,
        *,
        at: datetime | None = None,
        author: str = "",
        said: Conference | None = None,
    ) -> dict[str, Any]:
        """Metadata of the file; the date comes from rows, so that a repeated piece has the same bytes.

        `said`: the conference as the paper tells of it, where that is not as it is now.
        """
        conference = said or document.conference
        created = (at or conference.demo_now or document.requested_at).astimezone(conference.zone)
        return {
            "title": plain(f"{self.title}: {conference.short_title}"),
            "author": author or plain(conference.issuing_agency),
            "created": created.isoformat(timespec="seconds"),
            "demo": conference.is_demo or settings.DEMO,
        }


def require_nobody_erased(people: Iterable[Attendee]) -> None:
    """A paper that was asked for before names who was erased since: `producing` leaves them out.

    By code: one sentence for two people would be taken for the reason of everybody between them.
    """
    for one in people:
        if one.erased_at:
            sentence = _("Người có mã %s đã xóa dữ liệu cá nhân: không lập giấy của người đó nữa.")
            raise PaperError(sentence % codes.group(one.code))


def signer(conference: Conference) -> Signer:
    """Who signs the papers of a conference."""
    role = (conference.signer_authority, conference.signer_title)
    return Signer(tuple(plain(line).upper() for line in role if line), plain(conference.signer_name))


def delegation_file(delegation: Delegation, what: str) -> tuple[str, str]:
    """Path and title of the file of a delegation that holds `what`."""
    name = delegation_title(delegation)
    return f"{file_name(f'{delegation.position:02} {name}')} - {file_name(what)}.pdf", f"{what}: {name}"


def delegation_title(delegation: Delegation) -> str:
    """As everywhere, without what no font draws."""
    return plain(naming.delegation_title(delegation))


def team(delegation: Delegation) -> tuple[str, str]:
    """Label and name as on a badge."""
    label, name = naming.team(delegation)
    return label, plain(name)


_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def file_name(text: str, longest: int = 80) -> str:
    """The text as a name that every system can store: no separators, no reserved signs, not too long."""
    name = _UNSAFE.sub(" ", plain(text)).strip(" .")
    return " ".join(name.split())[:longest].strip(" .") or "_"
