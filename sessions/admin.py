"""Desk: the programme, its halls, who speaks, who was there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import codes
from attendees.models import Attendee
from conference import access, moments, vietnamese, vietnamese_dates
from conference.desk_cells import Noted, tag
from conference.desk_forms import DeskForm
from conference.desk_lists import DeskInline, OwnRelated, ReadOnlyAdmin
from conference.scoping import DeskAdmin
from sessions import planning
from sessions.admin_enlisting import enlist
from sessions.admin_feedback import TestQuestionAdmin as TestQuestionAdmin
from sessions.admin_materials import MaterialAdmin as MaterialAdmin
from sessions.admin_releases import ReleaseAdmin as ReleaseAdmin
from sessions.admin_speakers import ask_speakers
from sessions.models import Attendance, Hall, Participation, Session, SignUp
from sessions.speaker_page import ANSWERS


class ParticipationForm(DeskForm):
    """A person by the short code from the list of attendees, or by name alone.

    A code instead of a choice: a list of two thousand names in every row helps nobody.
    """

    code = forms.CharField(
        label=gettext_lazy("Mã đại biểu"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Nếu người này có trong danh sách, ví dụ 7K3M-9QFE."),
        widget=forms.TextInput(attrs={"class": "input--short", "autocomplete": "off"}),
    )
    conference: Any = None  # set by the desk

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.attendee_id:
            self.initial["code"] = codes.group(self.instance.attendee.code)

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        self.instance.attendee = None
        if not typed:
            return ""
        try:
            found = Attendee.objects.filter(
                conference=self.conference, code=codes.normalise_code(typed)
            ).first()
        except ValueError as error:
            raise ValidationError(_(str(error))) from error
        if found is None:
            raise ValidationError(
                _("Không có đại biểu nào mang mã này trong hội nghị. Xem lại trong danh sách đại biểu.")
            )
        self.instance.attendee = found
        return codes.group(found.code)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        session, name = cleaned.get("session"), cleaned.get("full_name")
        if name and session and session.pk and self.has_changed():
            same = ("role", "organisation_name")
            rows = session.participations.filter(**{one: cleaned.get(one) for one in same})
            others = rows.exclude(pk=self.instance.pk).values_list("full_name", flat=True)
            if vietnamese.fold(name) in map(vietnamese.fold, others):
                self.add_error("full_name", _("Người này đã có vai trò đó trong phiên."))
        return cleaned


PERSON = ("role", "code", "full_name", "title", "organisation_name", "answer", "is_assumed", "order")


class ParticipationInline(DeskInline):
    model = Participation
    form = ParticipationForm
    fields = PERSON
    verbose_name_plural = gettext_lazy("người tham gia phiên")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participation]:
        rows: QuerySet[Participation] = super().get_queryset(request)
        return rows.select_related("attendee", "session")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = type("Form", (ParticipationForm,), {"conference": access.of(request).conference})
        return super().get_formset(request, obj, **kwargs)


class SessionForm(DeskForm):
    """A session; a hall that is taken is refused until the overlap is said, as in the plan."""

    overlap = forms.BooleanField(
        label=gettext_lazy("Vẫn xếp chồng khi hội trường đã có phiên"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known: list[Any] = [cleaned.get(name) for name in planning.Time._fields]
        if all(known) and not cleaned.get("overlap"):  # without a hall nothing can stand in the way
            planning.require_room(self.instance, planning.Time(*known))
        return cleaned


class DayFilter(admin.SimpleListFilter):
    """By day of the programme."""

    title = gettext_lazy("ngày")
    parameter_name = "day"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        days = Session.objects.filter(conference=access.of(request).conference).order_by("day")
        found = access.once(request, "days", lambda: list(days.values_list("day", flat=True).distinct()))
        return [(str(day), moments.weekday_date(day)) for day in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = [value for value, _word in self.lookup_choices]
        return queryset.filter(day=self.value()) if self.value() in known else queryset


@admin.register(Session)
class SessionAdmin(DeskAdmin):
    preset_conference = True
    form = SessionForm
    folded_fields = ("title", "code", "note", "hall__name")
    list_display = ("when", "topic", "word", "hall", "people")
    list_display_links = ("topic",)
    list_filter = (DayFilter, "kind", ("hall", OwnRelated))
    list_select_related = ("hall",)
    ordering = ("day", "starts", "pk")
    inlines = (ParticipationInline,)
    fieldsets = (
        (None, {"fields": ("title", "kind", "number", "code", "note")}),
        (
            gettext_lazy("Thời gian, nơi họp"),
            {"fields": ("day", "starts", "ends", "hall", "expected", "overlap", "warnings")},
        ),
        (gettext_lazy("Đăng ký trước"), {"fields": ("sign_up", "places", "sign_up_until")}),
        (gettext_lazy("Điểm danh"), {"fields": ("self_check_in",)}),
    )
    readonly_fields = ("warnings",)
    empty_text = gettext_lazy("Chưa có phiên nào trong chương trình.")

    @admin.display(description=gettext_lazy("cần xem lại"))
    def warnings(self, obj: Session) -> str:
        """What the plan says of this session as it was kept last."""
        if obj._state.adding:
            return _("Lưu xong sẽ thấy ở đây.")
        found = [one.text for one in planning.findings(obj.conference) if obj.code in one.keys]
        if not found:
            return _("Không có điểm nào cần xem lại")
        return format_html_join("", "<p>{}</p>", ((text,) for text in found))

    def hold(self, request: HttpRequest, object_id: str | None) -> None:
        """The conference first, as whoever plans."""
        planning.hold(access.current(request))
        super().hold(request, object_id)

    def save_model(self, request: HttpRequest, obj: Session, form: Any, change: bool) -> None:
        obj.version += int(change)  # so that a plan shown before does not write over it
        super().save_model(request, obj, form, change)
        if change and not obj.sign_up and (number := _signed_up(obj)):
            said = _("%(n)s người đã đăng ký phiên này: danh sách vẫn giữ, không nhận thêm.")
            messages.warning(request, said % {"n": number})

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Says how many signed up, before the question is answered."""
        if request.method == "GET" and (number := _signed_up(self.get_object(request, object_id))):
            said = _(
                "%(n)s người đã đăng ký phiên này. Họ và đoàn của họ được báo khi phát hành chương trình "
                "không còn phiên này; từ lúc đó họ chọn được phiên khác."
            )
            messages.warning(request, said % {"n": number})
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """A phone at a door that is left without a session would serve all of them."""
        deleted, count, lacking, protected = super().get_deleted_objects(objs, request)
        sentence = _("%(phone)s: máy ở cửa chỉ phục vụ phiên này. Chọn phiên khác cho máy, hoặc thu hồi.")
        for session in objs:
            phones = session.devices.standing().prefetch_related("sessions")
            alone = [phone for phone in phones if len(phone.sessions.all()) == 1]
            protected += [sentence % {"phone": phone} for phone in alone]
        return deleted, count, lacking, protected

    def for_list(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.annotate(people_count=Count("participations"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else ("code", *self.readonly_fields)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "title":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        if db_field.name == "code":
            kwargs["help_text"] = _(
                "Chữ không dấu, số, gạch nối, ví dụ khai-mac. Đặt một lần: chương trình đã phát hành, "
                "đăng ký, điện thoại ở cửa nhận ra phiên nhờ mã."
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("thời gian"), ordering="day")
    def when(self, obj: Session) -> Noted:
        return Noted(vietnamese_dates.time_range(obj.starts, obj.ends), moments.weekday_date(obj.day))

    @admin.display(description=gettext_lazy("nội dung"), ordering="title")
    def topic(self, obj: Session) -> Noted:
        number = _("Chuyên đề %(n)s") % {"n": obj.number} if obj.number else ""
        return Noted(obj.title, ". ".join(filter(None, (number, obj.note))))

    @admin.display(description=gettext_lazy("loại"), ordering="kind")
    def word(self, obj: Session) -> str:
        return obj.get_kind_display()

    @admin.display(description=gettext_lazy("số người"), ordering="people_count")
    def people(self, obj: Any) -> int:
        return int(obj.people_count)


def _signed_up(session: Session) -> int:
    return int(SignUp.objects.of(session.conference, session.code).active().count())


@admin.register(Participation)
class ParticipationAdmin(DeskAdmin):
    conference_path = "session__conference"
    form = ParticipationForm
    folded_fields = ("full_name", "title", "organisation_name", "session__title")
    list_display = ("person", "organisation_name", "part", "topic", "reply", "source")
    list_display_links = ("person",)
    list_filter = ("role", "answer", "is_assumed", ("session", OwnRelated))
    list_select_related = ("session", "attendee")
    ordering = ("session__day", "session__starts", "order", "pk")
    actions = (ask_speakers, enlist)
    fields = ("session", *PERSON, "decline_reason", "link")
    readonly_fields = ("decline_reason", "link")
    empty_text = gettext_lazy("Chưa có báo cáo viên nào.")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"conference": access.of(request).conference})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ("session", *PERSON)

    def row_acts(self, request: HttpRequest, obj: Participation) -> list[str]:
        if not obj.attendee_id:
            return ["enlist"] if obj.full_name else []
        return ["ask_speakers"] if obj.role in Participation.ASKED else []

    @admin.display(description=gettext_lazy("họ và tên"), ordering="full_name")
    def person(self, obj: Participation) -> Noted:
        return Noted(obj.full_name or _("Chưa có tên"), obj.title)

    @admin.display(description=gettext_lazy("vai trò"), ordering="role")
    def part(self, obj: Participation) -> str:
        return obj.get_role_display()

    @admin.display(description=gettext_lazy("liên kết cá nhân"))
    def link(self, obj: Participation) -> SafeString | str:
        """To the page of the person, where links are made and copied; a name alone has none."""
        if not obj.attendee_id:
            return _(
                "Người này chưa có trong danh sách đại biểu. Đưa vào danh sách, hoặc ghi mã đại biểu ở trên."
            )
        address = reverse("admin:attendees_attendee_change", args=(obj.attendee_id,))
        return format_html('<a href="{}#lien-ket">{}</a>', address, _("Lập, chép liên kết"))

    @admin.display(description=gettext_lazy("phiên"), ordering="session__day")
    def topic(self, obj: Participation) -> str:
        return obj.session.title

    @admin.display(description=gettext_lazy("trả lời"), ordering="answer")
    def reply(self, obj: Participation) -> SafeString | str:
        if obj.role not in Participation.ASKED:
            return "–"
        return tag(ANSWERS[Participation.Answer(obj.answer)], obj.get_answer_display())

    @admin.display(description=gettext_lazy("nguồn"), ordering="is_assumed")
    def source(self, obj: Participation) -> SafeString | str:
        if obj.is_assumed:
            return tag("wait", _("Giả định"))
        return tag("ok", _("Trong danh sách")) if obj.attendee_id else "–"


@admin.register(Hall)
class HallAdmin(DeskAdmin):
    preset_conference = True
    folded_fields = ("name",)
    list_display = ("name", "capacity", "sessions_held", "position")
    ordering = ("position", "name")
    fields = ("name", "capacity", "minutes_away", "position")
    empty_text = gettext_lazy("Chưa có hội trường nào.")

    def for_list(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.annotate(held=Count("sessions"))

    @admin.display(description=gettext_lazy("số phiên"), ordering="held")
    def sessions_held(self, obj: Any) -> int:
        return int(obj.held)


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyAdmin):
    conference_path = "session__conference"
    folded_fields = (
        "attendee__full_name", "attendee__organisation_name", "attendee__position", "attendee__code",
    )  # fmt: skip
    list_display = ("attendee", "place", "topic", "at", "source")
    list_filter = (("session", OwnRelated), "source")
    list_select_related = ("attendee__delegation", "session")
    ordering = ("-at",)
    fields = ("attendee", "session", "at", "source", "recorded_by")
    intro = gettext_lazy(
        "Ghi nhầm người: mở Đối chiếu có mặt, chọn phiên, rồi chọn “Ghi nhầm, gỡ” ở dòng của người ấy."
    )
    empty_text = gettext_lazy("Chưa ghi nhận lượt có mặt nào.")

    @admin.display(description=gettext_lazy("đoàn"), ordering="attendee__delegation__position")
    def place(self, obj: Attendance) -> str:
        return obj.attendee.delegation.name

    @admin.display(description=gettext_lazy("phiên"), ordering="session__day")
    def topic(self, obj: Attendance) -> str:
        return obj.session.title
