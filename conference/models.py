"""The ground floor: who runs a conference, where its people come from, and the record of every act."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference import vietnamese
from conference.bodies import Organisation, OrganisationKind, Unit, UnitQuerySet, UnitSet, UnitSuccession
from conference.pulses import Pulse
from conference.seals import JournalSeal

# Everything that the floors above know by the name of this module.
__all__ = [
    "Conference",
    "JournalEntry",
    "JournalSeal",
    "LegalBasis",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "OrganisingBody",
    "Pulse",
    "Unit",
    "UnitSet",
    "UnitSuccession",
    "User",
]

# First path segments that are not the name of a conference.
RESERVED_SLUGS = frozenset(
    [
        "accounts",
        "admin",
        "api",
        "components",
        "healthz",
        "i18n",
        "l",
        "media",
        "metrics",
        "readyz",
        "start",
        "static",
        "v",
    ]
)


class UserManager(BaseUserManager["User"]):
    """Accounts are found by address, whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Makes an account; without a password it is entered by a code sent to the address."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Makes an administrator of the whole installation."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: by e-mail address, never by a name of their own choice."""

    email = models.EmailField(_("thư điện tử"), unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=200)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    is_active = models.BooleanField(_("đang dùng"), default=True)
    date_joined = models.DateTimeField(_("ngày tạo"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("xóa dữ liệu lúc"), null=True, blank=True, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = pgettext_lazy("plural", "tài khoản")
        ordering = ("email",)
        constraints = (
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_active=False, is_superuser=False, phone=""),
                name="user_erased_is_nobody",
            ),
        )

    def __str__(self) -> str:
        return self.full_name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        self.full_name = vietnamese.clean(self.full_name)
        super().save(*args, **kwargs)
        if "email" in (kwargs.get("update_fields") or ["email"]):
            # This address opens this account and no other, and no other address opens it: not a former one.
            addresses: Any = self.emailaddress_set  # type: ignore[attr-defined]  # allauth's
            addresses.model.objects.filter(Q(email=self.email) ^ Q(user=self)).delete()

    @cached_property
    def roles(self) -> dict[int, str]:
        """Conference id → role there. Read once a request, so that a changed role counts at the next."""
        return dict(self.memberships.values_list("conference_id", "role"))

    @property
    def is_staff(self) -> bool:
        """May enter the desk (Django's admin): administrators, organisers, viewers and signers."""
        return self.is_superuser or any(role in Membership.DESK_ROLES for role in self.roles.values())

    @property
    def needs_second_factor(self) -> bool:
        return self.is_superuser or any(role in Membership.TRUSTED_ROLES for role in self.roles.values())


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def visible_to(self, user: Any) -> Self:
        """Conferences in which the person has a role: member, or officer of one of its delegations."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(Q(memberships__user=user) | Q(delegations__officers=user)).distinct()

    def on_desk_of(self, user: Any) -> Self:
        """Conferences whose desk the person may see: as administrator, organiser, viewer or signer."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        ids = [pk for pk, role in user.roles.items() if role in Membership.DESK_ROLES]
        return self.filter(pk__in=ids)

    def run_by(self, user: Any) -> Self:
        """Conferences that the person may change: as administrator or organiser."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        ids = [pk for pk, role in user.roles.items() if role == Membership.Role.ORGANISER]
        return self.filter(pk__in=ids)

    def public(self) -> Self:
        """What everybody may read about."""
        return self.exclude(status=Conference.Status.DRAFT)


class Conference(models.Model):
    """One conference: what it is called, when and where it is held, and who signs its papers."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Nháp")
        INVITED = "invited", _("Đã mời")
        REGISTERING = "registering", _("Đang đăng ký")
        CLOSED = "closed", _("Đã chốt danh sách")
        RUNNING = "running", _("Đang diễn ra")
        ENDED = "ended", _("Đã kết thúc")
        ARCHIVED = "archived", _("Đã lưu trữ")

    slug = models.SlugField(
        _("đường dẫn"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$", _("Chỉ dùng chữ thường không dấu, số và gạch nối."))],
    )
    title = models.CharField(_("tên đầy đủ"), max_length=400)
    short_title = models.CharField(_("tên ngắn"), max_length=160)
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status, default=Status.DRAFT)
    unit_set = models.CharField(_("bộ đơn vị"), max_length=2, choices=UnitSet, default=UnitSet.THIRTY_FOUR)
    starts_on = models.DateField(_("ngày khai mạc"))
    ends_on = models.DateField(_("ngày bế mạc"))
    time_zone = models.CharField(_("múi giờ"), max_length=40, default="Asia/Ho_Chi_Minh")
    venue = models.CharField(_("hội trường"), max_length=200, blank=True)
    place = models.CharField(
        _("địa điểm"), max_length=200, help_text=_("Ví dụ: thành phố Đà Lạt, tỉnh Lâm Đồng")
    )
    host_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("địa phương đăng cai")
    )
    confirm_by = models.DateTimeField(_("hạn xác nhận"), help_text=_("Giờ theo múi giờ của hội nghị"))
    contact_name = models.CharField(_("đầu mối"), max_length=200, blank=True)
    contact_phone = models.CharField(_("điện thoại đầu mối"), max_length=20, blank=True)
    contact_email = models.EmailField(_("thư của Ban Tổ chức"), blank=True)
    # On papers (decree 30/2020, annex I): the agency's seat, its symbol and its signer.
    issuing_agency = models.CharField(_("cơ quan ban hành"), max_length=200)
    parent_agency = models.CharField(_("cơ quan chủ quản"), max_length=200, blank=True)
    symbol = models.CharField(_("ký hiệu"), max_length=30, help_text=_("Ví dụ: BTTTT"))
    issue_place = models.CharField(_("nơi ban hành"), max_length=60, default="Hà Nội")
    # The office that drafts the letters: "TTĐN" in "1234/BTTTT-TTĐN" and in "Lưu: VT, TTĐN".
    drafting_unit = models.CharField(_("đơn vị soạn thảo (ký hiệu)"), max_length=30, blank=True)
    signer_authority = models.CharField(_("quyền hạn ký"), max_length=100, blank=True)
    signer_title = models.CharField(_("chức vụ người ký"), max_length=100, blank=True)
    signer_name = models.CharField(_("người ký"), max_length=200, blank=True)
    cost_note = models.CharField(
        _("kinh phí"), max_length=400, blank=True, help_text=_("Một câu ghi trong giấy mời.")
    )
    legal_hold = models.BooleanField(
        _("giữ nguyên dữ liệu"), default=False, help_text=_("Khi có thanh tra, khiếu nại, tố tụng.")
    )
    door_may_register = models.BooleanField(_("cửa vào được đăng ký đại biểu tại chỗ"), default=False)
    is_demo = models.BooleanField(_("dữ liệu minh họa"), default=False, editable=False)
    # The clock of a demonstration stands still: its deadlines are neither past nor far away.
    demo_now = models.DateTimeField(null=True, blank=True, editable=False)
    forgotten = models.JSONField(default=dict, db_default={}, editable=False)  # by the nights: `retention`

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("hội nghị")
        verbose_name_plural = pgettext_lazy("plural", "hội nghị")
        ordering = ("-starts_on", "slug")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="conference_ends_after_start",
                violation_error_message=_("Ngày bế mạc không được trước ngày khai mạc."),
            ),
            models.CheckConstraint(
                condition=Q(demo_now=None) | Q(is_demo=True), name="conference_clock_only_in_demo"
            ),
        )

    def __str__(self) -> str:
        return self.short_title

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("Đường dẫn này đã dùng cho việc khác. Chọn đường dẫn khác.")})
        if self.time_zone not in _zones():
            raise ValidationError({"time_zone": _("Không có múi giờ này. Ví dụ: Asia/Ho_Chi_Minh.")})

    def now(self) -> datetime.datetime:
        """The moment by which deadlines are judged, in the conference's own zone."""
        return (self.demo_now or timezone.now()).astimezone(self.zone)

    def today(self) -> datetime.date:
        return self.now().date()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def units(self) -> UnitQuerySet:
        """The units invited: those of the conference's set, as they stood on its first day."""
        return Unit.objects.filter(unit_set=self.unit_set).valid_on(self.starts_on)

    def role_of(self, user: Any) -> str:
        """ "administrator", a `Membership.Role`, or "" for everybody else."""
        if not user.is_authenticated:
            return ""
        if user.is_superuser:
            return "administrator"
        return str(user.roles.get(self.pk, ""))

    def is_run_by(self, user: Any) -> bool:
        """May this person change the conference?"""
        return self.role_of(user) in ("administrator", Membership.Role.ORGANISER)

    def is_signed_by(self, user: Any) -> bool:
        """Does this person sign its papers? Administrators do not: they run the house, not the office."""
        return self.role_of(user) == Membership.Role.SIGNER


