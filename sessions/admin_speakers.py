"""Desk: letters that ask speakers to come; what they sent, before and after, and what is answered to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from attendees.admin_acts import each
from attendees.admin_mail import draft_letters
from conference.desk_cells import Noted, tag
from conference.desk_forms import asked
from conference.desk_lists import ManagedByVerbs
from conference.serving import shown_picture
from sessions import asking, speaking
from sessions.models import Participation, SpeakerProfile
from sessions.speaker_page import STATES
from sessions.speakers import CONTENT

State = SpeakerProfile.State


@admin.action(description=gettext_lazy("Soạn thư mời báo cáo viên"), permissions=["change"])
def ask_speakers(desk: Any, request: HttpRequest, queryset: QuerySet[Participation]) -> HttpResponse | None:
    """To each of the chosen people one letter with all their sessions and the link by which they answer."""
    people = asking.speakers(queryset.select_related("attendee__conference", "attendee__delegation__unit"))
    without = ", ".join(one.full_name for one in people if not one.email)
    told = _("Mỗi người nhận một thư, gồm các phiên của mình và liên kết để trả lời.")
    return draft_letters(
        desk,
        request,
        people,
        asking.draft,
        nobody=_("Không ai trong những người đã chọn có thư điện tử trong danh sách đại biểu."),
        title=_("Soạn thư mời báo cáo viên"),
        text=f"{told} {_('Không có thư điện tử: %s.') % without}" if without else told,
    )


class SeenForm(forms.Form):
    """What the organiser saw of each: what is sent in between is not approved unseen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def versions(self) -> dict[str, int]:
        """Primary key → version."""
        pairs = (pair.partition(":") for pair in self.cleaned_data["seen"].split(","))
        return {key: int(number) for key, _colon, number in pairs if number.isdecimal() and len(number) < 10}


class RemarkForm(SeenForm):
    """What is to be put right."""

    remark = forms.CharField(
        label=gettext_lazy("Nhận xét"),
        help_text=gettext_lazy("Báo cáo viên đọc nguyên văn câu này. Ghi rõ chỗ cần sửa."),
        max_length=speaking.LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Ghi nhận xét.")},
    )


@admin.action(description=gettext_lazy("Duyệt"), permissions=["manage"])
def approve(desk: Any, request: HttpRequest, queryset: QuerySet[SpeakerProfile]) -> HttpResponse | None:
    form, rows = asked(request, SeenForm), list(queryset.filter(state=State.WAITING))
    by: Any = request.user
    if form.is_valid():
        seen = form.versions()
        each(
            request,
            rows,
            lambda one: speaking.approve(one, by=by, version=seen.get(str(one.pk), 0)),
            _("Đã duyệt %(n)s phần giới thiệu."),
        )
        return None
    form.initial["seen"] = _seen(rows)
    page: HttpResponse = desk.ask(
        request,
        form,
        [_in_a_line(one) for one in rows],
        title=_("Duyệt phần giới thiệu"),
        text=_("Nội dung và ảnh dưới đây hiện ngay trên trang công khai của hội nghị."),
        verb=_("Duyệt"),
    )
    return page


@admin.action(description=gettext_lazy("Trả lại kèm nhận xét"), permissions=["manage"])
def give_back(desk: Any, request: HttpRequest, queryset: QuerySet[SpeakerProfile]) -> HttpResponse | None:
    form = asked(request, RemarkForm)
    rows = list(queryset.filter(state__in=(State.WAITING, State.APPROVED)))
    by: Any = request.user
    if form.is_valid():
        seen, remark = form.versions(), form.cleaned_data["remark"]
        each(
            request,
            rows,
            lambda one: speaking.give_back(one, remark, by=by, version=seen.get(str(one.pk), 0)),
            _("Đã trả lại %(n)s phần giới thiệu."),
        )
        return None
    form.initial["seen"] = _seen(rows)
    page: HttpResponse = desk.ask(
        request,
        form,
        [_in_a_line(one) for one in rows],
        title=_("Trả lại phần giới thiệu kèm nhận xét"),
        text=_(
            "Báo cáo viên sửa rồi gửi lại. Phần đã duyệt mà bị trả lại thì thôi công bố. "
            "Ai có thư điện tử thì có thư báo soạn sẵn, chờ duyệt gửi."
        ),
        verb=_("Trả lại"),
    )
    return page


