"""Certificates with a digital signature: clean files for the agency's own service, or signed by our key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents import layouts
from documents.errors import Overtaken, PaperError, SignatureRefused
from documents.issued_files import CertificateFile
from documents.kinds.base import Content, Kept, Subject
from documents.kinds.certificate_files import CertificateFiles
from documents.models import Certificate, CertificateQuerySet, Document

BASES, SIGNING = "certificate-bases", "certificate-signing"


class CertificateBases(CertificateFiles):
    """The bytes that are to be signed, without the mark of a missing signature. Never handed out as they are.

    Asked for by `documents.sealing` alone.
    """

    slug = BASES
    title = _("Giấy chứng nhận để trình ký số")
    kept_as = CertificateFile.Kind.BASE

    def signature_mark(self) -> tuple[str, str]:
        return "", ""  # the agency's own service puts its own

    def named(self, document: Document) -> CertificateQuerySet:
        return super().named(document).valid()

    def nobody(self, document: Document) -> str:
        return gettext("Không có giấy chứng nhận nào còn giá trị mà chưa ký số.")

    def refused(self, subjects: Sequence[Subject]) -> Mapping[Subject, str]:
        """Hours may lie between the press and the signature: what has ended since gets none."""
        ended = Certificate.objects.filter(pk__in=subjects).exclude(state=Certificate.State.VALID)
        sentence = gettext("Giấy số %s đã được thay hoặc thu hồi, không ký nữa.")
        return {pk: sentence % number for pk, number in ended.values_list("pk", "full_number")}

    def finished(self, document: Document, files: Sequence[Kept]) -> None:
        """Asked once more under a lock, as of a file that comes back (`documents.sealing`)."""
        held = Certificate.objects.select_for_update(no_key=True).order_by("pk")
        states = held.filter(pk__in=[one.subject for one in files]).values_list("state", flat=True)
        if set(states) - {Certificate.State.VALID}:
            raise Overtaken("a certificate has ended since its file was made")
        super().finished(document, files)


class CertificateSigning(CertificateBases):
    """The same, signed by the key of the house as each file is made, and read back."""

    slug = SIGNING
    title = _("Ký số giấy chứng nhận")
    kept_as = CertificateFile.Kind.SIGNED

    def signature_mark(self) -> tuple[str, str]:
        from documents import signing_keys  # as below

        try:
            return f"Đã ký số: {layouts.plain(signing_keys.key().owner)}", "Đã ký số"
        except signing_keys.KeyRefused as refusal:
            raise _unsigned(refusal) from None

    def complete(self, content: Content, pdf: bytes) -> bytes:
        # pyHanko takes a second to import, and the web process imports every kind.
        from documents import signing
        from documents.signing_keys import KeyRefused  # the same

        try:
            return signing.sign(pdf, reason="Cấp giấy chứng nhận", location=content.context["issue_place"])
        except KeyRefused as refusal:
            raise _unsigned(refusal) from None

    def told_of(self, pdf: bytes) -> Any:
        """The signature, checked."""
        from documents import signing  # the same

        try:
            return signing.reread(pdf)
        except SignatureRefused as refusal:
            raise PaperError(str(refusal)) from None

    def row(self, one: Kept) -> CertificateFile:
        row = super().row(one)
        row.signer, row.signed_at = one.told.signer, one.told.at
        return row


def _unsigned(refusal: Exception) -> PaperError:
    """What is wrong with the key, and who can mend it: whoever reads this on the desk cannot."""
    return PaperError(gettext("%s Báo người quản trị.") % refusal)
