"""Files that people give: what they are is told by their content, and they are kept so that they do nothing.

A process of its own with limits opens them: a PDF of 300 KB can hold gigabytes. Raises `ValidationError` with
a sentence for people.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import vietnamese

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 200
PATIENCE = 60  # seconds by the clock; the child limits its CPU time to half of that
TYPES = {
    "PDF": ("application/pdf", "pdf"),
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
}
_HEAVY = gettext_lazy("Tệp “%(name)s” quá nặng để mở. Quét lại ở độ phân giải thấp hơn rồi gửi lại.")
REFUSALS = {
    "empty": gettext_lazy("Tệp “%(name)s” trống. Chọn lại tệp."),
    "size": gettext_lazy("Tệp “%(name)s” nặng %(size)s MB, tối đa 10 MB. Quét lại ở độ phân giải thấp hơn."),
    "type": gettext_lazy(
        "Tệp “%(name)s” không phải PDF hoặc ảnh JPEG, PNG, WebP. Quét hoặc chụp văn bản rồi gửi lại."
    ),
    "pixels": gettext_lazy("Ảnh “%(name)s” có hơn 25 triệu điểm ảnh. Chụp hoặc quét lại ở cỡ nhỏ hơn."),
    "many pixels": gettext_lazy("Ảnh “%(name)s” có hơn 40 triệu điểm ảnh. Chụp lại ở cỡ nhỏ hơn."),
    "broken": gettext_lazy(
        "Không mở được tệp “%(name)s”: tệp hỏng hoặc thiếu. Quét hoặc lưu lại rồi gửi lại."
    ),
    "locked": gettext_lazy(
        "Tệp “%(name)s” có mật khẩu hoặc bị khóa. Bỏ khóa, lưu lại thành PDF rồi gửi lại."
    ),
    "pages": gettext_lazy("Tệp “%(name)s” không có trang nào. Lưu lại thành PDF rồi gửi lại."),
    "active": gettext_lazy(
        "Tệp “%(name)s” có mã lệnh hoặc tệp kèm bên trong. In ra PDF mới, hoặc quét, rồi gửi lại."
    ),
    "heavy": _HEAVY,
    "no picture": gettext_lazy("Tệp “%(name)s” không phải ảnh JPEG, PNG, WebP. Chọn ảnh khác rồi gửi lại."),
    "small": gettext_lazy("Ảnh “%(name)s” quá nhỏ: mỗi cạnh cần ít nhất 200 điểm ảnh. Chọn ảnh khác."),
    "small logo": gettext_lazy("Ảnh “%(name)s” quá nhỏ: mỗi cạnh cần ít nhất 64 điểm ảnh. Chọn ảnh khác."),
    "small background": gettext_lazy(
        "Ảnh “%(name)s” quá nhỏ để in: mỗi cạnh cần ít nhất 600 điểm ảnh. Chọn ảnh khác."
    ),
    "long side": gettext_lazy("Ảnh “%(name)s” có cạnh dài hơn 10.000 điểm ảnh. Thu nhỏ rồi gửi lại."),
}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Inert:
    """A file that does nothing: its bytes, its type and suffix, and the name it had, for people to read."""

    data: bytes
    content_type: str
    suffix: str
    name: str


def portrait(file: File) -> Inert:
    """The photo of a person, as a JPEG that a page can show: a picture, made smaller where it is large."""
    return inspect(file, "portrait")


def inspect(file: File, wanted: str = "") -> Inert:
    """A PDF or a picture (JPEG, PNG, WebP) as it may be kept. `wanted`: as the child takes it."""
    name = plain_name(file.name or "")
    if not file.size:
        raise _refusal("empty", name)
    if file.size > LARGEST:
        raise _refusal("size", name, size=f"{file.size / 1024 / 1024:.1f}".replace(".", ","))
    file.seek(0)
    verdict, data = _ask(file.read(LARGEST + 1), wanted)
    if verdict not in TYPES:
        raise _refusal(verdict, name)
    return Inert(data, *TYPES[verdict], name)


def plain_name(name: str) -> str:
    """The name of a file as people had it, without folders and signs that cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(char for char in last if char.isprintable())
    return vietnamese.clean(seen)[-LONGEST_NAME:] or _("không tên")


def _refusal(code: str, name: str, **more: str) -> ValidationError:
    return ValidationError(REFUSALS[code] % {"name": name, **more}, code=code)


def _ask(data: bytes, wanted: str) -> tuple[str, bytes]:
    """Ask a fresh child; a thread of the web server must not fork with its locks."""
    command = [sys.executable, "-E", "-s", "-X", "utf8", "-m", "attendees.inspecting_child", wanted]
    try:
        child = subprocess.run(command, cwd=ROOT, env={}, input=data, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return "heavy", b""
    verdict, _line, kept = child.stdout.partition(b"\n")
    if child.returncode:
        cause = child.stderr[:500].decode("utf-8", "replace").partition("\n")[0]
        logger.warning("The inspector ended with %s: %s", child.returncode, cause)
        # Killed by a signal: it ran into a limit.
        return ("heavy" if child.returncode < 0 else "broken"), b""
    return verdict.decode(), kept
