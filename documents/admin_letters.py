"""Desk: the letters to delegations, and the page that invites them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from attendees.admin_acts import each
from attendees.models import Delegation
from conference import access, keys, vietnamese_dates
from conference.desk_cells import Noted, tag
from conference.desk_forms import ReasonForm, asked
from conference.desk_lists import ManagedByVerbs
from conference.models import Conference
from documents import inviting, letters, rows
from documents.desk_acts import ask_for
from documents.errors import PaperError
from documents.forms_inviting import HIGHEST, InviteForm, first_of
from documents.kinds.letters import SLUGS
from documents.models import Document, Letter
from documents.requests import Scope
from mailing.errors import MailError


@admin.action(description=gettext_lazy("In văn bản (PDF)"), permissions=["manage"])
def print_letters(desk: Any, request: HttpRequest, queryset: QuerySet[Letter]) -> HttpResponse | None:
    """The chosen letters, one paper for each kind."""
    answer = None
    for kind, slug in SLUGS.items():
        chosen = queryset.filter(kind=kind, withdrawn_at=None).values("delegation")
        delegations = list(Delegation.objects.filter(pk__in=chosen))
        if delegations:
            answer = ask_for(request, slug, Scope(delegations=delegations)) or answer
    if answer is None:
        messages.warning(request, _("Văn bản đã thu hồi không in lại."))
    return answer


@admin.action(description=gettext_lazy("Thu hồi văn bản"), permissions=["manage"])
def withdraw_letters(desk: Any, request: HttpRequest, queryset: QuerySet[Letter]) -> HttpResponse | None:
    form = asked(request, ReasonForm)
    by: Any = request.user
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("Đã thu hồi %(n)s văn bản.")
        each(request, queryset, lambda one: letters.withdraw(one, reason, by=by), done)
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Thu hồi văn bản mời"),
        text=_(
            "Số đã cấp không dùng lại. Thư chưa gửi kèm văn bản này sẽ không gửi được. "
            "Mời lại thì cấp số mới."
        ),
        verb=_("Thu hồi"),
        danger=True,
    )
    return page


class StandingFilter(admin.SimpleListFilter):
    """Does the letter still stand?"""

    title = gettext_lazy("tình trạng")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("Còn giá trị")), ("no", _("Đã thu hồi"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(withdrawn_at__isnull=self.value() == "yes")


@admin.register(Letter)
class LetterAdmin(ManagedByVerbs):
    folded_fields = ("full_number", "delegation__name")
    search_help_text = gettext_lazy("Số văn bản, tên đoàn; không cần gõ dấu")
    list_display = ("shown_number", "delegation", "kind", "issued_on", "state_tag")
    list_display_links = ("shown_number",)
    list_filter = ("kind", StandingFilter)
    list_select_related = ("delegation__unit", "conference")
    list_per_page = 100
    ordering = ("kind", "series", "number")
    actions = (print_letters, withdraw_letters)
    fields = ("shown_number", "kind", "delegation", "issued_on", "issued_by", "state_tag", "reason")
    add_label = gettext_lazy("Mời đoàn")
    empty_text = gettext_lazy("Chưa có giấy mời, công văn nào. Mời đoàn để cấp số.")
    intro = gettext_lazy("Văn bản đã cấp số giữ nguyên nội dung: sai thì thu hồi, rồi mời lại theo số mới.")

    def row_acts(self, request: HttpRequest, obj: Letter) -> list[str]:
        return [] if obj.withdrawn_at else ["print_letters", "withdraw_letters"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_manage_permission(request)

    def get_urls(self) -> list[URLPattern]:
        invited = require_safe(self.admin_site.admin_view(self.invited_view))
        return [path("invited/<uuid:press>/", invited, name="documents_letter_invited"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Shows who would be invited how, and invites them."""
        conference = self._conference(request)
        form = InviteForm(conference, request.POST or None, initial=_chosen(conference, request))
        if request.method == "POST" and "look" not in request.POST and form.is_valid():
            try:
                _invite(conference, form, request.user)
            except (ValidationError, MailError, PaperError) as refused:
                found = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
                form.add_error(None, found)
            else:
                done = reverse("admin:documents_letter_invited", args=(form.cleaned_data["key"],))
                return HttpResponseRedirect(done)
        context = {
            **self.admin_site.each_context(request),
            **_page(conference, form),
            "title": _("Mời đoàn"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/documents/letter/invite.html", context)

    def invited_view(self, request: HttpRequest, press: Any) -> HttpResponse:
        """What came of a press: numbers, papers, letters to approve, and whom to reach by hand."""
        conference = self._conference(request)
        done = inviting.invited(conference, press)
        if not done.papers:
            raise Http404
        papers = rows.of(Document.objects.filter(pk__in=[paper.pk for paper in done.papers]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Đã mời %(n)s đoàn") % {"n": len({letter.delegation_id for letter in done.letters})},
            "opts": self.opts,
            "done": done,
            "spans": list(_spans(done.letters)),
            "waiting": done.mailing.messages.filter(state="draft").count() if done.mailing else 0,
            "papers": rows.rows(papers, request.user),  # type: ignore[arg-type]  # signed in
        }
        return TemplateResponse(request, "admin/documents/letter/invited.html", context)

    def _conference(self, request: HttpRequest) -> Conference:
        conference = access.of(request).conference
        if conference is None or not self.has_add_permission(request):
            raise PermissionDenied
        return conference

    @admin.display(description=gettext_lazy("số, ký hiệu"), ordering="number")
    def shown_number(self, obj: Letter) -> str:
        return obj.full_number

    @admin.display(description=gettext_lazy("tình trạng"), ordering="withdrawn_at")
    def state_tag(self, obj: Letter) -> SafeString | Noted:
        if obj.withdrawn_at is None:
            return tag("ok", _("Còn giá trị"))
        day = vietnamese_dates.short_date(obj.withdrawn_at.astimezone(obj.conference.zone))
        return tag("off", _("Đã thu hồi %s") % day)


def _chosen(conference: Conference, request: HttpRequest) -> dict[str, Any]:
    """Rows named in the address; else everybody who waits for an invitation."""
    named = [pk for one in request.GET.getlist("delegation") if (pk := keys.read(one)) is not None]
    return {
        "delegation": named or [one.pk for one in inviting.uninvited(conference)],
        "new_units": not named,
    }


def _invite(conference: Conference, form: InviteForm, by: Any) -> None:
    data = form.cleaned_data
    inviting.invite(
        conference,
        list(data["delegation"]),
        by=by,
        kinds=data["kinds"],
        key=data["key"],
        day=data["issued_on"],
        first=form.first(),
        new_units=data["new_units"],
    )


def _page(conference: Conference, form: InviteForm) -> dict[str, Any]:
    """What the page shows: remarks, delegations with the numbers that they would get."""
    kinds = form["kinds"].value() or []
    chosen = {str(pk) for pk in form["delegation"].value() or []}
    known = conference.delegations.of_units().values("unit")
    shown = []
    free = {kind.value: _number(form, kind) for kind in Letter.Kind}
    for one in inviting.candidates(Delegation.objects.filter(conference=conference)):
        is_chosen = str(one.delegation.pk) in chosen
        numbers = []
        for kind in Letter.Kind:
            text, is_new = one.numbers.get(kind, ""), False
            if is_chosen and not text and kind in kinds:
                text, is_new = form.series[kind].show(free[kind]), True
                free[kind] += 1
            numbers.append({"kind": kind.label, "text": text, "is_new": is_new})
        shown.append({"one": one, "is_chosen": is_chosen, "numbers": numbers})
    return {
        "form": form,
        "rows": shown,
        "kinds": list(Letter.Kind),
        "uninvited": conference.units().exclude(pk__in=known).count(),
        "remarks": inviting.remarks(conference, kinds, conference.today()),
    }


def _number(form: InviteForm, kind: str) -> int:
    """The first number that the form names; what cannot be read counts as 1."""
    text = str(form[first_of(kind)].value() or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST)) else 1


def _spans(found: list[Letter]) -> Any:
    """Each kind with its count, first and last number."""
    for kind in Letter.Kind:
        of_kind = [letter for letter in found if letter.kind == kind]
        if of_kind:
            yield {
                "kind": kind.label,
                "count": len(of_kind),
                "first": of_kind[0].full_number,
                "last": of_kind[-1].full_number,
            }
