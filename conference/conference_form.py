"""The form of a conference at the desk: what of it can be typed wrongly, told where it stands."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from conference.desk_forms import DeskForm
from conference.models import Unit


class ConferenceForm(DeskForm):
    """Days in their order, and a host that is one of the units invited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].help_text = _(
                "Chữ thường không dấu, số, gạch nối, ví dụ da-lat-2026. Đặt một lần: liên kết đã gửi, "
                "mã QR đã in, điện thoại ở cửa đi theo đó."
            )
        # Sent, the form may name another set of units too: then the host is looked for among all.
        if self.instance.pk and not self.is_bound and "host_unit" in self.fields:
            host: Any = self.fields["host_unit"]
            host.queryset = self.instance.units()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        first, last, until = said.get("starts_on"), said.get("ends_on"), said.get("confirm_by")
        if last and until and localtime(until).date() > last:
            self.add_error("confirm_by", _("Hạn xác nhận không được sau ngày bế mạc."))
        host, units = said.get("host_unit"), Unit.objects.filter(unit_set=said.get("unit_set") or "")
        if host and first and not units.valid_on(first).filter(pk=host.pk).exists():
            self.add_error(
                "host_unit",
                _("Đơn vị này không có trong bộ đơn vị của hội nghị vào ngày khai mạc. Chọn đơn vị khác."),
            )
        return cleaned