@admin.register(SpeakerProfile)
class SpeakerProfileAdmin(ManagedByVerbs):
    conference_path = "attendee__conference"
    folded_fields = ("attendee__full_name", "title", "organisation_name", "needs")
    list_display = ("person", "state_tag", "needs_line", "proposed_at")
    list_display_links = ("person",)
    list_filter = ("state",)
    list_select_related = ("attendee__delegation", "attendee__conference")
    ordering = ("attendee__sort_key", "pk")
    actions = (approve, give_back)
    fields = (
        "whom", "link", "state_tag", "remark", "lines", "photos", "needs", "busy", "proposed_at",
        "approved_at", "approved_by", "public",
    )  # fmt: skip
    intro = gettext_lazy("Báo cáo viên gửi từ trang riêng. Chỉ nội dung và ảnh đã duyệt được công bố.")
    empty_text = gettext_lazy("Chưa có báo cáo viên nào gửi phần giới thiệu.")

    def get_urls(self) -> list[URLPattern]:
        photo = require_safe(self.admin_site.admin_view(self.photo_view))
        name = "thematic_speakerprofile_photo"
        return [path("<path:object_id>/photo/", photo, name=name), *super().get_urls()]

    def photo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The photo that was sent last; with ?approved the one that everybody sees."""
        found: SpeakerProfile = self.get_object(request, object_id)
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        return shown_picture(found.photo if "approved" in request.GET else found.latest["photo"])

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        empty = {name for name in ("remark", "approved_at", "approved_by") if not getattr(obj, name, None)}
        return [name for name in self.fields if name not in empty]

    def row_acts(self, request: HttpRequest, obj: SpeakerProfile) -> list[str]:
        return {State.WAITING: ["approve", "give_back"], State.APPROVED: ["give_back"]}.get(
            State(obj.state), []
        )

    @admin.display(description=gettext_lazy("đại biểu"), ordering="attendee__sort_key")
    def person(self, obj: SpeakerProfile) -> Noted:
        return Noted(obj.attendee.full_name, obj.attendee.delegation.name)

    @admin.display(description=gettext_lazy("đại biểu"))
    def whom(self, obj: SpeakerProfile) -> SafeString:
        address = reverse("admin:attendees_attendee_change", args=(obj.attendee_id,))
        return format_html('<a href="{}">{}</a>', address, obj.attendee.full_name)

    @admin.display(description=gettext_lazy("liên kết cá nhân"))
    def link(self, obj: SpeakerProfile) -> SafeString:
        address = reverse("admin:attendees_attendee_change", args=(obj.attendee_id,))
        return format_html('<a href="{}#lien-ket">{}</a>', address, _("Lập, chép liên kết"))

    @admin.display(description=gettext_lazy("tình trạng"), ordering="state")
    def state_tag(self, obj: SpeakerProfile) -> SafeString:
        return tag(STATES[State(obj.state)], obj.get_state_display())

    @admin.display(description=gettext_lazy("yêu cầu phục vụ"), ordering="needs")
    def needs_line(self, obj: SpeakerProfile) -> str:
        return obj.needs.partition("\n")[0] or "–"

    @admin.display(description=gettext_lazy("nội dung"))
    def lines(self, obj: SpeakerProfile) -> SafeString | str:
        line = '<span class="change"><b>{}</b> {}</span>'
        return format_html_join("", line, _told(obj)) or "–"

    @admin.display(description=gettext_lazy("ảnh"))
    def photos(self, obj: SpeakerProfile) -> SafeString | str:
        return _figures(_photos(obj)) or "–"

    @admin.display(description=gettext_lazy("thời gian bận"))
    def busy(self, obj: SpeakerProfile) -> str:
        return "; ".join(map(str, speaking.busy_spans(obj))) or "–"

    @admin.display(description=gettext_lazy("trang công khai"))
    def public(self, obj: SpeakerProfile) -> SafeString | str:
        if not obj.is_public:
            return _("Chưa công bố")
        address = reverse("thematic:speaker", args=(obj.attendee.conference.slug, obj.code))
        return format_html('<a href="{}">{}</a>', address, _("Mở trang giới thiệu"))


def _photos(profile: SpeakerProfile) -> list[tuple[str, str]]:
    """Address and word: the public one, then the one that waits."""
    address = reverse("admin:thematic_speakerprofile_photo", args=(profile.pk,))
    public, latest = profile.approved["photo"], profile.latest["photo"]
    shown = [(f"{address}?approved=1", _("Ảnh đang công bố"))] if public else []
    if latest and latest != public:
        shown.append((address, _("Ảnh chờ duyệt")))
    return shown


def _figures(photos: list[tuple[str, str]]) -> SafeString:
    figure = '<figure class="portrait"><img src="{}" alt="{}"><figcaption>{}</figcaption></figure>'
    return format_html_join("", figure, ((src, word, word) for src, word in photos))


def _seen(rows: list[SpeakerProfile]) -> str:
    return ",".join(f"{one.pk}:{one.version}" for one in rows)


def _told(profile: SpeakerProfile) -> list[tuple[str, str]]:
    """Label and value; before and after where something waits."""
    before, after = profile.approved, profile.latest
    found = []
    for name in CONTENT:
        if name == "photo":
            continue
        label = capfirst(str(SpeakerProfile._meta.get_field(name).verbose_name))  # type: ignore[union-attr]  # a column
        if profile.is_public and before[name] != after[name]:
            found.append((label, f"{before[name] or _('(trống)')} → {after[name] or _('(trống)')}"))
        elif after[name]:
            found.append((label, after[name]))
    return found


def _in_a_line(profile: SpeakerProfile) -> SafeString | str:
    words = [f"{label}: {text.rstrip('.')}" for label, text in _told(profile)]
    if profile.approved["photo"] != profile.latest["photo"]:
        words.append(_("Ảnh mới") if profile.latest["photo"] else _("Gỡ ảnh"))
    told = f"{profile.attendee.full_name}. {'; '.join(words)}"
    photo = _figures(_photos(profile)[-1:])
    return format_html("{}{}", told, photo) if photo else told
