"""One object of every kind in two conferences, and everybody who might ask for it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from attendees import importing, links
from attendees.models import Attendee, Category, Correction, Delegation, ImportBatch, Link, Receipt, Upload
from checkin.models import Decision, Device
from conference import storing
from conference.models import Conference, OrganisingBody, User
from documents import letters, looks
from documents.demo import bodies
from documents.models import BadgeHandover, Certificate, CertificateBatch, Design, Document, NumberSeries
from mailing import outbox
from mailing.kinds import values_of
from mailing.models import Mailing, Message, MessageTemplate
from mailing.outbox import Letter
from sessions import own_calendar, release, voting
from sessions.models import (
    Attendance,
    Hall,
    Material,
    Participation,
    Session,
    SpeakerProfile,
    TestQuestion,
)

ABSENT_SLUG, ABSENT_ID, ABSENT_UUID = "khong-co", 999_999, "00000000-0000-4000-8000-000000000000"


@dataclass
class Side:
    """What one conference holds; `delegation` is the one that the scope is about."""

    conference: Conference
    delegation: Delegation
    attendee: Attendee
    category: Category
    objects: dict[type[models.Model], models.Model] = field(default_factory=dict)
    press: uuid.UUID = field(default_factory=uuid.uuid4)  # of the button that invites

    def furnish(self) -> Side:
        """Sessions, papers and a certificate."""
        conference, person = self.conference, self.attendee
        person.photo, *_ = storing.keep_bytes(f"face {conference}".encode(), "portraits", "jpg")
        person.save(update_fields=("photo",))
        hall = Hall.objects.create(conference=conference, name="Hội trường")
        session = Session.objects.create(
            conference=conference, code=f"khai-mac-{conference.pk}", title="Khai mạc", hall=hall,
            day=conference.starts_on, starts=datetime.time(8), ends=datetime.time(9), sign_up=True, places=5,
        )  # fmt: skip
        part = Participation.objects.create(session=session, full_name="Lê Văn Mẫu", attendee=person)
        profile, material = self._speaker(), self._material(session)
        tested = TestQuestion.objects.create(session=session, text="Năm nào?", options="2024\n2025", right=1)
        attendance = Attendance.objects.create(session=session, attendee=person)
        series, _ = NumberSeries.objects.get_or_create(
            conference=conference, kind="certificate", year=2024, defaults={"last": 1}
        )
        certificate = Certificate.objects.create(
            attendee=person, series=series, number=1, full_number="0001/GCN-BTTTT",
            issued_on=conference.ends_on, full_name=person.full_name,
        )  # fmt: skip
        batch = CertificateBatch.objects.create(
            conference=conference, ordinal=1, scope="Cả hội nghị", draft_key=uuid.uuid4()
        )
        batch.lines.create(attendee=person, position=1, full_name=person.full_name, wording="attended")
        look = looks.standard(looks.BADGE).as_json()
        design = Design.objects.create(conference=conference, number=1, key=uuid.uuid4(), **look)
        document = Document.objects.create(conference=conference, kind="badges", delegation=self.delegation)
        kind = bodies.load_kinds()["ministry"]
        organisation, _ = kind.organisation_set.get_or_create(name="Bộ Mẫu")
        body = OrganisingBody.objects.create(conference=conference, organisation=organisation, role="chair")
        programme = release.release(conference, by=None)
        link = links.make(self.delegation, Link.Purpose.ANSWER, by=None)
        receipt = Receipt.objects.create(
            delegation=self.delegation, number=1, sent_at=conference.now(), sent_by="Dan", sha256="0" * 64
        )
        [official] = letters.issue(conference, "giay-moi", [self.delegation], by=None)
        Document.objects.create(
            conference=conference, kind="invitation", delegation=self.delegation,
            request_key=uuid.uuid5(self.press, "giay-moi"),
        )  # fmt: skip
        mailing, message, template = self._letters()
        question = conference.questions.create(label="Phương tiện", topic="travel")
        correction = Correction.objects.create(attendee=person, text="Sửa tên")
        file, sha256, size = storing.keep_bytes(f"%PDF- {conference}".encode(), "uploads", "pdf")
        upload = Upload.objects.create(
            delegation=self.delegation, kind="nomination", name="Công văn.pdf", file=file, sha256=sha256,
            content_type="application/pdf", size=size, given_by="Dan",
        )  # fmt: skip
        device = Device.objects.create(conference=conference, name="Cửa A")
        taken = BadgeHandover.objects.create(delegation=self.delegation, cards=1, received_by="Dan")
        decision = Decision.objects.create(
            session=session, attendee=person, scans=[], outcome="one", question=f"{conference.pk:064}"
        )
        quota, entry = self.delegation.quotas.first(), conference.journal.first()
        made = (
            *(conference, self.delegation, self.delegation.unit, person, self.category, quota, entry),
            *(link, receipt, hall, session, part, profile, programme, attendance, series, certificate),
            *(document, material, tested, device, taken, decision, batch, design),
            *(body, organisation, kind, upload, official),
            *(question, correction, mailing, message, template, self._sent()),
        )
        self.objects = {type(one): one for one in made if one is not None}
        return self

    def _speaker(self) -> SpeakerProfile:
        """Somebody whom everybody may read about; the person of this side is named to nobody."""
        speaker = Attendee.objects.create(
            conference=self.conference, delegation=self.delegation, full_name="Lê Văn Mẫu",
            category=self.conference.categories.get(slug="press"),
        )  # fmt: skip
        photo, _sha256, _size = storing.keep_bytes(f"photo {self.conference}".encode(), "speakers", "jpg")
        SpeakerProfile.objects.create(attendee=self.attendee, proposed={"photo": photo}, state="waiting")
        return SpeakerProfile.objects.create(
            attendee=speaker, biography="Báo cáo viên", photo=photo, state="approved",
            approved_at=self.conference.now(),
        )  # fmt: skip

    def _material(self, session: Session) -> Material:
        """A picture for everybody, open already."""
        file, sha256, size = storing.keep_bytes(f"picture {self.conference}".encode(), "materials", "png")
        made = Material.objects.create(session=session, title="Sơ đồ", opens_with_session=False)
        made.versions.create(
            number=1, name="so-do.png", file=file, content_type="image/png", size=size, sha256=sha256,
            given_by="Olga",
        )  # fmt: skip
        return made

    def sheet(self) -> str:
        """The token on the sheet of the person."""
        return links.token_of(links.make(self.attendee, Link.Purpose.PERSON, by=None))

    def _letters(self) -> tuple[Mailing, Message, MessageTemplate]:
        """A batch of one letter, and a text of the conference's own."""
        letter = Letter(
            "", "Sở Mẫu", ["so@hoinghi.example"], "", {**values_of(self.conference), "nguoi_nhan": "Sở"}
        )
        mailing = outbox.draft(self.conference, "notice", [letter], by=None, title="Thông báo")
        template = MessageTemplate.objects.create(
            conference=self.conference, kind="notice", subject="Thông báo", body="Kính gửi {nguoi_nhan}"
        )
        return mailing, mailing.messages.get(), template

    def _sent(self) -> ImportBatch:
        """A list of the delegation that somebody has sent and nobody has taken."""
        table = ContentFile("Họ và tên,Năm sinh\nLý Thị Danh,1980\n".encode(), "danh-sach.csv")
        return importing.stage(self.conference, table, by=None, delegation=self.delegation)

    def value(self, route: str, name: str) -> str | None:
        """What stands for a parameter of a route on this side."""
        certificate, document = self.objects[Certificate], self.objects[Document]
        link, receipt = self.objects[Link], self.objects[Receipt]
        batch, upload = self.objects[ImportBatch], self.objects[Upload]
        assert isinstance(link, Link)
        assert isinstance(receipt, Receipt)
        assert isinstance(batch, ImportBatch)
        assert isinstance(upload, Upload)
        speaker = self.objects[SpeakerProfile]
        assert isinstance(speaker, SpeakerProfile)
        material = self.objects[Material]
        assert isinstance(material, Material)
        known = {
            "conference": self.conference.slug,
            "category": self.category.slug,
            "person": self.attendee.code,
            "public_id": str(document.public_id),
            "batch": str(batch.public_id),
            "receipt": receipt.code,
            "press": str(self.press),
            "item": self.objects[Session].code,
            "device": str(self.objects[Device].pk),
            "line": str(self.objects[BadgeHandover].pk),
            "decision": str(self.objects[Decision].pk),
            "lot": str(self.objects[CertificateBatch].pk),
            "design": str(self.objects[Design].pk),
            "hall": "hoi-truong",
            "sha256": upload.sha256,
            "number": "1",
            "token": own_calendar.address(self.attendee).rsplit("/", 1)[1].removesuffix(".ics")
            if "own/" in route
            else links.token_of(link),
            "paper": voting.seal(self.conference, "feedback", None, None),
            "speaker": speaker.code,
            "material": material.code,
            "code": self._code(route, certificate),
        }
        return known.get(name)

    def _code(self, route: str, certificate: models.Model) -> str:
        session = self.objects[Session]
        assert isinstance(session, Session)
        if "sessions/" in route:
            return session.code
        assert isinstance(certificate, Certificate)
        return certificate.code if route.startswith("v/") else self.delegation.code


