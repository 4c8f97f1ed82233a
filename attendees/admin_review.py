"""Desk: the second step after an answer. Organisers accept what was sent, or give it back with a remark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import answers
from attendees.admin_acts import each, tell_of_no_more_time
from attendees.board import ReviewState
from attendees.models import Delegation, Upload
from conference.desk_cells import tag
from conference.desk_forms import MOMENT_HINT, MomentField, asked

Review = Delegation.Review
TAGS = {Review.ACCEPTED: ("ok", "check"), Review.RETURNED: ("err", "again")}


class ReturnForm(forms.Form):
    """What is to be put right, and until when where the time is over."""

    remark = forms.CharField(
        label=gettext_lazy("Nhận xét"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Đoàn đọc nguyên văn câu này. Ghi rõ chỗ cần sửa."),
        error_messages={"required": gettext_lazy("Ghi nhận xét.")},
    )
    until = MomentField(label=gettext_lazy("Gia hạn đến"), required=False, help_text=MOMENT_HINT)


@admin.action(description=gettext_lazy("Tiếp nhận"), permissions=["change"])
def accept_delegations(desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]) -> None:
    by: Any = request.user
    each(request, queryset, lambda one: answers.accept(one, by=by), _("Đã tiếp nhận %(n)s đoàn."))


@admin.action(description=gettext_lazy("Trả lại kèm nhận xét"), permissions=["change"])
def return_delegations(
    desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]
) -> HttpResponse | None:
    form = asked(request, ReturnForm)
    by: Any = request.user

    @transaction.atomic
    def give_back(one: Delegation) -> None:
        """More time first: the letter that is posted with the remark says until when."""
        until = form.cleaned_data["until"]
        if until and until > one.deadline:  # nobody loses time
            answers.extend(one, until, by=by)
        answers.return_with(one, form.cleaned_data["remark"], by=by)

    if form.is_valid():
        _require_time(form, queryset)
    if form.is_valid():
        each(request, queryset, give_back, _("Đã trả lại %(n)s đoàn."))
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Trả lại danh sách kèm nhận xét"),
        text=_("Danh sách mở lại cho đoàn sửa và gửi lại. Nếu hạn trả lời đã qua, gia hạn để đoàn sửa được."),
        verb=_("Trả lại"),
    )
    return page


def _require_time(form: forms.Form, chosen: Iterable[Delegation]) -> None:
    """Says at the field who could not send again: their time is over, and none is given."""
    if form.cleaned_data["until"]:
        return tell_of_no_more_time(form, chosen)
    if late := [str(one) for one in chosen if not one.is_open()]:
        sentence = _("Chọn thời điểm muộn hơn bây giờ, nếu không thì không sửa và gửi lại được: %s.")
        form.add_error("until", sentence % ", ".join(late))


class ReviewFilter(admin.SimpleListFilter):
    """How far the organisers are with what was sent."""

    title = gettext_lazy("tiếp nhận")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(choice.value, str(choice.label)) for choice in ReviewState if choice != ReviewState.NONE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == ReviewState.SENT:
            return queryset.filter(status__in=Delegation.SENT, review=Review.NONE)
        return queryset.filter(review=self.value()) if self.value() in dict(TAGS) else queryset


def review_tag(delegation: Delegation) -> SafeString | str:
    """What was said to the answer, as a tag; nothing where nothing was said."""
    if not delegation.review:
        return ""
    kind, icon = TAGS[Review(delegation.review)]
    return tag(kind, delegation.get_review_display(), icon)


def acts_of(delegation: Delegation) -> list[str]:
    """Names of the acts that make sense for what was sent."""
    if delegation.status not in Delegation.SENT:
        return []
    accept = [] if delegation.review == Review.ACCEPTED else ["accept_delegations"]
    return [*accept, "return_delegations"]


def handed_in(delegation: Delegation) -> dict[str, Any]:
    """Receipts and letters, for the page of the delegation."""
    letters = delegation.uploads.standing().filter(kind=Upload.Kind.NOMINATION)
    return {"receipts": list(delegation.receipts.all()), "uploads": list(letters)}
