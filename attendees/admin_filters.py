"""Filters of the desk's lists of delegations and people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees.desk import names, sharing_a_phone
from attendees.models import Attendee, Delegation
from conference import access, keys
from conference.desk_lists import OwnRelated

Rows = QuerySet[Any]


class CategoryFilter(OwnRelated):
    """By component, under its short name."""

    def word(self, row: Model) -> str:
        return str(getattr(row, "short_name", "") or row)


class RegionFilter(admin.SimpleListFilter):
    """By region of the country; central bodies have none."""

    title = gettext_lazy("vùng")
    parameter_name = "region"
    CENTRAL = "central"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        conference = access.of(request).conference
        units = access.once(request, "units", lambda: list(conference.units() if conference else ()))
        regions = {unit.region_code: unit.region_name for unit in units}
        return [*sorted(regions.items(), key=lambda pair: pair[0]), (self.CENTRAL, _("Trung ương"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if not self.value():
            return queryset
        region = {"unit": None} if self.value() == self.CENTRAL else {"unit__region_code": self.value()}
        delegations = Delegation.objects.filter(**region, conference=access.of(request).conference)
        field = "pk" if queryset.model is Delegation else "delegation"
        return queryset.filter(**{f"{field}__in": delegations.values("pk")})


class ExtendedFilter(admin.SimpleListFilter):
    """Who was given more time."""

    title = gettext_lazy("gia hạn")
    parameter_name = "extended"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("Được gia hạn")), ("no", _("Không gia hạn"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        conference = access.of(request).conference
        later = Q(extended_to__gt=conference.confirm_by) if conference else Q(pk=None)
        if self.value() == "yes":
            return queryset.filter(later)
        return (
            queryset.exclude(pk__in=Delegation.objects.filter(later).values("pk"))
            if self.value() == "no"
            else queryset
        )


class InvitedFilter(admin.SimpleListFilter):
    """Who was sent the letter of invitation."""

    title = gettext_lazy("giấy mời")
    parameter_name = "invited"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("Đã gửi")), ("no", _("Chưa gửi"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() in ("yes", "no"):
            return queryset.filter(invited_at__isnull=self.value() == "no")
        return queryset


class PresentFilter(admin.SimpleListFilter):
    """Who was seen in a session."""

    title = gettext_lazy("có mặt")
    parameter_name = "present"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("Đã có mặt")), ("no", _("Chưa có mặt"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        present = Attendee.objects.present().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=present)
        return queryset.exclude(pk__in=present) if self.value() == "no" else queryset


class ContactFilter(admin.SimpleListFilter):
    """How a person can be reached, and numbers given for two people."""

    title = gettext_lazy("liên hệ")
    parameter_name = "contact"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("phone", _("Có điện thoại")),
            ("no-phone", _("Thiếu điện thoại")),
            ("email", _("Có thư điện tử")),
            ("no-email", _("Thiếu thư điện tử")),
            ("shared", _("Trùng số điện thoại")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        match self.value():
            case "phone":
                return queryset.exclude(phone="")
            case "no-phone":
                return queryset.filter(phone="")
            case "email":
                return queryset.exclude(email="")
            case "no-email":
                return queryset.filter(email="")
            case "shared":
                return queryset.filter(pk__in=sharing_a_phone(access.of(request).conference).values("pk"))
        return queryset


class SubstitutionFilter(admin.SimpleListFilter):
    """Who stands in for somebody."""

    title = gettext_lazy("thay người")
    parameter_name = "substitution"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("waiting", _("Người thay chờ xác nhận")),
            ("substitute", _("Là người thay")),
            ("extra", _("Đăng ký tại chỗ")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        match self.value():
            case "waiting":
                return queryset.filter(substitute_for__isnull=False, status=Attendee.Status.NOMINATED)
            case "substitute":
                return queryset.filter(substitute_for__isnull=False)
            case "extra":
                return queryset.filter(is_walk_in=True)
        return queryset


class OverfullFilter(admin.SimpleListFilter):
    """Seats that are still free, or given away twice."""

    title = gettext_lazy("chỗ trống")
    parameter_name = "seats"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("free", _("Còn suất trống")), ("full", _("Đã đủ")), ("over", _("Vượt số suất"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        open_seats = F("seats") - F("declined")
        match self.value():
            case "free":
                return queryset.filter(taken__lt=open_seats)
            case "full":
                return queryset.filter(taken=open_seats)
            case "over":
                return queryset.filter(taken__gt=open_seats)
        return queryset


class TheseDelegations(admin.SimpleListFilter):
    """The delegations that a figure of the board stands for: offered only where it was followed."""

    title = gettext_lazy("đoàn")
    parameter_name = "delegations"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        if not (value := self.value()):
            return []
        rows = Delegation.objects.filter(pk__in=_keys(value), conference=access.of(request).conference)
        found = access.once(request, "these delegations", lambda: list(rows.select_related("unit")))
        return [(value, names(found))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if not (value := self.value()):
            return queryset
        field = "pk__in" if queryset.model is Delegation else "delegation__in"
        return queryset.filter(**{field: _keys(value)})


def _keys(text: str) -> list[int]:
    return [key for one in text.split(",") if (key := keys.read(one)) is not None]


class SeatFilter(admin.SimpleListFilter):
    """Who takes a seat, confirmed or not."""

    title = gettext_lazy("suất")
    parameter_name = "seat"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("taken", _("Đang giữ suất")), ("left", _("Không giữ suất"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() == "taken":
            return queryset.filter(status__in=Attendee.ACTIVE)
        return queryset.exclude(status__in=Attendee.ACTIVE) if self.value() == "left" else queryset
