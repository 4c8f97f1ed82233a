"""Papers of a person who is erased. Named in `ERASERS`.

A paper is made anew whenever it is wanted: the file of every one that the person may stand on goes. One that
is being made begins again, behind a new fence: what a worker has in its hands now is thrown away.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.models import Attendee
from conference import journal
from conference.account_traces import Traces
from conference.erasing import Erasing
from conference.kept_words import in_vietnamese
from conference.purposes import ERASED_NAME, Kept
from conference.retention import Forgetting
from documents import storing
from documents.batches import CertificateBatch, CertificateBatchLine, content_hash
from documents.kinds import KINDS
from documents.models import RECEIPT, Document, DocumentPart

# Papers on which no attendee stands, or only as the programme names its speakers.
NAMELESS = (
    "agenda", "agenda-grid", "erratum", "invitation", "nomination-request", "badges-blank",
    "badges-label-blank", "delegation-signs",
)  # fmt: skip
# Papers on which accounts stand: as the sender of an answer, as the contact of a delegation.
NAMING = (RECEIPT, "agenda-delegation")


def erase(erasing: Erasing) -> None:
    """Called by `conference.erasing`."""
    person: Attendee = erasing.person
    papers = Document.objects.filter(conference=person.conference_id).exclude(kind__in=NAMELESS)
    if erasing.since is not None:
        papers = papers.filter(requested_at__gte=erasing.since)
    for paper in papers:
        if _may_hold(paper, person):
            _unmake(paper, erasing)
    for paper in Document.objects.filter(conference=person.conference_id).exclude(error=""):
        if erasing.mentions.inside(paper.error):
            Document.objects.filter(pk=paper.pk).update(error=erasing.mentions.struck(paper.error))
            erasing.count("documents.Document", "file", 1)
    for batch in _unissued(person):
        _strike_line(batch, person)
        erasing.count("documents.CertificateBatchLine", "full_name", 1)


def erase_account(traces: Traces) -> None:
    """Called by `conference.account_erasing`: papers that say who sent an answer, or who is a contact.

    And who decided an exception, where nothing was issued by it; what was approved is compared by its hash.
    """
    kept = (CertificateBatch.State.APPROVED, CertificateBatch.State.ISSUED)
    lines = CertificateBatchLine.objects.filter(batch__conference=traces.conference)
    for line in lines.exclude(batch__state__in=kept).only("grounds").iterator(500):
        if (grounds := traces.struck(line.grounds)) != line.grounds:
            CertificateBatchLine.objects.filter(pk=line.pk).update(grounds=grounds)
            traces.count("documents.CertificateBatchLine", "full_name", 1)
    if not traces.delegations:
        return
    for paper in Document.objects.filter(conference=traces.conference, kind__in=NAMING):
        if not paper.places or traces.delegations.intersection(paper.places):
            _unmake(paper, traces)


def _unissued(person: Attendee) -> list[CertificateBatch]:
    """The batches in which they stand, held: what was issued is a record."""
    batches = CertificateBatch.objects.filter(lines__attendee=person).exclude(
        state=CertificateBatch.State.ISSUED
    )
    return list(batches.select_related("conference").select_for_update(of=("self",)).order_by("pk"))


def _strike_line(batch: CertificateBatch, person: Attendee) -> None:
    """Everybody else of a batch that was approved is still approved; who was erased gets none."""
    stands = content_hash(batch.lines.all()) == batch.approved_hash
    batch.lines.filter(attendee=person).update(
        honorific="", full_name=ERASED_NAME, title="", organisation_name="", grounds="", left_out=""
    )
    left = content_hash(batch.lines.all())
    if stands and left != batch.approved_hash:
        changes: dict[str, list[Any]] = {"hash": [batch.approved_hash, left]}
        CertificateBatch.objects.filter(pk=batch.pk).update(approved_hash=left)
        journal.record("edit", batch, by=None, conference=batch.conference, changes=changes)


def _may_hold(paper: Document, person: Attendee) -> bool:
    """Is the person in the scope of the paper?"""
    if paper.attendee_ids:
        return person.pk in paper.attendee_ids
    return not paper.places or person.delegation_id in paper.places


def _unmake(paper: Document, erasing: Erasing | Traces) -> None:
    if paper.is_moving and _keeps(paper) and not erasing.again:
        sentence = _("Đang lập tệp giấy chứng nhận. Đợi lập xong, rồi xóa dữ liệu.")
        raise ValidationError(sentence, code="busy")
    parts = paper.parts.all()
    erasing.forget([paper.file, *parts.values_list("file", flat=True)])
    if paper.file or paper.is_moving:
        erasing.count("documents.Document", "file", 1)
    again = paper.is_moving
    parts.update(
        state=DocumentPart.State.QUEUED if again else DocumentPart.State.CANCELLED,
        file="", left_out=[], **DocumentPart.FRESH,
    )  # fmt: skip
    unmade = {"state": Document.State.QUEUED} if again else _withdrawn(paper)
    Document.objects.filter(pk=paper.pk).update(file="", sha256="", size=0, **unmade, **Document.FRESH)
    transaction.on_commit(lambda: storing.forget_pieces(paper.pk), robust=True)


def _keeps(paper: Document) -> bool:
    """Does this paper keep the file of each subject? A kind that is gone keeps nothing."""
    return paper.kind in KINDS and bool(KINDS[paper.kind].keeps_in)


def _withdrawn(paper: Document) -> dict[str, object]:
    """A paper that was ready is stopped, and says why; it can be made again."""
    if paper.state != Document.State.READY:
        return {}
    with in_vietnamese():
        sentence = _("Tệp đã gỡ vì một người trên giấy này đã xóa dữ liệu cá nhân. Bấm Làm lại nếu còn cần.")
    return {"state": Document.State.CANCELLED, "error": sentence}


def forget(forgetting: Forgetting) -> None:
    """Files of papers over their time go; each can be made again. By `conference.retention`."""
    if not forgetting.is_over(Kept.CONTACTS):
        return
    # Held, so that none is begun again meanwhile; one that is being made goes in another night.
    resting = Document.objects.filter(conference=forgetting.conference).exclude(state__in=Document.MOVING)
    held = list(resting.select_for_update(no_key=True).values_list("pk", flat=True))
    parts = DocumentPart.objects.filter(document__in=held).exclude(file="", left_out=[])
    forgetting.count("documents.DocumentPart", "file", parts.count())
    forgetting.forget(parts.values_list("file", flat=True))
    parts.update(file="", left_out=[], state=DocumentPart.State.CANCELLED)  # "Làm lại" makes them again
    ready = Document.objects.filter(pk__in=held, state=Document.State.READY)
    papers = ready.exclude(file="").exclude(kind__in=NAMELESS)
    forgetting.count("documents.Document", "file", papers.count())
    forgetting.forget(papers.values_list("file", flat=True))
    with in_vietnamese():
        over = _("Tệp đã gỡ vì hết thời hạn giữ. Bấm Làm lại nếu còn cần.")
    papers.update(file="", sha256="", size=0, state=Document.State.CANCELLED, error=over)
