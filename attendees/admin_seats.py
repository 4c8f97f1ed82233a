"""Desk: components and the seats they have in each delegation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Sum
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import answers
from attendees.admin_filters import CategoryFilter, OverfullFilter
from attendees.holding import hold
from attendees.models import Attendee, Category, Delegation, Quota, counted
from conference import desk_forms
from conference.desk_cells import category
from conference.desk_lists import DeskInline, DeskRows, OwnRelated
from conference.scoping import DeskAdmin


def bound_of(quota: Quota) -> int:
    """How many of the seats are taken or left empty. Their delegation is held: no act changes that now."""
    hold(quota.delegation, by=None)
    people = Attendee.objects.filter(delegation=quota.delegation_id, category=quota.category_id)
    left_empty = Quota.objects.filter(pk=quota.pk).aggregate(seats=Sum("declined"))["seats"] or 0
    return people.active().count() + int(left_empty)


def require_unbound(quota: Quota) -> None:
    """Seats go, as a whole, only where nobody sits on them and nothing was said of them."""
    if bound := bound_of(quota):
        sentence = _("Không xóa được suất %(category)s: %(n)s suất có người hoặc báo không cử.")
        raise ValidationError(sentence % {"category": quota.category, "n": bound}, code="quota")


def require_unheard(delegation: Delegation) -> None:
    """A delegation goes only as long as nothing came from it: its answer and letters are records."""
    held = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if held.receipts.exists() or held.uploads.exists():
        sentence = _("Không xóa được đoàn đã gửi trả lời hoặc tệp: đó là hồ sơ phải giữ.")
        raise ValidationError(sentence, code="heard")
    for quota in held.quotas.all():
        require_unbound(quota)


class QuotaForm(desk_forms.DeskForm):
    """Seats of one component, which stays that one; never fewer than are taken or left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "category" in self.fields:
            self.fields["category"].disabled = True

    def clean_seats(self) -> int:
        seats: int = self.cleaned_data["seats"]
        quota = self.instance
        if quota.pk:
            bound = bound_of(quota)
            if not Quota.objects.filter(pk=quota.pk, seats=quota.seats, declined=quota.declined).exists():
                raise ValidationError(_("Số suất vừa thay đổi. Mở lại trang này rồi sửa."), code="stale")
            if seats < bound:
                raise ValidationError(
                    _("Đã có %(n)s suất có người hoặc báo không cử. Nhập số từ %(n)s trở lên."),
                    params={"n": bound},
                )
        return seats


class QuotaFormSet(DeskRows):
    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        require_unbound(obj)
        super().delete_existing(obj, commit)


class QuotaInline(DeskInline):
    model = Quota
    form = QuotaForm
    formset = QuotaFormSet
    fields = ("category", "seats", "declined", "decline_reason")
    readonly_fields = ("declined", "decline_reason")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quota]:
        rows: QuerySet[Quota] = super().get_queryset(request)
        return rows.select_related("category")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if self.has_add_permission(request, obj) else 0


@admin.register(Quota)
class QuotaAdmin(DeskAdmin):
    conference_path = "delegation__conference"
    holds_row = False  # the form holds the delegation
    form = QuotaForm
    folded_fields = ("delegation__name", "delegation__code", "category__name", "category__short_name")
    list_display = ("delegation", "component", "seats", "taken", "free", "declined", "decline_reason")
    list_display_links = ("delegation",)
    list_filter = (("category", CategoryFilter), OverfullFilter, ("delegation", OwnRelated))
    list_select_related = ("delegation", "category")
    list_per_page = 100
    ordering = ("delegation__position", "delegation__code", "category__position")
    fields = ("delegation", "category", "seats", "declined", "decline_reason")
    readonly_fields = ("declined", "decline_reason")
    empty_text = gettext_lazy("Chưa phân bổ suất nào.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        people = Attendee.objects.filter(
            delegation=OuterRef("delegation"), category=OuterRef("category")
        ).active()
        return super().get_queryset(request).annotate(taken=counted(people, "delegation", Count("pk")))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else ("delegation", "category", *self.readonly_fields)

    def delete_model(self, request: HttpRequest, obj: Quota) -> None:
        require_unbound(obj)
        super().delete_model(request, obj)

    @admin.display(description=gettext_lazy("thành phần"), ordering="category__position")
    def component(self, obj: Quota) -> SafeString:
        return category(obj.category.band, obj.category.short_name or obj.category.name)

    @admin.display(description=gettext_lazy("đã cử"), ordering="taken")
    def taken(self, obj: Any) -> int:
        return int(obj.taken)

    @admin.display(description=gettext_lazy("còn trống"))
    def free(self, obj: Any) -> int:
        return int(obj.open_seats - obj.taken)


@admin.action(description=gettext_lazy("Cấp suất cho các đoàn chưa có"), permissions=["change"])
def allot_seats(desk: Any, request: HttpRequest, queryset: QuerySet[Category]) -> None:
    by: Any = request.user
    made = sum(answers.allot(one, by=by) for one in queryset)
    if made:
        messages.success(request, _("Đã thêm %(n)s dòng suất phân bổ.") % {"n": made})
    else:
        messages.info(request, _("Đoàn địa phương nào cũng đã có suất của thành phần đã chọn."))


@admin.register(Category)
class CategoryAdmin(DeskAdmin):
    preset_conference = True
    actions = (allot_seats,)
    folded_fields = ("name", "short_name", "slug")
    list_display = ("name", "word", "default_seats", "seats", "people", "pool", "position")
    list_filter = ("band", "is_central", "needs_border_guard")
    list_select_related = ("organisation_kind",)
    ordering = ("position", "pk")
    fields = (
        "name", "short_name", "slug", "band", "organisation_kind", "default_seats", "needs_border_guard",
        "is_central", "position",
    )  # fmt: skip
    empty_text = gettext_lazy("Chưa có thành phần nào. Thêm các thành phần trước khi mời đoàn.")

    def for_list(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        quotas = Quota.objects.filter(category=OuterRef("pk"))
        people = Attendee.objects.filter(category=OuterRef("pk")).active()
        return queryset.annotate(
            seats=counted(quotas, "category", Sum("seats")), people=counted(people, "category", Count("pk"))
        )

    def row_acts(self, request: HttpRequest, obj: Category) -> list[str]:
        return ["allot_seats"] if self._waiting(obj) else []

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        """Seats of delegations that are there already are given by hand: some of them have answered."""
        super().save_model(request, obj, form, change)
        if waiting := self._waiting(obj):
            sentence = _(
                "%(n)s đoàn đã lập chưa có suất của “%(name)s”. Mở thành phần này, chọn việc “Cấp suất cho "
                "các đoàn chưa có”."
            )
            messages.warning(request, sentence % {"n": waiting, "name": obj})

    @staticmethod
    def _waiting(obj: Category) -> int:
        """Delegations that would get seats of the component."""
        rows = Delegation.objects.lacking(obj).select_related("unit")
        return sum(1 for one in rows if one.unit and obj.seats_for(one.unit))

    @admin.display(description=gettext_lazy("loại"), ordering="band")
    def word(self, obj: Category) -> SafeString:
        return category(obj.band, obj.short_name or obj.get_band_display())

    @admin.display(description=gettext_lazy("tổng số suất"), ordering="seats")
    def seats(self, obj: Any) -> int:
        return int(obj.seats)

    @admin.display(description=gettext_lazy("đã cử"), ordering="people")
    def people(self, obj: Any) -> int:
        return int(obj.people)
