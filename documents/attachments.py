"""Papers that go with letters by mail. Named in `MAIL_ATTACHMENTS`; made where the letter is sent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from attendees.models import Attendee, Receipt
from conference.models import Conference
from documents import producing, storing
from documents.errors import PaperError
from documents.kinds.base import file_name
from documents.kinds.letters import SLUGS
from documents.models import RECEIPT, Document, Letter
from documents.requests import Scope, describe
from mailing.errors import MailError, NotReady

File = tuple[str, bytes, str]  # name, content, content type
PERSONAL = "personal-invitation"


def letter(pk: int) -> File:
    """The official letter under its number. One that was withdrawn meanwhile does not leave."""
    found = Letter.objects.select_related("conference").filter(pk=pk).first()
    if found is None or found.withdrawn_at is not None:
        raise MailError(_("Văn bản kèm thư này đã thu hồi. Hủy thư, rồi mời lại đoàn."))
    return _file(SLUGS[Letter.Kind(found.kind)], found.conference, found.delegation_id)


def receipt(pk: int) -> File:
    """The receipt of what a delegation sent."""
    found = Receipt.objects.select_related("delegation__conference").filter(pk=pk).first()
    if found is None:
        raise MailError(_("Không còn biên nhận kèm thư này."))
    return _file(RECEIPT, found.delegation.conference, pk)


def personal(pk: int) -> File:
    """The sheet of one person."""
    found = Attendee.objects.active().select_related("conference").filter(pk=pk).first()
    if found is None:
        raise MailError(_("Đại biểu này không còn trong danh sách."))
    return _file(PERSONAL, found.conference, pk)


def morning(pk: int) -> File:
    """The page of one morning, as it was made: the same bytes for every reader, and at the desk."""
    found = Document.objects.select_related("conference").filter(pk=pk).first()
    if found is not None and found.is_moving:
        raise NotReady
    if found is None or found.state != Document.State.READY:
        raise MailError(_("Trang tình hình đại biểu chưa lập được. Lập lại ở mục Giấy tờ, rồi gửi lại thư."))
    return file_name(f"Tình hình đại biểu {found.day:%d-%m-%Y}") + ".pdf", _bytes(found), "application/pdf"


def _bytes(document: Document) -> bytes:
    try:
        return storing.read(document.file)
    except FileNotFoundError as gone:
        raise MailError(
            _("Trang tình hình đại biểu không còn trong kho. Lập lại, rồi gửi lại thư.")
        ) from gone


def _file(kind: str, conference: Conference, subject: int) -> File:
    document: Document = describe(kind, conference, by=None, scope=Scope(), each=True)
    try:
        name, content = producing.one_file(document, subject)
    except PaperError as error:
        raise MailError(str(error)) from error
    return name, content, "application/pdf"
