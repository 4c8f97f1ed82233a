"""Digital signatures on certificates: by the key of the house, or by the agency's own service and back.

A file that comes back is known by its beginning: exactly the bytes that were given out for signing. Its
signature must be intact, over the whole file, with nothing else changed.
"""

from __future__ import annotations

import hashlib
import lzma
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.models import Attendee
from conference import journal
from conference.models import Conference, User
from documents import requests, storing
from documents.errors import SignatureRefused
from documents.kinds.certificate_signing import BASES, SIGNING
from documents.models import Certificate, CertificateFile, Document
from documents.requests import Scope

if TYPE_CHECKING:
    from documents.signing import Signature

MOST_FILES, LARGEST_FILE, LARGEST_ALL = 2000, 5 << 20, 300 << 20
MOST_TIMES_LARGER = 50  # of an archive, against what it says it holds
# What opening or unpacking an archive raises over one that is not whole; other faults of `zipfile` come among
# them (a password, a way of packing that it does not know).
NOT_WHOLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError,
)  # fmt: skip
Kind = CertificateFile.Kind


@dataclass(frozen=True)
class Outcome:
    """What became of one file: its certificate, or a sentence that says why it was not taken."""

    name: str
    certificate: Certificate | None = None
    refusal: str = ""


def has_key() -> bool:
    """Does the environment name a key of the house? It is not opened."""
    return bool(settings.SIGNING_KEY_FILE or settings.SIGNING_PKCS11_MODULE)


def unsigned(conference: Conference) -> list[int]:
    """Ids of valid certificates without a signed file, in the order of their numbers."""
    signed = CertificateFile.objects.filter(kind=Kind.SIGNED).values("certificate")
    valid = Certificate.objects.valid().filter(series__conference=conference, attendee__erased_at=None)
    valid = valid.exclude(pk__in=signed)
    return list(valid.order_by("number").values_list("pk", flat=True))


def ask_to_sign(conference: Conference, *, by: User, key: uuid.UUID | None = None) -> Document:
    """Sign everything that is not signed, with the key of the house. `PaperError` where there is nothing."""
    return _begin(SIGNING, conference, by=by, key=key)


def ask_for_bases(conference: Conference, *, by: User, key: uuid.UUID | None = None) -> Document:
    """The files that the agency's own service is to sign, in one archive."""
    return _begin(BASES, conference, by=by, key=key)


def _begin(kind: str, conference: Conference, *, by: User, key: uuid.UUID | None) -> Document:
    if not conference.is_run_by(by):
        raise PermissionDenied
    scope = Scope(subjects=unsigned(conference))
    return requests.begin_once(kind, conference, by=by, scope=scope, each=True, key=key)


def take_back(
    conference: Conference, uploads: Iterable[tuple[str, bytes]], *, untrusted: bool, by: User
) -> list[Outcome]:
    """Signed files of this conference, or archives of them: each is taken, or refused with its own sentence.

    `untrusted`: also signatures whose certificate leads to no root that the operator named.
    """
    if not conference.is_run_by(by):
        raise PermissionDenied
    files = _counted(uploads)  # nothing is taken of what is refused as a whole
    bases = {(one.size, one.sha256): one for one in _bases(conference)}
    return [_taken(name, _pdf(unpack), bases, untrusted, by) for name, unpack in files]


def _bases(conference: Conference) -> Iterable[CertificateFile]:
    rows = CertificateFile.objects.filter(kind=Kind.BASE, certificate__series__conference=conference)
    return rows.select_related("certificate__series__conference")


def _taken(
    name: str, pdf: bytes | str, bases: dict[tuple[int, str], CertificateFile], untrusted: bool, by: User
) -> Outcome:
    if isinstance(pdf, str):
        return Outcome(name, refusal=pdf)
    from documents import signing  # as in `kinds.certificate_signing`: the web process rarely needs it

    base = _base_of(pdf, bases)
    try:
        if base is None:
            signing.read(pdf)  # what is wrong with it is said first
            raise SignatureRefused(_("Không khớp với tệp nào đã xuất để ký ở hội nghị này."))
        signature = signing.read(pdf, base=base.size)
        _require_trusted(signature, untrusted)
        _keep(base.certificate, pdf, signature, by)
    except SignatureRefused as refusal:
        return Outcome(name, refusal=str(refusal))
    return Outcome(name, base.certificate)


