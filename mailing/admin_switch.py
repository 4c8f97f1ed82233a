"""Desk: the switch that stops letters: organisers stop those of their conference, administrators all."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conference import access
from conference.desk_forms import ReasonForm
from conference.desk_lists import ManagedByVerbs
from conference.models import Conference
from mailing import outbox
from mailing.models import Hold


class HoldForm(ReasonForm):
    """Why nothing leaves: everybody who opens a page about letters reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Hiện trên mọi trang về thư cho đến khi gửi trở lại."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SwitchDesk(ManagedByVerbs):
    """A list of letters with the switch above it. `everywhere`: every conference, not the current one."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        held = {one.conference_id for one in outbox.holds(access.of(request).conference)}
        stops = {
            "may_stop": self._may_switch(request, everywhere=False) and not held - {None},
            "may_stop_all": self._may_switch(request, everywhere=True) and None not in held,
        }
        return super().changelist_view(request, {**stops, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        found = []
        for tail, everywhere in (("", False), ("_all", True)):
            hold = self.admin_site.admin_view(partial(self.hold_view, everywhere=everywhere))
            release = self.admin_site.admin_view(partial(self.release_view, everywhere=everywhere))
            act = tail.replace("_", "-")
            found += [
                path(f"hold{act}/", hold, name=f"mailing_message_hold{tail}"),
                path(f"release{act}/", require_POST(release), name=f"mailing_message_release{tail}"),
            ]
        return [*found, *super().get_urls()]

    def hold_view(self, request: HttpRequest, *, everywhere: bool) -> HttpResponse:
        """Stops letters, after a reason."""
        conference = self._switched(request, everywhere)
        form = HoldForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            by: Any = request.user
            outbox.hold(conference, by=by, reason=form.cleaned_data["reason"])
            messages.success(request, _("Đã dừng gửi thư. Thư đã duyệt giữ nguyên, không thư nào được gửi."))
            return HttpResponseRedirect(reverse("admin:mailing_message_changelist"))
        context = {
            **self.admin_site.each_context(request),
            **_question(everywhere),
            "danger": True,
            "keep": _("Không dừng"),
            "form": form,
            "opts": self.opts,
            "keep_url": reverse("admin:mailing_message_changelist"),
        }
        return TemplateResponse(request, "admin/ask.html", context)

    def release_view(self, request: HttpRequest, *, everywhere: bool) -> HttpResponse:
        """Letters leave again."""
        conference = self._switched(request, everywhere)
        by: Any = request.user
        if outbox.release(conference, by=by):
            _tell_released(request, conference)
        return HttpResponseRedirect(reverse("admin:mailing_message_changelist"))

    def _may_switch(self, request: HttpRequest, *, everywhere: bool) -> bool:
        if everywhere:
            return access.of(request).is_administrator
        return access.of(request).conference is not None and self.has_manage_permission(request)

    def _switched(self, request: HttpRequest, everywhere: bool) -> Conference | None:
        """Whose letters: None for those of every conference."""
        if not self._may_switch(request, everywhere=everywhere):
            raise PermissionDenied
        return None if everywhere else access.of(request).conference


def _question(everywhere: bool) -> dict[str, str]:
    if everywhere:
        return {
            "title": _("Dừng thư của mọi hội nghị"),
            "text": _(
                "Không thư nào của hội nghị nào được gửi nữa, cả thư đã duyệt và thư hẹn giờ. "
                "Chỉ quản trị hệ thống cho gửi trở lại. Thư đang trên đường thì vẫn đến."
            ),
            "verb": _("Dừng mọi thư"),
        }
    return {
        "title": _("Dừng gửi thư"),
        "text": _(
            "Mọi thư của hội nghị dừng lại ngay, cả thư đã duyệt và thư hẹn giờ. "
            "Thư đang trên đường thì vẫn đến."
        ),
        "verb": _("Dừng gửi thư"),
    }


def _tell_released(request: HttpRequest, conference: Conference | None) -> None:
    """What else stops the letters is said too."""
    current = conference or access.of(request).conference
    left: Hold | None = outbox.held(current) if current else None
    if left is None:
        messages.success(request, _("Thư được gửi trở lại."))
    elif left.conference_id is None:
        messages.warning(request, _("Đã bỏ lệnh dừng của hội nghị. Thư còn chờ lệnh dừng mọi hội nghị."))
    else:
        messages.warning(request, _("Đã bỏ lệnh dừng mọi hội nghị. Thư của hội nghị này vẫn dừng."))
