"""Desk: conferences, people with an account, the catalogues, the journal."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import access, invitations, keys, refusals, vietnamese_dates
from conference.conference_form import ConferenceForm
from conference.desk_cells import Noted, tag
from conference.desk_journal import ACTS, act_word, change_lines, masked
from conference.desk_lists import AdministratorsOnly, DeskInline, ReadOnlyAdmin
from conference.desk_members import AccountWords, MembershipInline
from conference.models import (
    Conference,
    JournalEntry,
    LegalBasis,
    Organisation,
    OrganisationKind,
    OrganisingBody,
    Unit,
    User,
)
from conference.scoping import DeskAdmin

STATUS_KINDS = {
    Conference.Status.DRAFT: "off",
    Conference.Status.INVITED: "info",
    Conference.Status.REGISTERING: "info",
    Conference.Status.CLOSED: "ok",
    Conference.Status.RUNNING: "part",
    Conference.Status.ENDED: "ok",
    Conference.Status.ARCHIVED: "off",
}


class OrganisingBodyInline(DeskInline):
    model = OrganisingBody
    fields = ("role", "organisation", "position")


class LegalBasisInline(DeskInline):
    model = LegalBasis
    fields = ("number", "issuer", "issued_on", "title", "position")


@admin.register(Conference)
class ConferenceAdmin(DeskAdmin):
    form = ConferenceForm
    conference_path = "pk"
    folded_fields = ("title", "short_title", "place", "slug")
    search_help_text = gettext_lazy("Tên hội nghị, địa điểm; không cần gõ dấu")
    list_display = ("name", "state", "days", "place", "unit_set")
    list_filter = ("status",)
    inlines = (OrganisingBodyInline, LegalBasisInline, MembershipInline)
    empty_text = gettext_lazy("Chưa có hội nghị nào.")
    fieldsets = (
        (None, {"fields": ("title", "short_title", "slug", "status")}),
        (
            gettext_lazy("Thời gian, địa điểm"),
            {
                "fields": (
                    "starts_on", "ends_on", "confirm_by", "time_zone", "venue", "place", "host_unit",
                    "unit_set",
                )
            },
        ),
        (
            gettext_lazy("Đầu mối của Ban Tổ chức"),
            {"fields": ("contact_name", "contact_phone", "contact_email")},
        ),
        (gettext_lazy("Bàn đón tiếp"), {"fields": ("door_may_register",)}),
        (gettext_lazy("Dữ liệu cá nhân"), {"fields": ("legal_hold",)}),
        (
            gettext_lazy("Trên giấy tờ"),
            {
                "description": gettext_lazy("Theo Nghị định 30/2020/NĐ-CP, phụ lục I."),
                "fields": (
                    "parent_agency", "issuing_agency", "symbol", "issue_place", "drafting_unit",
                    "signer_authority", "signer_title", "signer_name", "cost_note",
                ),
            },
        ),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj is not None else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("title", "short_title"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conference]:
        """Every conference of this desk: from here one goes to another."""
        return self._rows(request, access.of(request).choices)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Conference:
        found: Conference = super().get_object(request, object_id, from_field)
        current = access.of(request).conference
        if current is None or found.pk != current.pk:
            raise access.Elsewhere(found)
        return found

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.of(request).may_see or access.of(request).is_administrator

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Inlines ask with the conference they belong to.
        return access.of(request).is_administrator if obj is None else access.of(request).may_change

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.of(request).is_administrator

    def journal_of(self, request: HttpRequest, obj: Any) -> Conference | None:
        return obj if obj.pk else None

    def response_add(
        self, request: HttpRequest, obj: Conference, post_url_continue: str | None = None
    ) -> HttpResponse:
        access.choose(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """A conference with anything in it stays."""
        deleted, count, lacking, protected = super().get_deleted_objects(objs, request)
        kept = [
            relation
            for relation in Conference._meta.related_objects
            if relation.get_accessor_name() not in OWN
        ]
        for conference in objs:
            for relation in kept:
                rows = getattr(conference, str(relation.get_accessor_name()))
                if number := rows.count():
                    protected.append(
                        f"{capfirst(str(relation.related_model._meta.verbose_name_plural))}: {number}"
                    )
        return deleted, count, lacking, protected

    @admin.display(description=gettext_lazy("hội nghị"), ordering="short_title")
    def name(self, obj: Conference) -> Noted:
        return Noted(capfirst(obj.short_title), f"/{obj.slug}/")

    @admin.display(description=gettext_lazy("tình trạng"), ordering="status")
    def state(self, obj: Conference) -> SafeString:
        return tag(STATUS_KINDS[Conference.Status(obj.status)], obj.get_status_display())

    @admin.display(description=gettext_lazy("ngày"), ordering="starts_on")
    def days(self, obj: Conference) -> str:
        return vietnamese_dates.short_range(obj.starts_on, obj.ends_on)


# What goes with a conference when it is deleted, and what survives it.
OWN = {
    "organising_bodies", "legal_bases", "memberships", "journal", "number_series",
    "message_templates", "holds", "feedback_settings",
}  # fmt: skip


@admin.register(User)
class UserAdmin(AccountWords):
    """Accounts. Organisers see those of their conference and invite; only administrators change one."""

    conference_path = ""
    folded_fields = ("full_name", "email")
    search_help_text = gettext_lazy("Họ tên, thư điện tử; không cần gõ dấu")
    list_display = ("full_name", "email", "is_active")
    list_filter = ("is_active",)
    ordering = ("full_name", "email")
    fields = ("full_name", "email", "phone", "is_active", "is_superuser")
    empty_text = gettext_lazy("Chưa có tài khoản nào trong hội nghị này.")
    add_label = gettext_lazy("Mời người")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request).filter(erased_at=None)
        held = access.of(request)
        if held.is_administrator:
            return people
        here = Q(memberships__conference=held.conference) | Q(delegations__conference=held.conference)
        return people.filter(pk__in=User.objects.filter(here).values("pk"))

    def for_list(self, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.prefetch_related(Prefetch("memberships"), "delegations")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """What was erased is in no list any more; the journal still leads to what is left of it."""
        gone = User.objects.exclude(erased_at=None).filter(pk=keys.read(object_id) or 0)
        shell = gone.first() if access.of(request).is_administrator else None
        found = shell or super().get_object(request, object_id, from_field)
        if found is not None:
            prefetch_related_objects([found], "memberships__conference", "delegations__conference")
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.of(request).is_administrator and (obj is None or obj.erased_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # it is switched off, or erased (`desk_accounts`): its acts stay in the journal

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if access.of(request).is_administrator else self.fields[:4]

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        conference = access.of(request).conference

        @admin.display(description=_("vai trò trong hội nghị này"))
        def parts(user: User) -> str:
            return ", ".join(_parts(user, conference)) or "–"

        return ("full_name", "email", parts, "is_active")

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An account gets or loses the whole house here, or is switched off."""
        changes = request.method == "POST" and self.has_change_permission(request)
        if changes and (other := access.proof_first(request)) is not None:
            return other
        return super().change_view(request, *args, **kwargs)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Invites somebody: an account is given for a part in the current conference."""
        conference = access.of(request).conference
        if not self.has_add_permission(request) or conference is None:
            raise PermissionDenied
        if (other := access.proof_first(request)) is not None:
            return other
        asked = {"delegation": request.GET.get("delegation", "")}
        form = invitations.InvitationForm(conference, request.POST or None, initial=asked)
        if request.method == "POST" and form.is_valid():
            try:
                user = invitations.invite(conference, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]  # signed in
            except ValidationError as refusal:
                refusals.tell(form, refusal)
            else:
                messages.success(request, invitations.told(user))
                return HttpResponseRedirect(reverse("admin:conference_user_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Mời người vào hội nghị"),
            "text": _("Không gửi thư, không đặt mật khẩu: báo người này đăng nhập bằng mã qua thư điện tử."),
            "verb": _("Mời"),
            "keep": _("Không mời"),
            "form": form,
            "opts": self.opts,
            "keep_url": reverse("admin:conference_user_changelist"),
        }
        return TemplateResponse(request, "admin/ask.html", context)


def _parts(user: User, conference: Conference | None) -> list[str]:
    """What somebody is in a conference; from rows already fetched."""
    here = conference.pk if conference else None
    roles = [one.get_role_display() for one in user.memberships.all() if one.conference_id == here]
    teams = (one for one in user.delegations.all() if one.conference_id == here)
    officer = [_("đầu mối đoàn %(name)s") % {"name": one} for one in teams]
    return [*([_("Quản trị hệ thống")] if user.is_superuser else []), *roles, *officer]


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin, AdministratorsOnly):
    """Provinces and cities in every legal state. They change by law, with the program's data, not by hand."""

    folded_fields = ("full_name", "code", "abbr", "aliases")
    list_display = ("full_name", "code", "abbr", "unit_set", "valid_from", "valid_to", "region_name")
    list_filter = ("unit_set", "region_name", "has_land_border", "has_sea", "has_border_guard")
    fields = (
        "full_name", "name_en", "code", "abbr", "unit_set", "kind", "valid_from", "valid_to", "region_name",
        "has_land_border", "has_sea", "has_border_guard",
    )  # fmt: skip


