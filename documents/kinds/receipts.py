"""Biên nhận: what a delegation sent, as it was sent, with the code under which it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import codes
from attendees.models import Attendee, Delegation, Receipt
from documents import layouts
from documents.addressing import event
from documents.facts import moment
from documents.kinds.base import Content, DocumentKind, Subject, delegation_file
from documents.layouts import plain
from documents.models import RECEIPT, Document
from documents.wording import team

CHECK_DIGITS = 16  # of the SHA-256, enough to compare by eye


class Receipts(DocumentKind):
    """A subject is a receipt's id: those that were chosen, else the newest of each delegation."""

    slug = RECEIPT
    title = gettext_lazy("Biên nhận trả lời của đoàn")
    about = gettext_lazy("Những gì đoàn đã gửi, đúng như lúc gửi, kèm mã biên nhận.")
    template = "documents/pdf/receipt.html"
    stylesheets = ("base.css", "official.css", "letter.css")
    chunk = 25
    may_be_each = True
    alone = True
    each_title = gettext_lazy("mỗi đoàn một tệp")
    each_is_delegation = True
    of_people = False

    def subjects(self, document: Document) -> list[Subject]:
        rows = Receipt.objects.filter(delegation__in=self.delegations(document).order_by().values("pk"))
        if document.subject_ids:
            rows = rows.filter(pk__in=document.subject_ids)
        order = ("delegation__position", "delegation__code", "number")
        found = list(rows.order_by(*order).values_list("delegation", "pk"))
        return [pk for _of, pk in found] if document.subject_ids else list(dict(found).values())

    def nobody(self, document: Document) -> str:
        return _("Chưa có đoàn nào gửi trả lời trong phạm vi đã chọn.")

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        related = ("delegation__unit", "delegation__organisation", "delegation__conference")
        found = Receipt.objects.select_related(*related).in_bulk(subjects)
        chosen = [found[pk] for pk in subjects if pk in found]
        at = chosen[0].sent_at if len(chosen) == 1 else None
        context = {"paper": self.paper(document, at=at), "receipts": [_sheet(one) for one in chosen]}
        return Content(context, {}, tuple(map(_file, chosen)))


def _sheet(receipt: Receipt) -> dict[str, Any]:
    conference, content = receipt.delegation.conference, receipt.content
    short = event(conference.short_title)
    people, seats = list(_people(content)), list(_empty(content))
    digest = receipt.sha256[:CHECK_DIGITS]
    return {
        "heading": layouts.heading(
            conference.issuing_agency,
            "BIÊN NHẬN",
            f"Trả lời của {team(receipt.delegation)} về việc cử đại biểu tham dự {short}",
            parent=conference.parent_agency,
        ),
        "facts": [
            ("Mã biên nhận", codes.group(receipt.code)),
            ("Lần gửi", f"{receipt.number:02}"),
            ("Gửi lúc", moment(receipt.sent_at.astimezone(conference.zone))),
            ("Người gửi", plain(receipt.sent_by)),
            ("Nội dung", _gist(content, people, seats)),
            ("Mã băm SHA-256", " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))),
        ],
        "people": people,
        "seats": seats,
    }


def _people(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Who was on a seat when the answer was sent, and whom they replaced."""
    rows = [one for one in content.get("people", ()) if one.get("status") in Attendee.ACTIVE]
    for number, one in enumerate(rows, start=1):
        yield {
            "number": f"{number:02}",
            "name": plain(one.get("name")),
            "head": bool(one.get("head")),
            "code": codes.group(plain(one.get("code"))),
            "job": layouts.joined((one.get("title"), one.get("organisation"))),
            "category": plain(one.get("category")),
            "status": str(Attendee.Status(one["status"]).label),
            "replaces": plain(one.get("replaces")),
        }


def _empty(content: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Seats for which the delegation sends nobody, with the reason."""
    for one in content.get("seats", ()):
        if count := int(one.get("declined") or 0):
            yield {
                "category": plain(one.get("category")),
                "count": f"{count:02}",
                "reason": plain(one.get("reason")),
            }


def _gist(content: dict[str, Any], people: Sequence[Any], seats: Sequence[dict[str, str]]) -> str:
    if content.get("status") == Delegation.Status.DECLINED:
        reason = plain(content.get("reason"))
        return f"Không cử đoàn. Lý do: {reason}" if reason else "Không cử đoàn"
    said = [f"cử {len(people):02} đại biểu"]
    if empty := sum(int(one["count"]) for one in seats):
        said.append(f"không cử {empty:02} suất")
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def _file(receipt: Receipt) -> tuple[str, str]:
    return delegation_file(receipt.delegation, f"Biên nhận {codes.group(receipt.code)}")
