"""What a delegation is called where it is spoken of: in a sentence, on a badge."""

from __future__ import annotations

from attendees.models import Delegation


def delegation_title(delegation: Delegation) -> str:
    """Đoàn tỉnh Lâm Đồng; a central delegation bears its own name. Needs the unit."""
    if delegation.unit is None:
        return delegation.name
    name = delegation.unit.full_name
    return f"Đoàn {name[0].lower()}{name[1:]}"


def team(delegation: Delegation) -> tuple[str, str]:
    """Label and name as on a badge; the city named after a person is written out (Decree 30/2020)."""
    unit = delegation.unit
    if unit is None:
        return "Khối", delegation.name
    return "Đoàn", unit.full_name if unit.name == "Hồ Chí Minh" else unit.name