@admin.register(Organisation)
class OrganisationAdmin(AdministratorsOnly):
    folded_fields = ("name", "short_name")
    list_display = ("name", "short_name", "kind", "unit")
    list_filter = ("kind",)
    list_select_related = ("kind", "unit")
    fields = ("name", "short_name", "kind", "unit", "valid_from", "valid_to")
    empty_text = gettext_lazy("Chưa có cơ quan nào.")


@admin.register(OrganisationKind)
class OrganisationKindAdmin(AdministratorsOnly):
    folded_fields = ("name", "slug")
    list_display = ("name", "slug", "is_central", "valid_from", "valid_to", "successor")
    list_filter = ("is_central",)
    list_select_related = ("successor",)
    fields = (
        "name", "slug", "name_template", "is_central", "needs_border_guard", "valid_from", "valid_to",
        "successor",
    )  # fmt: skip
    empty_text = gettext_lazy("Chưa có loại cơ quan nào.")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "name_template":
            kwargs["help_text"] = _(
                "Tên ghi trong công văn. Chỗ điền: {unit_kind} là tỉnh hoặc thành phố, {party_committee} là "
                "Tỉnh ủy hoặc Thành ủy, {name} là tên địa phương. Ví dụ: Công an {unit_kind} {name}."
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ActFilter(admin.SimpleListFilter):
    """By what was done, in words."""

    title = gettext_lazy("việc")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(act, str(word)) for act, word in ACTS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(act=self.value()) if self.value() else queryset


class WhenFilter(admin.SimpleListFilter):
    """By how long ago it was."""

    title = gettext_lazy("lúc")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", _("24 giờ qua")), ("7", _("7 ngày qua")), ("30", _("30 ngày qua"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("1", "7", "30"):
            return queryset
        return queryset.filter(at__gte=timezone.now() - datetime.timedelta(days=int(str(self.value()))))


@admin.register(JournalEntry)
class JournalAdmin(ReadOnlyAdmin):
    """Who did what, when."""

    list_display = ("at", "who", "what", "about", "details", "whence")
    list_display_links = None
    list_filter = (WhenFilter, ActFilter)
    list_per_page = 100
    search_help_text = gettext_lazy("Tên người làm hoặc đối tượng, gõ đủ dấu")
    search_fields = ("subject_name", "actor_name")
    sortable_by = ("at",)
    fields = ("at", "who", "what", "about", "details", "whence")
    empty_text = gettext_lazy("Chưa có việc nào được ghi.")

    def _rows(self, request: HttpRequest, conferences: Iterable[Conference | None]) -> QuerySet[Any]:
        """What belongs to no conference (catalogues, the switch of all mail) is for administrators."""
        own = Q(conference__in=[one.pk for one in conferences if one])
        shared = Q(conference=None) if access.of(request).is_administrator else Q()
        return admin.ModelAdmin.get_queryset(self, request).filter(own | shared)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("subject_name", "actor_name")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        # Grows without end: searched by the database, with marks. Every word is a condition.
        return admin.ModelAdmin.get_search_results(self, request, queryset, search_term[:200])

    @admin.display(description=gettext_lazy("người làm"), ordering="actor_name")
    def who(self, entry: JournalEntry) -> str:
        return masked(entry.actor_name)

    @admin.display(description=gettext_lazy("từ đâu"))
    def whence(self, entry: JournalEntry) -> str:
        return entry.origin or "–"

    @admin.display(description=gettext_lazy("việc"), ordering="act")
    def what(self, entry: JournalEntry) -> str:
        return act_word(entry)

    @admin.display(description=gettext_lazy("đối tượng"))
    def about(self, entry: JournalEntry) -> SafeString | str:
        label, _colon, pk = entry.subject.partition(":")
        try:
            url = reverse(f"admin:{label.replace('.', '_')}_change", args=(pk,))
        except NoReverseMatch:
            return masked(entry.subject_name)
        return format_html('<a href="{}">{}</a>', url, masked(entry.subject_name))

    @admin.display(description=gettext_lazy("thay đổi"))
    def details(self, entry: JournalEntry) -> SafeString:
        return change_lines(entry)
