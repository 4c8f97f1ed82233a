"""Danh sách đại biểu: by delegation and name, with a place to sign in the morning and in the afternoon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from attendees.models import Attendee
from conference import vietnamese_dates
from documents import layouts
from documents.kinds.base import Content, DocumentKind, Subject, delegation_title, signer
from documents.layouts import ListRow, Signer, plain
from documents.models import Document


class AttendeeList(DocumentKind):
    """A subject is the id of a person; rows and pages are numbered through, so it stays one document."""

    slug = "attendee-list"
    title = _("Danh sách đại biểu")
    about = _("Theo đoàn và tên, có chỗ ký buổi sáng và buổi chiều.")
    template = "documents/pdf/attendee_list.html"
    stylesheets = ("base.css", "official.css")
    tagged = True

    def subjects(self, document: Document) -> list[Subject]:
        return list(self.people(document).values_list("pk", flat=True))

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        standing = Attendee.objects.filter(erased_at=None)  # numbered anew without who was erased since
        found = standing.select_related("delegation__unit").in_bulk(subjects)
        people = [found[pk] for pk in subjects if pk in found]
        day = document.day or conference.starts_on
        title = plain(conference.title)
        context = {
            "paper": self.paper(document),
            "heading": layouts.heading(
                conference.issuing_agency, "DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ", title, wide=True
            ),
            "when": f"Buổi sáng và buổi chiều, {vietnamese_dates.date_in_words(day)}",
            "rows": layouts.keep_end_together(list(_rows(people))),
            "total": f"Tổng số: {len(people):02} đại biểu.",
            "signers": [Signer(("NGƯỜI LẬP BIỂU",), how="(Ký, ghi rõ họ tên)"), signer(conference)],
        }
        return Content(context)


def _rows(people: Sequence[Attendee]) -> Iterator[ListRow]:
    number = 0
    groups = groupby(people, key=lambda person: person.delegation)
    for order, (delegation, group) in enumerate(groups, start=1):
        members = list(group)
        yield ListRow("group", f"{order}. {delegation_title(delegation)} ({len(members)} đại biểu)")
        for person in members:
            number += 1
            yield ListRow(
                "person",
                plain(person.full_name),
                f"{number:02}",
                plain(person.title),
                plain(person.organisation_name),
            )
