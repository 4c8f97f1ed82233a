"""The organisers' desk: Django's admin, entered through our own sign-in."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class Desk(AdminSite):
    site_header = _("Hội Nghị")
    site_title = _("Hội Nghị")
    index_title = _("Bàn điều hành")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_authenticated and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Through allauth: otherwise the second factor and the limits could be walked around.
        return secure_admin_login(super().login)(request, extra_context)
