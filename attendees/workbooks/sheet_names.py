"""Sheets that we put into workbooks ourselves, and therefore never read as a list."""

from conference.vietnamese import fold, gettext_noop

PROBLEMS = gettext_noop("Lỗi cần sửa")
_OURS = frozenset(map(fold, (PROBLEMS, "Problems to correct", "Hướng dẫn", "Guide", "Danh mục", "Lists")))


def is_ours(name: str) -> bool:
    """Tell whether a sheet is a list of problems, a guide or a list of choices, not of people."""
    return fold(name) in _OURS
