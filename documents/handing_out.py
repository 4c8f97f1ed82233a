"""Handing certificates out: the best file of each, an archive for a delegation, a letter to each holder."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from attendees import correspondence
from attendees.models import Attendee
from conference.kept_words import in_vietnamese
from conference.models import Conference, User
from documents import storing
from documents.batches import CertificateBatch
from documents.issued_files import CertificateFile
from documents.kinds.base import file_name
from documents.mail_kinds import CERTIFICATE
from documents.models import Certificate
from mailing import kinds, outbox
from mailing.errors import MailError
from mailing.models import Mailing
from mailing.outbox import Letter

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive can tell: equal files, equal archives
_PIECE = 1 << 16


def files(certificates: Iterable[Certificate]) -> dict[int, CertificateFile]:
    """The best file of each that has one: signed, else the copy that says that it is not. One query."""
    found: dict[int, CertificateFile] = {}
    rows = CertificateFile.objects.handed_out().exclude(file="")  # of who was erased the row alone is left
    for one in rows.filter(certificate__in=list(certificates)):
        known = found.get(one.certificate_id)
        if known is None or one.kind == CertificateFile.Kind.SIGNED:
            found[one.certificate_id] = one
    return found


def name_of(certificate: Certificate) -> str:
    """Under what name its file is taken home."""
    return f"{certificate.number:04} {file_name(certificate.full_name)}.pdf"


def entries(certificates: Iterable[Certificate]) -> list[tuple[str, str]]:
    """Name for people and stored name of the file of each, in their order.

    Raises `FileNotFoundError` for one that is gone.
    """
    chosen = list(certificates)
    kept = files(chosen)
    found = [(name_of(one), kept[one.pk].file) for one in chosen if one.pk in kept]
    for _name, stored in found:
        if not storing.exists(stored):
            raise FileNotFoundError(stored)
    return found


def archive(found: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """A ZIP of these files, piece by piece: a delegation of any size takes as much memory as one."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as target:
        for name, stored in found:
            with storing.opened(stored) as source, target.open(zipfile.ZipInfo(name, _EPOCH), "w") as entry:
                for piece in iter(partial(source.read, _PIECE), b""):
                    entry.write(piece)
                    yield pipe.take()
    yield pipe.take()


class _Pipe(io.RawIOBase):
    """What an archive writes, until it is taken on."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # bytes is all that an archive writes
        self._held += data
        return len(data)

    def take(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held


@transaction.atomic
def announce(batch: CertificateBatch, *, by: User | None) -> Mailing:
    """Draft a letter to each holder of the batch who has an address, with the link to the own page.

    Pressed again it is the same mailing. Raises `MailError` where nobody has an address, `PermissionDenied`.
    """
    conference = batch.conference
    key = uuid.uuid5(batch.draft_key, "letters")
    if known := Mailing.objects.filter(conference=conference, key=key).first():
        return known
    people = _reached(batch.certificates.valid())
    if not people:
        raise MailError(_("Chưa ai trong đợt có địa chỉ thư. Giao giấy theo đoàn."))
    with in_vietnamese():
        title = _("Giấy chứng nhận, %(batch)s: %(n)s thư") % {"batch": str(batch).lower(), "n": len(people)}
    return _draft(conference, people, title, key, by)


@transaction.atomic
def announce_again(fresh: Sequence[Certificate], *, by: User | None) -> Mailing | None:
    """Draft the letter about a certificate that took the place of another: it stands in no batch.

    None where nobody has an address. Raises `PermissionDenied`.
    """
    people = _reached(Certificate.objects.valid().filter(pk__in=[one.pk for one in fresh]))
    if not people:
        return None
    with in_vietnamese():
        title = _("Giấy chứng nhận cấp lại: %(n)s thư") % {"n": len(people)}
    return _draft(people[0].series.conference, people, title, uuid.uuid4(), by)


def _reached(valid: QuerySet[Certificate]) -> list[Certificate]:
    """Those whose holder has an address."""
    rows = valid.filter(~Q(attendee__email="")).order_by("number")
    return list(rows.select_related("attendee__delegation__unit", "series__conference"))


def _draft(
    conference: Conference, people: list[Certificate], title: str, key: uuid.UUID, by: User | None
) -> Mailing:
    own = kinds.values_of(conference)
    with in_vietnamese():
        written = [_letter(one, one.attendee, own, by) for one in people]
    return outbox.draft(conference, CERTIFICATE, written, by=by, title=title, key=key)


def _letter(certificate: Certificate, person: Attendee, own: dict[str, str], by: User | None) -> Letter:
    return Letter(
        subject_ref=correspondence.ref_of(person),
        subject_name=person.full_name,
        to=[person.email],
        recipient_name=person.addressed,
        values={**own, "nguoi_nhan": person.addressed, "so_giay": certificate.full_number},
        secrets={"link": correspondence.personal_link(person, by=by).pk},
        condition=f"certificate:{certificate.pk}",
    )


def still_valid(pk: int) -> bool:
    """Is the certificate of which a letter tells still valid? Named in `MAIL_CONDITIONS`."""
    return Certificate.objects.valid().filter(pk=pk).exists()
