"""Desk: letters to those who still owe an answer, from the list of delegations and from the board."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import correspondence, mail_kinds, reminders
from attendees.forms import Phone
from attendees.models import Attendee, Delegation
from conference import access, vietnamese
from conference.desk_forms import MomentField, asked
from conference.models import Conference
from conference.scoping import DeskAdmin
from mailing import log
from mailing.errors import MailError
from mailing.models import Mailing

MOST = 400  # delegations named in an address


class WhomForm(forms.Form):
    """Which of those who owe are meant: chosen rows, and on which side of the deadline."""

    WHEN = (
        ("", gettext_lazy("Mọi đoàn còn nợ trả lời")),
        ("soon", gettext_lazy("Chưa đến hạn")),
        ("late", gettext_lazy("Đã quá hạn")),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("Nhắc"),
        choices=WHEN,
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    delegation = forms.ModelMultipleChoiceField(Delegation.objects.none(), required=False)

    def __init__(self, conference: Conference, data: Any) -> None:
        super().__init__(data)
        rows: Any = self.fields["delegation"]
        rows.queryset = conference.delegations.all()

    def whom(self) -> dict[str, Any]:
        """For `reminders.debtors`. What cannot be read narrows nothing."""
        self.full_clean()
        chosen = self.cleaned_data.get("delegation")
        late = {"soon": False, "late": True}.get(self.cleaned_data.get("when", ""))
        return {"among": [one.pk for one in chosen] if chosen else None, "late": late}


class HourForm(forms.Form):
    """When letters are to leave; they are looked at and approved before that."""

    send_after = MomentField(
        label=gettext_lazy("Gửi từ lúc"),
        required=False,
        help_text=gettext_lazy("Ngày/tháng/năm giờ:phút. Để trống: gửi ngay khi duyệt."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)


@admin.action(description=gettext_lazy("Nhắc trả lời"), permissions=["change"])
def remind_delegations(desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]) -> HttpResponse:
    """On to the page that says who will get a letter and who has to be called."""
    chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    query = urlencode([("delegation", pk) for pk in chosen]) if len(chosen) <= MOST else ""
    return HttpResponseRedirect(f"{reverse('admin:attendees_delegation_remind')}?{query}")


@admin.action(description=gettext_lazy("Soạn thư riêng, có liên kết"), permissions=["change"])
def write_to_people(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> HttpResponse | None:
    """To each of them the link to the own page."""
    people = list(
        queryset.filter(status__in=Attendee.ACTIVE).select_related("delegation__unit", "conference")
    )
    told = _("Mỗi người nhận liên kết tới trang riêng của mình. %(n)s người đã chọn không có thư điện tử.")
    return draft_letters(
        desk,
        request,
        people,
        correspondence.draft_personal,
        nobody=_("Không ai trong những người đã chọn có thư điện tử. In giấy mời riêng để phát."),
        title=_("Soạn thư riêng cho đại biểu"),
        text=told % {"n": sum(not one.email for one in people)},
    )


def draft_letters(
    desk: Any, request: HttpRequest, people: list[Attendee], draft: Callable[..., Mailing], *, nobody: str,
    title: str, text: str,
) -> HttpResponse | None:  # fmt: skip
    """Asks when letters to these people are to leave, and drafts them: `draft(conference, people, by=, …)`.

    `nobody` is said where none of them has an address; `text` says to the others what they will get.
    """
    conference = access.of(request).conference
    reached = [one for one in people if one.email]
    if conference is None or not reached:
        messages.error(request, nobody)
        return None
    form = asked(request, HourForm)
    if form.is_valid():
        by: Any = request.user
        try:
            mailing = draft(conference, reached, by=by, **form.cleaned_data)
        except MailError as refused:
            form.add_error(None, str(refused))
        else:
            done = _("Đã soạn %(n)s thư. Xem lại rồi duyệt gửi.")
            messages.success(request, done % {"n": mailing.messages.count()})
            return HttpResponseRedirect(reverse("admin:mailing_mailing_change", args=(mailing.pk,)))
    form.initial.setdefault("key", uuid.uuid4())
    page: HttpResponse = desk.ask(request, form, reached, title=title, text=text, verb=_("Soạn thư"))
    return page


class Reminding(DeskAdmin):
    """The part of the desk of delegations that writes to them."""

    CONTACT = ("contact_name", "contact_phone", "contact_email")
    MASKED = ("contact_name", "masked_phone", "masked_email")

    def contact_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """The focal point: as it is for who writes to them, masked for who only looks on."""
        return self.CONTACT if self.has_change_permission(request) else self.MASKED

    @admin.display(description=gettext_lazy("điện thoại đầu mối"))
    def masked_phone(self, obj: Delegation) -> str:
        return vietnamese.mask_phone(obj.contact_phone)

    @admin.display(description=gettext_lazy("thư đầu mối"))
    def masked_email(self, obj: Delegation) -> str:
        return vietnamese.mask_email(obj.contact_email)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "contact_phone":
            kwargs["form_class"] = Phone
        if db_field.name == "unit" and (conference := access.of(request).conference):
            kwargs["queryset"] = conference.units()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        remind = self.admin_site.admin_view(self.remind_view)
        return [path("remind/", remind, name="attendees_delegation_remind"), *super().get_urls()]

    def remind_view(self, request: HttpRequest) -> HttpResponse:
        """Shows who owes an answer; drafts letters to them when it is sent."""
        conference = access.of(request).conference
        if conference is None or not self.has_change_permission(request):
            raise PermissionDenied
        wanted = WhomForm(conference, request.GET)
        whom = wanted.whom()
        form = HourForm(request.POST or None, initial={"key": uuid.uuid4()})
        if request.method == "POST" and form.is_valid():
            try:
                by: Any = request.user
                mailing = reminders.draft_reminders(conference, by=by, **whom, **form.cleaned_data)
            except MailError as refused:
                form.add_error(None, str(refused))
            else:
                done = _("Đã soạn %(n)s thư nhắc. Xem lại rồi duyệt gửi.")
                messages.success(request, done % {"n": mailing.messages.count()})
                return HttpResponseRedirect(reverse("admin:mailing_mailing_change", args=(mailing.pk,)))
        found = reminders.debtors(conference, **whom)
        late = [str(one.delegation.pk) for one in found if one.addresses and one.is_late]
        refs = [correspondence.ref_of(one.delegation) for one in found]
        waiting = log.waiting(mail_kinds.REMINDER, refs).order_by().values("subject_ref").distinct()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Nhắc trả lời"),
            "waiting": waiting.count(),
            "form": form,
            "wanted": wanted,
            "chosen": whom["among"] or [],
            "written": [one for one in found if one.addresses],
            "called": [one for one in found if not one.addresses],
            "late": late,
            "late_url": f"{reverse('admin:attendees_delegation_changelist')}?delegations={','.join(late)}",
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/attendees/delegation/remind.html", context)
