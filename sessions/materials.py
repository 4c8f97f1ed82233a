"""What is handed out for a session: its versions, whom it is for, and who took it."""

from __future__ import annotations

import datetime
import re
import secrets
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from attendees.models import Attendee, Category
from conference import vietnamese
from conference.models import Conference

# Marks of state secrets (Law 29/2018/QH14, article 8). "Bảo mật" in a title is none.
HIGHER = re.compile(r"\b(tuyệt|tối)[\s_-]+mật\b", re.I)
HIGHER_BARE = re.compile(r"\b(tuyet|toi)[\s_-]+mat\b", re.I)  # in file names without marks
PLAIN = re.compile(r"(?<!BẢO )(?<!\w)MẬT(?!\w)")
ALONE = re.compile(r"(^|[\[(]|độ[\s_-]+mật\s*:?)\s*mật\s*($|[\])\-–.:_])", re.I)


def is_marked_secret(text: str) -> bool:
    """Does a title or the name of a file say Mật, Tối mật or Tuyệt mật?"""
    clean = vietnamese.clean(text)
    bare = HIGHER_BARE.search(clean.replace("_", " ")) if clean.isascii() else None
    spaced = clean.replace("_", " ")
    return bool(HIGHER.search(spaced) or bare or PLAIN.search(spaced) or ALONE.search(spaced))


def require_unmarked(text: str) -> None:
    if is_marked_secret(text):
        sentence = _(
            "“%(text)s” mang dấu độ mật. Tài liệu Mật, Tối mật, Tuyệt mật không đưa lên hệ thống này; "
            "giao nhận theo chế độ mật."
        )
        raise ValidationError(sentence % {"text": text[:100]}, code="secret")


def new_material_code() -> str:
    """What stands in addresses; not to be guessed."""
    return secrets.token_hex(5)


class MaterialQuerySet(models.QuerySet["Material"]):
    def visible_to(self, user: Any) -> Self:
        """Materials of the conferences on the person's desk."""
        return self.filter(session__conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def meant_for(self, person: Attendee) -> Self:
        """Not withdrawn, approved, for everybody or for the person's component; open or not yet."""
        mine = self.filter(session__conference=person.conference_id, withdrawn_at=None)
        for_all = Q(categories=None) | Q(categories=person.category_id)
        return mine.filter(for_all, versions__state=MaterialVersion.State.APPROVED).distinct()


class Material(models.Model):
    """One paper of one session. What is marked as a state secret is refused."""

    class Classification(models.TextChoices):
        PUBLIC = "public", gettext_lazy("Công khai")
        INTERNAL = "internal", gettext_lazy("Lưu hành nội bộ")

    session = models.ForeignKey(
        "thematic.Session", models.PROTECT, related_name="materials", verbose_name=gettext_lazy("phiên")
    )
    code = models.SlugField(max_length=10, unique=True, default=new_material_code, editable=False)
    title = models.CharField(gettext_lazy("tên tài liệu"), max_length=200)
    classification = models.CharField(
        gettext_lazy("phạm vi lưu hành"),
        max_length=10,
        choices=Classification,
        default=Classification.INTERNAL,
    )
    categories = models.ManyToManyField(
        Category, blank=True, related_name="materials", verbose_name=gettext_lazy("dành cho thành phần"),
        help_text=gettext_lazy("Để trống: mọi đại biểu."),
    )  # fmt: skip
    opens_with_session = models.BooleanField(
        gettext_lazy("chỉ mở từ giờ bắt đầu của phiên"), default=True
    )  # fmt: skip
    # A speaker who sent it from the own page; None where the organisers added it.
    offered_by = models.ForeignKey(
        Attendee, models.SET_NULL, null=True, blank=True, editable=False, related_name="offered_materials",
        verbose_name=gettext_lazy("báo cáo viên"),
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(gettext_lazy("thu hồi lúc"), null=True, blank=True, editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("tài liệu")
        verbose_name_plural = pgettext_lazy("plural", "tài liệu")
        ordering = ("session__day", "session__starts", "pk")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        self.title = vietnamese.clean(self.title)
        if not self.title:
            raise ValidationError({"title": _("Nhập tên tài liệu.")})
        try:
            require_unmarked(self.title)
        except ValidationError as refusal:
            raise ValidationError({"title": refusal}) from refusal

    @property
    def opens_at(self) -> datetime.datetime | None:
        """When people may take it; None where it waits for nothing."""
        if not self.opens_with_session:
            return None
        zone = self.session.conference.zone
        return datetime.datetime.combine(self.session.day, self.session.starts, zone)

    @property
    def is_open(self) -> bool:
        return self.opens_at is None or bool(self.opens_at <= self.session.conference.now())

    @property
    def newest(self) -> MaterialVersion | None:
        """The newest version, approved or not; read with `prefetch_related("versions")`."""
        return max(self.versions.all(), key=lambda one: one.number, default=None)

    @property
    def latest(self) -> MaterialVersion | None:
        """The version that people take: the newest that is approved."""
        approved = (one for one in self.versions.all() if one.state == MaterialVersion.State.APPROVED)
        return max(approved, key=lambda one: one.number, default=None)


class MaterialVersion(models.Model):
    """The file of a material as it was given once. That of a speaker waits until an organiser approves it."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Chờ duyệt")
        RETURNED = "returned", gettext_lazy("Trả lại")
        APPROVED = "approved", gettext_lazy("Đã duyệt")

    material = models.ForeignKey(Material, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(gettext_lazy("phiên bản"))
    name = models.CharField(gettext_lazy("tên tệp"), max_length=200)
    file = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=60, editable=False)
    size = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(gettext_lazy("tình trạng"), max_length=10, choices=State, default=State.APPROVED)
    remark = models.CharField(gettext_lazy("nhận xét"), max_length=500, blank=True)
    given_by = models.CharField(gettext_lazy("người gửi"), max_length=200)
    given_at = models.DateTimeField(gettext_lazy("gửi lúc"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("phiên bản tài liệu")
        verbose_name_plural = pgettext_lazy("plural", "phiên bản tài liệu")
        ordering = ("material", "-number")
        constraints = (models.UniqueConstraint(fields=("material", "number"), name="material_version_once"),)

    def __str__(self) -> str:
        return f"{self.material}, {self.number}"


class MaterialDownload(models.Model):
    """Who took which version, when."""

    version = models.ForeignKey(MaterialVersion, models.CASCADE, related_name="downloads")
    attendee = models.ForeignKey(Attendee, models.SET_NULL, null=True, related_name="downloads")
    name = models.CharField(gettext_lazy("đại biểu"), max_length=200)
    at = models.DateTimeField(gettext_lazy("tải lúc"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("lượt tải")
        verbose_name_plural = pgettext_lazy("plural", "lượt tải")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.name
