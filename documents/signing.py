"""Signing PDFs (PAdES-B-B; B-T with a time-stamp service), and checking signed ones.

A signature is an addition behind the file as it was: the first bytes stay what they were, so a signed file
tells by its beginning which certificate it is (and whether it still shows it: `documents.altering`). Only
workers and commands sign.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from asn1crypto.x509 import Certificate
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from documents import altering, signing_keys
from documents.errors import SignatureRefused, Unanswered
from documents.signers import DIGEST

FIELD, PADES = "ChuKySo", SigSeedSubFilter.PADES
# What the library raises, besides its own, over a file that is put together wrong.
BROKEN = (
    PdfReadError, ValueError, LookupError, TypeError, AttributeError, AssertionError, NotImplementedError,
    RecursionError,
)  # fmt: skip
_log = logging.getLogger(__name__)
# Of a failed check the reason is told to people; the library's own account goes nowhere.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Signature:
    """Who signed, when as the signature says, and whether the certificate leads to a root that we trust."""

    signer: str
    at: datetime | None
    is_trusted: bool


def sign(pdf: bytes, *, reason: str, location: str) -> bytes:
    """The file with a signature behind it. Raises `signing_keys.KeyRefused` for a key that cannot sign, and
    `Unanswered` where the time-stamp service gave no stamp.

    What does not change between files is made once per process: see `signing_keys.key`.
    """
    key = signing_keys.key()
    about = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=PADES,
        reason=reason,
        location=location,
        name=key.owner,
    )
    stamper = HTTPTimeStamper(settings.SIGNING_TSA_URL) if settings.SIGNING_TSA_URL else None
    signer = PdfSigner(about, signer=key.signer, timestamper=stamper)
    signed = BytesIO()
    try:
        # Without a reserved size pyHanko makes a trial signature to learn it.
        signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=key.room, output=signed)
    except SigningError as fault:
        _log.error("Signing failed", exc_info=fault)
        raise signing_keys.KeyRefused(_("Chưa ký được bằng khóa này. Báo người quản trị.")) from None
    except (TimestampRequestError, ValueError) as fault:
        if stamper is None:
            raise
        _log.error("No time stamp from %s", settings.SIGNING_TSA_URL, exc_info=fault)
        raise Unanswered(_("Dịch vụ cấp dấu thời gian không trả lời đúng. Báo người quản trị.")) from None
    return signed.getvalue()


def read(pdf: bytes, *, base: int = 0) -> Signature:
    """The one signature of a file, checked: intact, over the whole file, nothing changed but the signature.

    `base`: how many bytes at its beginning were given out to be signed; nothing but signatures may have come
    behind them. Raises `SignatureRefused`.
    """
    try:
        found = PdfFileReader(BytesIO(pdf), strict=False)
        if found.encrypted:
            raise SignatureRefused(_("Tệp đặt mật khẩu."))
        signatures = found.embedded_signatures
    except BROKEN:
        raise SignatureRefused(_("Tệp PDF hỏng, không đọc được.")) from None
    if not signatures:
        raise SignatureRefused(_("Tệp chưa có chữ ký số."))
    last = signatures[-1]
    try:
        status = validate_pdf_signature(last, signer_validation_context=_trust())
    except (SignatureValidationError, *BROKEN):
        raise SignatureRefused(_("Chữ ký số không đúng chuẩn, không kiểm được.")) from None
    if not (status.intact and status.valid):
        raise SignatureRefused(_("Nội dung tệp đã bị sửa sau khi ký."))
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or not (
        _only_signed(status) and _shows_still(found, pdf[:base])
    ):
        raise SignatureRefused(_("Có nội dung được thêm vào tệp ngoài chữ ký số."))
    owner = signing_keys.name_of(status.signing_cert)
    return Signature(owner, last.self_reported_timestamp, bool(status.trusted))


def _only_signed(status: PdfSignatureStatus) -> bool:
    level = status.modification_level
    return level is None or level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)


def _shows_still(signed: PdfFileReader, base: bytes) -> bool:
    try:
        return not base or altering.only_signed(PdfFileReader(BytesIO(base), strict=False), signed)
    except BROKEN:
        return False


def roots() -> list[Certificate]:
    """The roots that the operator named. Raises `SignatureRefused` where they cannot be read."""
    if not settings.SIGNING_TRUST_FILE:
        return []
    try:
        found = [*load_certs_from_pemder([Path(settings.SIGNING_TRUST_FILE)])]
    except (OSError, ValueError):
        found = []
    if not found:
        raise SignatureRefused(
            _("Không đọc được chứng thư gốc trong tệp mà SIGNING_TRUST_FILE chỉ tới. Báo người quản trị.")
        )
    return found


def _trust() -> ValidationContext:
    """Without roots nothing is trusted; nothing is ever fetched."""
    return ValidationContext(trust_roots=roots(), allow_fetching=False)
