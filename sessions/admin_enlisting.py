"""Desk: somebody named in the programme comes onto the list of attendees; who has the same name is asked."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import answers, codes
from attendees.models import Attendee, Band, Category, Delegation
from conference.desk_forms import asked
from sessions import asking, enlisting
from sessions.models import Participation
from sessions.speaker_page import Own

NEW = "new"


class EnlistForm(forms.Form):
    """Whether it is somebody on the list, else where the new row goes; and which other parts are theirs."""

    who = forms.ChoiceField(
        label=gettext_lazy("Người này"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn người có sẵn, hoặc Thêm người mới.")},
    )
    delegation = forms.ModelChoiceField(
        label=gettext_lazy("Đoàn"),
        queryset=Delegation.objects.none(),
        required=False,
        help_text=gettext_lazy("Cho người mới: một đoàn, khối của Trung ương."),
        error_messages={"required": gettext_lazy("Chọn đoàn.")},
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Thành phần"),
        queryset=Category.objects.none(),
        required=False,
        error_messages={"required": gettext_lazy("Chọn thành phần.")},
    )
    honorific = forms.ChoiceField(label=gettext_lazy("Danh xưng"), required=False)
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), required=False)
    also = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Cũng là người này"),
        queryset=Participation.objects.none(),
        required=False,
        help_text=gettext_lazy(
            "Những phần khác ghi cùng họ tên. Chỉ chọn phần chắc chắn của cùng một người."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, part: Participation, data: Any = None) -> None:
        super().__init__(data)
        conference = part.session.conference
        self.people = {one.code: one for one in enlisting.known(part)}
        others = enlisting.namesakes(part)
        fields: dict[str, Any] = self.fields
        fields["who"].choices = [
            *((code, _known(one)) for code, one in self.people.items()),
            (NEW, _("Thêm người mới vào danh sách")),
        ]
        central = conference.delegations.filter(unit=None).order_by("position", "code")
        fields["delegation"].queryset = central
        fields["category"].queryset = conference.categories.filter(quotas__delegation__in=central).distinct()
        fields["honorific"].choices = [("", "–"), *Attendee.Honorific.choices]
        fields["also"].queryset = Participation.objects.filter(pk__in=[one.pk for one in others])
        fields["also"].label_from_instance = _told
        if not others:
            del fields["also"]
        if not self.people:  # nothing to choose: it is somebody new
            fields["who"].widget = forms.HiddenInput()
            fields["delegation"].help_text = ""
            fields["delegation"].required = fields["category"].required = True
        speakers = fields["category"].queryset.filter(band=Band.SPEAKER).first()
        proposed: dict[str, Any] = {
            "who": "" if self.people else NEW,
            "category": speakers,
            "delegation": central.filter(quotas__category=speakers).first() if speakers else None,
            "key": uuid.uuid4(),
        }
        self.initial.update(proposed)

    def clean(self) -> dict[str, Any]:
        """A new person needs a place; whoever is there has one."""
        cleaned = super().clean() or {}
        if cleaned.get("who") == NEW:
            for name in ("delegation", "category"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def act(self, part: Participation, *, by: Any) -> Attendee:
        """Does what was chosen. Returns whom the parts lead to now."""
        data = self.cleaned_data
        also = list(data.get("also") or ())
        if data["who"] != NEW:
            person = self.people[data["who"]]
            enlisting.join(part, person, by=by, also=also)
            return person
        more = {name: data[name] for name in ("key", "honorific", "email")}
        return enlisting.add(part, data["delegation"], data["category"], by=by, also=also, **more)


@admin.action(description=gettext_lazy("Đưa vào danh sách đại biểu"), permissions=["change"])
def enlist(desk: Any, request: HttpRequest, queryset: QuerySet[Participation]) -> HttpResponse | None:
    chosen = list(queryset.select_related("session__conference", "attendee")[:2])
    if len(chosen) != 1:
        messages.error(request, _("Mỗi lần đưa một người. Chọn một dòng rồi làm lại."))
        return None
    [part] = chosen
    if part.attendee is not None and "apply" not in request.POST:
        messages.warning(request, _("%s đã có trong danh sách đại biểu.") % part.full_name)
        return None
    if not part.full_name:
        messages.error(request, _("Dòng này chưa có họ tên. Ghi họ tên trước."))
        return None
    form = asked(request, EnlistForm, part)
    if form.is_valid():
        try:
            person = form.act(part, by=request.user)
        except answers.Stale:
            form.add_error(None, _("Biểu mẫu này đã dùng. Tải lại trang."))
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            told = {"name": person.full_name, "place": person.delegation.name}
            messages.success(request, _("%(name)s nay có trong danh sách: %(place)s.") % told)
            return None
    page: HttpResponse = desk.ask(
        request,
        form,
        [_told(part)],
        title=_("Đưa %s vào danh sách đại biểu") % part.full_name,
        text=_("Người trong danh sách có mã, thẻ, trang riêng; nhận được thư mời và trả lời tại đó."),
        verb=_("Đưa vào danh sách"),
    )
    return page


def _known(person: Attendee) -> str:
    """Trần Minh Quân, Phó Cục trưởng, Cục A · Báo cáo viên (7K3M-9QFE)"""
    who = ", ".join(filter(None, (person.full_name, person.title, person.organisation_name)))
    return f"{who} · {person.delegation.name} ({codes.group(person.code)})"


def _told(part: Participation) -> str:
    """Trần Minh Quân, Phó Cục trưởng, Cục A. Báo cáo viên: Một số điểm mới (08:45–09:45, …)"""
    who = ", ".join(filter(None, (part.full_name, part.title, part.organisation_name)))
    return f"{who}. {asking.line(Own(part.session, [part], []))}"
