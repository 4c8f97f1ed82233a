"""Certificates with a digital signature: clean files for the agency's own service, or signed by our key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.errors import PaperError
from documents.issued_files import CertificateFile
from documents.kinds.base import Kept, Subject
from documents.kinds.certificates import Certificates
from documents.models import Certificate, Document

BASES, SIGNING = "certificate-bases", "certificate-signing"


class CertificateBases(Certificates):
    """The bytes that are to be signed, without the mark of a missing signature. Never handed out as they are.

    Asked for by `documents.sealing` alone; subjects are ids of certificates.
    """

    slug = BASES
    title = _("Giấy chứng nhận để trình ký số")
    keeps_in: ClassVar[str] = "certificates"
    variant = "pdf/a-3u"  # as the copies (`certificate_files`)
    kept_as: ClassVar[str] = CertificateFile.Kind.BASE
    for_officers = False
    is_offered = False
    says_unsigned = False

    def subjects(self, document: Document) -> list[Subject]:
        own = Certificate.objects.filter(series__conference=document.conference_id).valid()
        return list(own.filter(pk__in=document.subject_ids).order_by("number").values_list("pk", flat=True))

    def nobody(self, document: Document) -> str:
        return gettext("Không có giấy chứng nhận nào còn giá trị mà chưa ký số.")

    def finished(self, document: Document, files: Sequence[Kept]) -> None:
        """A piece that is made again adds nothing: the file that was kept first stands."""
        known = self._known([one.subject for one in files])
        CertificateFile.objects.bulk_create(self._row(one) for one in files if one.subject not in known)

    def _known(self, certificates: Sequence[Subject]) -> set[int]:
        rows = CertificateFile.objects.filter(kind=self.kept_as, certificate__in=certificates)
        return set(rows.values_list("certificate", flat=True))

    def _row(self, one: Kept) -> CertificateFile:
        return CertificateFile(
            certificate_id=one.subject, kind=self.kept_as, file=one.name, sha256=one.sha256, size=one.size
        )


class CertificateSigning(CertificateBases):
    """The same, signed by the key of the house as each file is made."""

    slug = SIGNING
    title = _("Ký số giấy chứng nhận")
    kept_as = CertificateFile.Kind.SIGNED

    def complete(self, pdf: bytes, subject: Subject) -> bytes:
        # pyHanko takes a second to import, and the web process imports every kind.
        from documents import signing
        from documents.signing_keys import KeyRefused  # the same

        try:
            return signing.sign(pdf, reason="Cấp giấy chứng nhận", location=self._place_of(subject))
        except KeyRefused as refusal:
            raise PaperError(str(refusal)) from None

    def _place_of(self, subject: Subject) -> str:
        place = Certificate.objects.filter(pk=subject).values_list(
            "series__conference__issue_place", flat=True
        )
        return place.first() or ""

    def _row(self, one: Kept) -> CertificateFile:
        # pyHanko, as above.
        from documents import signing, storing

        row = super()._row(one)
        signature = signing.read(storing.path(one.name).read_bytes())
        row.signer, row.signed_at = signature.signer, signature.at
        return row
