"""Giấy chứng nhận: one A4 sheet for each valid certificate, with its number and the code that proves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees import codes
from attendees.models import Attendee
from conference import vietnamese_dates
from conference.models import Conference
from documents import layouts
from documents.kinds.base import Content, DocumentKind, Subject, delegation_title, file_name, signer
from documents.models import Certificate, Document, Wording


class Certificates(DocumentKind):
    """A subject is a certificate's id: what was issued and is valid (see `documents.issuing`)."""

    slug = "certificates"
    title = _("Giấy chứng nhận")
    template = "documents/pdf/certificate.html"
    stylesheets = ("base.css", "certificate.css")
    chunk = 200
    may_be_each = True
    # Does it say on its face that it bears no digital signature?
    says_unsigned: ClassVar[bool] = True

    def subjects(self, document: Document) -> list[Subject]:
        order = (
            "attendee__delegation__position",
            "attendee__delegation__code",
            "attendee__sort_key",
            "number",
        )
        valid = Certificate.objects.valid().filter(attendee__in=self.people(document).order_by().values("pk"))
        return list(valid.order_by(*order).values_list("pk", flat=True))

    def nobody(self, document: Document) -> str:
        """Printing issues nothing: it says where that is done, to who may do it."""
        sentence = gettext("Chưa có giấy chứng nhận nào được cấp trong phạm vi đã chọn.")
        by = document.requested_by
        if by is not None and not document.conference.is_run_by(by):
            return sentence
        return f"{sentence} {gettext('Cấp ở trang “Cấp giấy chứng nhận”, rồi in.')}"

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        related = ("attendee__delegation__unit", "series__conference")
        found = Certificate.objects.select_related(*related).in_bulk(subjects)
        chosen = [found[pk] for pk in subjects if pk in found]
        events = {wording: _event(conference, wording) for wording in Wording}
        images = {f"{one.code}.png": address(one.code) for one in chosen}
        context = {
            "paper": self.paper(document),
            "roles": layouts.certificate_roles(signer(conference).role),
            "signer": signer(conference),
            "verify_at": short_address(),
            "unsigned_mark": self.says_unsigned,
        }
        cards = [_sheet(events[Wording(one.wording)], one, conference) for one in chosen]
        return Content(context, images, tuple(map(_file, chosen)), cards=cards)

    def slots_of(self, card: layouts.Certificate) -> str:
        return "documents/pdf/_certificate.html"


def address(code: str) -> str:
    """What the QR opens."""
    return settings.SITE_URL + reverse("documents:verify", args=(code,))


def short_address() -> str:
    """Where a code is typed in: host and /v/."""
    return urlsplit(settings.SITE_URL).netloc + reverse("documents:verify_form")


def _event(conference: Conference, wording: Wording) -> layouts.CertificateEvent:
    when = vietnamese_dates.date_range_in_words(conference.starts_on, conference.ends_on)
    return layouts.CertificateEvent(
        conference.issuing_agency,
        conference.title,
        f"{when}, tại {layouts.plain(conference.place)}",
        wording.did,
    )


def _sheet(event: layouts.CertificateEvent, one: Certificate, conference: Conference) -> layouts.Certificate:
    day = vietnamese_dates.date_in_words(one.issued_on)
    return layouts.certificate(
        event,
        honorific(one.honorific),
        one.full_name,
        layouts.joined((one.title, one.organisation_name), "\n"),
        number=f"Số: {one.full_number}",
        code=codes.group(one.code),
        qr=f"{one.code}.png",
        place_and_date=f"{layouts.plain(conference.issue_place)}, {day}",
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
