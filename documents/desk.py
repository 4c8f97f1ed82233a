"""What the desk shows of papers: the latest, what failed, who waits for them. Named in `DESK_PANELS`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendees.desk import names
from attendees.models import Attendee
from conference import access
from conference.models import Conference, User
from documents import certificates, eligibility, inviting, rows
from documents.batches import CertificateBatch
from documents.models import Document

LATEST = 4
State = CertificateBatch.State
BEFORE = (Conference.Status.DRAFT, Conference.Status.INVITED, Conference.Status.REGISTERING)


def board(conference: Conference, user: User) -> dict[str, list[Any]]:
    """The latest papers; lines for those that could not be made, and for what waits for this person."""
    papers = Document.objects.visible_to(user).filter(conference=conference)
    failed = papers.filter(state=Document.State.FAILED).count()
    return {
        "papers": rows.rows(rows.of(papers)[:LATEST], user),
        "todo": [
            *([_broken(failed)] if failed else []),
            *_uninvited(conference, user),
            *_batches(conference, user),
        ],
    }


def earned(request: HttpRequest, person: Attendee) -> SafeString:
    """Below the page of a person: what certificate they earn, or why none. Named in `DESK_BELOW`."""
    context = {
        "person": person,
        "one": eligibility.judge_one(person),
        "certificate": certificates.valid_of([person]).get(person.pk),
        "may_change": access.of(request).may_change,
    }
    return render_to_string("admin/earning/_on_person.html", context, request)


def _uninvited(conference: Conference, user: User) -> list[dict[str, Any]]:
    """Before the conference begins: who waits for an invitation; on to the page that invites them."""
    if conference.status not in BEFORE:
        return []
    waiting = list(inviting.uninvited(conference).select_related("unit").defer("extra"))
    if not waiting:
        return []
    count = len(waiting)
    line = {
        "kind": "err",
        "icon": "mail",
        "title": ngettext("%(n)s đoàn chưa được mời", "%(n)s đoàn chưa được mời", count) % {"n": count},
        "text": f"{names(waiting)}.",
    }
    if conference.is_run_by(user):
        return [{**line, "verb": _("Mời đoàn"), "url": reverse("admin:documents_letter_add")}]
    rows = f"{reverse('admin:attendees_delegation_changelist')}?invited=no"
    return [{**line, "verb": _("Xem các đoàn"), "url": rows}]


def _batches(conference: Conference, user: User) -> list[dict[str, Any]]:
    """Certificates that wait for the signer, and those that the organisers can issue."""
    if not (conference.is_run_by(user) or conference.is_signed_by(user)):
        return []
    states = [State.DRAFT, *([State.APPROVED] if conference.is_run_by(user) else [])]
    waiting = conference.certificate_batches.filter(state__in=states).with_counts().order_by("ordinal")
    return [
        {
            "kind": "wait",
            "icon": "check",
            "title": _("Giấy chứng nhận, %(batch)s: %(state)s")
            % {"batch": str(one).lower(), "state": one.get_state_display().lower()},
            "text": _("%(scope)s: %(n)s người.") % {"scope": one.scope, "n": one.total},  # type: ignore[attr-defined]  # of `with_counts`
            "verb": _("Xem và duyệt") if conference.is_signed_by(user) else _("Xem đợt cấp"),
            "url": reverse("admin:issuing_one", args=(one.pk,)),
        }
        for one in waiting
    ]


def _broken(failed: int) -> dict[str, Any]:
    return {
        "kind": "err",
        "icon": "print",
        "title": _("%(n)s giấy tờ không làm được") % {"n": failed},
        "text": _("Xem lý do, sửa, rồi làm lại."),
        "verb": _("Xem và làm lại"),
        "url": f"{reverse('admin:documents_document_changelist')}?state__exact=failed",
    }
