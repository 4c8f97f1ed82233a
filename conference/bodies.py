"""Where people come from: provinces and cities in their legal states, and the bodies that send or host."""

from __future__ import annotations

import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conference import vietnamese_dates


class UnitSet(models.TextChoices):
    """The two maps of the country: before and after 01/7/2025 (resolution 202/2025/QH15)."""

    SIXTY_THREE = "63", _("63 tỉnh, thành phố (đến 30/6/2025)")
    THIRTY_FOUR = "34", _("34 tỉnh, thành phố (từ 01/7/2025)")


class UnitQuerySet(models.QuerySet["Unit"]):
    def valid_on(self, day: datetime.date) -> Self:
        """The units that existed, in the legal state that they had, on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Unit(models.Model):
    """A province or centrally run city in one legal state.

    A new row begins when the name, the class or the borders change, so a code alone names nothing: seven
    codes of 2024 mean another unit since 01/7/2025. Rows are related by `UnitSuccession`, never by code.
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", _("tỉnh")
        CITY = "city", _("thành phố")

    unit_set = models.CharField(_("bộ đơn vị"), max_length=2, choices=UnitSet)
    code = models.CharField(_("mã"), max_length=2)
    name = models.CharField(_("tên"), max_length=60)
    full_name = models.CharField(_("tên đầy đủ"), max_length=80)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=60)
    region_code = models.CharField(_("mã vùng"), max_length=10)
    region_name = models.CharField(_("vùng"), max_length=60)
    abbr = models.CharField(_("viết tắt"), max_length=6)
    iso3166_2 = models.CharField("ISO 3166-2", max_length=6, blank=True)
    slug = models.SlugField(_("đường dẫn"), max_length=60)
    tile_row = models.PositiveSmallIntegerField(_("hàng trên bản đồ"))
    tile_col = models.PositiveSmallIntegerField(_("cột trên bản đồ"))
    has_land_border = models.BooleanField(_("biên giới đất liền"), default=False)
    has_sea = models.BooleanField(_("có biển"), default=False)
    has_border_guard = models.BooleanField(_("có Bộ đội Biên phòng"), default=False)
    aliases = models.JSONField(_("cách viết khác"), default=list, blank=True)
    successors = models.ManyToManyField(
        "self", through="UnitSuccession", symmetrical=False, related_name="predecessors"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = pgettext_lazy("plural", "đơn vị hành chính")
        ordering = ("unit_set", "code", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=("unit_set", "code", "valid_from"), name="unit_once_from_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="unit_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def dated_name(self) -> str:
        """Its name in a list of several legal states, where many stand twice."""
        if self.valid_to is None:
            return self.full_name
        return gettext("%(name)s (đến %(day)s)") % {
            "name": self.full_name,
            "day": vietnamese_dates.short_date(self.valid_to),
        }


class UnitSuccession(models.Model):
    """One unit went into another on a day."""

    old = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("đơn vị cũ"))
    new = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("đơn vị mới"))
    on = models.DateField(_("ngày"))

    class Meta:
        verbose_name = _("sự kế thừa đơn vị")
        verbose_name_plural = pgettext_lazy("plural", "sự kế thừa đơn vị")
        constraints = (models.UniqueConstraint(fields=("old", "new"), name="unit_succession_once"),)

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


def _require_order(row: OrganisationKind | Organisation) -> None:
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        raise ValidationError({"valid_to": gettext("Ngày cuối không được trước ngày đầu.")})


class OrganisationKind(models.Model):
    """A kind of body that sends people, as data: most of those of 2024 were renamed or dissolved in 2025."""

    PLACES = ("{unit_kind}", "{party_committee}", "{name}")  # in `name_template`, see conference/units.py

    slug = models.SlugField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=120)
    name_template = models.CharField(_("mẫu tên"), max_length=160, blank=True)
    is_central = models.BooleanField(_("ở Trung ương"), default=False)
    needs_border_guard = models.BooleanField(_("chỉ nơi có biên phòng"), default=False)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("cơ quan kế thừa")
    )

    class Meta:
        verbose_name = _("loại cơ quan")
        verbose_name_plural = pgettext_lazy("plural", "loại cơ quan")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What is no place to be filled in would be printed as it stands, in the letters to every unit."""
        _require_order(self)
        rest = self.name_template
        for place in self.PLACES:
            rest = rest.replace(place, "")
        if "{" in rest or "}" in rest:
            sentence = gettext("Chỉ dùng các chỗ điền %(places)s, viết đúng như vậy.")
            raise ValidationError({"name_template": sentence % {"places": ", ".join(self.PLACES)}})


class Organisation(models.Model):
    """A body that sends or hosts: a ministry, a department of a province, a newspaper."""

    kind = models.ForeignKey(OrganisationKind, models.PROTECT, verbose_name=_("loại"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("đơn vị hành chính"))
    name = models.CharField(_("tên"), max_length=200)
    short_name = models.CharField(_("tên tắt"), max_length=80, blank=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = pgettext_lazy("plural", "cơ quan")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("kind", "unit", "name"), name="organisation_once"),)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The database takes bodies without a unit for different ones, whatever they are called."""
        _require_order(self)
        same = Organisation.objects.filter(kind=self.kind_id, unit=None, name=self.name)
        if self.unit_id is None and same.exclude(pk=self.pk).exists():
            raise ValidationError({"name": gettext("Đã có cơ quan loại này mang tên này.")})
