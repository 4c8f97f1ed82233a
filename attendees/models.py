"""Who comes: the delegation of a unit, its seats by component, and its people."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self, cast

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from attendees import codes, searching
from attendees.batches import ColumnMemory, ImportBatch
from attendees.categories import Band, Category, Quota
from attendees.guests import Correction, Link
from attendees.questions import Question
from attendees.submissions import Draft, Receipt, Upload
from conference import vietnamese
from conference.guests import Guest
from conference.models import Conference, Organisation, Unit, User
from conference.purposes import ERASED_NAME

# Every model of the room, wherever it is written.
__all__ = [
    "Attendee",
    "AttendeeQuerySet",
    "Band",
    "Category",
    "ColumnMemory",
    "Correction",
    "Delegation",
    "DelegationQuerySet",
    "Draft",
    "ImportBatch",
    "Link",
    "Question",
    "Quota",
    "Receipt",
    "Upload",
    "counted",
]


def counted(rows: models.QuerySet[Any], group: str, value: models.Aggregate) -> Coalesce:
    """A correlated figure: `value` over the `rows` of one `group`; 0 where there are none."""
    grouped = rows.order_by().values(group).annotate(figure=value).values("figure")
    return Coalesce(Subquery(grouped, output_field=models.IntegerField()), 0)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, user: Any) -> Self:
        """Delegations on the person's desk, and those for which the person is an officer; a guest's own."""
        if isinstance(user, Guest):
            return self.filter(pk=user.delegation_id)
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        desks = Conference.objects.on_desk_of(user).values("pk")
        mine = self.model.officers.through.objects.filter(user=user).values("delegation")
        return self.filter(Q(conference__in=desks) | Q(pk__in=mine))

    def answered_by(self, user: Any) -> Self:
        """Delegations for which the person is an officer."""
        return self.filter(officers=user) if user.is_authenticated else self.none()

    def of_units(self) -> Self:
        """Provincial delegations; the others are central."""
        return self.exclude(unit=None)

    def lacking(self, category: Category) -> Self:
        """The provincial delegations of its conference that were made before the component was added."""
        rows = self.of_units().filter(conference=category.conference_id)
        return rows.exclude(pk__in=category.quotas.values("delegation"))

    def with_counts(self) -> Self:
        """Adds `seats`, `declined_seats`, `nominated` (who takes a seat), `confirmed` and `present`."""
        people = Attendee.objects.filter(delegation=OuterRef("pk"))
        quotas = Quota.objects.filter(delegation=OuterRef("pk"))
        return self.annotate(
            seats=counted(quotas, "delegation", Sum("seats")),
            declined_seats=counted(quotas, "delegation", Sum("declined")),
            nominated=counted(people.active(), "delegation", Count("pk")),
            confirmed=counted(people.confirmed(), "delegation", Count("pk")),
            present=counted(people.present(), "delegation", Count("pk")),
        )


class Delegation(models.Model):
    """What one unit, or one central body, sends to a conference."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Chưa phản hồi")
        ANSWERING = "answering", _("Một phần")
        CONFIRMED = "confirmed", _("Đã chốt")
        DECLINED = "declined", pgettext_lazy("state", "Không cử đoàn")

    SENT: ClassVar = (Status.CONFIRMED, Status.DECLINED)  # the answer was given as a whole

    class Review(models.TextChoices):
        NONE = "", _("Chưa tiếp nhận")
        ACCEPTED = "accepted", _("Đã tiếp nhận")
        RETURNED = "returned", _("Trả lại")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="delegations")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="delegations",
        verbose_name=_("đơn vị hành chính"),
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("cơ quan Trung ương")
    )
    code = models.SlugField(_("mã đoàn"), max_length=60)
    name = models.CharField(_("tên đoàn"), max_length=200)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.WAITING)
    officers = models.ManyToManyField(
        User, blank=True, related_name="delegations", verbose_name=_("cán bộ đầu mối")
    )
    head = models.ForeignKey(
        "Attendee", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("trưởng đoàn")
    )
    extended_to = models.DateTimeField(_("gia hạn đến"), null=True, blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người trả lời"),
    )  # fmt: skip
    answered_by_name = models.CharField(_("người trả lời"), max_length=200, blank=True, editable=False)
    decline_reason = models.CharField(_("lý do không cử"), max_length=500, blank=True)
    # Whom to write to and to call where nobody has an account.
    contact_name = models.CharField(_("đầu mối liên hệ"), max_length=200, blank=True)
    contact_phone = models.CharField(_("điện thoại đầu mối"), max_length=20, blank=True)
    contact_email = models.EmailField(_("thư đầu mối"), blank=True)
    invited_at = models.DateTimeField(_("mời lúc"), null=True, blank=True, editable=False)
    # What the organisers say to the answer that was sent; a change by the delegation takes it away.
    review = models.CharField(_("tiếp nhận"), max_length=10, choices=Review, blank=True, editable=False)
    reviewed_at = models.DateTimeField(_("tiếp nhận lúc"), null=True, blank=True, editable=False)
    review_remark = models.CharField(_("nhận xét"), max_length=500, blank=True, editable=False)
    extra = models.JSONField(default=dict, blank=True, editable=False)  # answers, by the slug of the question
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("đoàn đại biểu")
        verbose_name_plural = pgettext_lazy("plural", "đoàn đại biểu")
        ordering = ("position", "code")
        constraints = (
            models.UniqueConstraint(fields=("conference", "code"), name="delegation_code_once"),
            models.UniqueConstraint(fields=("conference", "unit"), name="delegation_once_per_unit"),
            models.CheckConstraint(
                condition=Q(unit=None) | Q(organisation=None), name="delegation_of_unit_or_organisation"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_central(self) -> bool:
        return self.unit_id is None

    @property
    def deadline(self) -> datetime.datetime:
        """Last moment for the officers, in the conference's zone: its own extension, else the general one."""
        return max(self.extended_to or self.conference.confirm_by, self.conference.confirm_by).astimezone(
            self.conference.zone
        )

    def is_open(self) -> bool:
        return self.conference.now() <= self.deadline

    def is_answered_by(self, user: User | Guest) -> bool:
        """Is it this person's part to answer: as organiser, as officer of the delegation, or by its link?"""
        if isinstance(user, Guest):
            return user.delegation_id == self.pk
        return self.conference.is_run_by(user) or self.officers.filter(pk=user.pk).exists()

    def is_open_to(self, user: User | Guest) -> bool:
        """May this person change the delegation now? Organisers always, officers until the deadline."""
        return self.conference.is_run_by(user) or (self.is_open() and self.is_answered_by(user))


EARLIEST_BIRTH_YEAR = 1900
YOUNGEST = 15  # years old; who types less has typed a wrong year


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def visible_to(self, user: Any) -> Self:
        """People of the delegations that the person may see; for the guest of one person, that person."""
        if isinstance(user, Guest):
            return self.filter(Q(delegation=user.delegation_id) | Q(pk=user.attendee_id))
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(delegation__in=Delegation.objects.visible_to(user).values("pk"))

    def active(self) -> Self:
        """Who takes a seat: nominated or confirmed."""
        return self.filter(status__in=self.model.ACTIVE)

    def confirmed(self) -> Self:
        return self.filter(status=self.model.Status.CONFIRMED)

    def nominated(self) -> Self:
        """Waiting for a confirmation."""
        return self.filter(status=self.model.Status.NOMINATED)

    def present(self) -> Self:
        """Who was seen in at least one session."""
        attendance = apps.get_model("thematic", "Attendance")  # an upper room, called by name
        return self.filter(Exists(attendance._default_manager.filter(attendee=OuterRef("pk"))))

    def in_order(self) -> Self:
        """By delegation, then tên → đệm → họ."""
        return self.order_by("delegation__position", "delegation__code", "sort_key", "pk")

    def search(self, text: str, *, by_contact: bool = True) -> Self:
        """Every word of `text`, in any order, without regard to marks: name, unit, position, code, contact.

        Rows that hold the text as typed (with its marks) come first. `by_contact=False`: for who sees
        contacts masked, and must not ask for them letter by letter.
        """
        return cast(Self, searching.narrowed(self, text, by_contact=by_contact))


class Attendee(models.Model):
    """One person at one conference.

    Name, position, rank and organisation are a snapshot in plain text: lists, badges and certificates do not
    change when the person is promoted, or the body renamed, afterwards.
    """

    class Status(models.TextChoices):
        NOMINATED = "nominated", _("Chờ xác nhận")
        CONFIRMED = "confirmed", _("Đã xác nhận")
        DECLINED = "declined", _("Không tham dự")
        REPLACED = "replaced", _("Đã thay người")

    class Honorific(models.TextChoices):
        MR = "ong", _("Ông")
        MRS = "ba", _("Bà")
        COMRADE = "dong-chi", _("Đồng chí")

    ACTIVE: ClassVar = (Status.NOMINATED, Status.CONFIRMED)
    # What the people of a delegation may write about a person.
    PERSON_FIELDS: ClassVar = (
        "honorific", "full_name", "family_name", "middle_name", "given_name", "birth_year",
        "position", "rank", "organisation_name", "phone", "email", "note",
    )  # fmt: skip
    # What only the organisers write beside it.
    DESK_FIELDS: ClassVar = ("seat_note",)
    PART_LENGTHS: ClassVar = {"family_name": 60, "middle_name": 80, "given_name": 60}

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="attendees", verbose_name=_("hội nghị")
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="attendees", verbose_name=_("đoàn")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="attendees", verbose_name=_("thành phần")
    )
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.NOMINATED)
    honorific = models.CharField(_("danh xưng"), max_length=10, choices=Honorific, blank=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    # Parts are proposed from the full name and may be put right: "Lò Thị", "Tôn Nữ", "H' Linh" defy rules.
    family_name = models.CharField(_("họ"), max_length=PART_LENGTHS["family_name"], blank=True)
    middle_name = models.CharField(_("tên đệm"), max_length=PART_LENGTHS["middle_name"], blank=True)
    given_name = models.CharField(_("tên"), max_length=PART_LENGTHS["given_name"], blank=True)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    position = models.CharField(_("chức vụ"), max_length=200, blank=True)
    rank = models.CharField(_("cấp bậc"), max_length=60, blank=True)
    organisation_name = models.CharField(_("đơn vị công tác"), max_length=200, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    seat_note = models.CharField(_("chỗ ngồi"), max_length=60, blank=True)  # in the hall; read at the door
    photo = models.CharField(_("ảnh"), max_length=200, blank=True, editable=False)  # a stored name
    decline_reason = models.CharField(_("lý do"), max_length=500, blank=True)
    substitute_for = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="substitute", verbose_name=_("thay cho")
    )
    # Who first stood on the seat: a chain of substitutes keeps its place in lists.
    seat_first = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    replaced_at = models.DateTimeField(_("thay lúc"), null=True, blank=True, editable=False)
    replaced_by_name = models.CharField(_("người ghi thay"), max_length=200, blank=True, editable=False)
    extra = models.JSONField(default=dict, blank=True, editable=False)  # answers, by the slug of the question
    # Which text on personal data was shown to the person, and when (law 91/2025/QH15).
    notice_version = models.CharField(max_length=20, blank=True, editable=False)
    notice_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_walk_in = models.BooleanField(_("đăng ký tại chỗ"), default=False)
    # One filled form makes one person, however often the browser sends it.
    request_key = models.UUIDField(
        null=True, blank=True, unique=True, editable=False,
        error_messages={"unique": _("Biểu mẫu này đã dùng. Mở lại trang của đoàn rồi nhập lại.")},
    )  # fmt: skip
    # Seen by people and typed at a desk; the badge's QR carries `badge_token`, which cannot be guessed.
    code = models.CharField(_("mã đại biểu"), max_length=8, unique=True, editable=False)
    badge_token = models.CharField(max_length=16, unique=True, editable=False)
    former_badges = models.JSONField(default=list, blank=True, editable=False)  # SHA-256 of dead tokens
    sort_key = models.CharField(max_length=400, editable=False)
    search_key = models.CharField(max_length=1000, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("thêm lúc"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("xóa dữ liệu lúc"), null=True, blank=True, editable=False)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("đại biểu")
        verbose_name_plural = pgettext_lazy("plural", "đại biểu")
        ordering = ("sort_key", "pk")
        indexes = (
            models.Index(fields=("conference", "sort_key"), name="attendee_by_name"),
            models.Index(fields=("delegation", "status"), name="attendee_by_delegation"),
        )
        constraints = (models.CheckConstraint(
            condition=Q(erased_at=None) | Q(full_name=ERASED_NAME, phone="", email=""),
            name="attendee_erased_is_nobody",
        ),)  # fmt: skip

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """What goes before every write; those who write many rows at once call it themselves."""
        self.code = self.code or codes.new_code()
        self.badge_token = self.badge_token or codes.new_token()
        self.normalise()

    def clean_person(self) -> None:
        """Every rule about what is written of a person. Asks the database nothing."""
        told = {*self.PERSON_FIELDS, *self.DESK_FIELDS}
        self.clean_fields(exclude={one.name for one in self._meta.fields} - told)
        self.clean()

    def clean(self) -> None:
        self.normalise()
        if not self.full_name:
            raise ValidationError({"full_name": _("Nhập họ và tên.")})
        if self.category_id and self.category.conference_id != self.conference_id:
            raise ValidationError({"category": _("Thành phần này thuộc hội nghị khác.")})
        latest = self.conference.today().year - YOUNGEST
        if self.birth_year is not None and not EARLIEST_BIRTH_YEAR <= self.birth_year <= latest:
            sentence = gettext("Năm sinh từ %(first)s đến %(last)s. Nhập bốn chữ số, ví dụ 1985.")
            raise ValidationError({"birth_year": sentence % {"first": EARLIEST_BIRTH_YEAR, "last": latest}})
        if self.phone:
            try:
                self.phone = vietnamese.phone(self.phone)
            except ValueError as error:
                raise ValidationError({"phone": gettext(str(error))}) from error

    def normalise(self) -> None:
        """NFC, single spaces; parts of the name where none were given; keys for order and search."""
        for field in ("full_name", "family_name", "middle_name", "given_name", "position", "rank",
                      "organisation_name", "note", "seat_note", "decline_reason"):  # fmt: skip
            if text := getattr(self, field):
                setattr(self, field, vietnamese.clean(text))
        parts = vietnamese.split_name(self.full_name)
        if not self.given_name:  # proposed, for order only: it never stands in the way of a long name
            for (field, length), part in zip(self.PART_LENGTHS.items(), parts, strict=True):
                setattr(self, field, part[:length])
        self.sort_key = vietnamese.sort_key(self.family_name, self.middle_name, self.given_name)
        words = (self.full_name, self.organisation_name, self.position, self.rank, self.email)
        self.search_key = searching.key_of(words, self.code, self.phone)

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def addressed(self) -> str:
        """With Ông, Bà or Đồng chí: "Ông Nguyễn Tấn Lực"."""
        return f"{self.get_honorific_display()} {self.full_name}".strip()

    @property
    def title(self) -> str:
        """Rank and position as they stand on a badge: "Đại tá, Phó Chính ủy"."""
        return ", ".join(filter(None, (self.rank, self.position)))
