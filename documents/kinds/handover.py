"""Phiếu giao nhận thẻ và tài liệu: the cover of a delegation's envelope, signed when it is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from attendees import codes
from attendees.models import Attendee, Delegation
from documents import layouts
from documents.addressing import event
from documents.kinds.base import Content, DocumentKind, Subject, delegation_file, delegation_title
from documents.layouts import Signer, plain
from documents.models import Document

KEPT = 2


class Handovers(DocumentKind):
    """A subject is the id of a delegation with confirmed people."""

    slug = "handover"
    title = _("Phiếu giao nhận thẻ, tài liệu")
    about = _("Bìa phong bì của đoàn, ký khi giao nhận.")
    template = "documents/pdf/handover.html"
    stylesheets = ("base.css", "official.css", "letter.css", "handover.css")
    chunk = 20
    may_be_each = True
    each_title = _("mỗi đoàn một tệp")
    each_is_delegation = True
    of_people = False
    for_officers = False

    def subjects(self, document: Document) -> list[Subject]:
        people = self.people(document).order_by().values("delegation")
        return list(self.delegations(document).filter(pk__in=people).values_list("pk", flat=True))

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        found = Delegation.objects.select_related("unit", "organisation").in_bulk(subjects)
        delegations = [found[pk] for pk in subjects if pk in found]
        people: dict[int, list[Attendee]] = {pk: [] for pk in found}
        for one in self.people(document).filter(delegation__in=found):
            people[one.delegation_id].append(one)
        about = f"Về việc giao nhận thẻ đại biểu và tài liệu {event(conference.short_title)}"
        context = {
            "paper": self.paper(document),
            "heading": layouts.heading(conference.issuing_agency, "PHIẾU GIAO NHẬN", about),
            "sheets": [_sheet(one, people[one.pk]) for one in delegations],
            "signers": [
                Signer(("NGƯỜI GIAO",), how="(Ký, ghi rõ họ tên)"),
                Signer(("NGƯỜI NHẬN",), how="(Ký, ghi rõ họ tên, điện thoại)"),
            ],
        }
        return Content(context, {}, tuple(map(_file, delegations)))


def _sheet(delegation: Delegation, people: Sequence[Attendee]) -> dict[str, Any]:
    return {
        "team": delegation_title(delegation),
        "count": f"{len(people):02}",
        "rows": [
            {
                "number": f"{number:02}",
                "name": plain(one.full_name),
                "job": layouts.joined((one.title, one.organisation_name)),
                "category": plain(one.category.short_name or one.category.name),
                "code": codes.group(one.code),
                "keep": 1 < number > len(people) - KEPT,  # with the signatures on one page
            }
            for number, one in enumerate(people, start=1)
        ],
    }


def _file(delegation: Delegation) -> tuple[str, str]:
    return delegation_file(delegation, str(Handovers.title))
