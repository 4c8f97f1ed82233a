"""Signing PDFs (PAdES-B-B; B-T with a time-stamp service), and checking signed ones.

A signature is an addition behind the file as it was: the first bytes stay what they were, so a signed file
tells by its beginning which certificate it is (and whether it still shows it: `documents.altering`). Only
workers and commands sign.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.generic import parse_pdf_date
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
_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_MOMENT = re.compile(rb"/M\s*\((D[^)]+)\)")
_SET = b"\x31"  # what is signed is encoded as a set, not as part of the container (RFC 5652, 5.4)
_OCTAL = re.compile(rb"\\([0-7]{3})")
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
    """Who signed, when as the signature says, and whether the certificate leads to a root that we trust.

    `is_seen`: this one, or another in the file, has a place on a page; asked of what was given out by us.
    """

    signer: str
    at: datetime | None
    is_trusted: bool
    is_seen: bool


class _SignatureOnly(IncrementalPdfFileWriter):
    """Adds a signature and nothing else.

    The library would write date and metadata anew, half of the time of signing and 1.4 KB: the signature has
    a date of its own, and what the file tells of itself stays what was approved.
    """

    def _update_meta(self) -> None:
        pass


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
        signer.sign_pdf(_SignatureOnly(BytesIO(pdf)), bytes_reserved=key.room, output=signed)
    except SigningError as fault:
        _log.error("Signing failed", exc_info=fault)
        raise signing_keys.KeyRefused(_("Chưa ký được bằng khóa này.")) from None
    except (TimestampRequestError, ValueError) as fault:
        if stamper is None:
            raise
        # Our frames tell nothing of another's service; what the library was told by it does.
        _log.error("No time stamp from %s: %s", settings.SIGNING_TSA_URL, fault.__cause__ or fault)
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
    return Signature(
        owner, last.self_reported_timestamp, bool(status.trusted), bool(base) and _is_seen(found)
    )


def reread(pdf: bytes) -> Signature:
    """The signature that `sign` has just made, read back. Raises `SignatureRefused`.

    The first of a process and key is read in full, and so is one with a time stamp. The others are made after
    the same pattern: what differs is proved (see `_prove`), for a thirtieth of the work.
    """
    key = signing_keys.key()
    known = _read_in_full(key.certificate.sha256, settings.SIGNING_TRUST_FILE)
    if known and not settings.SIGNING_TSA_URL:
        return replace(known[0], at=_prove(pdf, key))
    known[:] = [read(pdf)]
    return known[0]


@cache
def _read_in_full(certificate: bytes, trust_file: str) -> list[Signature]:
    """The signature by this certificate that this process has read in full, once there is one."""
    return []


def _prove(pdf: bytes, key: signing_keys.Key) -> datetime:
    """That the last signature is over the whole file but itself, and by the key; the moment that it tells."""
    try:
        tail = pdf[pdf.rindex(b"/ByteRange") :]
        start, end, rest = map(int, _match(_RANGE, tail))
        if end + rest != len(pdf) or pdf[start : start + 1] + pdf[end - 1 : end] != b"<>":
            raise ValueError("bytes outside the signature are left out")
        container = cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode("ascii")))
        [info] = container["content"]["signer_infos"]
        signed = info["signed_attrs"]
        [told] = [one["values"] for one in signed if one["type"].native == "message_digest"]
        digest = sha256(pdf[:start])
        digest.update(pdf[end:])
        if told.native != [digest.digest()]:
            raise ValueError("the digest is another file's")
        key.verify(info["signature"].native, _SET + signed.dump()[1:])
        moment = _OCTAL.sub(lambda sign: bytes([int(sign[1], 8)]), _match(_MOMENT, tail)[0])
        return parse_pdf_date(moment.decode("ascii"))
    except (ValueError, LookupError, InvalidSignature) as fault:
        _log.error("A signature that was just made is wrong", exc_info=fault)
        raise SignatureRefused(_("Chữ ký số vừa tạo không đúng. Báo người quản trị.")) from None


def _match(pattern: re.Pattern[bytes], text: bytes) -> Sequence[bytes]:
    if (found := pattern.search(text)) is None:
        raise ValueError(f"no {pattern.pattern!r}")
    return found.groups()


def _only_signed(status: PdfSignatureStatus) -> bool:
    level = status.modification_level
    return level is None or level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)


def _shows_still(signed: PdfFileReader, base: bytes) -> bool:
    try:
        return not base or altering.only_signed(PdfFileReader(BytesIO(base), strict=False), signed)
    except BROKEN:
        return False


def _is_seen(signed: PdfFileReader) -> bool:
    try:
        return altering.is_seen(signed)
    except BROKEN:
        return True


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
