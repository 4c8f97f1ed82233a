"""What can be done with rows chosen in a list of delegations or people: each calls a verb of `answers`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.desk_forms import ReasonForm, UntilForm, asked

SHOWN = 5  # refusals told one by one


def each(request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], Any], done: str) -> None:
    """Does an act for every row by itself, and says for how many, and why not for the others.

    An act that gives False found that somebody had done it before.
    """
    count, before, refused = 0, 0, []
    for row in rows:
        try:
            if act(row) is False:
                before += 1
            else:
                count += 1
        except ValidationError as error:
            refused.append(f"{row}: {' '.join(error.messages)}")
        except answers.Stale:
            refused.append(_("%(name)s: người khác vừa sửa.") % {"name": row})
        except PermissionDenied:
            refused.append(_("%(name)s: không có quyền.") % {"name": row})
    if count:
        messages.success(request, done % {"n": count})
    if before:
        messages.info(request, _("%(n)s mục đã được làm từ trước, lần này không đổi gì.") % {"n": before})
    for sentence in refused[:SHOWN]:
        messages.error(request, sentence)
    if len(refused) > SHOWN:
        messages.error(request, _("Còn %(n)s mục nữa chưa làm được.") % {"n": len(refused) - SHOWN})


def tell_of_no_more_time(form: forms.Form, chosen: Iterable[Delegation]) -> None:
    """Says at the field where the moment gives somebody no more time, before anybody is given any."""
    for one in chosen:
        try:
            answers.require_more_time(one, form.cleaned_data["until"])
        except ValidationError as error:
            return form.add_error(None, error)


# ── Delegations ───────────────────────────────────────────────────────────────────────────────────


@admin.action(description=gettext_lazy("Xác nhận đoàn"), permissions=["change"])
def confirm_delegations(desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]) -> None:
    by: Any = request.user
    each(request, queryset, lambda one: answers.confirm(one, by=by), _("Đã xác nhận %(n)s đoàn."))


@admin.action(description=gettext_lazy("Không cử đoàn"), permissions=["change"])
def decline_delegations(
    desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]
) -> HttpResponse | None:
    form = asked(request, ReasonForm)
    by: Any = request.user
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        each(
            request,
            queryset,
            lambda one: answers.decline(one, reason, by=by),
            _("Đã ghi không cử: %(n)s đoàn."),
        )
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Ghi nhận không cử đoàn"),
        text=_("Mọi người đang giữ suất của đoàn chuyển thành không tham dự."),
        verb=_("Không cử đoàn"),
        danger=True,
    )
    return page


@admin.action(description=gettext_lazy("Gia hạn trả lời"), permissions=["change"])
def extend_deadline(desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]) -> HttpResponse | None:
    form = asked(request, UntilForm)
    by: Any = request.user
    rows = list(queryset)

    def give(one: Delegation) -> None:
        """Among several nobody loses time; of one alone a wrong extension is put right."""
        if len(rows) > 1 and one.extended_to is not None and one.extended_to > until:
            raise ValidationError(_("đã có hạn muộn hơn, giữ nguyên."))
        answers.extend(one, until, by=by)

    if form.is_valid():
        tell_of_no_more_time(form, rows)
    if form.is_valid():
        until = form.cleaned_data["until"]
        each(request, rows, give, _("Đã gia hạn %(n)s đoàn."))
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Gia hạn trả lời"),
        text=_("Cán bộ đầu mối của đoàn sửa được danh sách đến thời điểm này."),
        verb=_("Gia hạn"),
    )
    return page


# ── People ────────────────────────────────────────────────────────────────────────────────────────


@admin.action(description=gettext_lazy("Xác nhận tham dự"), permissions=["change"])
def confirm_people(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> None:
    by: Any = request.user
    people = queryset.select_related("delegation")
    each(request, people, lambda one: answers.confirm_person(one, by=by), _("Đã xác nhận %(n)s người."))


@admin.action(description=gettext_lazy("Ghi không tham dự"), permissions=["change"])
def decline_people(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> HttpResponse | None:
    form = asked(request, ReasonForm)
    by: Any = request.user
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        people = queryset.select_related("delegation")
        each(
            request,
            people,
            lambda one: answers.decline_person(one, reason, by=by),
            _("Đã ghi không tham dự: %(n)s người."),
        )
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Ghi không tham dự"),
        text=_("Suất của những người này để trống trở lại. Thẻ đã in không còn giá trị."),
        verb=_("Ghi không tham dự"),
        danger=True,
    )
    return page


class SubstituteForm(forms.ModelForm):
    """Who takes the seat, and why."""

    reason = ReasonForm.base_fields["reason"]

    class Meta:
        model = Attendee
        fields = (
            "honorific",
            "full_name",
            "birth_year",
            "position",
            "rank",
            "organisation_name",
            "phone",
            "email",
            "note",
        )

    def __init__(self, leaving: Attendee, data: Any = None) -> None:
        fresh = Attendee(
            conference=leaving.conference,
            delegation=leaving.delegation,
            category=leaving.category,
            organisation_name=leaving.organisation_name,
        )
        super().__init__(data, instance=fresh)


@admin.action(description=gettext_lazy("Thay người"), permissions=["change"])
def replace_person(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> HttpResponse | None:
    chosen = list(queryset.select_related("delegation", "category", "conference")[:2])
    if len(chosen) != 1:
        messages.error(request, _("Mỗi lần thay một người. Chọn một người rồi làm lại."))
        return None
    leaving = chosen[0]
    form = asked(request, SubstituteForm, leaving)
    if form.is_valid():
        try:
            by: Any = request.user
            substitute = answers.replace(leaving, by=by, **form.cleaned_data)
        except answers.Stale:
            form.add_error(None, _("Người khác vừa sửa người này. Xem lại rồi làm lại."))
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            sentence = _("Đã thay %(old)s bằng %(new)s.")
            messages.success(request, sentence % {"old": leaving.full_name, "new": substitute.full_name})
            return None
    page: HttpResponse = desk.ask(
        request,
        form,
        chosen,
        title=_("Thay người"),
        text=_("Người cũ vẫn còn trong danh sách, ghi là đã thay. Thẻ đã in của người cũ không còn giá trị."),
        verb=_("Thay người"),
    )
    return page


@admin.action(description=gettext_lazy("Chọn làm trưởng đoàn"), permissions=["change"])
def make_head(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> None:
    chosen = list(queryset.select_related("delegation")[:2])
    if len(chosen) != 1:
        messages.error(request, _("Mỗi đoàn có một trưởng đoàn. Chọn một người rồi làm lại."))
        return
    by: Any = request.user
    each(request, chosen, lambda one: answers.choose_head(one, by=by), _("Đã ghi trưởng đoàn."))