ABSENT = {
    "conference": ABSENT_SLUG, "category": ABSENT_SLUG, "person": "ZZZZZZZZ", "public_id": ABSENT_UUID,
    "code": ABSENT_SLUG, "object_id": ABSENT_ID, "pk": ABSENT_ID, "key": "khong-co", "uidb36": "0",
    "token": "khong-co", "batch": ABSENT_UUID, "receipt": "khong-co", "press": ABSENT_UUID,
    "sha256": "0" * 64, "number": "999999", "item": ABSENT_SLUG, "speaker": ABSENT_SLUG,
    "material": ABSENT_SLUG, "hall": ABSENT_SLUG, "paper": ABSENT_SLUG,
    "decision": ABSENT_ID, "device": ABSENT_ID, "line": ABSENT_ID, "lot": ABSENT_ID, "design": ABSENT_ID,
    "account": ABSENT_ID,
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """One pattern of the resolver. `model` for pages of the desk about one row of a table."""

    name: str
    path: str
    parameters: tuple[str, ...]
    model: type[models.Model] | None = None


def routes() -> list[Route]:
    """Every pattern with its full name."""
    return list(_routes(get_resolver().url_patterns, "", "", ()))


def _routes(
    patterns: Iterable[URLPattern | URLResolver], namespace: str, path: str, before: tuple[str, ...]
) -> Iterator[Route]:
    for pattern in patterns:
        where, parameters = path + str(pattern.pattern), (*before, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern.url_patterns, inner, where, parameters)
        else:
            name = namespace + (pattern.name or f"({where})")
            yield Route(name, where, parameters, _model_of(name))


def _model_of(name: str) -> type[models.Model] | None:
    for model in admin.site._registry:
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            return model
    return None


def row_of(model: type[models.Model], side: Side, user: User) -> models.Model | None:
    """A row of a table of the desk on one side; tables of accounts hold the row of that user."""
    if model is User:
        return user
    return side.objects.get(model)
