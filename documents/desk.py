"""What the desk shows of papers: the latest, and what failed. Named in `DESK_PANELS`."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import Conference, User
from documents import rows
from documents.models import Document

LATEST = 4


def board(conference: Conference, user: User) -> dict[str, list[Any]]:
    """The latest papers, and a line for those that could not be made."""
    papers = Document.objects.visible_to(user).filter(conference=conference)
    failed = papers.filter(state=Document.State.FAILED).count()
    return {
        "papers": rows.rows(rows.of(papers)[:LATEST], user),
        "todo": [_broken(failed)] if failed else [],
    }


def _broken(failed: int) -> dict[str, Any]:
    return {
        "kind": "err",
        "icon": "print",
        "title": _("%(n)s giấy tờ không làm được") % {"n": failed},
        "text": _("Xem lý do, sửa, rồi làm lại."),
        "verb": _("Xem và làm lại"),
        "url": f"{reverse('admin:documents_document_changelist')}?state__exact=failed",
    }
