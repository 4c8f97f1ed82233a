"""Giấy chứng nhận: one A4 sheet for each valid certificate, with its number and the code that proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cache, partial
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees import codes
from attendees.models import Attendee
from conference import vietnamese_dates
from conference.models import Conference
from documents import filling, layouts, layouts_certificate, looks
from documents.batches import Printed, as_said, printed_of
from documents.designs import look_of
from documents.dressing import dress
from documents.kinds.base import (
    Content,
    DocumentKind,
    Subject,
    delegation_title,
    file_name,
    require_nobody_erased,
    signer,
)
from documents.looks import Look
from documents.models import Certificate, Document, Wording

# On a picture to look at: it leads to the page that knows no such certificate.
SPECIMEN = "XXXXXXXXXXXXXXXX"


class Certificates(DocumentKind):
    """A subject is a certificate's id: what was issued and is valid (see `documents.issuing`)."""

    slug = "certificates"
    title = _("Giấy chứng nhận")
    about = _("Giấy đã cấp và còn giá trị, mỗi người một tờ A4.")
    template = "documents/pdf/certificate.html"
    stylesheets = ("base.css", "certificate.css")
    variant = "pdf/a-3u"  # kept for ever: nothing outside the file, every letter searchable
    chunk = 200
    may_be_each = True

    def subjects(self, document: Document) -> list[Subject]:
        order = (
            "attendee__delegation__position",
            "attendee__delegation__code",
            "attendee__sort_key",
            "number",
        )
        valid = Certificate.objects.valid().filter(attendee__in=self.people(document).order_by().values("pk"))
        return list(valid.order_by("design", "said", *order).values_list("pk", flat=True))

    def parts(self, document: Document) -> list[list[Subject]]:
        """As usual, but one look and one conference to a piece: each certificate is as it was approved."""
        pieces = super().parts(document)
        named = [subject for piece in pieces for subject in piece]
        rows = Certificate.objects.filter(pk__in=named).values_list("pk", "design", "said")
        known = {pk: (design, said) for pk, design, said in rows}
        return [list(alike) for piece in pieces for _approved, alike in groupby(piece, key=known.get)]

    def nobody(self, document: Document) -> str:
        """Printing issues nothing: it says where that is done, to who may do it."""
        sentence = gettext("Chưa có giấy chứng nhận nào được cấp trong phạm vi đã chọn.")
        by = document.requested_by
        if by is not None and not document.conference.is_run_by(by):
            return sentence
        return f"{sentence} {gettext('Cấp ở trang “Cấp giấy chứng nhận”, rồi in.')}"

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        related = ("attendee__delegation__unit", "series__conference", "design")
        found = Certificate.objects.select_related(*related).in_bulk(subjects)
        chosen = [found[pk] for pk in subjects if pk in found]
        require_nobody_erased(one.attendee for one in chosen)  # the register keeps the name, for itself
        look = _one_look(chosen)
        conference = as_said(document.conference, chosen[0].said if chosen else {})
        said = cache(partial(words, look, conference))
        images = {f"{one.code}.png": address(one.code) for one in chosen}
        sheets = [
            sheet(
                said(one.honorific, one.wording), printed_on(one), conference, one.issued_on,
                number=f"Số: {one.full_number}", code=one.code, qr=f"{one.code}.png",
            )
            for one in chosen
        ]  # fmt: skip
        return self._content(document, conference, look, sheets, images, tuple(map(_file, chosen)))

    def specimen(self, document: Document, look: Look, people: Sequence[Attendee]) -> Content:
        """A page for each of the people, as a picture to look at: its number and code prove nothing."""
        return self.shown(document, look, [printed_of(one, Wording.ATTENDED) for one in people])

    def shown(self, document: Document, look: Look, printed: Sequence[Printed]) -> Content:
        """The same of what is to be printed."""
        conference = document.conference
        day = max(conference.today(), conference.ends_on)
        sheets = [
            sheet(
                words(look, conference, one.honorific, one.wording), one, conference, day,
                number=f"Số: {SPECIMEN[:4]}/GCN", code=SPECIMEN, qr="specimen.png",
            )
            for one in printed
        ]  # fmt: skip
        qr = {"specimen.png": address(SPECIMEN)}
        content = self._content(document, conference, look, sheets, qr, ())
        return replace(content, context={**content.context, "sheets": sheets}, cards=())

    def _content(
        self,
        document: Document,
        conference: Conference,
        look: Look,
        sheets: Sequence[layouts_certificate.Certificate],
        codes_to_draw: dict[str, str],
        files: tuple[tuple[str, str], ...],
    ) -> Content:
        worn, signs = dress(look), signer(conference)
        context = {
            "paper": self.paper(document, said=conference),
            "issue_place": conference.issue_place,
            "dress": worn,
            "roles": layouts_certificate.certificate_roles(signs.role),
            "signer": signs,
            "verify_at": short_address(),
            "signature_mark": layouts_certificate.signature_mark(*self.signature_mark()),
        }
        return Content(context, {**codes_to_draw, **worn.images}, files, worn.rules, sheets)

    def signature_mark(self) -> tuple[str, str]:
        """What it says on its face of a digital signature, and the same in short; empty for nothing."""
        return "Bản chưa ký số", ""

    def slots_of(self, card: layouts_certificate.Certificate) -> str:
        return "documents/pdf/_certificate.html"


