"""What must be true when a storm is over, counted from the database and the disk: every figure is to be 0."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from pathlib import Path

from conference import proving, sealing
from conference.models import Conference, JournalSeal
from documents import storing
from documents.models import Certificate, CertificateFile, Document, DocumentPart

HARMLESS = {"temporary files"}  # of killed processes: the sweeper takes them after an hour


def verdict(conference: Conference, finishes: Path) -> dict[str, int]:
    """Figures of one conference, all of whose people were to get a certificate."""
    certificates = Certificate.objects.filter(series__conference=conference)
    numbers = sorted(certificates.values_list("number", flat=True))
    holders = Counter(certificates.valid().values_list("attendee", flat=True))
    files = CertificateFile.objects.filter(certificate__series__conference=conference)
    papers = Document.objects.filter(conference=conference)
    return {
        "not finished": papers.exclude(state=Document.State.READY).count(),
        "lost": conference.attendees.count() - len(holders),
        "doubled": sum(count - 1 for count in holders.values()),
        "gaps": len(set(range(1, len(holders) + 1)) ^ set(numbers)),
        "numbers given twice": len(numbers) - len(set(numbers)),
        "without a file": certificates.exclude(files__kind=CertificateFile.Kind.COPY).count(),
        "wrong files": sum(not is_true(one.file, one.sha256) for one in files)
        + sum(not is_true(one.file, one.sha256) for one in papers),
        "archives with a wrong count": sum(_entries(one) != one.total for one in papers.filter(each=True)),
        "pieces finished twice": sum(count - 1 for count in finished(conference, finishes).values()),
    }


def finished(conference: Conference, finishes: Path) -> Counter[int]:
    """How often each piece was finished, as the workers wrote down."""
    told = finishes.read_text().split() if finishes.exists() else []
    own = set(DocumentPart.objects.filter(document__conference=conference).values_list("pk", flat=True))
    return Counter(int(word) for word in told if int(word) in own)


def left_behind() -> dict[str, int]:
    """What lies on the disk and belongs to nothing."""
    known = set(CertificateFile.objects.values_list("file", flat=True))
    root = storing.path("")
    kept = {str(path.relative_to(root)) for path in storing.path("certificates").rglob("*.pdf")}
    return {
        "orphans": len(kept - known),
        "temporary files": len(list(root.rglob("*.part"))),
        "pieces": len(storing.documents_with_pieces()),
    }


def journal() -> dict[str, int]:
    """Whether the chain of the journal holds, although who seals it was killed."""
    sealed = JournalSeal.objects.count()
    sealing.seal(everything=True)
    return {
        "faults of the journal": len(proving.prove().faults),
        "nothing was sealed meanwhile": int(not sealed),
    }


def is_true(name: str, sha256: str) -> bool:
    path = storing.path(name)
    return bool(name) and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _entries(paper: Document) -> int:
    if not paper.file:
        return -1
    with zipfile.ZipFile(storing.path(paper.file)) as archive:
        return len(archive.namelist()) if archive.testzip() is None else -1
