"""The organisers' desk: Django's admin, entered through our own sign-in, one conference at a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from conference import access
from conference.models import Conference
from conference.scoping import Scoped


def desk_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the desk that is no list of rows, with the menu and whatever else stands around it."""
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


class Page(NamedTuple):
    """A page of the desk that is no list of rows: the name of its address, and its word in the menu."""

    url: str
    label: str | Promise
    to_change: bool = False  # only for who may change the conference


# The sidebar. Rooms above are named, never imported; what nobody named here comes last.
MENU: tuple[tuple[str | Promise, tuple[str | Page, ...]], ...] = (
    (
        pgettext_lazy("plural", "Đại biểu"),
        (
            Page("admin:board", gettext_lazy("Bảng đoàn")),
            "attendees.delegation",
            "attendees.attendee",
            "attendees.quota",
            "attendees.category",
            "attendees.question",
            Page("admin:travel", gettext_lazy("Đi lại, ăn, nghỉ")),
            "attendees.correction",
            Page("admin:privacy", gettext_lazy("Dữ liệu cá nhân")),
            "attendees.importbatch",
        ),
    ),
    (
        gettext_lazy("Thư"),
        ("documents.letter", "mailing.mailing", "mailing.message", "mailing.messagetemplate"),
    ),
    (
        gettext_lazy("Chương trình"),
        (
            Page("admin:programme", gettext_lazy("Lập chương trình")),
            "thematic.session",
            "thematic.release",
            Page("admin:sign_ups", gettext_lazy("Đăng ký phiên")),
            "thematic.participation",
            "thematic.speakerprofile",
            "thematic.material",
            "thematic.hall",
            "thematic.attendance",
            Page("admin:presences", gettext_lazy("Đối chiếu có mặt")),
            Page("admin:feedback", gettext_lazy("Đánh giá, kiểm tra")),
            "thematic.testquestion",
        ),
    ),
    (
        pgettext_lazy("plural", "Cửa vào"),
        (
            Page("admin:door", gettext_lazy("Trực tiếp tại cửa")),
            Page("admin:door_questions", gettext_lazy("Cần người quyết định")),
            Page("admin:devices", gettext_lazy("Thiết bị ở cửa")),
            Page("admin:morning", gettext_lazy("Trang 07:00")),
        ),
    ),
    (
        gettext_lazy("In ấn"),
        (
            "documents.document",
            Page("admin:designs", gettext_lazy("Mẫu thẻ, giấy chứng nhận"), to_change=True),
            Page("admin:badges", gettext_lazy("Sổ thẻ đại biểu")),
            Page("admin:issuing", gettext_lazy("Cấp giấy chứng nhận")),
            "documents.certificate",
            Page("admin:signing", gettext_lazy("Ký số giấy chứng nhận")),
            Page("admin:earning", gettext_lazy("Ai được cấp giấy chứng nhận")),
        ),
    ),
    (gettext_lazy("Hệ thống"), ("conference.conference", "conference.user", "conference.journalentry")),
    (
        gettext_lazy("Danh mục"),
        ("conference.unit", "conference.organisation", "conference.organisationkind"),
    ),
)
REST = gettext_lazy("Mục khác")
# Pages that need no conference, besides the lists of this room. To invite somebody one is needed: an account
# is given for a part in it.
ALONE, BOUND = {"index", "login", "logout", "switch", "jsi18n"}, {"conference_user_add"}
# Django's pages answer by these to pop-up windows, of which the desk has none.
UNUSED = {"_popup", "_to_field", "_source_model"}


