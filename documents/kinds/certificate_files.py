"""The files of certificates as they are issued: one for each, kept by itself and known by its hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from documents.issued_files import CertificateFile
from documents.kinds.base import Kept, Subject
from documents.kinds.certificates import Certificates
from documents.models import Certificate, Document

FILES = "certificate-files"


class CertificateFiles(Certificates):
    """Asked for by issuing and replacing alone (`documents.certificates`); subjects are their ids."""

    slug = FILES
    title = _("Tệp giấy chứng nhận")
    keeps_in: ClassVar[str] = "certificates"
    variant = "pdf/a-3u"  # kept for ever: nothing outside the file, every letter searchable
    for_officers = False
    is_offered = False

    def subjects(self, document: Document) -> list[Subject]:
        """Those that were given then, in their order, whatever has become of them."""
        own = Certificate.objects.filter(series__conference=document.conference_id)
        return list(own.filter(pk__in=document.subject_ids).order_by("number").values_list("pk", flat=True))

    def finished(self, document: Document, files: Sequence[Kept]) -> None:
        """A piece that is made again adds nothing: the file that was kept first stands."""
        copies = CertificateFile.objects.filter(kind=CertificateFile.Kind.COPY)
        known = set(
            copies.filter(certificate__in=[one.subject for one in files]).values_list(
                "certificate", flat=True
            )
        )
        CertificateFile.objects.bulk_create(
            CertificateFile(
                certificate_id=one.subject,
                kind=CertificateFile.Kind.COPY,
                file=one.name,
                sha256=one.sha256,
                size=one.size,
            )
            for one in files
            if one.subject not in known
        )
