"""Papers asked for from the lists of delegations and people. Named in `DESK_ACTIONS`."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees.models import Attendee, Delegation
from conference import access
from conference.desk import desk_page
from conference.models import Conference
from documents import gaps, inviting
from documents.errors import PaperError
from documents.kinds import KINDS
from documents.requests import Scope, request_document
from documents.rows import Row

MOST_NAMED = 400  # rows in an address
MOST_TEXTS = 20  # secret links on one page


def ask_for(request: HttpRequest, kind: str, scope: Scope, **options: Any) -> HttpResponse | None:
    """Asks for a paper and says where it will be found; or why there is none.

    Before badges with something missing there is a page that says so: pressed there, they are printed.
    """
    conference = access.of(request).conference
    if conference is None:
        raise PermissionDenied
    by: Any = request.user
    if (first := _gaps_first(request, conference, kind, scope)) is not None:
        return first
    try:
        document = request_document(
            kind, conference, by=by, scope=scope, **{"key": _key(request, kind), **options}
        )
    except PaperError as error:
        messages.error(request, str(error))
        return None
    page = reverse("admin:documents_document_change", args=(document.pk,))
    sentence = _("Đã nhận yêu cầu: {}. <a href='{}'>Xem tiến độ</a>")
    messages.success(request, format_html(sentence, Row(document, True).title, page))
    return HttpResponseRedirect(reverse("admin:documents_document_changelist"))


def _gaps_first(request: HttpRequest, conference: Conference, kind: str, scope: Scope) -> HttpResponse | None:
    """Who of the scope lacks something on this paper, and the same press again; None where nobody does."""
    by: Any = request.user
    if "anyway" in request.POST or not (found := gaps.before(kind, conference, scope, by=by)):
        return None
    context = {
        "title": _("Còn thiếu trên thẻ"),
        "all": reverse(f"admin:designs_{KINDS[kind].designed}_missing"),
        **gaps.shown(found, request.POST),
    }
    return desk_page(request, "admin/designs/ask.html", context)


def _key(request: HttpRequest, kind: str) -> uuid.UUID | None:
    """Of this press: the same page sent again, with the same rows chosen, asks for the same paper."""
    press = request.POST.get("once", "")
    if not press:
        return None
    across, rows = request.POST.get("select_across", ""), request.POST.getlist("_selected_action")
    return uuid.uuid5(uuid.NAMESPACE_OID, " ".join((press[:64], kind, across, *rows)))


def _people(queryset: QuerySet[Attendee]) -> Scope:
    return Scope(attendees=list(queryset.select_related("delegation")))


def _delegations(queryset: QuerySet[Delegation]) -> Scope:
    return Scope(delegations=list(queryset))


@admin.action(description=gettext_lazy("In thẻ đại biểu (PDF)"), permissions=["change"])
def print_badges(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> HttpResponse | None:
    return ask_for(request, "badges", _people(queryset))


@admin.action(description=gettext_lazy("Trình cấp giấy chứng nhận"), permissions=["change"])
def issue_certificates(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> HttpResponse | None:
    return _draft(request, "attendee", queryset)


@admin.action(description=gettext_lazy("Lập danh sách (PDF)"), permissions=["change"])
def list_people(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> HttpResponse | None:
    return ask_for(request, "attendee-list", _people(queryset))


@admin.action(description=gettext_lazy("In thẻ của đoàn (PDF)"), permissions=["change"])
def print_badges_of_delegations(
    desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]
) -> HttpResponse | None:
    return ask_for(request, "badges", _delegations(queryset))


@admin.action(description=gettext_lazy("Lập danh sách đoàn (PDF)"), permissions=["change"])
def list_people_of_delegations(
    desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]
) -> HttpResponse | None:
    return ask_for(request, "attendee-list", _delegations(queryset))


@admin.action(description=gettext_lazy("Trình cấp giấy chứng nhận cho đoàn"), permissions=["change"])
def issue_certificates_of_delegations(
    desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]
) -> HttpResponse | None:
    return _draft(request, "delegation", queryset)


def _draft(request: HttpRequest, name: str, queryset: QuerySet[Any]) -> HttpResponse | None:
    """On to the page that says who would get a certificate, and puts them before the signer."""
    chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_NAMED + 1])
    if len(chosen) > MOST_NAMED:
        messages.error(request, _("Chọn tối đa %(n)s mục một lần, hoặc trình theo đoàn.") % {"n": MOST_NAMED})
        return None
    query = urlencode([(name, pk) for pk in chosen])
    return HttpResponseRedirect(f"{reverse('admin:issuing_draft')}?{query}")


@admin.action(description=gettext_lazy("Mời đoàn (giấy mời, thư)"), permissions=["change"])
def invite_delegations(
    desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]
) -> HttpResponse | None:
    """On to the page that says how they would be invited."""
    chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_NAMED + 1])
    query = urlencode([("delegation", pk) for pk in chosen]) if len(chosen) <= MOST_NAMED else ""
    return HttpResponseRedirect(f"{reverse('admin:documents_letter_add')}?{query}")


@admin.action(description=gettext_lazy("Lấy lời mời để nhắn tin"), permissions=["change"])
def invitation_texts(desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]) -> HttpResponse | None:
    """Texts with the secret links, shown once for this press."""
    by: Any = request.user
    rows = queryset.select_related("conference", "unit", "organisation", "head")
    chosen = list(rows.order_by("position", "code")[: MOST_TEXTS + 1])
    if len(chosen) > MOST_TEXTS:
        messages.error(request, _("Chọn tối đa %(n)s đoàn một lần.") % {"n": MOST_TEXTS})
        return None
    texts = [(one, inviting.chat_text(one, by=by)) for one in chosen]
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Lời mời để nhắn tin"),
        "opts": desk.opts,
        "texts": [
            {"id": f"loi-moi-{one.pk}", "name": one.name, "text": text, "rows": text.count("\n") + 6}
            for one, text in texts
        ],
    }
    return TemplateResponse(request, "admin/documents/letter/texts.html", context)