def address(code: str) -> str:
    """What the QR opens."""
    return settings.SITE_URL + reverse("documents:verify", args=(code,))


def short_address() -> str:
    """Where a code is typed in: host and /v/."""
    return urlsplit(settings.SITE_URL).netloc + reverse("documents:verify_form")


def _one_look(chosen: Sequence[Certificate]) -> Look:
    designs = {one.design_id: one.design for one in chosen}
    if len(designs) > 1 or any(one.said != chosen[0].said for one in chosen):
        raise ValueError("certificates of several looks in one piece")
    return look_of(next(iter(designs.values()), None), looks.CERTIFICATE)


def words(
    look: Look, conference: Conference, addressed: str, wording: str
) -> tuple[layouts_certificate.CertificateEvent, str]:
    """What a certificate says of the conference and of what was done there; and what leads to the name."""
    known = {
        **filling.values(conference, looks.CERTIFICATE),
        "honorific": honorific(addressed),
        "did": Wording(wording).did,
    }
    said = {slot.name: filling.text(look, slot.name, known) for slot in looks.SLOTS[looks.CERTIFICATE]}
    event = layouts_certificate.CertificateEvent(
        said["agency"], said["event"], said["when"], said["did"], said["heading"]
    )
    return event, said["intro"]


def printed_on(one: Certificate) -> Printed:
    """What a certificate says of its holder."""
    return Printed(**{part.name: getattr(one, part.name) for part in fields(Printed)})


def sheet(
    said: tuple[layouts_certificate.CertificateEvent, str],
    printed: Printed,
    conference: Conference,
    day: date,
    *,
    number: str,
    code: str,
    qr: str,
) -> layouts_certificate.Certificate:
    """The sheet of a person, measured; `DoesNotFit` where a text has no room on it."""
    return layouts_certificate.certificate(
        *said,
        printed.full_name,
        layouts.joined((printed.title, printed.organisation_name), "\n"),
        number=number,
        code=codes.group(code),
        qr=qr,
        place_and_date=f"{layouts.plain(conference.issue_place)}, {vietnamese_dates.date_in_words(day)}",
    )


def honorific(value: str) -> str:
    """ông, bà or đồng chí; both where it is not known."""
    return str(Attendee.Honorific(value).label).lower() if value else "ông/bà"


def _file(one: Certificate) -> tuple[str, str]:
    delegation = one.attendee.delegation
    folder = file_name(f"{delegation.position:02} {delegation_title(delegation)}")
    number = one.full_number
    return (
        f"{folder}/{one.number:04} {file_name(one.full_name)}.pdf",
        f"Giấy chứng nhận số {number}: {layouts.plain(one.full_name)}",
    )