class Desk(AdminSite):
    site_header = gettext_lazy("Hội Nghị")
    site_title = gettext_lazy("Hội Nghị")
    index_title = gettext_lazy("Bàn điều hành")
    enable_nav_sidebar = True
    empty_value_display = "–"
    final_catch_all_view = False  # what is not there is not there, as everywhere

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # people leave a list by a verb, one delegation at a time

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only lists of the house: those of libraries know no conference, and show keys and sign-ins."""
        if admin_class is not None and issubclass(admin_class, Scoped):
            super().register(model_or_iterable, admin_class, **options)

    # ── Who comes in ──

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_authenticated and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Through allauth: otherwise the second factor and the limits could be walked around.
        return secure_admin_login(super().login)(request, extra_context)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the desk: refused to whom has no place here, in the time zone of the conference."""

        def at_the_desk(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied
            if UNUSED & (request.GET.keys() | request.POST.keys()):
                raise Http404
            conference = access.of(request).conference
            if conference is None and not _stands_alone(request):
                return HttpResponseRedirect(reverse("admin:index"))  # which says what comes first
            zone = conference.zone if conference else timezone.get_default_timezone()
            with timezone.override(zone):
                response: HttpResponse = view(request, *args, **kwargs)
                # Rendered here, so that the times on the page are those of the zone too.
                return response.render() if hasattr(response, "render") else response

        inner = super().admin_view(self._or_switch(at_the_desk), cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # Signed in, but without a place at a desk: a clear answer, not the sign-in page again and again.
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return guarded

    def _or_switch(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """What belongs to another conference of the same desk is shown after a switch."""

        def view_or_switch(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except access.Elsewhere as elsewhere:
                context = {**self.each_context(request), "title": _("Mục này thuộc hội nghị khác")}
                context |= {"elsewhere": elsewhere.conference, "next": request.get_full_path()}
                return render(request, "admin/elsewhere.html", context)

        return view_or_switch

    # ── Pages of its own ──

    def get_urls(self) -> list[URLPattern | URLResolver]:
        switch = path("switch/", require_POST(self.admin_view(self.switch)), name="switch")
        pages = [one for name in settings.DESK_PAGES for one in import_string(name)(self)]
        return [switch, *pages, *super().get_urls()]

    def switch(self, request: HttpRequest) -> HttpResponse:
        """Makes another conference the current one."""
        wanted = request.POST.get("conference", "")
        conference = next((one for one in access.of(request).choices if one.slug == wanted), None)
        if conference is None:
            raise Http404
        access.choose(request, conference)
        messages.success(request, _("Đang xem %(name)s.") % {"name": conference.short_title})
        onward = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
            onward = reverse("admin:index")
        return HttpResponseRedirect(onward)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The desk itself: what the rooms above have to say about the current conference."""
        conference = access.of(request).conference
        context = panels(conference, request.user) if conference else {}
        return super().index(request, {**context, **(extra_context or {})})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        known = {"access": access.of(request), "log_entries": [], "press": uuid.uuid4().hex}
        return {**super().each_context(request), **known}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models that the person may open, in the groups of `MENU`. One list a request.

        Before there is a conference only those of this room: every other page would lead back to the desk.
        """
        known = vars(request)
        if "desk_menu" not in known:
            known["desk_menu"] = self._menu(request)
        return list(known["desk_menu"])

    def _menu(self, request: HttpRequest) -> list[dict[str, Any]]:
        only = "" if access.of(request).conference else "conference."
        models = {
            entry["model"]._meta.label_lower: entry
            for app in self._build_app_dict(request).values()
            for entry in app["models"]
            if entry["admin_url"] and entry["model"]._meta.label_lower.startswith(only)
        }
        groups = [
            {
                "name": heading,
                "app_label": "",
                "models": [one for name in names if (one := _entry(request, models, name))],
            }
            for heading, names in MENU
        ]
        groups.append({"name": REST, "app_label": "", "models": list(models.values())})
        return [group for group in groups if group["models"]]


def _entry(request: HttpRequest, models: dict[str, Any], name: str | Page) -> dict[str, Any] | None:
    """A line of the menu, for who may open it; a list is taken out of `models`."""
    if isinstance(name, str):
        return models.pop(name, None)
    found = access.of(request)
    if found.conference is None or not (found.may_change if name.to_change else found.may_see):
        return None
    return {"name": name.label, "object_name": name.url, "admin_url": reverse(name.url)}


def _stands_alone(request: HttpRequest) -> bool:
    """Is this a page of the desk that needs no conference?"""
    name = request.resolver_match.url_name if request.resolver_match else None
    return name in ALONE or (str(name).startswith("conference_") and name not in BOUND)


def todo(found: Iterable[dict[str, Any] | None], *, may_act: bool) -> dict[str, list[Any]]:
    """Lines for "what should be done today", as a panel gives them; who only looks on is asked to look."""
    asks = {} if may_act else {"verb": _("Xem")}
    return {"todo": [{**one, **asks} for one in found if one]}


def panels(conference: Conference, user: Any) -> dict[str, list[Any]]:
    """What `DESK_PANELS` say: each returns lists by name, and lists of one name are joined in that order."""
    joined: dict[str, list[Any]] = {}
    for name in settings.DESK_PANELS:
        for key, values in import_string(name)(conference, user).items():
            joined.setdefault(key, []).extend(values)
    return joined
