"""The files of certificates: one for each, kept by itself and known by its hash.

The copies are made as certificates are issued. The clean files and the signed ones: `certificate_signing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from documents import storing
from documents.errors import Overtaken
from documents.issued_files import CertificateFile
from documents.kinds.base import Kept, Subject
from documents.kinds.certificates import Certificates
from documents.models import Certificate, CertificateQuerySet, Document

FILES = "certificate-files"


class CertificateFiles(Certificates):
    """Asked for by issuing and replacing alone (`documents.certificates`); subjects are their ids."""

    slug = FILES
    title = _("Tệp giấy chứng nhận")
    keeps_in: ClassVar[str] = "certificates"
    kept_as: ClassVar[str] = CertificateFile.Kind.COPY
    for_officers = False
    is_offered = False

    def named(self, document: Document) -> CertificateQuerySet:
        """Those that were given then, whatever has become of them."""
        own = Certificate.objects.filter(series__conference=document.conference_id)
        return own.filter(pk__in=document.subject_ids)

    def subjects(self, document: Document) -> list[Subject]:
        return list(self.named(document).order_by("number").values_list("pk", flat=True))

    def standing(self, subjects: Sequence[Subject]) -> Mapping[Subject, str]:
        """The file that was kept first stands, in every archive: no two were ever made alike."""
        rows = CertificateFile.objects.filter(kind=self.kept_as, certificate__in=subjects).exclude(file="")
        found = dict(rows.values_list("certificate", "file"))
        return {certificate: file for certificate, file in found.items() if storing.exists(file)}

    def finished(self, document: Document, files: Sequence[Kept]) -> None:
        """Who was overtaken by another run adds nothing; `Overtaken` where that kept other files."""
        certificates = [one.subject for one in files]
        rows = CertificateFile.objects.filter(kind=self.kept_as, certificate__in=certificates)
        known = dict(rows.values_list("certificate", "file"))
        others = [known[one.subject] for one in files if known.get(one.subject, one.name) != one.name]
        if any(map(storing.exists, others)):
            raise Overtaken("another run has kept files of these certificates")
        CertificateFile.objects.bulk_create(self.row(one) for one in files if one.subject not in known)

    def row(self, one: Kept) -> CertificateFile:
        """What is written down of a file, not yet saved."""
        return CertificateFile(
            certificate_id=one.subject, kind=self.kept_as, file=one.name, sha256=one.sha256, size=one.size
        )
