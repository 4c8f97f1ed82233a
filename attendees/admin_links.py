"""Desk: the personal links of a delegation or a person: made, copied, withdrawn in one press."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from attendees import links
from attendees.models import Delegation, Link
from conference import desk_forms, keys
from conference.scoping import DeskAdmin

SHOWN = 20
TAGS = {"good": "ok", "over": "off", "revoked": "off"}


class Linked(DeskAdmin):
    """The part of the page of a delegation, or of a person, that keeps its links."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        make = require_POST(self.admin_site.admin_view(self.make_link))
        revoke = require_POST(self.admin_site.admin_view(self.revoke_link))
        return [
            path("<path:object_id>/links/make/", make, name=f"{name}_link_make"),
            path("<path:object_id>/links/revoke/", revoke, name=f"{name}_link_revoke"),
            *super().get_urls(),
        ]

    def make_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One more link; those that stand stay good."""
        obj = self._owner(request, object_id)
        with transaction.atomic():
            if desk_forms.is_repeated(request.POST.get("once", "")):
                messages.info(request, _("Biểu mẫu này đã được gửi và đã lưu."))
                return self._back(obj)
            purpose = Link.Purpose.ANSWER if isinstance(obj, Delegation) else Link.Purpose.PERSON
            links.make(obj, purpose, by=request.user)  # type: ignore[arg-type]  # signed in
        messages.success(request, _("Đã lập liên kết mới."))
        return self._back(obj)

    def revoke_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        obj = self._owner(request, object_id)
        found = obj.links.filter(pk=keys.read(request.POST.get("link", ""))).first()
        if found is None:
            raise Http404
        links.revoke(found, by=request.user)  # type: ignore[arg-type]  # signed in
        messages.success(request, _("Đã thu hồi liên kết. Ai đang mở bằng liên kết này không xem được nữa."))
        return self._back(obj)

    def _owner(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        return obj

    def _back(self, obj: Any) -> HttpResponse:
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=(obj.pk,))
        return HttpResponseRedirect(f"{page}#lien-ket")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        may_change = self.has_change_permission(request, obj)
        rows = [_row(one, may_change) for one in obj.links.select_related("created_by")[:SHOWN]]
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        context = {
            "links": rows,
            "may_link": may_change,
            "link_make": reverse(f"{name}_link_make", args=(obj.pk,)),
            "link_revoke": reverse(f"{name}_link_revoke", args=(obj.pk,)),
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})


def _row(link: Link, may_change: bool) -> dict[str, Any]:
    """One link; its address for those who may hand it out."""
    words = {"good": _("Dùng được"), "over": _("Hết hạn"), "revoked": _("Đã thu hồi")}
    address, fault = "", ""
    if may_change and link.is_good:
        try:
            address = links.address_of(link)
        except links.NoAddress as error:
            fault = str(error)
    state = {"kind": TAGS[link.state], "word": words[link.state]}
    return {"link": link, "address": address, "fault": fault, **state}
