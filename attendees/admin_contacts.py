"""Desk: telephones and addresses of people, masked until an organiser opens those of one person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from attendees import codes, privacy
from attendees.admin_questions import said
from attendees.models import Attendee
from attendees.question_values import answers, of_subject
from conference import access, desk_forms
from conference.scoping import DeskAdmin

MASKED = {"phone": "masked_phone", "email": "masked_email"}


class ContactsClosed(DeskAdmin):
    """The form of a person shows contacts masked; saving it then leaves them as they are."""

    change_form_template = "admin/attendees/attendee/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        reveal = require_POST(self.admin_site.admin_view(self.reveal))
        return [
            path("<path:object_id>/reveal/", reveal, name="attendees_attendee_reveal"),
            *super().get_urls(),
        ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Two people may be called alike; one who was added twice would get two badges."""
        super().save_related(request, form, formsets, change)
        person: Attendee = form.instance
        alike = Attendee.objects.filter(delegation=person.delegation_id, sort_key=person.sort_key).active()
        if not change and (other := alike.exclude(pk=person.pk).first()):
            sentence = _(
                "Đoàn này đã có một người cùng họ tên, mã %(code)s. Nếu là một người, xóa dòng vừa thêm."
            )
            messages.warning(request, sentence % {"code": codes.group(other.code)})

    def reveal(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Opens the contacts of one person for ten minutes; the journal says so."""
        person: Attendee = self.get_object(request, object_id)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        privacy.reveal(person, by=request.user, session=request.session)  # type: ignore[arg-type]  # signed in
        messages.success(
            request, _("Đang hiện số điện thoại và thư của %(name)s trong 10 phút.") % {"name": person}
        )
        return HttpResponseRedirect(reverse("admin:attendees_attendee_change", args=(person.pk,)))

    def closed(self, request: HttpRequest, obj: Attendee | None) -> list[str]:
        """Contacts that this form does not hold. One that was shown with them is taken as it was shown."""
        if obj is None:
            return []
        closed: list[str] = access.once(request, f"closed {obj.pk}", lambda: _closed(request, obj))
        return closed

    def with_masks(self, fields: tuple[str, ...], closed: list[str]) -> tuple[str, ...]:
        return tuple(MASKED[name] if name in closed else name for name in fields)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        person: Attendee = self.get_object(request, object_id)
        may_change = self.has_change_permission(request, person)
        place = (person.conference.slug, person.delegation.code, person.code)
        is_open = privacy.is_open(person, request.session)
        context = {
            "may_open": may_change and not is_open and self._hides(request, person),
            "said": said(person, is_open=is_open and may_change),
            "answer_url": reverse("attendees:person_questions", args=place) if may_change else "",
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def _hides(self, request: HttpRequest, person: Attendee) -> bool:
        """Is there anything to be opened?"""
        return bool(self.closed(request, person)) or any(
            one.closed != one.words for one in answers(person, of_subject(person))
        )

    @admin.display(description=gettext_lazy("điện thoại"))
    def masked_phone(self, obj: Attendee) -> str:
        return privacy.masked(obj)["phone"]

    @admin.display(description=gettext_lazy("thư điện tử"))
    def masked_email(self, obj: Attendee) -> str:
        return privacy.masked(obj)["email"]


def _closed(request: HttpRequest, person: Attendee) -> list[str]:
    user: Any = request.user
    shown = desk_forms.seen_in(request.POST, person) if request.method == "POST" else {}
    return [name for name in privacy.closed_contacts(person, user, request.session) if name not in shown]
