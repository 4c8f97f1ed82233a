"""Finding a certificate by the code that stands on it; the number opens nothing."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from conference import room
from documents.models import Certificate, CertificateFile


def known(code: str) -> Certificate | None:
    """The certificate with this code, whatever its state. The code itself is the permission."""
    return Certificate.objects.select_related("series__conference").filter(code=code).first()


def files_of(code: str) -> list[CertificateFile]:
    """The files that were handed out under this code, oldest first."""
    rows = CertificateFile.objects.handed_out().filter(certificate__code=code)
    return list(rows.order_by("pk"))


def count(code: str) -> None:
    """Somebody asked for this code: one statement, also for a code that nothing bears."""
    with room.beside_the_answer():
        Certificate.objects.filter(code=code).update(asked=F("asked") + 1, asked_at=timezone.now())
