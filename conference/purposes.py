"""What is held of people, column by column: what for, by what right, how long, and what erasing does with it.

Law 91/2025/QH15 and decree 356/2025/NĐ-CP ask for it. It is no description: erasing (`conference.erasing`),
forgetting in time (`conference.retention`) and the page that tells a person what is held all go by this
table (`conference.purpose_table`), and a test fails for a column that is in neither of its lists.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

# Stands where the name stood: lists and figures keep their line.
ERASED_NAME = "Đại biểu đã xóa dữ liệu"
ERASED_ACCOUNT = "Tài khoản đã xóa"


class Basis(models.TextChoices):
    """By what right something is held."""

    DUTY = "duty", _("Nhiệm vụ tổ chức hội nghị của cơ quan nhà nước")
    CONSENT = "consent", _("Đồng ý của đại biểu")
    PROOF = "proof", _("Nghĩa vụ chứng minh và bảo đảm an toàn hệ thống")
    ARCHIVE = "archive", _("Hồ sơ phải lưu trữ (luật 33/2024/QH15)")


class Kept(models.TextChoices):
    """How long something is held."""

    LOGISTICS = "logistics", _("90 ngày sau bế mạc")
    CONTACTS = "contacts", _("12 tháng sau bế mạc")
    RECORD = "record", _("Theo thời hạn lưu trữ hồ sơ hội nghị")
    ACCOUNT = "account", _("Đến khi xóa tài khoản")

    @property
    def after(self) -> datetime.timedelta | None:
        """After the last day of the conference; None: not ended by the calendar."""
        days = {Kept.LOGISTICS: 90, Kept.CONTACTS: 365}.get(self)
        return None if days is None else datetime.timedelta(days=days)


class Erasure(models.TextChoices):
    """What erasing a person does with a column."""

    BLANK = "blank", _("Xóa trắng")
    NAME = "name", _("Thay bằng “Đại biểu đã xóa dữ liệu”")
    ROW = "row", _("Xóa cả dòng")
    STRUCK = "struck", _("Gạch chỗ nêu người đó")
    SEALED = "sealed", _("Xóa trắng; chuỗi niêm phong vẫn khớp")
    OWN = "own", _("Xóa theo cách riêng")
    KEPT = "kept", _("Giữ lại")


@dataclass(frozen=True)
class Held:
    """Some columns of a model that are held for one purpose."""

    columns: str  # names, with blanks between
    what: Any  # these and the next two: lazy texts
    purpose: Any
    basis: Basis
    kept: Kept
    erasure: Erasure
    because: Any = ""  # why it stays, or how it goes
    sensitive: bool = False
    accounts: str = ""  # of the columns, those that may name whoever did it, or an account as a contact

    @property
    def names(self) -> list[str]:
        return self.columns.split()

    @property
    def account_names(self) -> list[str]:
        return self.accounts.split()


@dataclass(frozen=True)
class Rows:
    """A model with something of people in it. Paths: from its row to its conference, and to its person."""

    label: str
    conference: str
    person: str
    held: tuple[Held, ...]

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    @property
    def title(self) -> str:
        """What the rows are called, where the model has a name of its own."""
        return str(self.model._meta.verbose_name)

    def all(self) -> models.QuerySet[Any]:
        """Past the guards of models that let nothing be changed: the law may."""
        return models.QuerySet(self.model).order_by("pk")

    def of_person(self, person: models.Model) -> models.QuerySet[Any]:
        return self.all().filter(**{self.person: person.pk}) if self.person else self.all().none()

    def of_conference(self, conference: models.Model) -> models.QuerySet[Any]:
        return self.all().filter(**{self.conference: conference.pk}) if self.conference else self.all().none()


def blank(model: type[models.Model], name: str) -> Any:
    """What a column holds that holds nothing."""
    field = model._meta.get_field(name)
    if getattr(field, "null", False):
        return None
    return field.get_default() if isinstance(field, models.JSONField) else ""