def _require_trusted(signature: Signature, untrusted: bool) -> None:
    """What shows on the page may cover it, and say anything: of who leads to no root it is never taken."""
    if signature.is_trusted:
        return
    if not untrusted:
        raise SignatureRefused(
            _(
                "Chưa kiểm được chuỗi chứng thư của người ký. Kiểm chữ ký bằng công cụ khác; nếu đúng,"
                " đánh dấu ô nhận cả chữ ký chưa kiểm được rồi tải lại."
            )
        )
    if signature.is_seen:
        raise SignatureRefused(
            _("Chữ ký chưa kiểm được chuỗi chứng thư thì không để hiện trên trang. Ký lại.")
        )


@transaction.atomic
def _keep(certificate: Certificate, pdf: bytes, signature: Signature, by: User) -> None:
    holder = Attendee.objects.select_for_update(no_key=True).get(pk=certificate.attendee_id)  # as who erases
    current = Certificate.objects.select_for_update().get(pk=certificate.pk)  # one file at a time
    if holder.erased_at is not None:
        raise SignatureRefused(_("Người này đã xóa dữ liệu cá nhân."))
    if current.state != Certificate.State.VALID:
        raise SignatureRefused(_("Giấy này đã được thay hoặc thu hồi."))
    if kept := certificate.files.filter(kind=Kind.SIGNED).first():
        if kept.sha256 == hashlib.sha256(pdf).hexdigest():
            return  # the same press, or the same archive, once more
        raise SignatureRefused(_("Giấy này đã có bản ký số."))
    file, sha256, size = storing.keep_bytes(pdf, "certificates", "pdf")
    CertificateFile.objects.create(
        certificate=certificate, kind=Kind.SIGNED, file=file, sha256=sha256, size=size,
        signer=signature.signer, signed_at=signature.at,
    )  # fmt: skip
    conference = certificate.series.conference
    changes = {"hash": [None, sha256]}
    journal.record("take_signed", certificate, by=by, conference=conference, changes=changes)


def _base_of(pdf: bytes, bases: dict[tuple[int, str], CertificateFile]) -> CertificateFile | None:
    """The file that this one begins with; each beginning is hashed once, from one length to the next."""
    digest, done = hashlib.sha256(), 0
    for size in sorted({size for size, _sha256 in bases}):
        if size >= len(pdf):
            break
        digest.update(pdf[done:size])
        done = size
        if found := bases.get((size, digest.copy().hexdigest())):
            return found
    return None


def _counted(uploads: Iterable[tuple[str, bytes]]) -> list[tuple[str, Callable[[], bytes | str]]]:
    """Every file by name, with what unpacks it or says why it cannot. `ValidationError`: too many."""
    found, total = [], 0
    for upload, data in uploads:
        for name, size, unpack in _inside(upload, data):
            found.append((name, unpack if size <= LARGEST_FILE else _too_large))
            total += size
            if len(found) > MOST_FILES or total > LARGEST_ALL:
                raise ValidationError(_("Nhiều tệp quá. Chia thành nhiều lần tải lên."), code="many")
    return found


def _inside(name: str, data: bytes) -> Iterator[tuple[str, int, Callable[[], bytes | str]]]:
    """The files of an upload, each with the bytes that it takes once it is unpacked."""
    if not name.lower().endswith(".zip"):
        yield name, len(data), lambda: data
        return
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        entries = [one for one in archive.infolist() if not one.is_dir()]
    except NOT_WHOLE:
        yield name, 0, lambda: _("Tệp ZIP hỏng, không mở được.")
        return
    told = sum(one.file_size for one in entries)
    if len(entries) > MOST_FILES or told > LARGEST_ALL or told > MOST_TIMES_LARGER * max(len(data), 1):
        yield name, 0, lambda: _("Tệp ZIP chứa quá nhiều hoặc quá lớn.")
        return
    for one in entries:
        yield one.filename.rpartition("/")[2], one.file_size, partial(_unpacked, archive, one)


def _unpacked(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes | str:
    if one.flag_bits & 1:
        return _("Tệp đặt mật khẩu.")
    try:
        return archive.read(one)
    except NOT_WHOLE:
        return _("Tệp ZIP hỏng, không mở được.")


def _pdf(unpack: Callable[[], bytes | str]) -> bytes | str:
    """The file, or why it is none."""
    file = unpack()
    if not file:
        return _("Tệp rỗng.")
    return file if isinstance(file, str) or file.startswith(b"%PDF-") else _("Không phải tệp PDF.")


def _too_large() -> str:
    return _("Tệp lớn quá 5 MB.")