def _zones() -> set[str]:
    import zoneinfo  # the list is read from disk: only when a conference is checked

    return zoneinfo.available_timezones()


class OrganisingBody(models.Model):
    """Which body has which part in a conference."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("Chủ trì")
        PARTNER = "partner", _("Phối hợp")
        HOST = "host", _("Đăng cai")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="organising_bodies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("cơ quan"))
    role = models.CharField(_("vai trò"), max_length=10, choices=Role)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("cơ quan tổ chức")
        verbose_name_plural = pgettext_lazy("plural", "cơ quan tổ chức")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("conference", "organisation", "role"), name="organising_body_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.organisation}"


class LegalBasis(models.Model):
    """A legal document on which the conference rests, or which one of its topics explains."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="legal_bases")
    number = models.CharField(_("số, ký hiệu"), max_length=60)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=120)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    title = models.CharField(_("trích yếu"), max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("căn cứ pháp lý")
        verbose_name_plural = pgettext_lazy("plural", "căn cứ pháp lý")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.number


class Membership(models.Model):
    """What a person may do in one conference. Officers are not here: they belong to a delegation."""

    class Role(models.TextChoices):
        ORGANISER = "organiser", _("Ban Tổ chức")
        DOOR = "door", _("Cửa vào")
        VIEWER = "viewer", _("Người xem")
        SIGNER = "signer", _("Người ký")  # looks on at the desk, and approves what is issued

    DESK_ROLES = (Role.ORGANISER, Role.VIEWER, Role.SIGNER)
    # Whose word counts: they work with a second factor.
    TRUSTED_ROLES = (Role.ORGANISER, Role.SIGNER)

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("tài khoản"))
    role = models.CharField(_("vai trò"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("thành viên Ban Tổ chức")
        verbose_name_plural = pgettext_lazy("plural", "thành viên Ban Tổ chức")
        constraints = (models.UniqueConstraint(fields=("conference", "user"), name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("A journal entry is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A journal entry is never removed.")


class JournalEntry(models.Model):
    """One act, as it was done. Written by `conference.journal`, never changed, never removed."""

    at = models.DateTimeField(_("lúc"), default=timezone.now, db_index=True)
    conference = models.ForeignKey(Conference, models.SET_NULL, null=True, related_name="journal")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người làm"))
    actor_name = models.CharField(_("người làm"), max_length=200)
    origin = models.CharField(_("từ đâu"), max_length=60, blank=True)  # empty for workers and commands
    request_id = models.CharField(max_length=64, blank=True, editable=False)  # as the log names it
    act = models.CharField(_("việc"), max_length=60)
    subject = models.CharField(_("đối tượng"), max_length=80, db_index=True)  # "attendees.attendee:17"
    subject_name = models.CharField(_("tên đối tượng"), max_length=300)
    changes = models.JSONField(_("thay đổi"), default=dict)  # field → [before, after]
    # Whom it concerns, as numbers of rows of rooms above: an entry outlives the row it speaks of.
    delegation_ref = models.BigIntegerField(null=True, db_index=True, editable=False)
    person_ref = models.BigIntegerField(null=True, db_index=True, editable=False)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("dòng nhật ký")
        verbose_name_plural = _("nhật ký")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.act}: {self.subject_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A journal entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A journal entry is never removed.")
