"""Desk: delegations, their seats, their people. Every act is a verb of `answers`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from attendees import admin_acts, admin_lists, admin_review, answers, codes, journals
from attendees.admin_contacts import MASKED, ContactsClosed
from attendees.admin_corrections import CorrectionAdmin as CorrectionAdmin
from attendees.admin_filters import (
    CategoryFilter,
    ContactFilter,
    ExtendedFilter,
    InvitedFilter,
    PresentFilter,
    RegionFilter,
    SeatFilter,
    SubstitutionFilter,
    TheseDelegations,
)
from attendees.admin_links import Linked
from attendees.admin_mail import Reminding, remind_delegations, write_to_people
from attendees.admin_photos import Photographed
from attendees.admin_questions import QuestionAdmin as QuestionAdmin
from attendees.admin_questions import said
from attendees.admin_seats import QuotaInline, require_unheard
from attendees.desk import TAGS
from attendees.forms import Phone
from attendees.models import Attendee, Delegation
from attendees.seats import seat_chain
from conference import access, desk_forms, keys, vietnamese, vietnamese_dates
from conference.desk_cells import Noted, category, tag
from conference.desk_lists import DeskInline, OwnRelated
from conference.models import JournalQuerySet
from mailing import log

ATTENDEE_TAGS = {
    Attendee.Status.NOMINATED: "wait",
    Attendee.Status.CONFIRMED: "ok",
    Attendee.Status.DECLINED: "off",
    Attendee.Status.REPLACED: "off",
}


class OfficerInline(DeskInline):
    model = Delegation.officers.through
    verbose_name = gettext_lazy("cán bộ đầu mối")
    verbose_name_plural = gettext_lazy("cán bộ đầu mối")
    fields = kept = ("user",)
    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, label=gettext_lazy("Tài khoản"), **kwargs)

    def told(self, row: Any) -> str:
        return super().told(row.user)


@admin.register(Delegation)
class DelegationAdmin(Linked, Reminding):
    folded_fields = ("name", "code", "unit__name", "unit__abbr", "unit__code", "unit__aliases")
    search_help_text = gettext_lazy("Tên đoàn, tên tắt, mã tỉnh; không cần gõ dấu")
    preset_conference = True
    list_display = ("number", "title", "seats", "nominated", "confirmed", "present", "state", "until")
    list_display_links = ("title",)
    list_filter = (
        "status",
        admin_review.ReviewFilter,
        RegionFilter,
        ExtendedFilter,
        InvitedFilter,
        TheseDelegations,
    )
    list_select_related = ("unit", "conference")
    list_per_page = 100
    ordering = ("position", "code")
    inlines = (QuotaInline, OfficerInline)
    actions = (
        admin_review.accept_delegations, admin_review.return_delegations, remind_delegations,
        admin_acts.confirm_delegations, admin_acts.decline_delegations, admin_acts.extend_deadline,
        admin_lists.hand_out_forms, admin_lists.export_delegations,
    )  # fmt: skip
    change_form_template = "admin/attendees/delegation/change_form.html"
    change_list_template = "admin/attendees/delegation/change_list.html"
    empty_text = gettext_lazy("Chưa có đoàn nào. Mời các đơn vị, hoặc thêm đoàn của cơ quan Trung ương.")

    def for_list(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.with_counts()  # type: ignore[attr-defined]  # a DelegationQuerySet

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        body = ("unit", "organisation") if obj is None or not obj.unit_id else ()
        first = (None, {"fields": (*body, "name", "code", "position")})
        if obj is None:
            return (first,)
        return (
            (
                _("Trả lời"),
                {"fields": ("state", "until", "head", "answered_at", "answered_by", *reason_of(obj))},
            ),
            (
                _("Đầu mối liên hệ"),
                {
                    "description": _("Giấy mời và thư nhắc gửi tới đây và tới cán bộ đầu mối có tài khoản."),
                    "fields": self.contact_fields(request),
                },
            ),
            (_("Đoàn"), {"fields": first[1]["fields"]}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        answer = ("state", "until", "head", "answered_at", "answered_by", "decline_reason")
        return answer if obj is None else (*answer, "code", "masked_phone", "masked_email")

    def row_acts(self, request: HttpRequest, obj: Delegation) -> list[str]:
        acts = [
            "extend_deadline",
            "hand_out_forms",
            "invite_delegations",
            "invitation_texts",
            "print_badges_of_delegations",
            "list_people_of_delegations",
        ]
        if obj.status != Delegation.Status.DECLINED:
            acts.append("decline_delegations")
        if obj.status != Delegation.Status.CONFIRMED:
            acts.insert(0, "confirm_delegations")
        return [*admin_review.acts_of(obj), *acts]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        delegation = self.get_object(request, object_id)
        people = delegation.attendees.select_related("category", "substitute_for").order_by(
            "category__position", "sort_key"
        )
        context = {
            "people": [{"person": one, "kind": ATTENDEE_TAGS[one.status]} for one in people],
            **admin_review.handed_in(delegation),
            "said": said(delegation, is_open=self.has_change_permission(request)),
            "answer_url": reverse("attendees:questions", args=(delegation.conference.slug, delegation.code))
            if self.has_change_permission(request)
            else "",
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def delete_model(self, request: HttpRequest, obj: Delegation) -> None:
        require_unheard(obj)
        super().delete_model(request, obj)

    def journal_entries(self, obj: Delegation) -> JournalQuerySet:
        return journals.of_delegation(obj)

    def beside_journal(self, obj: Delegation) -> dict[str, Any]:
        return {"letters": log.of(f"{self.opts.label_lower}:{obj.pk}")}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        conference = access.of(request).conference
        context = dict(extra_context or {})
        if conference and self.has_add_permission(request):
            invited = conference.delegations.of_units().values("unit")
            context["uninvited"] = conference.units().exclude(pk__in=invited).count()
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        invite = require_POST(self.admin_site.admin_view(self.invite_units))
        return [path("invite-units/", invite, name="attendees_delegation_invite"), *super().get_urls()]

    def invite_units(self, request: HttpRequest) -> HttpResponse:
        """One delegation for every unit of the conference that has none."""
        conference = access.of(request).conference
        if conference is None or not self.has_add_permission(request):
            raise PermissionDenied
        try:
            made = len(answers.invite_units(conference, by=request.user))  # type: ignore[arg-type]  # signed in
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
        else:
            messages.success(request, _("Đã lập %(n)s đoàn với số suất của từng thành phần.") % {"n": made})
        return HttpResponseRedirect(reverse("admin:attendees_delegation_changelist"))

    @admin.display(description=gettext_lazy("mã"), ordering="position")
    def number(self, obj: Delegation) -> str:
        return obj.unit.code if obj.unit else _("TW")

    @admin.display(description=gettext_lazy("đoàn"), ordering="name")
    def title(self, obj: Delegation) -> str:
        return obj.name

    @admin.display(description=gettext_lazy("số suất"), ordering="seats")
    def seats(self, obj: Any) -> int:
        return int(obj.seats)

    @admin.display(description=gettext_lazy("đã cử"), ordering="nominated")
    def nominated(self, obj: Any) -> int:
        return int(obj.nominated)

    @admin.display(description=gettext_lazy("xác nhận"), ordering="confirmed")
    def confirmed(self, obj: Any) -> int:
        return int(obj.confirmed)

    @admin.display(description=gettext_lazy("có mặt"), ordering="present")
    def present(self, obj: Any) -> int:
        return int(obj.present)

    @admin.display(description=gettext_lazy("tình trạng"), ordering="status")
    def state(self, obj: Delegation) -> SafeString:
        state, review = tag(TAGS[obj.status], obj.get_status_display()), admin_review.review_tag(obj)
        return format_html("{} {}", state, review) if review else state

    @admin.display(description=gettext_lazy("hạn trả lời"), ordering="extended_to")
    def until(self, obj: Delegation) -> Noted:
        moment, longer = obj.deadline, obj.extended_to and obj.extended_to > obj.conference.confirm_by
        words = [_("được gia hạn")] if longer else []
        if not obj.is_open() and obj.status in (Delegation.Status.WAITING, Delegation.Status.ANSWERING):
            words.append(_("đã qua"))
        return Noted(
            f"{vietnamese_dates.clock(moment)}, {vietnamese_dates.short_date(moment)}", ", ".join(words)
        )


def reason_of(obj: Delegation) -> tuple[str, ...]:
    return ("decline_reason",) if obj.decline_reason else ()


class AttendeeForm(desk_forms.DeskForm):
    """Shows a number as people read it."""

    def shown(self, name: str, value: Any) -> str:
        return vietnamese.show_phone(value or "") if name == "phone" else super().shown(name, value)


@admin.register(Attendee)
class AttendeeAdmin(Photographed, Linked, ContactsClosed):
    preset_conference = True
    holds_row = False  # the verbs hold the delegation first, and compare the version
    folded_fields = ("search_key",)
    form = AttendeeForm
    search_help_text = gettext_lazy("Tên, điện thoại, mã, cơ quan; không cần gõ dấu")
    list_display = ("person", "organisation_name", "component", "place", "state")
    list_display_links = ("person",)
    list_filter = (
        "status", SeatFilter, ("category", CategoryFilter), PresentFilter, ContactFilter, SubstitutionFilter,
        RegionFilter, ("delegation", OwnRelated), TheseDelegations,
    )  # fmt: skip
    list_select_related = ("delegation__unit", "category", "substitute_for")
    ordering = ("sort_key", "pk")
    actions = (
        admin_acts.confirm_people, admin_acts.decline_people, admin_acts.replace_person, admin_acts.make_head,
        write_to_people, admin_lists.export_people,
    )  # fmt: skip
    empty_text = gettext_lazy("Chưa có đại biểu nào.")
    readonly_fields = ("state", "chain", "short_code", "decline_reason", "is_walk_in")

    def for_list(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.annotate(here=Exists(Attendee.objects.present().filter(pk=OuterRef("pk"))))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "phone":
            kwargs["form_class"] = Phone
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.search(search_term, by_contact=self.has_change_permission(request)), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        person: tuple[str, ...] = (
            "honorific", "full_name", "birth_year", "position", "rank", "organisation_name", "phone",
            "email", "note",
        )  # fmt: skip
        parts = {
            "fields": ("family_name", "middle_name", "given_name"),
            "description": _("Để trống thì tự tách từ họ và tên. Tên dùng để sắp thứ tự danh sách."),
        }
        seat = (_("Suất"), {"fields": ("delegation", "category", "seat_note")})
        person = self.with_masks(person, self.closed(request, obj))
        body = ((_("Người được cử"), {"fields": person}), (_("Tách họ, đệm, tên"), parts))
        if obj is None:
            return (seat, *body)
        state = ["state", "short_code", "is_walk_in"]
        state += ["chain"] if obj.substitute_for_id or obj.status == Attendee.Status.REPLACED else []
        state += ["decline_reason"] if obj.status == Attendee.Status.DECLINED else []
        return ((_("Tình trạng"), {"fields": state}), seat, *body)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return self.readonly_fields
        masks = (MASKED[name] for name in self.closed(request, obj))
        return ("delegation", *self.readonly_fields, *masks)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        waits = obj is None or getattr(obj, "status", "") == Attendee.Status.NOMINATED
        return super().has_delete_permission(request, obj) and waits

    def row_acts(self, request: HttpRequest, obj: Attendee) -> list[str]:
        if obj.status == Attendee.Status.REPLACED:
            return []
        acts = ["replace_person", "decline_people", "make_head"] if obj.is_active else []
        return [
            *([] if obj.status == Attendee.Status.CONFIRMED else ["confirm_people"]),
            *acts,
            "print_badges",
            "issue_certificates",
        ]

    def save_model(self, request: HttpRequest, obj: Attendee, form: Any, change: bool) -> None:
        """Through the verbs: seats, versions and journal hold as they do for everybody else."""
        by: Any = request.user
        told = (*Attendee.PERSON_FIELDS, *Attendee.DESK_FIELDS)
        person = {name: form.cleaned_data[name] for name in told if name in form.cleaned_data}
        if not PARTS & set(form.changed_data) and "full_name" in form.changed_data:
            person = {name: value for name, value in person.items() if name not in PARTS}
        try:
            if change:
                saved = answers.edit(obj, by=by, version=obj.version, category=obj.category, **person)
            else:
                key = keys.press(request.POST.get("once", ""))
                saved = answers.nominate(obj.delegation, obj.category, by=by, request_key=key, **person)
        except answers.Stale as stale:
            sentence = _("Người khác vừa sửa %(name)s. Xem lại các ô rồi lưu lần nữa.")
            raise ValidationError(sentence % {"name": stale.current}, code="stale") from stale
        except PermissionDenied as refused:
            raise ValidationError(_("Không có quyền sửa đoàn này.")) from refused
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Attendee) -> None:
        answers.remove(obj, by=request.user)  # type: ignore[arg-type]  # signed in

    def journals(self) -> bool:
        return False  # the verbs do

    def journal_entries(self, obj: Attendee) -> JournalQuerySet:
        return journals.of_person(obj)

    def beside_journal(self, obj: Attendee) -> dict[str, Any]:
        return {"letters": log.of(f"{self.opts.label_lower}:{obj.pk}")}

    @admin.display(description=gettext_lazy("họ và tên"), ordering="sort_key")
    def person(self, obj: Attendee) -> Noted:
        return Noted(obj.full_name, obj.title)

    @admin.display(description=gettext_lazy("loại"), ordering="category__position")
    def component(self, obj: Attendee) -> SafeString:
        return category(obj.category.band, obj.category.short_name or obj.category.name)

    @admin.display(description=gettext_lazy("đoàn, mã đại biểu"), ordering="delegation__position")
    def place(self, obj: Attendee) -> Noted:
        name = obj.delegation.unit.name if obj.delegation.unit else obj.delegation.name
        return Noted(name, codes.group(obj.code))

    @admin.display(description=gettext_lazy("tình trạng"), ordering="status")
    def state(self, obj: Attendee) -> SafeString:
        shown = tag(ATTENDEE_TAGS[Attendee.Status(obj.status)], obj.get_status_display())
        if obj.substitute_for and obj.is_active:
            shown = format_html(
                "{} {}",
                shown,
                tag("part", _("Thay %(name)s") % {"name": obj.substitute_for.addressed}, "swap"),
            )
        if getattr(obj, "here", False):
            shown = format_html("{} {}", shown, tag("ok", _("Có mặt"), "pin"))
        return shown

    @admin.display(description=gettext_lazy("người giữ suất"))
    def chain(self, obj: Attendee) -> SafeString:
        """Everybody who held the seat, the first one first: when, by whom and why it changed."""
        return render_to_string("admin/attendees/_chain.html", {"people": seat_chain(obj), "shown": obj})

    @admin.display(description=gettext_lazy("mã đại biểu"))
    def short_code(self, obj: Attendee) -> SafeString:
        return format_html("<code>{}</code>", codes.group(obj.code))


PARTS = {"family_name", "middle_name", "given_name"}
