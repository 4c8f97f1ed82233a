"""Desk: the photo by which the door knows a person: given, shown, taken away on a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from attendees import photos
from attendees.models import Attendee
from conference.desk import desk_page
from conference.scoping import DeskAdmin
from conference.serving import kept_nowhere, shown_picture


class PhotoForm(forms.Form):
    """A photo, cleaned as what may be kept of it."""

    photo = forms.FileField(
        label=gettext_lazy("Ảnh"),
        help_text=gettext_lazy("JPEG, PNG hoặc WebP, tối đa 8 MB. Phần giữa được cắt theo khổ 3 × 4."),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
        error_messages={
            "required": gettext_lazy("Chọn tệp ảnh."),
            "empty": gettext_lazy("Tệp này trống. Chọn ảnh khác."),
        },
    )

    def clean_photo(self) -> Any:
        return photos.read(self.cleaned_data["photo"])


class Photographed(DeskAdmin):
    """The part of the page of a person that keeps the photo."""

    def get_urls(self) -> list[URLPattern]:
        page = require_http_methods(["GET", "HEAD", "POST"])(self.admin_site.admin_view(self.photo_page))
        shown = require_safe(never_cache(self.admin_site.admin_view(self.picture)))
        return [
            path("<path:object_id>/photo/", page, name="attendees_attendee_photo"),
            path("<path:object_id>/photo/picture/", shown, name="attendees_attendee_picture"),
            *super().get_urls(),
        ]

    def photo_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes a photo, or takes it away; what is no photo is refused in place."""
        person: Attendee = self.get_object(request, object_id)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        by: Any = request.user
        if request.method != "POST":
            return self._page(request, person, PhotoForm())
        if "remove" in request.POST:
            photos.take_away(person, by=by)
            messages.success(request, _("Đã gỡ ảnh của %(name)s.") % {"name": person})
            return self._to(person)
        form = PhotoForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, person, form)
        photos.put(person, form.cleaned_data["photo"], by=by)
        messages.success(request, _("Đã lưu ảnh của %(name)s.") % {"name": person})
        return self._to(person)

    def picture(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The photo itself, for the desk."""
        person: Attendee = self.get_object(request, object_id)
        if not self.has_view_permission(request, person):
            raise PermissionDenied
        return kept_nowhere(shown_picture(person.photo))

    def _page(self, request: HttpRequest, person: Attendee, form: PhotoForm) -> HttpResponse:
        context = {"title": _("Ảnh của %(name)s") % {"name": person}, "person": person, "form": form}
        return desk_page(request, "admin/attendees/attendee/photo.html", context)

    def _to(self, person: Attendee) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:attendees_attendee_change", args=(person.pk,)))
